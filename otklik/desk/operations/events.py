"""Whom an event of the desk is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from otklik.desk.models import Ticket
from otklik.events.public import Actor, NewEvent, Origin, Subject, record


def subjects_of(ticket: Ticket) -> list[Subject]:
    """The ticket, and whoever at a partner it concerns: it becomes part of their history too."""
    subjects = [Subject("ticket", ticket.pk)]
    if ticket.partner_id is not None:
        subjects.append(Subject("partner", ticket.partner_id))
    if ticket.contact_id is not None:
        subjects.append(Subject("contact", ticket.contact_id))
    return subjects


def event_about(kind: str, ticket: Ticket, *, at: datetime, data: Mapping[str, Any]) -> NewEvent:
    return NewEvent(kind, at, subjects_of(ticket), data)


def tell(kind: str, ticket: Ticket, *, by: Actor, at: datetime, **data: Any) -> int:
    return record(kind, by=by, at=at, subjects=subjects_of(ticket), data=data)


def moment_of(happened_at: datetime | None, by: Actor, at: datetime) -> datetime:
    """When it counts as having happened. The date of a live mail is its sender's claim, and a clock that
    believed it could be set back; history that is brought in really lies in the past."""
    return at if by.origin is Origin.LIVE else happened_at or at
