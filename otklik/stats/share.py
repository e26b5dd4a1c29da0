"""Shares with intervals, one and two of them: kept promises, solved tickets, renewed contracts."""

from __future__ import annotations

from math import sqrt

from otklik.stats.intervals import Interval
from otklik.stats.special import two_sided_z


class NotAShare(ValueError):
    """So many of so many there cannot be."""


def wilson(hits: float, n: float, *, level: float = 0.95) -> Interval | None:
    """The score interval of hits/n, in [0, 1]; None where n is 0. Effective counts (`weights`) may be
    fractions. Raises NotAShare, NotALevel.

    Source: E. B. Wilson (1927), JASA 22, 209-212; recommended for small n by R. G. Newcombe (1998),
    Statistics in Medicine 17, 857-872, whose Table I the tests hold it to.
    """
    if not 0 <= hits <= n:
        raise NotAShare(f"{hits} of {n}")
    if n == 0:
        return None
    z = two_sided_z(level)
    share, spread = hits / n, z * z / n
    centre = share + spread / 2
    half = z * sqrt(share * (1 - share) / n + spread / (4 * n))
    # Rounding must not take the limits of none and of all past 0 and 1.
    low = 0.0 if hits == 0 else (centre - half) / (1 + spread)
    high = 1.0 if hits == n else (centre + half) / (1 + spread)
    return Interval(low, high)


def newcombe(
    hits: float, n: float, other_hits: float, other_n: float, *, level: float = 0.95
) -> Interval | None:
    """Of one share less another, of two independent samples; None where either is empty.

    Source: method 10 of R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, whose Table II the tests
    hold it to. Raises NotAShare, NotALevel.
    """
    one, other = wilson(hits, n, level=level), wilson(other_hits, other_n, level=level)
    if one is None or other is None:
        return None
    share, other_share = hits / n, other_hits / other_n
    low = sqrt((share - one.low) ** 2 + (other.high - other_share) ** 2)
    high = sqrt((one.high - share) ** 2 + (other_share - other.low) ** 2)
    return Interval(share - other_share - low, share - other_share + high)
