"""How often an article spared a ticket. Formula and reasons: docs/formulas/deflection.md."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from otklik.stats.share import wilson

FOLLOW_UP = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Viewed:
    """``person`` and ``company`` are ids, None for a visit without an account."""

    article: int
    person: int | None
    company: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Ticketed:
    """``topic`` None: nobody has said yet what it is about, and it may be about the article."""

    person: int | None
    company: int | None
    topic: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Deflection:
    """Visits, not page loads: what one person reads of one article within 72 hours is one visit.

    ``solved`` of ``counted`` had no ticket on the topic by the same person in the 72 hours after; ``company``
    is how many had none by anybody of their company either. Apart: ``pending`` are younger than 72 hours,
    ``anonymous`` have nobody whose tickets could be looked at, ``asked_before`` had a ticket on the topic in
    the 72 hours before.
    """

    counted: int = 0
    solved: int = 0
    company: int = 0
    pending: int = 0
    anonymous: int = 0
    asked_before: int = 0

    def as_data(self) -> dict[str, Any]:
        """With shares and their 95 % Wilson intervals; None where nothing was counted."""
        return {
            "counted": self.counted,
            "solved": self.solved,
            "solved_by_company": self.company,
            "pending": self.pending,
            "anonymous": self.anonymous,
            "asked_before": self.asked_before,
            "share": _share(self.solved, self.counted),
            "share_by_company": _share(self.company, self.counted),
        }


def measure(
    views: Iterable[Viewed],
    tickets: Iterable[Ticketed],
    topics: Mapping[int, Collection[int]],
    *,
    at: datetime,
) -> dict[int, Deflection]:
    """By article. ``topics``: of each article; one without topics is followed up by any ticket. ``tickets``:
    all of these people and companies from 72 hours before the first view on."""
    known = list(tickets)
    of_person, of_company = _by(known, "person"), _by(known, "company")
    counts: dict[int, dict[str, int]] = {}
    for view in visits(views):
        kind = _kind(view, of_person, topics.get(view.article, ()), at)
        own = counts.setdefault(view.article, {})
        if kind in ("solved", "followed"):
            own["counted"] = own.get("counted", 0) + 1
        if kind == "solved":
            theirs = of_company.get(view.company, []) if view.company is not None else []
            spared = not _any_on(theirs, topics.get(view.article, ()), view.at, view.at + FOLLOW_UP)
            own["company"] = own.get("company", 0) + spared
        if kind != "followed":
            own[kind] = own.get(kind, 0) + 1
    return {article: Deflection(**own) for article, own in counts.items()}


def total(parts: Iterable[Deflection]) -> Deflection:
    names = Deflection.__slots__
    rows = list(parts)
    return Deflection(**{name: sum(getattr(row, name) for row in rows) for name in names})


def visits(views: Iterable[Viewed]) -> list[Viewed]:
    """The first view of each visit: a person who opens an article again within 72 hours is still reading.
    Views without an account stay one by one."""
    begun: dict[tuple[int, int], datetime] = {}
    found = []
    for view in sorted(views, key=lambda one: one.at):
        if view.person is None:
            found.append(view)
            continue
        key = (view.article, view.person)
        if key not in begun or view.at - begun[key] > FOLLOW_UP:
            begun[key] = view.at
            found.append(view)
    return found


def _kind(
    view: Viewed, of_person: Mapping[Any, list[Ticketed]], topics: Collection[int], at: datetime
) -> str:
    if view.person is None:
        return "anonymous"
    own = of_person.get(view.person, [])
    if _any_on(own, topics, view.at - FOLLOW_UP, view.at - timedelta(microseconds=1)):
        return "asked_before"
    if view.at + FOLLOW_UP > at:
        # Also where a ticket has come already: counting those at once and the others later would lean.
        return "pending"
    return "followed" if _any_on(own, topics, view.at, view.at + FOLLOW_UP) else "solved"


def _any_on(tickets: Sequence[Ticketed], topics: Collection[int], start: datetime, end: datetime) -> bool:
    """Both ends count."""
    low = bisect_left(tickets, start, key=lambda one: one.at)
    high = bisect_right(tickets, end, key=lambda one: one.at)
    return any(not topics or one.topic is None or one.topic in topics for one in tickets[low:high])


def _by(tickets: Iterable[Ticketed], name: str) -> dict[Any, list[Ticketed]]:
    found: dict[Any, list[Ticketed]] = {}
    for ticket in sorted(tickets, key=lambda one: one.at):
        if (owner := getattr(ticket, name)) is not None:
            found.setdefault(owner, []).append(ticket)
    return found


def _share(hits: int, n: int) -> dict[str, float] | None:
    interval = wilson(hits, n)
    if interval is None:
        return None
    return {"value": hits / n, "low": interval.low, "high": interval.high}
