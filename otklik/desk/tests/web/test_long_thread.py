"""A monitor that writes every minute makes a thread of 50,000 messages: its page opens like any other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.desk.models import Message, Ticket
from otklik.desk.tests.web.test_inbox import ticket
from otklik.kit.bulk import insert_rows
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MESSAGES = 50_000
_COLUMNS = (
    "ticket_id", "kind", "side", "channel", "visible_to_partner", "visible_to_customer", "from_name",
    "from_address", "to", "cc", "subject", "text", "quote", "signature", "html", "language", "verdict",
    "message_id", "delivery", "delivery_note", "attempts", "happened_at", "created_at",
)  # fmt: skip


def write_many(found: Ticket, world: World, count: int) -> None:
    rows = []
    for number in range(count):
        at = world.now + timedelta(minutes=number)
        rows.append((
            found.pk, "incoming", "partner", "email", True, False, "Monitor", "monitor@aurora.example", [],
            [], "Alarm", f"Check {number} has failed.", "", "", "", "en", "person",
            f"{found.pk}.{number}@x", "", "", 0, at, at,
        ))  # fmt: skip
    insert_rows(Message, _COLUMNS, rows)
    Ticket.objects.filter(pk=found.pk).update(message_count=count + 1)


def test_a_thread_of_50_000_messages_opens_with_no_more_queries_and_bytes_than_one_of_a_hundred(
    world: World, client: Client
) -> None:
    client.force_login(world.dmitri)
    short, long = ticket(world), ticket(world)
    write_many(short, world, 100)
    write_many(long, world, MESSAGES)
    for found in (short, long):  # the first look at a ticket notes that it is open
        client.get(reverse("ticket", args=[found.pk]))
    seen = {}
    for found in (short, long):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("ticket", args=[found.pk]))
        seen[found.pk] = (len(queries), len(page.content))
    assert "Check 49999 has failed." in page.content.decode()
    assert "Check 49000 has failed." not in page.content.decode()
    assert seen[long.pk][0] <= seen[short.pk][0]
    assert seen[long.pk][1] < seen[short.pk][1] * 1.1

    middle = Message.objects.filter(ticket=long).order_by("pk")[MESSAGES // 2]
    with CaptureQueriesContext(connection) as queries:
        earlier = client.get(reverse("ticket-earlier", args=[long.pk, middle.pk]))
    assert "Check 24990 has failed." in earlier.content.decode()
    assert len(queries) <= 12
