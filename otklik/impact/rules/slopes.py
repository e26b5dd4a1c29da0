from __future__ import annotations

from dataclasses import dataclass

from otklik.stats.clustered import Estimate


@dataclass(frozen=True, slots=True)
class Slope:
    """Change of the outcome per unit of exposure; ends of its interval and the rest None where nothing is
    inferred. ``smallest_visible``: the true effect that would be seen 4 times out of 5."""

    effect: float | None
    se: float | None
    low: float | None
    high: float | None
    n: int
    units: int
    smallest_visible: float | None


def slope_of(found: Estimate) -> Slope:
    low, high = found.interval or (None, None)
    return Slope(found.effect, found.se, low, high, found.n, found.units, found.smallest_visible)
