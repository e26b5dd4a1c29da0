from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.analytics.models import PendingFact, ScoreCell, ScoreRollup
from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.feedback.models import Response
from otklik.feedback.public import (
    ResponseRefused,
    RowProblem,
    RowResult,
    SurveyKind,
    record_response,
    record_responses,
)
from otklik.feedback.tests.answers import answer, nps_version, store
from otklik.partners.rules.vocabulary import Authority
from tests.world import NOW, World


def test_an_answer_is_stored_with_its_event_its_histogram_and_its_place_in_the_queue_for_facts(
    world: World,
) -> None:
    version = nps_version(world)

    (outcome,) = store(answer(version, world.aurora, 9, contact_id=world.vera.pk, comment=" Good people "))

    response = Response.objects.get(pk=outcome.response_id)
    assert (response.score, response.comment, response.kind) == (9, "Good people", "nps")
    assert (response.role, response.tier, response.country) == ("decision_maker", "gold", "RU")
    assert response.manager_id == world.boris.pk
    event = Event.objects.get(kind="response.recorded")
    assert {(s.noun, s.object_id) for s in event.subjects.all()} == {
        ("response", response.pk),
        ("partner", world.aurora.pk),
        ("contact", world.vera.pk),
    }
    assert event.happened_at == response.responded_at
    assert "Good" not in str(event.data)
    assert ScoreCell.objects.get().c9 == 1
    assert ScoreRollup.objects.get(dim1="", dim2="").c9 == 1
    assert PendingFact.objects.get(source="responses").row_id == response.pk


def test_the_same_key_twice_is_one_answer(world: World) -> None:
    version = nps_version(world)
    first = answer(version, world.aurora, 9, source_key="zendesk:17")

    once, again_at_once = store(first, replace(first, score=2))
    (again_later,) = store(first)

    assert once.result is RowResult.STORED
    for outcome in (again_at_once, again_later):
        assert (outcome.result, outcome.problem) == (RowResult.SKIPPED, RowProblem.DUPLICATE)
        assert outcome.response_id == once.response_id
    assert Response.objects.get().score == 9
    assert ScoreRollup.objects.get(dim1="", dim2="").c9 == 1
    assert Event.objects.filter(kind="response.recorded").count() == 1


def test_a_bad_row_says_why_and_leaves_the_others_alone(world: World) -> None:
    version = nps_version(world)
    good = answer(version, world.aurora, 7)
    bad = {
        RowProblem.SCORE_OFF_SCALE: replace(good, source_key="a", score=11),
        RowProblem.UNKNOWN_PARTNER: replace(good, source_key="b", partner_id=10**9),
        RowProblem.UNKNOWN_CONTACT: replace(good, source_key="c", contact_id=10**9),
        RowProblem.CONTACT_OF_OTHER_PARTNER: replace(
            good, source_key="d", partner_id=world.borealis.pk, contact_id=world.vera.pk
        ),
        RowProblem.UNKNOWN_SURVEY: replace(good, source_key="e", version_id=10**9),
        RowProblem.UNKNOWN_ROLE: replace(good, source_key="f", role="boss"),
        RowProblem.UNKNOWN_CHANNEL: replace(good, source_key="g", channel="pigeon"),
        RowProblem.UNKNOWN_MANAGER: replace(good, source_key="h", manager_id=10**9),
        RowProblem.BAD_COUNTRY: replace(good, source_key="i", country="Rus"),
        RowProblem.NO_SOURCE_KEY: replace(good, source_key=""),
        RowProblem.NO_TIME_ZONE: replace(good, source_key="j", responded_at=datetime(2026, 1, 1)),  # noqa: DTZ001
        RowProblem.IN_THE_FUTURE: replace(good, source_key="k", responded_at=NOW + timedelta(days=1)),
        RowProblem.VALUE_TOO_LONG: replace(good, source_key="l", segment="s" * 61),
    }

    outcomes = store(*bad.values(), good)

    assert [outcome.problem for outcome in outcomes] == [*bad, None]
    assert Response.objects.count() == 1
    with pytest.raises(ResponseRefused) as refused:
        record_response(bad[RowProblem.SCORE_OFF_SCALE], by=Actor.system(), at=NOW)
    assert refused.value.problem is RowProblem.SCORE_OFF_SCALE


def test_a_satisfaction_score_lives_on_its_own_scale(world: World) -> None:
    version = nps_version(world, SurveyKind.CSAT)

    zero, five, six = store(*(answer(version, world.aurora, score) for score in (0, 5, 6)))

    assert [o.result for o in (zero, five, six)] == [RowResult.FAILED, RowResult.STORED, RowResult.FAILED]


def test_what_a_row_states_wins_over_what_the_partner_is_now(world: World) -> None:
    version = nps_version(world)

    (outcome,) = store(
        answer(
            version,
            world.aurora,
            3,
            contact_id=world.vera.pk,
            role="end_user",
            tier="bronze",
            segment="Media",
            country="de",
            manager_id=0,
            channel="telegram",
        )
    )

    response = Response.objects.get(pk=outcome.response_id)
    assert (response.role, response.tier, response.segment) == ("end_user", "bronze", "Media")
    assert (response.country, response.manager_id, response.channel) == ("DE", None, "telegram")


def test_a_contact_who_changes_role_later_does_not_move_the_past(world: World) -> None:
    version = nps_version(world)
    store(answer(version, world.aurora, 10, contact_id=world.gleb.pk))

    world.gleb.state_authority(Authority.FINAL, by_user=None, at=NOW)
    world.gleb.save()
    store(answer(version, world.aurora, 0, contact_id=world.gleb.pk))

    assert [r.role for r in Response.objects.order_by("pk")] == ["end_user", "decision_maker"]
    assert ScoreRollup.objects.get(dim1="role", value1="end_user", dim2="").c10 == 1


def test_the_number_of_queries_does_not_grow_with_the_chunk(world: World) -> None:
    version = nps_version(world)

    def queries(size: int) -> int:
        rows = [answer(version, world.aurora, n % 11, contact_id=world.vera.pk) for n in range(size)]
        with CaptureQueriesContext(connection) as captured:
            record_responses(rows, by=Actor.system(), at=NOW)
        return len(captured)

    # Django splits what SQLite cannot take in one statement (999 values), hence no larger chunk here.
    assert queries(3) == queries(40)


def test_an_answer_that_meets_its_twin_halfway_is_not_stored_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two imports of one file at once: the second looks before the first has committed."""
    from otklik.feedback.operations import responses

    version = nps_version(world)
    row = answer(version, world.aurora, 9, source_key="twin")
    look_up, calls = responses._look_up, []

    def blind_the_first_time(rows, at):
        calls.append(1)
        known = look_up(rows, at)
        if len(calls) == 1:
            return replace(known, stored={})
        return known

    store(row)
    monkeypatch.setattr(responses, "_look_up", blind_the_first_time)

    (outcome,) = store(row)

    assert outcome.result is RowResult.SKIPPED
    assert ScoreRollup.objects.get(dim1="", dim2="").c9 == 1
