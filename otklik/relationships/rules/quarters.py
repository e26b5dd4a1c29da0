"""Quarters of the calendar, each named by its first day."""

from __future__ import annotations

from datetime import date


def quarter_of(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def next_quarter(first: date) -> date:
    return date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)


def quarter_before(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 4) % 12 + 1, 1)


def last_quarters(first: date, count: int) -> list[date]:
    """So many, with this one, the oldest first."""
    found = [first]
    while len(found) < count:
        found.append(quarter_before(found[-1]))
    return found[::-1]
