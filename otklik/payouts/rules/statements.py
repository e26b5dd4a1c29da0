"""What a statement lists and how its balance is carried on. Once issued it never changes: what comes to light
later stands on the next one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from otklik.payouts.rules.schedule import Period, period_before, period_of
from otklik.payouts.rules.vocabulary import EntryKind, Schedule

ZERO = Decimal(0)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry of one partner in one currency."""

    key: int
    kind: EntryKind
    amount: Decimal
    earned_on: date


class KindSum(NamedTuple):
    kind: EntryKind
    lines: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Drawn:
    """``closing`` = ``opening`` + the sum of ``entries``, exactly."""

    period: Period
    opening: Decimal
    closing: Decimal
    entries: tuple[Posted, ...]
    """By day, then in the order they were recorded."""
    sums: tuple[KindSum, ...]
    late: int
    """How many belong to days before the period: they came to light after its statement."""
    digest: str
    """SHA-256 over the opening balance and every line; another one means that history was changed."""


def draw_statement(entries: Iterable[Posted], period: Period, *, opening: Decimal) -> Drawn:
    """``entries``: those that stand on no statement yet; the ones after the period's end are left for the
    next. ``opening``: the closing balance of the statement before, zero for the first."""
    taken = sorted(
        (entry for entry in entries if entry.earned_on <= period.end),
        key=lambda entry: (entry.earned_on, entry.key),
    )
    return Drawn(
        period=period,
        opening=opening,
        closing=sum((entry.amount for entry in taken), opening),
        entries=tuple(taken),
        sums=_sums(taken),
        late=sum(entry.earned_on < period.start for entry in taken),
        digest=digest_of(taken, opening),
    )


def periods_due(schedule: Schedule, last_end: date | None, first_day: date, on: date) -> list[Period]:
    """Periods that are over before ``on`` and have no statement, the oldest first. ``last_end``: end of the
    last statement; without one they begin with the period of ``first_day``, the first entry's."""
    newest = period_before(schedule, on)
    period = period_of(schedule, first_day if last_end is None else last_end + DAY)
    if last_end is not None and period.start <= last_end:
        # The schedule changed within a period: the rest of it is a period of its own.
        period = Period(last_end + DAY, period.end)
    due = []
    while period.end <= newest.end:
        due.append(period)
        period = period_of(schedule, period.end + DAY)
    return due


def statement_number(schedule: Schedule, period: Period, partner: int, currency: str) -> str:
    """2026-09/123-EUR; of a quarter 2026-Q3, of half a month 2026-09a and 2026-09b, of a week 2026-W36 (ISO).
    The rest of a period after the schedule changed says its days: 2026-09-08--2026-09-15."""
    if period != period_of(schedule, period.end):
        return f"{period.start}--{period.end}/{partner}-{currency}"
    start = period.start
    if schedule is Schedule.WEEKLY:
        year, week, _ = start.isocalendar()
        name = f"{year}-W{week:02}"
    elif schedule is Schedule.QUARTERLY:
        name = f"{start.year}-Q{(start.month + 2) // 3}"
    else:
        half = {1: "a", 16: "b"}[start.day] if schedule is Schedule.TWICE_MONTHLY else ""
        name = f"{start:%Y-%m}{half}"
    return f"{name}/{partner}-{currency}"


def digest_of(entries: Iterable[Posted], opening: Decimal) -> str:
    """The same for the same lines in any order and with any number of noughts at an amount's end."""
    lines = sorted(f"{entry.key} {entry.kind} {entry.earned_on} {_plain(entry.amount)}" for entry in entries)
    return hashlib.sha256("\n".join([_plain(opening), *lines]).encode()).hexdigest()


def _sums(entries: Sequence[Posted]) -> tuple[KindSum, ...]:
    found = []
    for kind in EntryKind:
        amounts = [entry.amount for entry in entries if entry.kind is kind]
        if amounts:
            found.append(KindSum(kind, len(amounts), sum(amounts, ZERO)))
    return tuple(found)


def _plain(amount: Decimal) -> str:
    return f"{(amount + 0).normalize():f}"
