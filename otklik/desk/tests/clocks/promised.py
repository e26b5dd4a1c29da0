"""What we promise in these stories: Moscow, Monday to Friday 9 to 17, a first response in an hour, a
resolution in sixteen."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from otklik.desk.models import BusinessCalendar, CalendarVersion, Clock, SlaPolicy, SlaTarget, Ticket
from tests.world import NOW

MOSCOW = {"zone": "Europe/Moscow", "weekly": {"mon-fri": ["09:00-17:00"]}}
ZONE = ZoneInfo("Europe/Moscow")
HOURS = {"first_response": 60, "next_response": 120, "resolution": 960, "sub_request": 240}


def at(day: int, clock: str = "09:00") -> datetime:
    """Of March 2026 on Moscow's clock; the 2nd is a Monday."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE).astimezone(ZoneInfo("UTC"))


def a_calendar(definition: dict[str, Any] | None = None, name: str = "Moscow") -> BusinessCalendar:
    row = BusinessCalendar.objects.create(name=name, definition=definition or MOSCOW, created_at=NOW)
    CalendarVersion.objects.create(calendar=row, version=1, definition=row.definition, since=NOW)
    return row


def a_policy(calendar: BusinessCalendar | None = None, *, name: str = "Standard", **facts: Any) -> SlaPolicy:
    targets = facts.pop("targets", {(kind, ""): minutes for kind, minutes in HOURS.items()})
    policy = SlaPolicy.objects.create(name=name, calendar=calendar or a_calendar(), created_at=NOW, **facts)
    for (kind, priority), minutes in targets.items():
        SlaTarget.objects.create(policy=policy, kind=kind, priority=priority, minutes=minutes)
    return policy


def clock(ticket: Ticket, kind: str, number: int = 0) -> Clock:
    return list(Clock.objects.filter(ticket=ticket, kind=kind).order_by("pk"))[number]


def now_of(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)
