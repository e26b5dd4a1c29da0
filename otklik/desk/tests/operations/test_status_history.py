"""Statuses that are brought in from the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from otklik.desk.models import Ticket
from otklik.desk.operations.status_history import PastStatus, change_statuses_bulk
from otklik.desk.operations.tickets import NotAllowed
from otklik.desk.rules.vocabulary import TicketStatus
from otklik.desk.tests.operations.stories import asked
from otklik.events.models import Event
from otklik.events.public import Actor
from tests.world import World

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)


def test_each_ticket_is_solved_when_it_was_and_the_log_says_so(world: World) -> None:
    tickets = [asked(world), asked(world)]
    moments = [NOW - timedelta(days=3), NOW - timedelta(days=2)]
    rows = [PastStatus(t.pk, TicketStatus.SOLVED, m) for t, m in zip(tickets, moments, strict=True)]
    change_statuses_bulk(rows, by=Actor.demo(), at=NOW)
    assert [Ticket.objects.get(pk=ticket.pk).solved_at for ticket in tickets] == moments
    told = Event.objects.filter(kind="ticket.status_changed").order_by("pk")
    assert [event.happened_at for event in told] == moments


def test_a_status_that_the_ticket_cannot_have_changes_nothing(world: World) -> None:
    ticket = asked(world)
    change_statuses_bulk([PastStatus(ticket.pk, TicketStatus.CLOSED, NOW)], by=Actor.demo(), at=NOW)
    with pytest.raises(NotAllowed):
        change_statuses_bulk([PastStatus(ticket.pk, TicketStatus.SOLVED, NOW)], by=Actor.demo(), at=NOW)
