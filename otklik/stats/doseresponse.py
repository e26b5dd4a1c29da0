"""Outcome by the dose of an exposure: is it a line, a step, or nothing until it is a lot?

The exposure is cut into bins of about as many rows; each bin is compared with the lowest within units and
periods (`panel.within` on one column a bin). The band holds the whole curve at once (Bonferroni). Beside it
the nearest curve that never turns (isotonic regression by pooling neighbours: Barlow et al., "Statistical
Inference under Order Restrictions", 1972).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from otklik.stats.clustered import Estimate
from otklik.stats.intervals import Interval
from otklik.stats.nps import Floats, Integers
from otklik.stats.panel import within

BINS = 8


@dataclass(frozen=True, slots=True)
class Dose:
    """One bin, low <= exposure <= high. `estimate`: difference from the lowest bin, None there.

    `band`: interval of that difference, wide enough for all bins together; None where nothing is inferred.
    `monotone`: the same difference on the nearest curve that never turns. `mean_outcome`: as it was, nothing
    taken out.
    """

    low: float
    high: float
    mean_dose: float
    mean_outcome: float
    n: int
    estimate: Estimate | None
    band: Interval | None
    monotone: float | None


def dose_response(
    outcome: npt.ArrayLike,
    exposure: npt.ArrayLike,
    units: npt.ArrayLike,
    periods: npt.ArrayLike | None = None,
    *,
    controls: npt.ArrayLike | None = None,
    bins: int = BINS,
    level: float = 0.95,
) -> list[Dose]:
    """Bins of exposure (n,), lowest first; fewer than asked where values repeat, [] where there is one value.

    `controls` (n, c). Raises panel.NotAPanel.
    """
    y, dose = np.asarray(outcome, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    at = _bins(dose, bins)
    count = int(at.max(initial=0)) + 1
    if count < 2:
        return []
    columns = (at[:, None] == np.arange(1, count)).astype(np.float64)
    if controls is not None:
        columns = np.column_stack([columns, np.asarray(controls, dtype=np.float64)])
    fit = within(y, columns, units, periods)
    together = 1 - (1 - level) / (count - 1)
    estimates = [fit.estimate(j, level=level) for j in range(count - 1)]
    bands = [fit.estimate(j, level=together).interval for j in range(count - 1)]
    answers = np.bincount(at)
    effects = np.concatenate([[0.0], fit.slopes[: count - 1]])
    monotone = (
        nearest_monotone(effects, answers.astype(np.float64)).tolist()
        if not np.isnan(effects).any()
        else None
    )
    found = []
    for j in range(count):
        inside = dose[at == j]
        found.append(
            Dose(
                low=float(inside.min()),
                high=float(inside.max()),
                mean_dose=float(inside.mean()),
                mean_outcome=float(y[at == j].mean()),
                n=int(answers[j]),
                estimate=estimates[j - 1] if j else None,
                band=bands[j - 1] if j else None,
                monotone=None if monotone is None else monotone[j] - monotone[0],
            )
        )
    return found


def nearest_monotone(values: Floats, weights: Floats) -> Floats:
    """The rising or the falling sequence with the least weighted squared distance, whichever is nearer."""
    up, down = _rising(values, weights), -_rising(-values, weights)
    up_off, down_off = (float(weights @ (fit - values) ** 2) for fit in (up, down))
    return up if up_off <= down_off else down


def _rising(values: Floats, weights: Floats) -> Floats:
    blocks: list[tuple[float, float, int]] = []  # mean, weight, length
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        mean, total, length = value, weight, 1
        while blocks and blocks[-1][0] >= mean:
            before, other, more = blocks.pop()
            mean = (mean * total + before * other) / (total + other)
            total, length = total + other, length + more
        blocks.append((mean, total, length))
    return np.repeat([mean for mean, _, _ in blocks], [length for _, _, length in blocks])


def _bins(dose: Floats, bins: int) -> Integers:
    """Bin of each row by the middle rank of its value, so that equal values stay together."""
    _, value, times = np.unique(dose, return_inverse=True, return_counts=True)
    middle = (np.cumsum(times) - times / 2) / max(len(dose), 1)
    slot = np.minimum((middle * bins).astype(np.int64), bins - 1)
    return np.asarray(np.unique(slot, return_inverse=True)[1].reshape(-1)[value.reshape(-1)])
