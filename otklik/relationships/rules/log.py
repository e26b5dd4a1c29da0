"""What of a ticket's messages is contact between a person and one of ours, for ``ties.evidence_of``.

A letter, an answer and a call are each one contact. What belongs to a complaint is counted apart, the whole
ticket as one: a person who had much to complain about was in touch, and is no closer for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from otklik.relationships.rules.ties import Contacts

POOR_RATING = 2
"""Of five stars: a ticket rated so was a complaint by its end, whatever it began as."""
ANGRY = frozenset({"mood"})
"""Reasons of a ticket's priority that make it a complaint: words of anger, or a threat to leave."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a ticket, theirs (``by`` None) or of one of ours."""

    ticket: int
    person: int
    at: datetime
    by: int | None = None
    is_complaint: bool = False


@dataclass(frozen=True, slots=True)
class Dealings:
    """Of one person: with everybody of ours together, and with each."""

    all: Contacts = field(default_factory=Contacts)
    ours: Mapping[int, Contacts] = field(default_factory=dict)
    last_complaint: datetime | None = None


@dataclass(slots=True)
class _Count:
    to_them: int = 0
    replies: int = 0
    from_them: int = 0
    complaints: int = 0
    last: datetime | None = None

    def touch(self, at: datetime) -> None:
        self.last = at if self.last is None else max(self.last, at)

    def contacts(self, at: datetime) -> Contacts:
        days = None if self.last is None else max(0.0, (at - self.last).total_seconds() / 86_400)
        return Contacts(self.to_them, self.replies, self.from_them, self.complaints, days)


def is_complaint(reasons: Iterable[Mapping[str, object]], rating: int | None) -> bool:
    """By the reasons of the ticket's priority and what it was rated in the end."""
    if rating is not None and rating <= POOR_RATING:
        return True
    return any(one.get("kind") in ANGRY for one in reasons)


def count_dealings(said: Iterable[Said], *, at: datetime) -> dict[int, Dealings]:
    """By person. A message of theirs answers whoever of ours wrote last; before anybody wrote they began it,
    with everybody of ours who took part later. Several in a row are one."""
    whole: dict[int, _Count] = defaultdict(_Count)
    pairs: dict[int, dict[int, _Count]] = defaultdict(lambda: defaultdict(_Count))
    complained: dict[int, datetime] = {}
    rows = sorted(said, key=lambda one: (one.ticket, one.person, one.at))
    for (_, person), those in groupby(rows, key=lambda one: (one.ticket, one.person)):
        messages = list(those)
        ours = {one.by for one in messages if one.by is not None}
        counts = [pairs[person][by] for by in sorted(ours)]
        if any(one.is_complaint for one in messages):
            last = messages[-1].at
            complained[person] = max(complained.get(person, last), last)
            for count in (whole[person], *counts):
                count.complaints += 1
            continue
        _count(messages, whole[person], pairs[person])
    return {
        person: Dealings(
            count.contacts(at),
            {by: one.contacts(at) for by, one in pairs[person].items()},
            complained.get(person),
        )
        for person, count in whole.items()
    }


def _count(messages: list[Said], whole: _Count, pairs: Mapping[int, _Count]) -> None:
    ours = sorted({one.by for one in messages if one.by is not None})
    before: Said | None = None
    for one in messages:
        if one.by is not None:
            for count in (whole, pairs[one.by]):
                count.to_them += 1
                count.touch(one.at)
        elif before is None:
            for count in (whole, *(pairs[by] for by in ours)):
                count.from_them += 1
                count.touch(one.at)
        elif before.by is not None:
            for count in (whole, pairs[before.by]):
                count.replies += 1
                count.touch(one.at)
        else:
            whole.touch(one.at)
        before = one
