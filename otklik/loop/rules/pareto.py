"""Root causes added up: how many alerts name each, with how sure that is, and the revenue behind it.

An alert may name several causes, so shares do not add up to one, and each has an interval of its own. A
cause of the tree counts what is named below it, each alert once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from otklik.stats.intervals import Interval
from otklik.stats.share import wilson
from otklik.stats.special import sign_test_p

_CERTAIN = 0.05


@dataclass(frozen=True, slots=True)
class Named:
    """One closed alert. ``revenue``: of its partner, None: unknown, or the reader does not see it."""

    alert: int
    causes: frozenset[int]
    partner: int | None = None
    revenue: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """``share`` of all alerts, ``covered``: of those that name this cause or one before it. ``revenue``: each
    partner once; None where that of none of its ``partners`` is known. ``is_ahead``: of the next line, beyond
    chance; False also where it cannot be told."""

    cause: int
    alerts: int
    share: float
    interval: Interval
    covered: float
    partners: int
    revenue: Decimal | None
    revenue_known: int
    is_ahead: bool


def pareto(named: Iterable[Named]) -> list[Line]:
    """The most frequent first; of equally frequent ones the one with more revenue behind it. Intervals hold
    all at once (level 1 - 0.05 / number of causes)."""
    alerts = [one for one in named if one.causes]
    by_cause: dict[int, list[Named]] = {}
    for one in alerts:
        for cause in one.causes:
            by_cause.setdefault(cause, []).append(one)
    if not by_cause:
        return []
    money = {cause: _revenue(theirs) for cause, theirs in by_cause.items()}
    order = sorted(by_cause, key=lambda c: (-len(by_cause[c]), -(money[c][0] or Decimal(0)), c))
    level = 1 - _CERTAIN / len(order)
    seen: set[int] = set()
    lines = []
    for place, cause in enumerate(order):
        theirs = by_cause[cause]
        seen |= {one.alert for one in theirs}
        interval = wilson(len(theirs), len(alerts), level=level)
        assert interval is not None, "there are alerts"
        lines.append(
            Line(
                cause=cause,
                alerts=len(theirs),
                share=len(theirs) / len(alerts),
                interval=interval,
                covered=len(seen) / len(alerts),
                partners=len({one.partner for one in theirs if one.partner is not None}),
                revenue=money[cause][0],
                revenue_known=money[cause][1],
                is_ahead=_is_ahead(theirs, by_cause[order[place + 1]] if place + 1 < len(order) else []),
            )
        )
    return lines


def rolled_up(named: Iterable[Named], parents: Mapping[int, int | None]) -> list[Named]:
    """The same by the tops of the tree. ``parents``: of each cause, None for a top."""
    return [
        Named(one.alert, frozenset(top_of(cause, parents) for cause in one.causes), one.partner, one.revenue)
        for one in named
    ]


def top_of(cause: int, parents: Mapping[int, int | None]) -> int:
    """A tree that somebody bent into a ring ends where it began."""
    seen = {cause}
    while (above := parents.get(cause)) is not None and above not in seen:
        cause = above
        seen.add(cause)
    return cause


def _revenue(theirs: Sequence[Named]) -> tuple[Decimal | None, int]:
    known = {
        one.partner: one.revenue for one in theirs if one.partner is not None and one.revenue is not None
    }
    return (sum(known.values(), Decimal(0)) if known else None), len(known)


def _is_ahead(theirs: Sequence[Named], others: Sequence[Named]) -> bool:
    """By the alerts that name only one of the two (exact sign test): those that name both say nothing."""
    first, second = ({one.alert for one in side} for side in (theirs, others))
    more, fewer = len(first - second), len(second - first)
    return bool(others) and more > fewer and sign_test_p(more, fewer) <= _CERTAIN
