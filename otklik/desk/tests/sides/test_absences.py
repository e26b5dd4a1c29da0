"""Whoever is away or has left leaves nothing lying: tickets and partners are somebody's, and the history says
why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from otklik.desk.models import Absence, AgentProfile, Message, Ticket
from otklik.desk.operations.absences import (
    AlreadyHandedOver,
    OddAbsence,
    begin_due_absences,
    cancel_absence,
    hand_over,
    hand_over_of_left,
    plan_absence,
)
from otklik.desk.operations.tickets import CannotOwn
from otklik.desk.rules.vocabulary import TicketStatus
from otklik.desk.subscriptions import share_out_tickets
from otklik.desk.tests.sides.cast import LATER, SYSTEM, ask, we_say
from otklik.events.public import DeliveredEvent, Subject, timeline
from otklik.identity.models import User
from otklik.partners.models import Partner
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def away(world: World, user: User, deputy: User | None, **facts: object) -> Absence:
    given = {"starts_at": LATER, "ends_at": LATER + WEEK, "note": "Call Vera on Monday", "by": SYSTEM}
    return plan_absence(
        user_id=user.pk,
        deputy_id=deputy.pk if deputy else None,
        at=NOW,
        **{**given, **facts},  # type: ignore[arg-type]
    )


def owner_of(ticket: Ticket) -> int | None:
    return Ticket.objects.values_list("owner_id", flat=True).get(pk=ticket.pk)


def test_the_deputy_gets_tickets_and_partners_with_a_note(world: World) -> None:
    ticket = ask(world, owner_id=world.boris.pk)
    away(world, world.boris, world.clara)
    assert begin_due_absences(at=NOW) == 0
    assert begin_due_absences(at=LATER) == 1
    assert owner_of(ticket) == world.clara.pk
    assert Partner.objects.get(pk=world.aurora.pk).manager_id == world.clara.pk
    note = Message.objects.get(kind="note")
    assert (note.text, note.author_id, note.visible_to_partner) == (
        "Call Vera on Monday",
        world.boris.pk,
        False,
    )
    told = next(line.data for line in timeline("ticket", ticket.pk) if line.kind == "ticket.owner_changed")
    assert (told["reason"], told["before"], told["after"]) == ("absent", world.boris.pk, world.clara.pk)
    handed = next(line.data for line in timeline("user", world.boris.pk) if line.kind == "user.handed_over")
    assert (handed["to"], handed["tickets"], handed["partners"]) == (world.clara.pk, 1, 1)
    # Run again, and after the end: nothing moves, least of all back.
    assert begin_due_absences(at=LATER + timedelta(minutes=5)) == 0
    assert begin_due_absences(at=LATER + WEEK + WEEK) == 0
    assert owner_of(ticket) == world.clara.pk


def test_a_deputy_who_is_away_too_passes_it_on(world: World) -> None:
    ticket = ask(world, owner_id=world.boris.pk)
    away(world, world.clara, world.dmitri)
    away(world, world.boris, world.clara)
    begin_due_absences(at=LATER)
    assert owner_of(ticket) == world.dmitri.pk
    # An agent is nobody's account manager.
    assert Partner.objects.get(pk=world.aurora.pk).manager_id == world.boris.pk


def test_two_who_stand_in_for_each_other_leave_it_to_routing(world: World) -> None:
    ticket = ask(world, owner_id=world.boris.pk)
    AgentProfile.objects.create(user=world.dmitri, languages={"en": 3})
    away(world, world.clara, world.boris)
    away(world, world.boris, world.clara)
    begin_due_absences(at=LATER)
    assert owner_of(ticket) == world.dmitri.pk
    reasons = [line.data["reason"] for line in timeline("ticket", ticket.pk) if "reason" in line.data]
    assert reasons == ["routed", "absent"]


def test_an_absence_makes_sense_and_is_called_off_before_it_begins(world: World) -> None:
    for facts in ({"ends_at": LATER - WEEK}, {"user": world.clara, "deputy": world.clara}):
        user, deputy = facts.pop("user", world.boris), facts.pop("deputy", world.clara)
        with pytest.raises(OddAbsence):
            away(world, user, deputy, **facts)
    absence = away(world, world.boris, world.clara)
    begin_due_absences(at=LATER)
    with pytest.raises(AlreadyHandedOver):
        cancel_absence(absence_id=absence.pk, by=SYSTEM, at=LATER)
    later = away(world, world.boris, world.clara, starts_at=LATER + WEEK, ends_at=None)
    cancel_absence(absence_id=later.pk, by=SYSTEM, at=LATER)
    assert not Absence.objects.filter(pk=later.pk).exists()


def test_case_80_an_agent_who_left_owns_nothing_any_more(world: World) -> None:
    taken, solved, closed = (ask(world, owner_id=world.boris.pk) for _ in range(3))
    we_say(world, solved, "Done", status_after=TicketStatus.SOLVED)
    Ticket.objects.filter(pk=closed.pk).update(status="closed", is_open=False)
    AgentProfile.objects.create(user=world.dmitri, languages={"en": 3})
    User.objects.filter(pk=world.boris.pk).update(is_active=False)
    done = hand_over_of_left(user_id=world.boris.pk, at=LATER)
    assert done is not None
    assert (done.tickets, done.partners) == (2, 1)
    assert owner_of(taken) == world.dmitri.pk
    # A reply to it would wake it for nobody; what is closed for good keeps the name of who closed it.
    assert (owner_of(solved), owner_of(closed)) == (None, world.boris.pk)
    reasons = [line.data["reason"] for line in timeline("ticket", taken.pk) if "reason" in line.data]
    assert reasons == ["routed", "left"]
    assert Partner.objects.get(pk=world.aurora.pk).manager_id is None


def test_case_80_without_anybody_suitable_the_tickets_wait_in_the_queue(world: World) -> None:
    ticket = ask(world, owner_id=world.boris.pk)
    User.objects.filter(pk=world.boris.pk).update(is_active=False)
    hand_over_of_left(user_id=world.boris.pk, at=LATER)
    assert owner_of(ticket) is None


def test_who_came_back_before_the_job_ran_keeps_everything(world: World) -> None:
    ticket = ask(world, owner_id=world.boris.pk)
    assert hand_over_of_left(user_id=world.boris.pk, at=LATER) is None
    assert owner_of(ticket) == world.boris.pk


def test_leaving_queues_the_hand_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[object] = []
    monkeypatch.setattr("otklik.desk.subscriptions.async_task", lambda *job: queued.append(job))
    user = Subject("user", world.boris.pk)
    share_out_tickets(DeliveredEvent(1, "user.deactivated", 1, NOW, NOW, SYSTEM, (user,), {}))
    assert queued == [("otklik.desk.jobs.hand_over_of_left", world.boris.pk)]


def test_a_hand_over_by_hand_goes_to_somebody_who_is_there(world: World) -> None:
    ticket = ask(world, owner_id=world.boris.pk)
    hand_over(from_user_id=world.boris.pk, to_user_id=world.dmitri.pk, by=SYSTEM, at=LATER)
    assert owner_of(ticket) == world.dmitri.pk
    with pytest.raises(CannotOwn):
        hand_over(from_user_id=world.dmitri.pk, to_user_id=999_999, by=SYSTEM, at=LATER)
