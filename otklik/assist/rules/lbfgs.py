"""The minimum of a smooth convex function, by limited-memory BFGS. The same numbers give the same minimum.

J. Nocedal, S. Wright: Numerical Optimization, 2nd ed. (2006), algorithms 7.4, 7.5 and 3.1.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Objective = Callable[[Vector], tuple[float, Vector]]
_REMEMBERED = 10
_SUFFICIENT = 1e-4
_SMALLEST_STEP = 1e-12


def minimise(objective: Objective, start: Vector, *, steps: int = 200, precision: float = 1e-5) -> Vector:
    """``objective`` gives value and gradient. Ends when no part of the gradient is larger than ``precision``,
    after ``steps``, or where no step downwards is found any more."""
    point = start
    value, slope = objective(point)
    remembered: deque[tuple[Vector, Vector]] = deque(maxlen=_REMEMBERED)
    for _ in range(steps):
        if np.abs(slope).max() <= precision:
            break
        direction = -_times_inverse(slope, remembered)
        found = _search(objective, point, value, slope, direction)
        if found is None:
            break
        new, value, new_slope = found
        moved, changed = new - point, new_slope - slope
        if moved @ changed > 0:
            remembered.append((moved, changed))
        point, slope = new, new_slope
    return point


def _times_inverse(slope: Vector, remembered: deque[tuple[Vector, Vector]]) -> Vector:
    """The two-loop recursion: the slope, multiplied by the inverse Hessian as far as it is known."""
    result = slope.copy()
    shares = []
    for moved, changed in reversed(remembered):
        share = (moved @ result) / (moved @ changed)
        result -= share * changed
        shares.append(share)
    if remembered:
        moved, changed = remembered[-1]
        result *= (moved @ changed) / (changed @ changed)
    for (moved, changed), share in zip(remembered, reversed(shares), strict=True):
        result += (share - (changed @ result) / (moved @ changed)) * moved
    return result


def _search(
    objective: Objective, point: Vector, value: float, slope: Vector, direction: Vector
) -> tuple[Vector, float, Vector] | None:
    """Halving the step until the function falls enough (Armijo); None where it does not."""
    steepness = slope @ direction
    step = 1.0
    while step > _SMALLEST_STEP:
        new = point + step * direction
        new_value, new_slope = objective(new)
        if new_value <= value + _SUFFICIENT * step * steepness:
            return new, new_value, new_slope
        step /= 2
    return None
