"""Root causes added up: how many alerts name each, with how sure that is, and the revenue behind it.

An alert may name several causes, so shares do not add up to one, and each has an interval of its own. A
cause of the tree counts what is named below it, each alert once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from otklik.stats.intervals import Interval
from otklik.stats.share import wilson
from otklik.stats.special import sign_test_p

_CERTAIN = 0.05


class Together(NamedTuple):
    """So many closed alerts name these causes and no others."""

    causes: frozenset[int]
    alerts: int


class Behind(NamedTuple):
    """``partners`` of the alerts that name a cause, each once; ``revenue`` of the ``known`` ones among them,
    None: of nobody, or the reader does not see it."""

    partners: int
    revenue: Decimal | None = None
    known: int = 0


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


def pareto(named: Iterable[Together], behind: Mapping[int, Behind]) -> list[Line]:
    """The most frequent first; of equally frequent ones the one with more revenue behind it. Intervals hold
    all at once (level 1 - 0.05 / number of causes). ``behind``: by cause; nobody where it is left out."""
    together = [one for one in named if one.causes and one.alerts]
    number = sum(one.alerts for one in together)
    by_cause: Counter[int] = Counter()
    for one in together:
        by_cause.update(dict.fromkeys(one.causes, one.alerts))
    theirs = {cause: behind.get(cause, Behind(0)) for cause in by_cause}
    order = sorted(by_cause, key=lambda c: (-by_cause[c], -(theirs[c].revenue or Decimal(0)), c))
    lines = []
    for place, cause in enumerate(order):
        interval = wilson(by_cause[cause], number, level=1 - _CERTAIN / len(order))
        assert interval is not None, "there are alerts"
        shown = frozenset(order[: place + 1])
        lines.append(
            Line(
                cause=cause,
                alerts=by_cause[cause],
                share=by_cause[cause] / number,
                interval=interval,
                covered=sum(one.alerts for one in together if shown & one.causes) / number,
                partners=theirs[cause].partners,
                revenue=theirs[cause].revenue,
                revenue_known=theirs[cause].known,
                is_ahead=place + 1 < len(order) and _is_ahead(cause, order[place + 1], together),
            )
        )
    return lines


def rolled_up(named: Iterable[Together], parents: Mapping[int, int | None]) -> list[Together]:
    """The same by the tops of the tree. ``parents``: of each cause, None for a top."""
    return [Together(frozenset(top_of(cause, parents) for cause in causes), n) for causes, n in named]


def top_of(cause: int, parents: Mapping[int, int | None]) -> int:
    """A tree that somebody bent into a ring ends where it began."""
    seen = {cause}
    while (above := parents.get(cause)) is not None and above not in seen:
        cause = above
        seen.add(cause)
    return cause


def _is_ahead(cause: int, other: int, together: Sequence[Together]) -> bool:
    """By the alerts that name only one of the two (exact sign test): those that name both say nothing."""
    more = sum(n for causes, n in together if cause in causes and other not in causes)
    fewer = sum(n for causes, n in together if other in causes and cause not in causes)
    return more > fewer and sign_test_p(more, fewer) <= _CERTAIN
