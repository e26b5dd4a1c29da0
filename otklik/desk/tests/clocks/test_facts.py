"""Tickets as rows for analytics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from otklik.analytics.models import PendingFact
from otklik.analytics.operations.write_facts import write_facts
from otklik.analytics.public import query_facts
from otklik.desk import facts
from otklik.desk.operations.messages import reply
from otklik.desk.operations.tickets import change_status
from otklik.desk.rules.vocabulary import STATUS_CHANGED, TicketStatus
from otklik.desk.tests.clocks.promised import a_policy, at
from otklik.desk.tests.operations.stories import SYSTEM, asked, told, wrote
from otklik.events.public import DeliveredEvent
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    from dataclasses import replace

    settings.OTKLIK = replace(settings.OTKLIK, data_dir=tmp_path)


def delivered(ticket: Any, kind: str) -> list[DeliveredEvent]:
    return [
        DeliveredEvent(
            line.id, line.kind, 1, line.happened_at, line.happened_at, SYSTEM, line.subjects, line.data
        )
        for line in told(ticket, kind)
    ]


def test_a_closed_ticket_is_a_row_without_anybodys_words(world: World) -> None:
    a_policy()
    ticket, still_open = asked(world, at=at(2, "10:00")), asked(world, at=at(2, "10:00"))
    reply(ticket_id=ticket.pk, text="Paid.", by=SYSTEM, at=at(2, "10:30"))
    wrote(ticket, "Nothing came", at=at(2, "11:00"))
    reply(ticket_id=ticket.pk, text="Now it has.", by=SYSTEM, at=at(2, "15:00"))
    change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, by=SYSTEM, at=at(3, "10:00"))
    facts.note_tickets(delivered(ticket, STATUS_CHANGED))
    assert list(PendingFact.objects.values_list("row_id", flat=True)) == [ticket.pk]
    write_facts(facts.tickets, clock=lambda: at(4))
    columns = "id, partner, tier, channel, outcome, first_response, resolution, breaches, messages"
    assert query_facts("tickets", f"SELECT {columns} FROM facts", []) == [
        (ticket.pk, world.aurora.pk, "gold", "email", "answered", 30, 8 * 60, 1, 4)
    ]
    rows = query_facts("tickets", "SELECT * EXCLUDE (created_at, closed_at) FROM facts", [])
    assert "Payout" not in str(rows)
    assert "vera" not in str(rows).lower()
    assert still_open.pk not in {row[0] for row in rows}


def test_a_ticket_opened_again_is_no_fact_until_it_ends(world: World) -> None:
    ticket = asked(world, at=at(2, "10:00"))
    change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, by=SYSTEM, at=at(3))
    facts.note_tickets(delivered(ticket, STATUS_CHANGED)[:1])
    write_facts(facts.tickets, clock=lambda: at(4))
    change_status(ticket_id=ticket.pk, status=TicketStatus.OPEN, by=SYSTEM, at=at(4))
    facts.note_tickets(delivered(ticket, STATUS_CHANGED)[1:])
    write_facts(facts.tickets, clock=lambda: at(4))
    assert query_facts("tickets", "SELECT id FROM facts", []) == []


def test_letters_are_rows_of_the_ticket_they_belong_to(world: World) -> None:
    ticket = asked(world, at=at(2, "10:00"))
    reply(ticket_id=ticket.pk, text="Paid.", by=SYSTEM, at=at(2, "10:30"))
    for kind in ("ticket.created", "ticket.message_sent"):
        facts.note_messages(delivered(ticket, kind))
    write_facts(facts.messages, clock=lambda: at(4))
    said = query_facts("messages", "SELECT ticket, kind, side FROM facts ORDER BY id", [])
    assert said == [(ticket.pk, "incoming", "partner"), (ticket.pk, "reply", "staff")]
