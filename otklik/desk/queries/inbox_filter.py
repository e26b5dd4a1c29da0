"""What narrows the list of tickets, as it stands in an address and in a saved view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from django.db.models import Q

from otklik.desk.rules.vocabulary import UNSERVED, Channel, Priority, TicketStatus

# Ends of the calendar within which no zone leaves it.
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)


class View(StrEnum):
    MINE = "mine"
    TEAM = "team"
    BREACHING = "breaching"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    ASKED = "asked"
    MENTIONED = "mentioned"
    OPEN = "open"
    ALL = "all"


class Order(StrEnum):
    DUE = "due"
    ACTIVITY = "activity"
    AGE = "age"


class DaysTrouble(StrEnum):
    """Why the days of an address narrow nothing."""

    UNREADABLE = "unreadable"
    BACKWARD = "backward"


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """None, "" and False narrow nothing; ``owner``, ``team`` and ``topic`` 0 mean nobody and none.

    ``began_from``, ``began_to``: days of the reader, both within; of UTC where ``counted``. ``counted``:
    those that figures count: closed, of a known partner, no spam. ``broken``: some promised time passed
    unmet."""

    view: View = View.OPEN
    order: Order = Order.DUE
    q: str = ""
    status: str = ""
    priority: str = ""
    channel: str = ""
    language: str = ""
    tag: str = ""
    topic: int | None = None
    team: int | None = None
    owner: int | None = None
    partner: int | None = None
    program: int | None = None
    began_from: date | None = None
    began_to: date | None = None
    counted: bool = False
    broken: bool = False

    @property
    def is_narrowed(self) -> bool:
        return replace(self, view=View.OPEN, order=Order.DUE) != _NOTHING

    def as_query(self) -> dict[str, str]:
        """The same filter as it stands in an address and in a saved view."""
        every = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: "1" if value is True else str(value)
            for name, value in every.items()
            if value != getattr(_NOTHING, name) or name == "view"
        }

    def without(self, *names: str) -> InboxFilter:
        return replace(self, **{name: getattr(_NOTHING, name) for name in names})


_NOTHING = InboxFilter()
_NUMBERS = ("topic", "team", "owner", "partner", "program")
_WORDS: dict[str, type[StrEnum]] = {
    "view": View,
    "order": Order,
    "status": TicketStatus,
    "priority": Priority,
    "channel": Channel,
}


def read_filter(given: Mapping[str, Any], *, default: View = View.OPEN) -> InboxFilter:
    """Whatever stands in an address or a saved view; odd values are taken as not given."""
    values: dict[str, Any] = {"view": default}
    for name, words in _WORDS.items():
        word = str(given.get(name, ""))
        if word in set(words):
            values[name] = words(word) if name in ("view", "order") else word
    for name in _NUMBERS:
        number = str(given.get(name, ""))
        if number.isascii() and number.isdigit() and len(number) < 19:
            values[name] = int(number)
    for name, width in (("q", 200), ("tag", 60), ("language", 10)):
        # PostgreSQL refuses a text with a NUL in it.
        values[name] = str(given.get(name, "")).replace("\0", "")[:width].strip()
    for name in ("counted", "broken"):
        values[name] = given.get(name) == "1"
    days = read_days(given)
    if not isinstance(days, DaysTrouble):
        values["began_from"], values["began_to"] = days
    return InboxFilter(**values)


def read_days(given: Mapping[str, Any]) -> tuple[date | None, date | None] | DaysTrouble:
    """The first and the last day; None where an end is not given."""
    first, last = (str(given.get(name, "")).strip() for name in ("began_from", "began_to"))
    try:
        since, until = _day(first), _day(last)
    except ValueError:
        return DaysTrouble.UNREADABLE
    if since is not None and until is not None and until < since:
        return DaysTrouble.BACKWARD
    return since, until


def _day(text: str) -> date | None:
    if not text:
        return None
    day = date.fromisoformat(text)
    if not _EARLIEST <= day <= _LATEST:
        raise ValueError(text)
    return day


def narrowed_by_time(chosen: InboxFilter, zone: tzinfo) -> Q:
    """``zone``: of the reader's days."""
    zone = UTC if chosen.counted else zone
    began = Q()
    if chosen.began_from is not None:
        began &= Q(created_at__gte=_midnight(chosen.began_from, zone))
    if chosen.began_to is not None:
        began &= Q(created_at__lt=_midnight(chosen.began_to + timedelta(days=1), zone))
    return began


def counted_ones() -> Q:
    """The same tickets as the facts hold for whatever is compared (docs/formulas/comparison.md); those merged
    into another stand in no list anyway."""
    return Q(status=TicketStatus.CLOSED, partner__isnull=False) & ~Q(outcome__in=UNSERVED)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)
