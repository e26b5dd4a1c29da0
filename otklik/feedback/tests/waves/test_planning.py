"""A plan becomes invitations: frozen, once each, also where the planning was killed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.feedback.models import AskingRules, Invitation, Objection, Wave
from otklik.feedback.operations import planning
from otklik.feedback.operations.planning import close_due_waves, plan_wave, withdraw_unsent
from otklik.feedback.operations.surveys import version_survey
from otklik.feedback.operations.waves import (
    ClosesTooEarly,
    NotADraft,
    NotRunning,
    cancel_wave,
    change_draft,
    close_wave,
    move_closing,
    start_wave,
    take_out_of_draft,
)
from otklik.feedback.queries.layout import lay_out
from otklik.feedback.rules.plans import Plan, PlanProblem, PlanRefused
from otklik.feedback.rules.sampling import Dimension
from otklik.feedback.rules.vocabulary import WaveMode
from otklik.feedback.tests.invited import invite, wave_of
from otklik.feedback.tests.waves.people import crowd, draft, nps, planned
from otklik.partners.models import Address, Contact, Partner
from tests.world import NOW, World

BY = Actor.system()


def states(wave: Wave) -> dict[int, tuple[str, str]]:
    return {one.contact_id: (one.state, one.reason) for one in Invitation.objects.filter(wave=wave)}


def test_everybody_of_the_audience_is_invited_or_left_out_with_a_reason(world: World) -> None:
    version = nps(world)
    Address.objects.filter(contact=world.gleb).delete()
    wave = planned(version)
    assert states(wave) == {
        world.vera.pk: ("planned", ""),
        world.gleb.pk: ("left_out", "no_address"),
    }
    assert (wave.state, wave.planned, wave.people) == ("running", 2, 2)


def test_role_and_data_of_that_moment_stay_whatever_changes_later(world: World) -> None:
    wave = planned(nps(world))
    Partner.objects.filter(pk=world.aurora.pk).update(tier="bronze", manager=world.clara)
    Contact.objects.filter(pk=world.vera.pk).update(role="end_user")
    invitation = Invitation.objects.get(wave=wave, contact=world.vera)
    assert (invitation.role, invitation.tier, invitation.country) == ("decision_maker", "gold", "RU")
    assert invitation.manager_id == world.boris.pk
    assert invitation.address == "vera@aurora.example"
    assert invitation.send_at is not None
    assert invitation.send_at >= NOW


def test_a_wave_asks_with_the_version_it_was_started_with(world: World) -> None:
    version = nps(world)
    wave = draft(version)
    newer = version_survey(survey_id=version.survey_id, wording={"en": {"question": "New?"}}, by=BY, at=NOW)
    start_wave(wave_id=wave.pk, by=BY, at=NOW)
    version_survey(survey_id=version.survey_id, wording={"en": {"question": "Newest?"}}, by=BY, at=NOW)
    plan_wave(wave_id=wave.pk, clock=lambda: NOW)
    assert set(Invitation.objects.values_list("version_id", flat=True)) == {newer.pk}
    with pytest.raises(NotADraft):
        change_draft(wave_id=wave.pk, name="Q2", plan=Plan(), by=BY, at=NOW)


def test_who_must_not_be_asked_is_left_out_and_why(world: World) -> None:
    version = nps(world)
    people = crowd(world, 6)
    invite(wave_of(version), people[0], sent_at=NOW - timedelta(days=10))
    Objection.objects.create(program=world.program, address="p1@crowd.example", kind="unsubscribed", at=NOW)
    Objection.objects.create(
        program=world.program, contact=people[2], kind="complained", at=NOW - timedelta(days=100)
    )
    Contact.objects.filter(pk=people[3].pk).update(consent="withdrawn")
    Contact.objects.filter(pk=people[4].pk).update(is_active=False)
    Address.objects.filter(contact=people[5]).update(bounced_at=NOW)
    found = states(planned(version))
    reasons = [found[one.pk][1] for one in people]
    assert reasons == [
        "cooldown",
        "unsubscribed",
        "quarantine",
        "consent_refused",
        "inactive",
        "bounced",
    ]


def test_what_another_wave_has_planned_counts_as_asked(world: World) -> None:
    version = nps(world)
    planned(version)
    assert {reason for _, reason in states(planned(version, name="again")).values()} == {"cooldown"}


def test_two_contacts_with_one_address_are_one_person(world: World) -> None:
    Address.objects.filter(contact=world.gleb).update(normalised="vera@aurora.example")
    found = states(planned(nps(world)))
    assert sorted(found.values()) == [("left_out", "cooldown"), ("planned", "")]


def test_an_open_ticket_leaves_nobody_out_unless_the_program_switched_it_on(world: World) -> None:
    from otklik.desk.models import Ticket

    version = nps(world)
    Ticket.objects.create(
        program=world.program, partner=world.aurora, contact=world.gleb, subject="Where is it",
        channel="email", public_key="k", created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    assert lay_out(draft(version), at=NOW).sample.left_out == {}
    AskingRules.objects.create(program=world.program, leaves_out_open_tickets=True)
    wave = planned(version)
    assert states(wave)[world.gleb.pk] == ("left_out", "open_ticket")
    assert wave.effect["people"] == 1
    assert wave.effect["points"] is None


def test_quotas_and_total_are_kept_and_somebody_may_be_taken_out_before_the_start(world: World) -> None:
    people = crowd(world, 30)
    wave = draft(nps(world), Plan(seed="s", quotas={Dimension.ROLE: {"end_user": 2}}, total=12))
    take_out_of_draft(wave_id=wave.pk, contact_id=people[0].pk, out=True, by=BY, at=NOW)
    start_wave(wave_id=wave.pk, by=BY, at=NOW)
    plan_wave(wave_id=wave.pk, clock=lambda: NOW)
    assert states(wave)[people[0].pk] == ("left_out", "by_hand")
    asked = Invitation.objects.filter(wave=wave, state="planned")
    assert asked.count() == 12
    assert asked.filter(role="end_user").count() == 2


def test_a_planning_that_is_killed_goes_on_and_asks_the_same_people_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(world, 40)
    monkeypatch.setattr(planning, "CHUNK", 7)
    plan = Plan(seed="s", total=20)
    wave = draft(nps(world), plan)
    start_wave(wave_id=wave.pk, by=BY, at=NOW)
    wave.refresh_from_db()
    intended = set(lay_out(wave, at=NOW).sample.chosen)
    with monkeypatch.context() as patch:
        patch.setattr(planning, "advance_progress", fail_at(3))
        with pytest.raises(KeyboardInterrupt):
            plan_wave(wave_id=wave.pk, clock=lambda: NOW)
    assert Invitation.objects.count() == 21
    plan_wave(wave_id=wave.pk, clock=lambda: NOW)
    plan_wave(wave_id=wave.pk, clock=lambda: NOW)
    assert Invitation.objects.count() == 42
    asked = Invitation.objects.filter(state="planned").values_list("contact_id", flat=True)
    assert set(asked) == intended
    wave.refresh_from_db()
    assert (wave.state, wave.planned) == ("running", 42)


def fail_at(call: int):
    calls = iter(range(1, 100))

    def advance(**kwargs) -> None:
        if next(calls) == call:
            raise KeyboardInterrupt

    return advance


def test_a_wave_called_off_while_it_is_planned_writes_no_more(world: World) -> None:
    wave = draft(nps(world))
    start_wave(wave_id=wave.pk, by=BY, at=NOW)
    cancel_wave(wave_id=wave.pk, by=BY, at=NOW)
    plan_wave(wave_id=wave.pk, clock=lambda: NOW)
    assert not Invitation.objects.exists()


def test_what_was_not_sent_when_a_wave_closed_is_not_sent(world: World) -> None:
    wave = planned(nps(world))
    Invitation.objects.filter(contact=world.vera).update(
        state="sent", sent_at=NOW, remind_at=NOW + timedelta(days=3)
    )
    close_wave(wave_id=wave.pk, by=BY, at=NOW)
    withdraw_unsent(wave_id=wave.pk)
    assert {state for state, _ in states(wave).values()} == {"sent", "withdrawn"}
    assert not Invitation.objects.exclude(remind_at=None).exists()
    with pytest.raises(NotRunning):
        close_wave(wave_id=wave.pk, by=BY, at=NOW)


def test_a_wave_closes_by_itself_on_its_day_which_may_be_moved_and_is_logged(world: World) -> None:
    wave = planned(nps(world), closes_at=NOW + timedelta(days=10))
    move_closing(wave_id=wave.pk, closes_at=NOW + timedelta(days=20), by=BY, at=NOW)
    close_due_waves(at=NOW + timedelta(days=15))
    assert Wave.objects.get().state == "running"
    close_due_waves(at=NOW + timedelta(days=20))
    assert Wave.objects.get().state == "closed"
    kinds = list(Event.objects.filter(kind__startswith="wave.").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["wave.created", "wave.started", "wave.edited", "wave.closed"]
    with pytest.raises(ClosesTooEarly):
        draft(nps(world), closes_at=NOW)


@pytest.mark.parametrize(
    ("mode", "plan", "reminders", "problem"),
    [
        (WaveMode.WAVE, Plan(total=-1), [], PlanProblem.NUMBER),
        (WaveMode.ROLLING, Plan(every_days=0), [], PlanProblem.EVERY_DAYS),
        (WaveMode.ROLLING, Plan(every_days=30), [], PlanProblem.BELOW_COOLDOWN),
        (WaveMode.EVENT, Plan(event="Payout paid!"), [], PlanProblem.EVENT),
        (WaveMode.EVENT, Plan(event="payout.paid", delay_hours=-1), [], PlanProblem.DELAY),
        (WaveMode.WAVE, Plan(), [3, 3], PlanProblem.REMINDERS),
        (WaveMode.WAVE, Plan(), [0], PlanProblem.REMINDERS),
        (WaveMode.WAVE, Plan(spread_hours=-1), [], PlanProblem.SPREAD),
    ],
)
def test_a_plan_nobody_could_keep_is_refused(world: World, mode, plan, reminders, problem) -> None:
    with pytest.raises(PlanRefused) as refused:
        draft(nps(world), plan, mode=mode, reminders=reminders)
    assert refused.value.problem is problem
