"""Nobody unhappy is left alone: each alert once, with an owner and a deadline in business time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.events.models import Batch, Event
from otklik.events.operations.deliver import deliver_batch
from otklik.events.public import Actor, Origin, supposed
from otklik.feedback.models import Mention, Response, Wave
from otklik.feedback.operations.voices.mentions import NewMention, attach_mention, record_mention
from otklik.feedback.operations.waves import close_wave
from otklik.feedback.rules.vocabulary import InvitationState, SurveyKind
from otklik.feedback.tests.answers import answer, nps_version, store
from otklik.feedback.tests.invited import invite, wave_of
from otklik.identity.models import RoleGrant, Team, User
from otklik.identity.operations.staff import deactivate_user
from otklik.identity.rules.roles import Role
from otklik.loop import subscriptions
from otklik.loop.jobs import hear_answers
from otklik.loop.models import Alert
from otklik.loop.operations.beginning import begin_loop
from otklik.loop.operations.owning import CannotOwn, assign_alert, escalate_due, hand_over, hand_over_from
from otklik.loop.operations.raising import raise_for_answers, raise_for_mentions, raise_for_silence
from otklik.loop.operations.rules import (
    HoursRefused,
    NameMissing,
    OwnerMissing,
    RuleChanged,
    RuleRefused,
    RuleTerms,
    WrongBranch,
    change_cause,
    change_rule,
    create_cause,
    create_rule,
)
from otklik.loop.operations.working import snooze_alert
from otklik.loop.rules.conditions import ConditionProblem, Conditions
from otklik.loop.rules.vocabulary import Because, Flow, OwnerReason, OwnerWay, RuleKind
from otklik.loop.tests.stories import AT, LOW, answered, by, called, cause, raised, rule
from otklik.partners.models import Program
from otklik.partners.operations.merge import merge_partners
from otklik.partners.operations.partners import assign_manager
from tests.world import NOW, World

SYSTEM = Actor.system()


def hear(*ids: int, at: datetime = AT) -> int:
    return raise_for_answers(response_ids=ids, by=SYSTEM, at=at)


def test_a_low_score_becomes_an_alert_with_an_owner_a_deadline_and_its_reasons(world: World) -> None:
    alert = raised(world, 3)
    assert (alert.partner, alert.contact, alert.score) == (world.aurora, world.vera, 3)
    assert (alert.flow, alert.state) == (Flow.DETRACTOR, "open")
    assert (alert.owner, alert.owner_reason) == (world.boris, OwnerReason.MANAGER)
    # Nobody set office hours for this program: around the clock.
    assert alert.due_at == AT + timedelta(hours=48)
    assert alert.escalates_at == AT + timedelta(hours=56)
    assert alert.reasons == [["score", 3]]
    (event,) = Event.objects.filter(kind="alert.raised")
    assert {(s.noun, s.object_id) for s in event.subjects.all()} == {
        ("alert", alert.pk),
        ("partner", world.aurora.pk),
        ("contact", world.vera.pk),
    }
    assert event.data["owner"] == world.boris.pk


def test_looked_at_twice_it_is_one_alert_and_one_event(world: World) -> None:
    alert = raised(world)
    assert alert.response_id is not None
    assert hear(alert.response_id, alert.response_id) == 0
    assert Alert.objects.count() == Event.objects.filter(kind="alert.raised").count() == 1


def test_of_several_rules_the_first_makes_the_alert_and_the_others_are_named(world: World) -> None:
    second = rule(world, position=20)
    first = rule(world, RuleKind.WORDS, Conditions(words=("delay",)), position=10, deadline_hours=8)
    rule(world, is_active=False, position=1)
    hear(answered(world, 2, comment="Payments are delayed"))
    alert = Alert.objects.get()
    assert (alert.rule, alert.also) == (first, [second.pk])
    assert alert.reasons == [["words", "delay"], ["score", 2]]
    assert alert.due_at == AT + timedelta(hours=8)


def test_a_good_score_another_program_and_an_answer_that_does_not_count_raise_nothing(world: World) -> None:
    rule(world)
    other = Program.objects.create(name="South", slug="south", created_at=NOW)
    good, bad = answered(world, 9), answered(world, 1)
    Response.objects.filter(pk=bad).update(status="duplicate")
    assert hear(good, bad) == 0
    Response.objects.filter(pk=bad).update(status="complete", program=other)
    assert hear(bad) == 0


def test_a_drop_is_held_against_the_answer_before_and_topics_are_read_from_the_words(world: World) -> None:
    rule(world, RuleKind.DROP, Conditions(drop_by=3))
    rule(world, RuleKind.WORDS, Conditions(topics=frozenset({"payouts"})), position=200)
    answered(world, 10, day="2025-09-01")
    now = answered(world, 7, comment="Выплаты задерживают третий месяц")
    later = answered(world, 9, day="2026-03-02", at=NOW + timedelta(hours=9))
    assert hear(now, later) == 1
    alert = Alert.objects.get()
    assert alert.reasons == [["drop", 3], ["score", 7]]
    assert alert.flow == Flow.PASSIVE


def test_a_satisfaction_survey_has_a_scale_of_its_own(world: World) -> None:
    rule(world, RuleKind.LOW_CSAT, Conditions(scores=frozenset({1, 2})))
    assert hear(answered(world, 2, version=nps_version(world, SurveyKind.CSAT)), answered(world, 2)) == 1
    assert Alert.objects.get().survey_kind == "csat"


def test_low_scores_after_a_ticket_raise_alerts_by_the_first_rules_too(world: World) -> None:
    begin_loop(program_id=world.program.pk, by=by(world.anna), at=NOW)
    easy, glad = nps_version(world, SurveyKind.CES), nps_version(world, SurveyKind.CSAT)
    said = [
        answered(world, score, version=kind) for kind, score in ((easy, 3), (easy, 4), (glad, 2), (glad, 3))
    ]
    assert hear(*said) == 2
    found = Alert.objects.order_by("pk").values_list("survey_kind", "score", "flow", "kind")
    assert list(found) == [("ces", 3, "detractor", "low_ces"), ("csat", 2, "detractor", "low_csat")]


def test_renewal_and_an_open_deal_are_asked_of_the_partner(world: World) -> None:
    rule(world, conditions=Conditions(scores=LOW.scores, renewal_days=60, open_deal=True))
    first = answered(world)
    assert hear(first) == 0
    world.aurora.renewal_on = AT.date() + timedelta(days=30)
    world.aurora.custom = {"expansion_deal": "EU launch"}
    world.aurora.save()
    assert hear(first) == 1
    assert [why for why, _ in Alert.objects.get().reasons] == [
        Because.SCORE,
        Because.RENEWAL,
        Because.OPEN_DEAL,
    ]


def test_a_changed_answer_raises_an_alert_and_changes_the_score_of_the_one_it_has(world: World) -> None:
    rule(world)
    changed = answered(world, 9)
    hear(changed)
    Response.objects.filter(pk=changed).update(score=4)
    assert hear(changed) == 1
    Response.objects.filter(pk=changed).update(score=9)
    assert hear(changed) == 0
    alert = Alert.objects.get()
    assert (alert.score, alert.flow, alert.is_closed) == (9, Flow.PROMOTER, False)
    assert Event.objects.get(kind="alert.score_changed").data["before"] == 4


def test_who_was_asked_and_said_nothing_is_an_alert_once_a_wave(world: World) -> None:
    rule(world, RuleKind.SILENCE, Conditions(only_key_people=True))
    version_id = nps_version(world)
    answered(world, 9, day="2025-09-01", version=version_id)
    wave = wave_of(Response.objects.get().version)
    invite(wave, world.vera)
    invite(wave, world.gleb)
    for _ in range(2):
        raise_for_silence(wave_id=wave.pk, by=SYSTEM, at=AT)
    alert = Alert.objects.get()
    assert (alert.contact, alert.flow, alert.wave) == (world.vera, Flow.SILENT, wave)
    assert alert.reasons == [["silent", 9], ["role", "decision_maker"]]


@pytest.mark.parametrize(
    "more",
    [{"state": InvitationState.BOUNCED}, {"state": InvitationState.LEFT_OUT}, {"answered_at": NOW}],
)
def test_a_mail_that_came_back_is_no_silence(world: World, more: dict[str, Any]) -> None:
    rule(world, RuleKind.SILENCE, Conditions())
    answered(world)
    wave = wave_of(Response.objects.get().version)
    invite(wave, world.vera, **more)
    assert raise_for_silence(wave_id=wave.pk, by=SYSTEM, at=AT) == 0


def test_a_bad_mention_belongs_to_its_partner_or_to_the_head(world: World) -> None:
    rule(world, RuleKind.MENTION, Conditions())
    ids = []
    for number, partner in enumerate([world.aurora, None]):
        said = NewMention(f"k{number}", NOW, text="Ужасно, обманывают", partner_id=partner and partner.pk)
        found, _ = record_mention(program_id=world.program.pk, mention=said, user_id=None, by=SYSTEM, at=NOW)
        ids.append(found)
    Mention.objects.update(sentiment=-1)
    assert raise_for_mentions(mention_ids=ids, by=SYSTEM, at=AT) == 2
    first, second = Alert.objects.order_by("mention")
    assert (first.partner, first.owner) == (world.aurora, world.boris)
    assert (second.partner, second.owner, second.owner_reason) == (None, world.anna, OwnerReason.HEAD)


def test_a_partner_without_a_manager_is_never_nobodys(world: World) -> None:
    world.aurora.manager = None
    world.aurora.save()
    assert raised(world).owner == world.anna
    team = Team.objects.create(name="Care")
    team.members.add(world.dmitri)
    rule(world, owner_way=OwnerWay.TEAM, team_id=team.pk, position=1)
    # Dmitri answers tickets and leads nobody.
    assert raised(world).owner == world.anna
    RoleGrant.objects.create(user=world.dmitri, role=Role.LEAD, granted_at=NOW)
    alert = raised(world)
    assert (alert.owner, alert.owner_reason) == (world.dmitri, OwnerReason.TEAM_LEAD)
    User.objects.filter(pk__in=[world.dmitri.pk, world.anna.pk]).update(is_active=False)
    assert raised(world).owner == world.root


def test_somebody_who_does_not_see_the_partner_owns_nothing_of_it(world: World) -> None:
    rule(world, owner_way=OwnerWay.PERSON, owner_id=world.clara.pk)
    alert = raised(world)
    assert alert.owner == world.boris
    for user in (world.clara, world.stranger, world.dmitri):
        with pytest.raises(CannotOwn):
            assign_alert(alert_id=alert.pk, user_id=user.pk, by=by(world.anna), at=AT)
    assign_alert(alert_id=alert.pk, user_id=world.anna.pk, by=by(world.anna), at=AT)
    alert.refresh_from_db()
    assert (alert.owner, alert.owner_reason) == (world.anna, OwnerReason.BY_HAND)


def test_a_new_manager_takes_over_what_the_old_one_had_and_nothing_that_was_given_by_hand(
    world: World,
) -> None:
    theirs, by_hand = raised(world), raised(world)
    assign_alert(alert_id=by_hand.pk, user_id=world.anna.pk, by=by(world.anna), at=AT)
    assign_manager(partner_id=world.aurora.pk, manager_id=world.clara.pk, by=by(world.anna), at=AT)
    assert hand_over(partner_ids=[world.aurora.pk], by=SYSTEM, at=AT) == 1
    assert hand_over(partner_ids=[world.aurora.pk], by=SYSTEM, at=AT) == 0
    theirs.refresh_from_db()
    by_hand.refresh_from_db()
    assert (theirs.owner, by_hand.owner) == (world.clara, world.anna)


def test_who_leaves_leaves_no_alert_behind(world: World) -> None:
    managers, by_hand = raised(world), raised(world)
    assign_alert(alert_id=by_hand.pk, user_id=world.anna.pk, by=by(world.root), at=AT)
    users = [world.boris.pk, world.anna.pk]
    User.objects.filter(pk__in=users).update(is_active=False)
    assert [hand_over_from(user_id=pk, by=SYSTEM, at=AT) for pk in users] == [1, 1]
    for alert in (managers, by_hand):
        alert.refresh_from_db()
        assert (alert.owner, alert.owner_reason) == (world.root, OwnerReason.ADMINISTRATOR)


def test_what_nobody_spoke_about_in_time_escalates_once_to_somebody_else(world: World) -> None:
    late, spoken, asleep = raised(world), raised(world), raised(world)
    called(world, spoken)
    until = AT + timedelta(days=5)
    snooze_alert(alert_id=asleep.pk, until=until, reason="On holiday", by=by(world.boris), at=AT)
    assert escalate_due(by=SYSTEM, at=AT + timedelta(hours=55)) == 0
    assert escalate_due(by=SYSTEM, at=AT + timedelta(hours=56)) == 1
    assert escalate_due(by=SYSTEM, at=AT + timedelta(hours=57)) == 0
    late.refresh_from_db()
    assert (late.owner, late.escalated_to) == (world.boris, world.anna)
    assert escalate_due(by=SYSTEM, at=until) == 1


def test_only_what_happens_now_calls_somebody_to_work(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs: list[tuple[str, Any]] = []
    monkeypatch.setattr(subscriptions, "async_task", lambda *args: jobs.append(args))
    rule(world)
    version = nps_version(world)
    with supposed(Origin.IMPORT):
        store(answer(version, world.aurora, 1, contact_id=world.vera.pk))
    (live,) = store(answer(version, world.aurora, 2, contact_id=world.vera.pk))
    wave = wave_of(Response.objects.get(pk=live.response_id).version)
    close_wave(wave_id=wave.pk, by=by(world.anna), at=NOW)
    for batch in Batch.objects.order_by("pk"):
        deliver_batch(batch.pk)
    assert jobs == [
        (subscriptions.HEAR_ANSWERS, [live.response_id]),
        (subscriptions.HEAR_SILENCE, wave.pk),
    ]
    hear_answers([live.response_id])
    assert Alert.objects.get().response_id == live.response_id
    assert Wave.objects.get().state == "closed"


def test_many_answers_cost_as_many_queries_as_few(world: World) -> None:
    rule(world)
    ids = [answered(world, 3, contact=person) for person in (world.vera, world.gleb) for _ in range(6)]
    counts = []
    for chunk in (ids[:3], ids[3:]):
        with CaptureQueriesContext(connection) as asked:
            assert hear(*chunk) == len(chunk)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"name": " "}, NameMissing),
        ({"conditions": Conditions()}, RuleRefused),
        ({"deadline_hours": 0}, HoursRefused),
        ({"escalation_hours": 100_000}, HoursRefused),
        ({"owner_way": OwnerWay.PERSON}, OwnerMissing),
        ({"owner_way": OwnerWay.TEAM}, OwnerMissing),
    ],
)
def test_a_rule_that_cannot_work_is_refused(
    world: World, change: dict[str, Any], refused: type[Exception]
) -> None:
    terms = RuleTerms(**{"name": "Low", "kind": RuleKind.SCORE, "conditions": LOW, **change})
    with pytest.raises(refused):
        create_rule(program_id=world.program.pk, terms=terms, by=by(world.anna), at=NOW)


def test_two_people_who_change_a_rule_at_once_find_out(world: World) -> None:
    found = rule(world)
    terms = RuleTerms("Low", RuleKind.SCORE, LOW, deadline_hours=24)
    change_rule(rule_id=found.pk, terms=terms, expected_version=1, by=by(world.anna), at=NOW)
    with pytest.raises(RuleChanged):
        change_rule(rule_id=found.pk, terms=terms, expected_version=1, by=by(world.root), at=NOW)
    with pytest.raises(RuleRefused) as refused:
        change_rule(rule_id=found.pk, terms=RuleTerms("x", RuleKind.DROP), by=by(world.anna), at=NOW)
    assert refused.value.problems == (ConditionProblem.NO_DROP,)


def test_a_tree_of_causes_has_no_rings_and_no_branches_of_others(world: World) -> None:
    top = cause(world)
    below = cause(world, "Bank is slow", top)
    same = {"names": {"en": "x"}, "position": 1, "is_active": True, "by": by(world.anna), "at": NOW}
    for above in (below.pk, top.pk, 0):
        with pytest.raises(WrongBranch):
            change_cause(cause_id=top.pk, parent_id=above, **same)
    other = Program.objects.create(name="South", slug="south", created_at=NOW)
    with pytest.raises(WrongBranch):
        create_cause(program_id=other.pk, names={"en": "x"}, parent_id=top.pk, by=by(world.anna), at=NOW)
    with pytest.raises(NameMissing):
        create_cause(program_id=other.pk, names={"en": " "}, by=by(world.anna), at=NOW)
    assert change_cause(cause_id=below.pk, parent_id=None, **same).parent_id is None


def test_office_hours_of_the_program_count(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from otklik.kit.calendar import BusinessCalendar, Window

    week = ((Window(9 * 60, 18 * 60),),) * 5 + ((), ())
    office = BusinessCalendar("UTC", week)
    monkeypatch.setattr("otklik.loop.operations.raising.program_calendar", lambda program: office)
    friday = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
    rule(world, deadline_hours=9)
    alert = raised(world, at=friday)
    assert alert.due_at == datetime(2026, 3, 9, 17, 0, tzinfo=UTC)


def test_what_happens_elsewhere_moves_alerts_without_anybody_asking(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the log: the mention gets its partner, the partner another manager, the manager leaves."""
    monkeypatch.setattr(subscriptions, "async_task", lambda *args: None)
    rule(world, RuleKind.MENTION, Conditions())
    said = NewMention("k", NOW, text="Ужасно")
    found, _ = record_mention(program_id=world.program.pk, mention=said, user_id=None, by=SYSTEM, at=NOW)
    Mention.objects.update(sentiment=-1)
    raise_for_mentions(mention_ids=[found], by=SYSTEM, at=AT)
    owners = [Alert.objects.get().owner]
    who = by(world.root)
    for change in (
        lambda: attach_mention(mention_id=found, partner_id=world.aurora.pk, by=who, at=AT),
        lambda: assign_manager(partner_id=world.aurora.pk, manager_id=world.clara.pk, by=who, at=AT),
        lambda: merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=who, at=AT),
        lambda: deactivate_user(user=world.clara, by=who, at=AT),
    ):
        change()
        for batch in Batch.objects.order_by("pk"):
            deliver_batch(batch.pk)
        owners.append(Alert.objects.get().owner)
    assert owners == [world.anna, world.boris, world.clara, world.clara, world.anna]
    assert Alert.objects.get().partner == world.borealis
