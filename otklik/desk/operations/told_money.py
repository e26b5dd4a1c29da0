"""Answers that quote what a machine told about money: the quoted lines are folded away before anything is
stored, so that no page, search, mail or export has to look for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from django.db.models import Q

from otklik.desk.models import Message, Ticket
from otklik.desk.operations.shapes import NewMessage, NewTicket
from otklik.desk.rules.told_money import without_told

Row = TypeVar("Row", NewMessage, NewTicket)


def fold_in_messages(rows: Sequence[NewMessage], tickets: Mapping[int, Ticket]) -> list[NewMessage]:
    """``tickets``: where each goes, by the id it names. One query."""
    told = _told_in({ticket.pk for ticket in tickets.values()})
    if not told:
        return list(rows)
    return [
        _folded(row, told.get(ticket.pk, ())) if (ticket := tickets.get(row.ticket_id)) is not None else row
        for row in rows
    ]


def fold_in_tickets(rows: Sequence[NewTicket]) -> list[NewTicket]:
    """Of those that follow a ticket that ended. One query where there are any."""
    before = {row.follow_up_of_id for row in rows if row.follow_up_of_id is not None}
    told = _told_in(before) if before else {}
    return [_folded(row, told.get(row.follow_up_of_id or 0, ())) for row in rows]


def _told_in(ticket_ids: Collection[int]) -> dict[int, list[str]]:
    """By ticket, with what was told in those that were merged into it."""
    family = Ticket.objects.filter(Q(pk__in=ticket_ids) | Q(merged_into_id__in=ticket_ids)).values("pk")
    rows = Message.objects.filter(about_money=True, ticket_id__in=family)
    found: dict[int, list[str]] = {}
    for text, *places in rows.values_list("text", "ticket_id", "ticket__merged_into_id"):
        for ticket_id in filter(None, places):
            found.setdefault(ticket_id, []).append(text)
    return found


def _folded(row: Row, told: Sequence[str]) -> Row:
    text, folded = without_told(row.text, told) if told else (row.text, "")
    if not folded:
        return row
    return replace(row, text=text or "…", quote=f"{folded}\n{row.quote}".strip())
