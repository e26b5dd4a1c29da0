"""How long people waited: a quantile of times with its interval, without any idea of their distribution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from math import ceil, exp, floor, lgamma, log, sqrt
from operator import itemgetter
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


class Waited(NamedTuple):
    """``ended`` waits took this time, ``lasting`` ones have taken it so far and go on."""

    time: float
    ended: int
    lasting: int = 0


def quantile_with_waiting(ordered: Sequence[float], waiting: Sequence[float], share: float) -> float | None:
    """The same where some still wait (``waiting``: for how long so far): they are known to take at least as
    long. None where so many wait that it cannot be told, and where there are no values. Raises NotInOrder."""
    waits = [*(Waited(time, 1) for time in ordered), *(Waited(time, 0, 1) for time in waiting)]
    (found,) = quantiles_with_waiting(waits, [share])
    return None if found is None else found.value


def quantiles_with_waiting(
    waits: Iterable[Waited], shares: Sequence[float], *, level: float = 0.95
) -> list[Quantile | None]:
    """Of each share, in any order of the waits.

    Sources: E. L. Kaplan and P. Meier (1958), JASA 53, 457-481; a wait that goes on at the very time of an
    end counts as longer. Interval: R. Brookmeyer and J. Crowley (1982), Biometrics 38, 29-41, between the
    ends where the limits of the curve (Greenwood's variance on the scale of the logarithm) cross. Raises
    NotInOrder, NotALevel."""
    if not all(0 < share < 1 for share in shares):
        raise NotInOrder(f"{shares}")
    curve = _staying(waits, two_sided_z(level))
    return [_crossing(curve, 1 - share) for share in shares]


class _Step(NamedTuple):
    """After ``time`` this share still waits; ``high`` None: nobody is left to tell it by."""

    time: float
    low: float
    staying: float
    high: float | None


def _staying(waits: Iterable[Waited], z: float) -> list[_Step]:
    in_order = sorted(waits)
    at_risk = sum(one.ended + one.lasting for one in in_order)
    staying, variance, steps = 1.0, 0.0, []
    for time, some in groupby(in_order, key=itemgetter(0)):
        parts = list(some)
        ended = sum(one.ended for one in parts)
        if ended:
            staying *= 1 - ended / at_risk
            if at_risk > ended:
                variance += ended / (at_risk * (at_risk - ended))
                reach = exp(z * sqrt(variance))
                steps.append(_Step(time, staying / reach, staying, staying * reach))
            else:
                steps.append(_Step(time, 0.0, 0.0, None))
        at_risk -= ended + sum(one.lasting for one in parts)
    return steps


def _crossing(curve: Sequence[_Step], share: float) -> Quantile | None:
    limit = share + 1e-12
    value = next((step.time for step in curve if step.staying <= limit), None)
    if value is None:
        return None
    low = next(step.time for step in curve if step.low <= limit)
    high = next((step.time for step in curve if step.high is not None and step.high <= limit), None)
    return Quantile(value, None if high is None else Interval(low, high))
