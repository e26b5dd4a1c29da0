"""Hard cases of deadlines as they happen: through the operations, into the tables."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from otklik.desk.models import CalendarVersion, Clock
from otklik.desk.operations.clocks import refresh_clocks
from otklik.desk.operations.merging import merge_tickets
from otklik.desk.operations.messages import reply
from otklik.desk.operations.recompute import recompute_clocks
from otklik.desk.operations.sub_requests import answer_sub_request, ask_department
from otklik.desk.operations.tickets import change_status, change_team, set_priority, set_topic
from otklik.desk.rules.vocabulary import SLA_ASSIGNED, Priority, Side, TicketStatus, Verdict
from otklik.desk.tests.clocks.promised import HOURS, a_calendar, a_policy, at, clock, now_of
from otklik.desk.tests.operations.stories import SYSTEM, asked, told, wrote
from otklik.events.public import Subject, record
from otklik.identity.public import Team
from tests.world import World

pytestmark = pytest.mark.django_db


def test_case_08_out_of_office_neither_answers_nor_begins_a_clock(world: World) -> None:
    a_policy()
    ticket = asked(world, at=at(2, "10:00"))
    before = list(Clock.objects.values())
    wrote(ticket, "I am away until Monday", at=at(2, "10:05"), verdict=Verdict.AUTO_REPLY)
    assert list(Clock.objects.values()) == before
    assert now_of(ticket).next_due_at == at(2, "11:00")
    begun_by_machine = asked(world, at=at(2, "12:00"), verdict=Verdict.AUTO_REPLY)
    assert {c.kind for c in begun_by_machine.clocks.all()} == {"resolution"}


def test_case_57_the_deadline_stands_on_the_ticket_from_its_first_instant(world: World) -> None:
    policy = a_policy()
    ticket = asked(world, at=at(6, "16:30"))
    now = now_of(ticket)
    assert (now.policy_id, now.next_due_at, now.next_due_kind) == (
        policy.pk,
        at(9, "09:30"),
        "first_response",
    )
    terms = told(ticket, SLA_ASSIGNED)
    assert [line.data["policy"] for line in terms] == [policy.pk]
    assert terms[0].data["calendar"] == {"id": policy.calendar_id, "version": 1}


def test_case_65_a_calendar_that_is_never_open_loses_no_mail(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    a_policy(a_calendar({"zone": "UTC", "overrides": {"2020-01-01": ["09:00-10:00"]}}))
    with caplog.at_level(logging.ERROR):
        ticket = asked(world, at=at(7, "10:00"))
    assert now_of(ticket).next_due_at == at(7, "11:00")
    assert "around the clock" in caplog.text


def test_case_66_solved_while_it_waits_ends_the_pause(world: World) -> None:
    a_policy()
    ticket = asked(world, at=at(2, "10:00"))
    reply(ticket_id=ticket.pk, text="Which payout?", by=SYSTEM, at=at(2, "10:30"))
    change_status(ticket_id=ticket.pk, status=TicketStatus.WAITING, by=SYSTEM, at=at(2, "10:30"))
    assert now_of(ticket).clocks_paused
    change_status(ticket_id=ticket.pk, status=TicketStatus.SOLVED, by=SYSTEM, at=at(2, "16:30"))
    resolution = clock(ticket, "resolution")
    assert (resolution.state, resolution.used_seconds, resolution.paused_seconds) == ("met", 1800, 6 * 3600)
    assert not now_of(ticket).clocks_paused


def test_case_67_a_pause_over_the_weekend_costs_no_time_and_saves_none(world: World) -> None:
    a_policy()
    ticket = asked(world, at=at(6, "16:00"))
    change_status(ticket_id=ticket.pk, status=TicketStatus.WAITING, by=SYSTEM, at=at(6, "20:00"))
    assert clock(ticket, "resolution").due_at is None
    change_status(ticket_id=ticket.pk, status=TicketStatus.OPEN, by=SYSTEM, at=at(9, "08:00"))
    resolution = clock(ticket, "resolution")
    assert resolution.paused_seconds == 0
    # An hour of sixteen was used on Friday.
    assert resolution.due_at == at(10, "16:00")


def test_case_68_a_reopened_ticket_is_not_late_at_once(world: World) -> None:
    a_policy()
    ticket = asked(world, at=at(2, "09:00"))
    reply(ticket_id=ticket.pk, text="Paid.", by=SYSTEM, at=at(2, "09:30"))
    change_status(ticket_id=ticket.pk, status=TicketStatus.SOLVED, by=SYSTEM, at=at(3, "16:30"))
    wrote(ticket, "Nothing came", at=at(4, "09:00"))
    now, resolution = now_of(ticket), clock(ticket, "resolution")
    assert (now.is_open, now.breached_at) == (True, None)
    assert resolution.due_at == at(4, "11:00"), "half an hour was left; the grace is two hours"


def test_case_68_a_policy_may_begin_anew_at_a_reopening(world: World) -> None:
    a_policy(reopen_begins_anew=True)
    ticket = asked(world, at=at(2, "09:00"))
    change_status(ticket_id=ticket.pk, status=TicketStatus.SOLVED, by=SYSTEM, at=at(2, "16:00"))
    change_status(ticket_id=ticket.pk, status=TicketStatus.OPEN, by=SYSTEM, at=at(3, "09:00"))
    assert [c.state for c in Clock.objects.filter(ticket=ticket, kind="resolution")] == ["met", "running"]
    assert clock(ticket, "resolution", 1).due_at == at(4, "17:00")


def test_case_70_an_edited_calendar_leaves_used_time_and_moves_the_rest(world: World) -> None:
    calendar = a_calendar()
    a_policy(calendar)
    ticket = asked(world, at=at(2, "09:00"))
    longer = {"zone": "Europe/Moscow", "weekly": {"mon-fri": ["09:00-21:00"]}}
    CalendarVersion.objects.create(calendar=calendar, version=2, definition=longer, since=at(2, "17:00"))
    _calendar_changed(calendar.pk, 2, at(2, "17:00"))
    refresh_clocks([ticket.pk], at=at(2, "17:00"))
    resolution = clock(ticket, "resolution")
    assert resolution.used_seconds == 8 * 3600
    assert resolution.due_at == at(3, "13:00"), "four hours this evening, four tomorrow"


def _calendar_changed(pk: int, version: int, when: object) -> None:
    record(
        "calendar.changed",
        by=SYSTEM,
        at=when,  # type: ignore[arg-type]
        subjects=[Subject("calendar", pk)],
        data={"calendar": {"id": pk, "version": version}},
    )


def test_case_71_a_deadline_is_one_instant_for_everybody(world: World) -> None:
    from django.utils import timezone

    a_policy()
    ticket = now_of(asked(world, at=at(2, "10:00")))
    shown = {zone: timezone.localtime(ticket.next_due_at, _zone(zone)) for zone in _ZONES}
    assert len({moment.timestamp() for moment in shown.values()}) == 1
    assert [f"{moment:%H:%M}" for moment in shown.values()] == ["11:00", "13:00", "03:00"]


_ZONES = ("Europe/Moscow", "Asia/Almaty", "America/New_York")


def _zone(name: str) -> object:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def test_case_72_of_two_merged_tickets_the_earlier_deadline_holds(world: World) -> None:
    a_policy()
    early, late = asked(world, at=at(2, "10:00")), asked(world, at=at(2, "10:40"))
    merge_tickets(source_id=early.pk, target_id=late.pk, by=SYSTEM, at=at(2, "10:45"))
    assert now_of(late).next_due_at == at(2, "11:00")
    assert {c.state for c in early.clocks.all()} == {"cancelled"}


def test_case_73_another_department_gets_the_same_deadline(world: World) -> None:
    a_policy()
    team = Team.objects.create(name="Payouts")
    ticket = asked(world, at=at(2, "10:00"))
    before = list(Clock.objects.values())
    change_team(ticket_id=ticket.pk, team_id=team.pk, by=SYSTEM, at=at(2, "10:50"))
    assert list(Clock.objects.values()) == before
    question = ask_department(
        ticket_id=ticket.pk, team_id=_another().pk, question="Paid?", by=SYSTEM, at=at(2, "11:00")
    )
    assert question.due_at == at(2, "15:00")
    assert now_of(ticket).next_due_at == at(2, "11:00")
    answer_sub_request(sub_request_id=question.pk, answer="Yes", by=SYSTEM, at=at(2, "12:00"))
    assert clock(ticket, "sub_request").state == "met"
    assert clock(ticket, "resolution").used_seconds == before[-1]["used_seconds"]


def _another() -> Team:
    return Team.objects.create(name="Finance")


def test_another_priority_brings_other_targets_and_keeps_the_used_time(world: World) -> None:
    urgent = {(kind, ""): minutes for kind, minutes in HOURS.items()} | {("resolution", "urgent"): 240}
    a_policy(targets=urgent)
    ticket = asked(world, at=at(2, "09:00"))
    set_priority(ticket_id=ticket.pk, priority=Priority.URGENT, by=SYSTEM, at=at(2, "12:00"))
    assert clock(ticket, "resolution").due_at == at(2, "13:00"), "three hours were used, one is left"
    assert len(told(ticket, SLA_ASSIGNED)) == 2
    set_priority(ticket_id=ticket.pk, priority=Priority.URGENT, by=SYSTEM, at=at(2, "12:10"))
    assert len(told(ticket, SLA_ASSIGNED)) == 2


def test_the_first_policy_that_fits_holds(world: World) -> None:
    from otklik.desk.models import Topic

    topic = Topic.objects.create(names={"en": "Payouts"})
    calendar = a_calendar()
    gold = a_policy(calendar, name="Gold", tiers=["Gold "], position=1)
    paid = a_policy(calendar, name="Paid", position=2)
    paid.topics.add(topic)
    rest = a_policy(calendar, name="Rest", position=3)
    ticket = asked(world, at=at(2))
    assert now_of(ticket).policy_id == gold.pk
    other = {"contact_id": None, "requester_address": "who@else.example"}
    stranger = asked(world, at=at(2), **other)
    assert now_of(stranger).policy_id == rest.pk
    set_topic(ticket_id=stranger.pk, topic_id=topic.pk, by=SYSTEM, at=at(2))
    assert now_of(stranger).policy_id == paid.pk


def test_case_75_what_is_stored_is_what_the_log_says(world: World) -> None:
    a_policy(before_partners_evening=True)
    world.aurora.time_zone = "Asia/Vladivostok"
    world.aurora.save()
    one, two = asked(world, at=at(2, "10:00")), asked(world, at=at(5, "16:00"))
    reply(ticket_id=one.pk, text="Which?", by=SYSTEM, at=at(2, "10:30"))
    wrote(one, at=at(3, "11:00"))
    set_priority(ticket_id=one.pk, priority=Priority.URGENT, by=SYSTEM, at=at(3, "12:00"))
    change_status(ticket_id=one.pk, status=TicketStatus.SOLVED, by=SYSTEM, at=at(4, "12:00"))
    wrote(one, side=Side.PARTNER, at=at(9, "11:00"))
    merge_tickets(source_id=two.pk, target_id=one.pk, by=SYSTEM, at=at(9, "12:00"))
    outcome = recompute_clocks(repair=False, by=SYSTEM, at=at(20))
    assert (outcome.tickets, outcome.differing, outcome.differences) == (2, 0, [])
    assert outcome.clocks == Clock.objects.count() > 5


def test_case_75_tampering_is_found_and_repaired(world: World) -> None:
    a_policy()
    tickets = [asked(world, at=at(2, "10:00") + timedelta(minutes=n)) for n in range(3)]
    Clock.objects.filter(ticket=tickets[0], kind="resolution").update(due_at=at(20))
    Clock.objects.filter(ticket=tickets[1], kind="first_response").delete()
    tickets[2].__class__.objects.filter(pk=tickets[2].pk).update(next_due_at=at(20))
    found = recompute_clocks(repair=False, by=SYSTEM, at=at(20))
    assert found.differing == 3
    assert {(d.ticket_id, d.field) for d in found.differences} == {
        (tickets[0].pk, "due_at"),
        (tickets[1].pk, ""),
        (tickets[2].pk, "next_due_at"),
    }
    assert recompute_clocks(repair=True, by=SYSTEM, at=at(20)).differing == 3
    assert recompute_clocks(repair=False, by=SYSTEM, at=at(20)).differing == 0
    assert now_of(tickets[2]).next_due_at == at(2, "11:02")
