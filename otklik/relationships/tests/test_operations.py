"""Ties, contracts, expectations that nobody else reads before the lock, and tasks that come up once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.events.models import Event
from otklik.events.operations.deliver import deliver_batch
from otklik.feedback.models import Invitation, Wave
from otklik.feedback.operations.planning import plan_wave
from otklik.feedback.operations.waves import close_wave, start_wave
from otklik.feedback.rules.plans import Plan, plan_row
from otklik.feedback.rules.vocabulary import HandReason, InvitationState
from otklik.identity.models import User
from otklik.partners.models import Contact
from otklik.partners.operations.contacts import change_contact
from otklik.partners.rules.vocabulary import Authority, Influence
from otklik.relationships import subscriptions
from otklik.relationships.access import (
    editable_people,
    expecting_partners,
    map_partners,
    signing_partners,
    visible_calls,
    visible_expectations,
)
from otklik.relationships.models import (
    CallToAction,
    CoverageContract,
    ExpectedScore,
    InfluenceLine,
    SignOff,
    Tie,
)
from otklik.relationships.operations.calls import (
    CallClosed,
    WordMissing,
    assign_call,
    close_call,
    raise_calls,
)
from otklik.relationships.operations.coverage import OddContract, set_contract
from otklik.relationships.operations.expected import (
    ExpectationsLocked,
    NotAsked,
    OddReason,
    OffScale,
    enter_expected,
    note_lock,
    sign_off,
)
from otklik.relationships.operations.people import (
    NotOnStaff,
    NotTheirPerson,
    remove_tie,
    state_influence_line,
    state_tie,
)
from otklik.relationships.queries.asking import friendliness, places_in
from otklik.relationships.queries.waves import results_of
from otklik.relationships.rules.coverage import Wanted
from otklik.relationships.rules.quality import Doubt
from otklik.relationships.rules.vocabulary import CallState, InfluenceKind, Role, TieKind, TieLevel
from otklik.relationships.tests.stories import AT, TODAY, asked, by, closed_wave, draft_of, version_of
from tests.world import NOW, World, make_contact


def tie(world: World, level: TieLevel = TieLevel.STRONG, **more: Any) -> Tie:
    facts = {"contact_id": world.vera.pk, "user_id": world.boris.pk, "kind": TieKind.MANAGER}
    return state_tie(**{**facts, "level": level, "by": by(world.boris), "at": AT, **more})


def test_a_tie_stated_again_is_one_tie_with_its_newest_judgement(world: World) -> None:
    tie(world)
    tie(world, TieLevel.WEAK, at=AT + timedelta(days=1), by=by(world.anna))
    row = Tie.objects.get()
    assert (row.level, row.stated_by_id, row.stated_at) == ("weak", world.anna.pk, AT + timedelta(days=1))
    data = Event.objects.filter(kind="tie.stated").order_by("-pk")[0].data
    assert (data["before"], data["after"]) == ("strong", "weak")
    remove_tie(tie_id=row.pk, by=by(world.anna), at=AT)
    assert not Tie.objects.exists()


def test_a_tie_leads_to_somebody_who_works_here_and_a_line_stays_in_the_house(world: World) -> None:
    User.objects.filter(pk=world.clara.pk).update(is_active=False)
    with pytest.raises(NotOnStaff):
        tie(world, user_id=world.clara.pk)
    other = make_contact(world.borealis, "Zoya", "z@b.example", Authority.FINAL, Influence.HIGH)
    for target in (other.pk, world.vera.pk, 10**9):
        with pytest.raises(NotTheirPerson):
            line(world, target)
    line(world, world.gleb.pk)
    assert InfluenceLine.objects.get().target_id == world.gleb.pk


def line(world: World, target: int) -> InfluenceLine:
    return state_influence_line(
        source_id=world.vera.pk, target_id=target, kind=InfluenceKind.LEADS, by=by(world.boris), at=AT
    )


def test_a_contract_wants_somebody_and_never_more_asked_than_known(world: World) -> None:
    def contract(needs: dict[Role, Wanted], months: int = 6) -> None:
        set_contract(
            program_id=world.program.pk, tier="gold", needs=needs, months=months, by=by(world.anna), at=AT
        )

    for odd in ({}, {Role.INFLUENCER: Wanted(1, 2)}, {Role.UNKNOWN: Wanted(1, 1)}):
        with pytest.raises(OddContract):
            contract(odd)
    with pytest.raises(OddContract):
        contract({Role.END_USER: Wanted(3, 3)}, months=0)
    contract({Role.END_USER: Wanted(3, 3)})
    contract({Role.DECISION_MAKER: Wanted(2, 1)})
    assert CoverageContract.objects.get().needs == {"decision_maker": [2, 1]}


def expect(world: World, wave_id: int, user: User, score: int | None, contact: Contact | None = None) -> int:
    person = contact or world.vera
    return enter_expected(wave_id=wave_id, user_id=user.pk, scores={person.pk: score}, by=by(user), at=AT)


def test_nobody_reads_anothers_expectation_before_the_start_and_nobody_changes_one_after(
    world: World,
) -> None:
    wave = draft_of(version_of(world))
    wave.plan = plan_row(Plan())
    wave.save()
    expect(world, wave.pk, world.boris, 9)
    expect(world, wave.pk, world.anna, 4)
    seen = lambda user: set(visible_expectations(user).values_list("score", flat=True))  # noqa: E731
    assert (seen(world.boris), seen(world.anna), seen(world.root)) == ({9}, {4}, set())
    told = Event.objects.filter(kind="expected_scores.entered").values_list("data", flat=True)
    assert list(told) == [{"changed": 1}, {"changed": 1}]
    start_wave(wave_id=wave.pk, by=by(world.anna), at=AT)
    assert note_lock(wave_id=wave.pk, by=by(world.anna), at=AT) == 2
    assert (seen(world.boris), seen(world.anna), seen(world.clara)) == ({4, 9}, {4, 9}, set())
    for late in (lambda: expect(world, wave.pk, world.boris, 3), lambda: signed(world, wave.pk)):
        with pytest.raises(ExpectationsLocked):
            late()
    assert ExpectedScore.objects.get(user=world.boris).score == 9


def test_expectations_are_on_the_scale_and_of_people_there_is_to_ask(world: World) -> None:
    wave = draft_of(version_of(world))
    with pytest.raises(OffScale):
        expect(world, wave.pk, world.boris, 11)
    change_contact(contact_id=world.gleb.pk, facts={"is_active": False}, by=by(world.anna), at=AT)
    with pytest.raises(NotAsked):
        expect(world, wave.pk, world.boris, 5, world.gleb)
    assert [expect(world, wave.pk, world.boris, score) for score in (5, 7, None)] == [1, 1, 0]


def signed(world: World, wave_id: int, **dropped: HandReason) -> SignOff:
    """Dropped by their names, in lower case."""
    out = {getattr(world, name).pk: why for name, why in dropped.items()}
    return sign_off(wave_id=wave_id, partner_id=world.aurora.pk, dropped=out, by=by(world.anna), at=AT)


def test_whom_a_lead_leaves_out_with_a_reason_the_wave_does_not_ask(world: World) -> None:
    wave = draft_of(version_of(world))
    wave.plan = plan_row(Plan(seed="s"))
    wave.save()
    for contact in (world.vera, world.gleb):
        asked(closed_wave(version_of(world), weeks_ago=60), contact, 9)
    first = signed(world, wave.pk, vera=HandReason.AWAY, gleb=HandReason.TALKS)
    assert (first.people, places_in(wave_now(wave), [world.vera.pk], at=AT)[world.vera.pk].is_dropped) == (
        [],
        True,
    )
    again = signed(world, wave.pk, gleb=HandReason.WRONG_PERSON)
    assert (again.pk, again.people) == (first.pk, [world.vera.pk])
    assert again.dropped == {str(world.gleb.pk): "wrong_person"}
    event = Event.objects.filter(kind="wave.signed_off").latest("pk")
    assert event.data == {"people": 1, "left_out": 1}
    with pytest.raises(OddReason):
        signed(world, wave.pk, gleb=HandReason.WISHED)
    with pytest.raises(NotAsked):
        sign_off(
            wave_id=wave.pk, partner_id=world.borealis.pk, dropped={world.vera.pk: HandReason.AWAY},
            by=by(world.anna), at=AT,
        )  # fmt: skip
    start_wave(wave_id=wave.pk, by=by(world.anna), at=AT)
    plan_wave(wave_id=wave.pk, clock=lambda: AT)
    rows = Invitation.objects.filter(wave=wave, partner=world.aurora).values_list(
        "contact", "state", "reason"
    )
    assert set(rows) == {(world.vera.pk, "planned", ""), (world.gleb.pk, "left_out", "by_hand")}
    assert places_in(wave_now(wave), [world.gleb.pk], at=AT)[world.gleb.pk].refusal == "by_hand"


def wave_now(wave: Wave) -> Wave:
    return Wave.objects.get(pk=wave.pk)


def test_a_sign_off_that_leaves_out_the_unfriendly_is_seen(world: World) -> None:
    wave = closed_wave(version_of(world), weeks_ago=30)
    people = [
        make_contact(world.aurora, f"P{n}", f"p{n}@a.example", Authority.NONE, Influence.LOW)
        for n in range(10)
    ]
    for number, person in enumerate(people):
        asked(wave, person, 10 if number < 5 else 3)
    ids = [one.pk for one in people]
    for chosen, verdict in ((ids[:5], Doubt.ONLY_FRIENDLY), (ids[2:8], Doubt.NOTHING_SEEN)):
        assert friendliness(ids, chosen, before=AT).verdict is verdict


def test_a_manager_sees_own_partners_and_an_agent_edits_none(world: World) -> None:
    names = lambda rows: sorted(rows.values_list("name", flat=True))  # noqa: E731
    assert names(map_partners(world.boris)) == names(expecting_partners(world.boris)) == ["Aurora"]
    assert names(map_partners(world.dmitri)) == ["Aurora", "Borealis"]
    assert names(editable_people(world.dmitri)) == names(expecting_partners(world.dmitri)) == []
    tie(world, user_id=world.dmitri.pk)
    assert names(expecting_partners(world.dmitri)) == ["Aurora"]
    assert names(signing_partners(world.anna)) == ["Aurora", "Borealis"]
    assert names(signing_partners(world.boris)) == names(map_partners(world.stranger)) == []


def closed_with_results(world: World) -> int:
    """Vera answered twice and is silent now; Gleb fell from 9 to 3, and Boris had expected a 9."""
    version = version_of(world)
    for weeks, vera, gleb in ((60, 9, 9), (34, 9, 9)):
        earlier = closed_wave(version, weeks_ago=weeks)
        asked(earlier, world.vera, vera)
        asked(earlier, world.gleb, gleb)
    wave = closed_wave(version, weeks_ago=4)
    asked(wave, world.vera)
    asked(wave, world.gleb, 3)
    ExpectedScore.objects.create(
        wave=wave, contact=world.gleb, user=world.boris, score=9, entered_at=NOW - timedelta(weeks=5)
    )
    return wave.pk


def test_a_closed_wave_raises_each_task_once_and_gives_it_to_the_manager(world: World) -> None:
    wave_id = closed_with_results(world)
    counts = [raise_calls(wave_id=wave_id, today=TODAY, by=by(world.root), at=AT) for _ in range(2)]
    rows = CallToAction.objects.order_by("kind", "place")
    assert [(row.kind, row.what, row.task, row.contact_id) for row in rows] == [
        ("move", "fell", "call_within_deadline", world.gleb.pk),
        ("move", "dropped_out", "reach_personally", world.vera.pk),
        ("surprise", "worse", "ask_what_we_missed", world.gleb.pk),
    ]
    assert counts == [3, 0]
    assert {row.owner_id for row in rows} == {world.boris.pk}
    assert (rows[0].facts["before"], rows[0].certainty) == (9, "cannot_tell")
    event = Event.objects.filter(kind="call_to_action.raised").earliest("pk")
    assert event.data == {"kind": "move", "what": "fell", "before": 9, "after": 3}
    assert (visible_calls(world.boris).count(), visible_calls(world.clara).count()) == (3, 0)


def test_mail_that_came_back_is_no_silence(world: World) -> None:
    version = version_of(world)
    asked(closed_wave(version, weeks_ago=34), world.vera, 9)
    wave = closed_wave(version, weeks_ago=4)
    asked(wave, world.vera, state=InvitationState.BOUNCED)
    results = results_of(wave.pk, at=AT)
    assert (results.asked, list(results.moves), list(results.silent)) == (0, [], [])


def test_results_of_a_wave_take_as_many_queries_for_many_people_as_for_few(world: World) -> None:
    wave_id = closed_with_results(world)
    with CaptureQueriesContext(connection) as few:
        results_of(wave_id, at=AT)
    version = version_of(world)
    wave = closed_wave(version, weeks_ago=4)
    for number in range(6):
        person = make_contact(
            world.aurora, f"P{number}", f"p{number}@a.example", Authority.NONE, Influence.LOW
        )
        asked(wave, person, None if number % 2 else 8)
    with CaptureQueriesContext(connection) as many:
        assert results_of(wave.pk, at=AT).asked == 6
    assert len(many) == len(few) <= 8


def test_a_task_is_given_done_and_dropped_only_with_a_word(world: World) -> None:
    wave_id = closed_with_results(world)
    raise_calls(wave_id=wave_id, today=TODAY, by=by(world.root), at=AT)
    first, second, _ = CallToAction.objects.order_by("kind", "place")
    assign_call(call_id=first.pk, owner_id=world.anna.pk, due_on=TODAY, by=by(world.anna), at=AT)
    close_call(call_id=first.pk, state=CallState.DONE, note="", by=by(world.anna), at=AT)
    with pytest.raises(CallClosed):
        close_call(call_id=first.pk, state=CallState.DROPPED, note="again", by=by(world.anna), at=AT)
    with pytest.raises(WordMissing):
        close_call(call_id=second.pk, state=CallState.DROPPED, note=" ", by=by(world.anna), at=AT)
    first.refresh_from_db()
    assert (first.state, first.owner_id, first.closed_by_id) == ("done", world.anna.pk, world.anna.pk)


def test_the_start_of_a_wave_is_told_and_its_close_queues_the_tasks(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[tuple[Any, ...]] = []
    monkeypatch.setattr(subscriptions, "async_task", lambda *args: queued.append(args))
    wave = draft_of(version_of(world))
    wave.plan = plan_row(Plan())
    wave.save()
    expect(world, wave.pk, world.boris, 9)
    start_wave(wave_id=wave.pk, by=by(world.anna), at=AT)
    close_wave(wave_id=wave.pk, by=by(world.anna), at=AT)
    for batch_id in Event.objects.exclude(batch=None).values_list("batch_id", flat=True).distinct():
        deliver_batch(batch_id)
    assert Event.objects.get(kind="expected_scores.locked").data == {"scores": 1, "people": 1}
    assert queued == [(subscriptions.RAISE_CALLS, wave.pk)]
