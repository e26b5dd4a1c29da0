"""Everything here that is about one person, for their own export."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from otklik.desk.models import Attachment, Callback, Message, Participant, Rating, Ticket
from otklik.desk.queries.partner_side import partner_subjects


def personal_data(contact_id: int) -> dict[str, list[dict[str, Any]]]:
    """Lists of plain values by what they are of; moments as ISO 8601. What others wrote in the same matter
    is theirs, and stands on its page."""
    asked = Ticket.objects.filter(contact_id=contact_id).order_by("pk")
    wrote = Message.objects.filter(contact_id=contact_id, visible_to_partner=True).order_by("pk")
    files = Attachment.objects.filter(message__in=wrote).order_by("pk")
    return {
        "requests": _as_told(
            asked, _rows(asked, ("id", "subject", "status", "channel", "language", "created_at"))
        ),
        "messages": _rows(
            wrote, ("ticket_id", "channel", "from_name", "from_address", "subject", "text", "happened_at")
        ),
        "files": _rows(files, ("message__ticket_id", "filename", "blob__size")),
        "requests_read_along": _rows(
            Participant.objects.filter(contact_id=contact_id).order_by("pk"),
            ("ticket_id", "name", "address"),
        ),
        "calls_asked_for": _rows(
            Callback.objects.filter(ticket__in=asked).order_by("pk"), ("ticket_id", "phone", "asked_at")
        ),
        "ratings": _rows(
            Rating.objects.filter(ticket__in=asked).order_by("pk"), ("ticket_id", "value", "comment", "at")
        ),
    }


def _as_told(asked: Iterable[Ticket], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With the subjects that the partner's side knows: staff rename tickets in words meant for staff."""
    told = partner_subjects(list(asked))
    return [{**row, "subject": told.get(row["id"], "")} for row in rows]


def _rows(rows: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
        for row in rows.values(*columns)
    ]
