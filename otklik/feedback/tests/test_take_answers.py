"""What becomes of answers to invitations and links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.analytics.models import PendingFact, ScoreCell
from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.feedback.models import AnswerTrace, AskingRules, Invitation, Response, SurveyLink, SurveyVersion
from otklik.feedback.operations.answering import GivenAnswer, take_answers
from otklik.feedback.operations.histograms import rebuild_histograms
from otklik.feedback.operations.openings import note_opening
from otklik.feedback.operations.set_aside import MOST_AN_HOUR
from otklik.feedback.operations.surveys import create_survey
from otklik.feedback.operations.traces import KEPT_FOR, forget_traces
from otklik.feedback.rules.answering import LONGEST_COMMENT, Outcome
from otklik.feedback.rules.vocabulary import InvitationState, SurveyKind, WaveState
from otklik.feedback.tests.invited import invite, link_of, wave_of
from otklik.partners.public import erase_contact
from otklik.partners.rules.vocabulary import Authority, Influence
from tests.world import NOW, World, make_contact

OF_THE_TEAM = (Authority.NONE, Influence.LOW)
CHOICE = {
    "key": "why",
    "kind": "choice",
    "low": 0,
    "high": 6,
    "labels": {"en": "Why?"},
    "options": {"en": ["Payouts", "Support"]},
}


@pytest.fixture
def version(world: World) -> SurveyVersion:
    made = create_survey(
        program_id=world.program.pk, name="NPS", kind=SurveyKind.NPS, by=Actor.system(), at=NOW,
        wording={"en": {"question": "How likely?"}},
    )  # fmt: skip
    SurveyVersion.objects.filter(pk=made.pk).update(questions=[CHOICE])
    return SurveyVersion.objects.get(pk=made.pk)


@pytest.fixture
def vera(world: World, version: SurveyVersion) -> Invitation:
    return invite(wave_of(version), world.vera)


@pytest.fixture
def link(world: World, version: SurveyVersion) -> SurveyLink:
    return link_of(world, version)


def say(place: Invitation | SurveyLink, score: int, **extra: Any) -> GivenAnswer:
    where = {"invitation_id": place.pk} if isinstance(place, Invitation) else {"link_id": place.pk}
    if isinstance(place, SurveyLink):
        extra = {"client_key": "first-browser-key", "device": "phone"} | extra
    return GivenAnswer(score=score, **where | {"at": NOW} | extra)


def outcomes(*given: GivenAnswer) -> list[Outcome]:
    return [taken.outcome for taken in take_answers(given)]


def counts() -> dict[int, int]:
    """Of the histogram; a recount must find the same."""
    found = {n: sum(getattr(cell, f"c{n}") for cell in ScoreCell.objects.all()) for n in range(11)}
    rebuild_histograms()
    again = {n: sum(getattr(cell, f"c{n}") for cell in ScoreCell.objects.all()) for n in range(11)}
    assert found == again
    return {score: amount for score, amount in found.items() if amount}


def kinds() -> Sequence[str]:
    return list(
        Event.objects.filter(kind__startswith="response").order_by("pk").values_list("kind", flat=True)
    )


def test_an_answer_carries_what_was_frozen_when_the_person_was_asked(world: World, vera: Invitation) -> None:
    world.aurora.tier = "bronze"
    world.aurora.save()

    (taken,) = take_answers([say(vera, 9, comment=" Fine ", may_contact=True, network="10.1.2.3")])

    row = Response.objects.get(pk=taken.response_id)
    assert taken.outcome is Outcome.RECORDED
    assert (row.score, row.comment, row.may_contact, row.tier, row.role) == (
        9,
        "Fine",
        True,
        "gold",
        "decision_maker",
    )
    assert (row.partner, row.contact, row.manager) == (world.aurora, world.vera, world.boris)
    assert (row.source_key, row.channel, row.is_late) == (f"inv:{vera.pk}", "email", False)
    vera.refresh_from_db()
    assert vera.answered_at == NOW
    assert row.trace.seconds == 24 * 3600
    assert "10.1.2.3" not in row.trace.network
    assert len(row.trace.network) == 32
    event = Event.objects.get(kind="response.recorded")
    assert {s.noun for s in event.subjects.all()} == {"response", "survey", "partner", "contact"}
    assert "Fine" not in str(event.data)
    assert PendingFact.objects.get(source="responses").row_id == row.pk
    assert counts() == {9: 1}


def test_the_same_answer_twice_counts_once(vera: Invitation) -> None:
    assert outcomes(say(vera, 9), say(vera, 9)) == [Outcome.RECORDED, Outcome.SAME]
    assert outcomes(say(vera, 9)) == [Outcome.SAME]
    assert counts() == {9: 1}
    assert kinds() == ["response.recorded"]
    assert AnswerTrace.objects.count() == 1


def test_a_changed_score_moves_the_count_and_is_told_with_what_it_was(vera: Invitation) -> None:
    take_answers([say(vera, 9)])
    later = NOW + timedelta(minutes=3)

    assert outcomes(say(vera, 4, comment="The payout was late", at=later)) == [Outcome.CHANGED]

    row = Response.objects.get()
    assert (row.score, row.responded_at, row.changed_at) == (4, NOW, later)
    assert counts() == {4: 1}
    event = Event.objects.get(kind="response.changed")
    assert (event.data["before"], event.data["score"]) == (9, 4)
    assert set(PendingFact.objects.filter(source="responses").values_list("row_id", flat=True)) == {row.pk}


def test_a_score_that_changes_after_its_fact_was_written_is_told_of_again(vera: Invitation) -> None:
    take_answers([say(vera, 9)])
    PendingFact.objects.all().delete()
    take_answers([say(vera, 8)])
    assert PendingFact.objects.get(source="responses").row_id == Response.objects.get().pk


def test_a_comment_alone_leaves_score_and_count_where_they_are(vera: Invitation) -> None:
    take_answers([say(vera, 9, may_contact=True)])
    assert outcomes(say(vera, 9, comment="Thanks")) == [Outcome.CHANGED]
    row = Response.objects.get()
    assert (row.comment, row.may_contact) == ("Thanks", True)
    assert counts() == {9: 1}
    take_answers([say(vera, 9, comment="")])
    assert Response.objects.get().comment == ""


def test_questions_are_answered_in_the_terms_of_the_form_and_of_the_score(vera: Invitation) -> None:
    take_answers([say(vera, 3, answers={"why": "1", "else": "x"})])
    assert Response.objects.get().answers == {"why": 1}
    take_answers([say(vera, 9)])
    assert Response.objects.get().answers == {}


def test_an_answer_after_the_wave_closed_is_kept_and_marked(world: World, version: SurveyVersion) -> None:
    wave = wave_of(version, state=WaveState.CLOSED, closed_at=NOW - timedelta(hours=1))
    assert outcomes(say(invite(wave, world.vera), 8)) == [Outcome.RECORDED]
    assert Response.objects.get().is_late
    assert counts() == {8: 1}


def test_an_answer_after_the_closing_is_late_before_the_job_that_closes_has_run(
    world: World, version: SurveyVersion
) -> None:
    wave = wave_of(version, closes_at=NOW - timedelta(minutes=3))
    assert outcomes(say(invite(wave, world.vera), 8)) == [Outcome.RECORDED]
    assert Response.objects.get().is_late


def test_what_cannot_be_taken_leaves_no_trace_and_stops_nobody_else(
    world: World, version: SurveyVersion, vera: Invitation
) -> None:
    wave = vera.wave
    gone = invite(wave, world.gleb, expires_at=NOW)
    taken_back = invite(wave, world.gleb, state=InvitationState.WITHDRAWN)
    found = outcomes(
        GivenAnswer(score=9, at=NOW, invitation_id=10**9),
        say(gone, 9),
        say(taken_back, 9),
        say(invite(wave, world.gleb), 11),
        say(invite(wave, world.gleb), -1),
        say(invite(wave, world.gleb), 5, comment="x" * (LONGEST_COMMENT + 1)),
        say(vera, 5, comment="x" * LONGEST_COMMENT),
    )
    assert found == [
        Outcome.UNKNOWN, Outcome.EXPIRED, Outcome.WITHDRAWN, Outcome.OFF_SCALE, Outcome.OFF_SCALE,
        Outcome.TOO_LONG, Outcome.RECORDED,
    ]  # fmt: skip
    assert len(Response.objects.get().comment) == LONGEST_COMMENT


def test_who_was_erased_is_not_answered_for(world: World, vera: Invitation) -> None:
    take_answers([say(vera, 9, comment="Ask Vera")])
    erase_contact(contact_id=world.vera.pk, by=Actor.system(), at=NOW)
    assert outcomes(say(vera, 2, comment="Vera again")) == [Outcome.ERASED]
    row = Response.objects.get()
    assert (row.score, row.comment) == (9, "")
    assert not AnswerTrace.objects.exists()
    assert counts() == {9: 1}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("👍🏽 супер", "👍🏽 супер"),
        ("שלום <b>x</b> مرحبا", "שלום <b>x</b> مرحبا"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a\x00b", "ab"),
        ("half \ud83d", "half \ufffd"),
        ("one\r\ntwo", "one\ntwo"),
    ],
)
def test_words_stay_as_they_were_written(vera: Invitation, said: str, kept: str) -> None:
    take_answers([say(vera, 5, comment=said)])
    assert Response.objects.get().comment == kept


def test_a_clock_behind_the_senders_gives_no_negative_time(world: World, version: SurveyVersion) -> None:
    early = invite(wave_of(version), world.vera, sent_at=NOW + timedelta(minutes=5))
    take_answers([say(early, 9)])
    take_answers([say(early, 8, at=NOW - timedelta(minutes=5))])
    row = Response.objects.get()
    assert row.trace.seconds == 0
    assert row.changed_at == NOW


def test_a_second_answer_from_one_device_is_kept_and_not_counted(link: SurveyLink) -> None:
    assert outcomes(say(link, 9)) == [Outcome.RECORDED]
    assert outcomes(say(link, 9), say(link, 8)) == [Outcome.SAME, Outcome.CHANGED]
    later = NOW + timedelta(days=29)
    assert outcomes(say(link, 1, client_key="a private window", at=later)) == [Outcome.SET_ASIDE]
    assert outcomes(say(link, 10, client_key="somebody else", device="other phone")) == [Outcome.RECORDED]
    assert counts() == {8: 1, 10: 1}
    assert kinds() == ["response.recorded", "response.changed", "response.set_aside", "response.recorded"]
    after = NOW + timedelta(days=31)
    assert outcomes(say(link, 7, client_key="next season", at=after)) == [Outcome.SET_ASIDE]  # of day 29
    forget_traces(at=later + KEPT_FOR + timedelta(days=1))
    assert outcomes(say(link, 7, client_key="next year", at=later + KEPT_FOR + timedelta(days=2))) == [
        Outcome.RECORDED
    ]


def test_two_keys_of_one_device_in_one_chunk_count_once(link: SurveyLink) -> None:
    assert outcomes(say(link, 9), say(link, 1, client_key="b" * 20)) == [Outcome.RECORDED, Outcome.SET_ASIDE]
    assert counts() == {9: 1}


def test_many_people_at_one_tablet_all_count_where_the_link_says_so(
    world: World, version: SurveyVersion
) -> None:
    stand = link_of(world, version, is_shared=True)
    assert outcomes(say(stand, 9), say(stand, 1, client_key="b" * 20)) == [Outcome.RECORDED] * 2


def test_one_network_cannot_pour_answers_in(link: SurveyLink) -> None:
    given = [
        say(link, 0, client_key=f"k{n}", device=f"d{n}", network="192.0.2.1") for n in range(MOST_AN_HOUR)
    ]
    assert set(outcomes(*given)) == {Outcome.RECORDED}
    one_more = say(link, 0, client_key="more", device="more", network="192.0.2.1")
    elsewhere = say(link, 9, client_key="elsewhere", device="elsewhere", network="192.0.2.2")
    assert outcomes(one_more, elsewhere, given[0]) == [Outcome.TOO_MANY, Outcome.RECORDED, Outcome.SAME]
    later = NOW + timedelta(minutes=61)
    assert outcomes(say(link, 0, client_key="more", device="more", network="192.0.2.1", at=later)) == [
        Outcome.RECORDED
    ]


def test_a_link_that_closed_takes_who_had_it_open_and_nobody_later(
    world: World, version: SurveyVersion
) -> None:
    link = link_of(world, version, closes_at=NOW - timedelta(minutes=30))
    assert outcomes(say(link, 9)) == [Outcome.RECORDED]
    assert Response.objects.get().is_late
    late = say(link, 9, client_key="late", device="late", at=NOW + timedelta(hours=1))
    assert outcomes(late) == [Outcome.CLOSED]


def test_an_answer_stays_with_the_wording_it_was_given_to(world: World, link: SurveyLink) -> None:
    old = link.survey.versions.get()
    new = SurveyVersion.objects.create(survey=link.survey, number=2, wording=old.wording, created_at=NOW)
    first = say(link, 9, version_id=old.pk)
    second = say(link, 9, client_key="b", device="b")
    foreign = say(link, 9, client_key="c", device="c", version_id=10**9)
    take_answers([first, second, foreign])
    found = dict(Response.objects.values_list("source_key", "version_id"))
    assert list(found.values()) == [old.pk, new.pk, new.pk]
    assert outcomes(say(link, 8, version_id=new.pk)) == [Outcome.CHANGED]
    assert Response.objects.get(source_key=first.key).version_id == old.pk


def test_our_own_network_is_marked(world: World, vera: Invitation) -> None:
    AskingRules.objects.create(program=world.program, own_networks=["10.0.0.0/8", "nonsense"])
    take_answers([say(vera, 9, network="10.9.9.9")])
    assert AnswerTrace.objects.get().is_own_network


def test_an_opened_link_is_no_answer(vera: Invitation) -> None:
    note_opening(invitation_id=vera.pk, score=9, at=NOW)
    note_opening(invitation_id=vera.pk, score=3, at=NOW + timedelta(seconds=5))
    vera.refresh_from_db()
    assert (vera.opened_at, vera.provisional_score, vera.provisional_hits) == (NOW, 3, 2)
    assert not Response.objects.exists()
    assert counts() == {}
    take_answers([say(vera, 10)])
    note_opening(invitation_id=vera.pk, score=0, at=NOW)
    vera.refresh_from_db()
    assert vera.provisional_score == 3


def test_a_chunk_takes_as_many_statements_as_one_answer(world: World, version: SurveyVersion) -> None:
    wave = wave_of(version)

    def people(amount: int) -> list[Invitation]:
        emails = [f"p{n}.{amount}@x.example" for n in range(amount)]
        return [invite(wave, make_contact(world.aurora, one, one, *OF_THE_TEAM)) for one in emails]

    def statements(given: list[GivenAnswer]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            take_answers(given)
        return len(found)

    few, many = people(2), people(20)
    assert statements([say(one, 9) for one in few]) == statements([say(one, 9) for one in many])
    assert statements([say(one, 3) for one in few]) == statements([say(one, 3) for one in many])
    assert counts() == {3: 22}
