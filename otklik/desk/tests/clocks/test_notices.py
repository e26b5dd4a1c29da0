"""Warnings and escalations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from otklik.desk.models import Clock
from otklik.desk.operations import sla_notices
from otklik.desk.operations.messages import reply
from otklik.desk.operations.sla_notices import due_clocks, send_due_notices
from otklik.desk.operations.tickets import create_ticket
from otklik.desk.rules.sla_clock import NoticeKind
from otklik.desk.rules.vocabulary import SLA_BREACHED, SLA_WARNED
from otklik.desk.tests.clocks.promised import a_policy, at, clock, now_of
from otklik.desk.tests.operations.stories import SYSTEM, asked, question, told
from otklik.desk.tests.operations.test_at_once import at_once
from otklik.events.public import Actor
from otklik.jobs.models import OutgoingMail
from tests.world import World, build_world


@pytest.fixture(autouse=True)
def mail_is_set_up(settings: Any) -> None:
    settings.OTKLIK = replace(settings.OTKLIK, mail_url="memory:", public_url="https://desk.example")


def mails() -> list[tuple[str, str]]:
    rows = OutgoingMail.objects.order_by("pk").values_list("message", flat=True)
    return [(message["to"], message["subject"]) for message in rows]


@pytest.mark.django_db
def test_case_74_each_notice_goes_out_once(world: World) -> None:
    a_policy()
    ticket = asked(world, at=at(2, "10:00"), owner_id=world.dmitri.pk)
    assert send_due_notices(at=at(2, "10:47")) == 0
    assert send_due_notices(at=at(2, "10:48")) == 1
    assert send_due_notices(at=at(2, "10:49")) == 0
    assert [to for to, _ in mails()] == ["dmitri@example.com"]
    assert send_due_notices(at=at(2, "11:00")) == 0, "an answer at eleven sharp is in time"
    assert send_due_notices(at=at(2, "11:01")) == 1
    assert send_due_notices(at=at(2, "11:02")) == 0
    assert [len(told(ticket, kind)) for kind in (SLA_WARNED, SLA_BREACHED)] == [1, 1]
    late = {to for to, subject in mails() if "Soon" not in subject}
    assert late == {"dmitri@example.com", "anna@example.com", "root@example.com", "boris@example.com"}
    assert (clock(ticket, "first_response").state, now_of(ticket).breached_at) == ("breached", at(2, "11:00"))


@pytest.mark.django_db
def test_case_74_nobody_is_told_outside_service_hours(world: World) -> None:
    a_policy()
    ticket = asked(world, at=at(6, "16:00"))
    assert send_due_notices(at=at(6, "17:30")) == 0
    assert send_due_notices(at=at(8, "12:00")) == 0
    assert mails() == []
    assert send_due_notices(at=at(9, "09:00")) == 1
    assert told(ticket, SLA_WARNED) == [], "late already: no warning comes after"
    # The warning of the resolution is still to come.
    assert {c.warned_at for c in ticket.clocks.all()} == {None}


@pytest.mark.django_db
def test_who_was_answered_meanwhile_is_no_breach(world: World) -> None:
    a_policy()
    ticket = asked(world, at=at(2, "10:00"))
    reply(ticket_id=ticket.pk, text="Paid.", by=SYSTEM, at=at(2, "10:40"))
    assert send_due_notices(at=at(2, "12:00")) == 0
    assert clock(ticket, "first_response").state == "met"


@pytest.mark.django_db
def test_a_breach_makes_a_ticket_more_important(world: World) -> None:
    a_policy()
    ticket = asked(world, at=at(2, "10:00"))
    before = now_of(ticket).priority_rank
    send_due_notices(at=at(2, "11:01"))
    after = now_of(ticket)
    assert "breach" in {reason["kind"] for reason in after.priority_reasons}
    assert after.priority_rank <= before


@pytest.mark.django_db
def test_one_mail_tells_of_many_deadlines_in_the_readers_language(world: World) -> None:
    a_policy()
    world.dmitri.language = "ru"
    world.dmitri.save()
    for _ in range(3):
        asked(world, at=at(2, "10:00"), owner_id=world.dmitri.pk)
    assert send_due_notices(at=at(2, "10:50")) == 3
    assert len(mails()) == 1
    text = OutgoingMail.objects.get().message["text"]
    assert text.count("https://desk.example/tickets/") == 3
    assert "Здравствуйте" in text


@pytest.mark.django_db
def test_what_an_import_brought_wakes_nobody(world: World) -> None:
    a_policy()
    ticket = create_ticket(**question(world), by=Actor.importer(1), at=at(2, "10:00"))
    send_due_notices(at=at(2, "12:00"))
    assert len(told(ticket, SLA_BREACHED)) == 1
    assert mails() == []


@pytest.mark.django_db
def test_case_74_a_worker_with_an_older_list_tells_nothing_again(world: World) -> None:
    """What the second of two workers meets once it has waited for the first one's lock."""
    a_policy()
    ticket = asked(world, at=at(2, "10:00"))
    late = list(due_clocks(NoticeKind.BREACH, at(2, "11:01")).values_list("pk", flat=True))
    assert send_due_notices(at=at(2, "11:01")) == 1
    calendars = sla_notices._open_calendars(at(2, "11:01"))
    assert sla_notices._tell(late, NoticeKind.BREACH, calendars, at(2, "11:01")) == 0
    assert len(told(ticket, SLA_BREACHED)) == 1


@pytest.mark.django_db(transaction=True)
def test_case_74_two_workers_at_once_tell_once() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one connection; on a file writers wait for each other")
    world = build_world()
    a_policy()
    tickets = [asked(world, at=at(2, "10:00")) for _ in range(3)]
    at_once(*[lambda: send_due_notices(at=at(2, "11:01"))] * 2)
    assert [len(told(ticket, SLA_BREACHED)) for ticket in tickets] == [1, 1, 1]


@pytest.mark.django_db
def test_looking_for_what_is_due_reads_an_index_of_nothing_else(world: World) -> None:
    plans = {kind: due_clocks(kind, at(2)).order_by(column).explain() for kind, column in _ORDER.items()}
    if connection.vendor == "sqlite":
        assert "desk_clocks_to_warn" in plans[NoticeKind.WARNING]
        assert "desk_clocks_to_escalate" in plans[NoticeKind.BREACH]


_ORDER = {NoticeKind.WARNING: "warn_at", NoticeKind.BREACH: "due_at"}


@pytest.mark.django_db
def test_the_command_names_what_differs(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    a_policy()
    ticket = asked(world, at=at(2, "10:00"))
    Clock.objects.filter(kind="first_response").update(used_seconds=7)
    with pytest.raises(CommandError):
        call_command("recompute_clocks")
    assert f"#{ticket.pk} first_response:1 used_seconds: stored 7, by the log 0" in capsys.readouterr().out
    call_command("recompute_clocks", "--repair")
    call_command("recompute_clocks")
    assert "1 tickets, 2 clocks, 0 tickets differ" in capsys.readouterr().out
