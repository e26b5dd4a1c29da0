"""Subscriptions that exist for one test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from otklik.events.actor import Subject
from otklik.events.operations.record import NewEvent
from otklik.events.subscriptions import _by_name

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@contextmanager
def forgotten_afterwards() -> Iterator[None]:
    before = dict(_by_name)
    try:
        yield
    finally:
        _by_name.clear()
        _by_name.update(before)


def news(count: int, kind: str = "test.happened") -> list[NewEvent]:
    return [
        NewEvent(kind, AT, [Subject("partner", n), Subject("contact", n)], {"n": n}) for n in range(count)
    ]
