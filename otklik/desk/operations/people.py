"""What staff do around a ticket without changing it: follow it, look at it, write in it and not send yet."""

from __future__ import annotations

from datetime import datetime

from otklik.desk.models import Draft


def save_draft(
    *,
    ticket_id: int,
    user_id: int,
    text: str,
    is_note: bool = False,
    to_partner: bool = True,
    to_customer: bool = False,
    based_on: int = 0,
    at: datetime,
) -> Draft:
    """One for each person and ticket; saving again replaces the text. Files it carries stay with it."""
    draft, _ = Draft.objects.update_or_create(
        ticket_id=ticket_id,
        user_id=user_id,
        defaults={
            "text": text,
            "is_note": is_note,
            "to_partner": to_partner,
            "to_customer": to_customer,
            "based_on": based_on,
            "saved_at": at,
        },
    )
    return draft


def drop_draft(*, ticket_id: int, user_id: int) -> None:
    Draft.objects.filter(ticket_id=ticket_id, user_id=user_id).delete()
