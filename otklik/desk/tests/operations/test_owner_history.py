"""Hand-overs that are brought in from the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from otklik.desk.models import Ticket
from otklik.desk.operations.owner_history import PastOwner, change_owners_bulk
from otklik.desk.tests.operations.stories import asked
from otklik.events.models import Event
from otklik.events.public import Actor
from tests.world import World

NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_each_ticket_changed_hands_when_it_did_and_the_log_says_so(world: World) -> None:
    tickets = [asked(world, owner_id=world.anna.pk), asked(world)]
    moments = [NOW - timedelta(days=300), NOW - timedelta(days=200)]
    rows = [PastOwner(t.pk, world.dmitri.pk, m) for t, m in zip(tickets, moments, strict=True)]
    change_owners_bulk(rows, by=Actor.demo(), at=NOW)
    now = [Ticket.objects.get(pk=ticket.pk) for ticket in tickets]
    assert [(one.owner_id, one.owner_since) for one in now] == [(world.dmitri.pk, one) for one in moments]
    told = Event.objects.filter(kind="ticket.owner_changed").order_by("pk")
    assert [(event.happened_at, event.data["before"]) for event in told] == [
        (moments[0], world.anna.pk),
        (moments[1], None),
    ]
