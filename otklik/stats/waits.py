"""How long people waited: a quantile of times with its interval, without any idea of their distribution."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from math import ceil, exp, floor, lgamma, log, sqrt
from typing import NamedTuple

from otklik.stats.intervals import Interval
from otklik.stats.special import two_sided_z

# From here on the ranks are those of the normal approximation (variance of the binomial).
_MANY = 25.0


class Quantile(NamedTuple):
    """``interval`` None: so few values say nothing of this quantile on one side or both."""

    value: float
    interval: Interval | None


class NotInOrder(ValueError):
    """There are no values, or the share is none: strictly between 0 and 1."""


def quantile(ordered: Sequence[float], share: float, *, level: float = 0.95) -> Quantile:
    """The least value within which at least ``share`` of them lie; ``ordered``: ascending. The interval lies
    between two of the values.

    Sources: type 1 of R. J. Hyndman and Y. Fan (1996), The American Statistician 50, 361-365; W. J. Conover,
    Practical Nonparametric Statistics, 3rd ed. (1999), section 3.2, whose ranks for the median are tabled by
    M. J. Campbell and M. J. Gardner (1988), BMJ 296, 1454-1456. Raises NotInOrder, NotALevel."""
    n = len(ordered)
    if n == 0 or not 0 < share < 1:
        raise NotInOrder(f"{share} of {n}")
    low, high = ranks(n, share, level)
    known = low >= 1 and high <= n
    return Quantile(
        ordered[max(ceil(share * n - 1e-9), 1) - 1],
        Interval(ordered[low - 1], ordered[high - 1]) if known else None,
    )


@lru_cache(maxsize=4096)
def ranks(n: int, share: float, level: float) -> tuple[int, int]:
    """From 1; 0 and n + 1 stand for "no value is low, or high, enough"."""
    tail = (1 - level) / 2
    middle, variance = n * share, n * share * (1 - share)
    if variance >= _MANY:
        reach = two_sided_z(level) * sqrt(variance)
        return max(floor(middle - reach + 0.5), 0), min(ceil(middle + reach + 0.5), n + 1)
    below, low = 0.0, 0
    for rank in range(n + 1):
        # Here: the chance of fewer than ``rank`` values below the true quantile.
        if below <= tail:
            low = rank
        if below >= 1 - tail:
            return low, rank
        below += _chance(rank, n, share)
    return low, n + 1


def _chance(hits: int, n: int, share: float) -> float:
    ways = lgamma(n + 1) - lgamma(hits + 1) - lgamma(n - hits + 1)
    return exp(ways + hits * log(share) + (n - hits) * log(1 - share))


def quantile_with_waiting(ordered: Sequence[float], waiting: Sequence[float], share: float) -> float | None:
    """The same where some still wait (``waiting``: for how long so far): they are known to take at least as
    long. None where so many wait that it cannot be told, and where there are no values.

    Source: E. L. Kaplan and P. Meier (1958), JASA 53, 457-481; a wait that goes on at the very time of an end
    counts as longer. Raises NotInOrder."""
    if not 0 < share < 1:
        raise NotInOrder(f"{share}")
    so_far = sorted(waiting)
    staying, place, number = 1.0, 0, len(ordered)
    while place < number:
        time = ordered[place]
        behind = bisect_right(ordered, time, place)
        at_risk = number - place + len(so_far) - bisect_left(so_far, time)
        staying *= 1 - (behind - place) / at_risk
        if staying <= 1 - share + 1e-12:
            return time
        place = behind
    return None
