"""Rows by their label: numbers for labels, sums by number."""

import numpy as np
import numpy.typing as npt

from otklik.stats.nps import Floats, Integers


def codes(labels: npt.ArrayLike) -> Integers:
    """Labels (n,) as numbers 0, 1, ..., every one of them used, in the order of the labels."""
    given = np.asarray(labels)
    if given.dtype.kind in "iu" and given.size and given.min() >= 0 and given.max() < 4 * given.size + 100:
        used = np.bincount(given.astype(np.int64, copy=False)) > 0  # no sorting of ten million numbers
        return np.asarray((np.cumsum(used) - 1)[given], dtype=np.int64)
    return np.unique(given, return_inverse=True)[1].reshape(-1).astype(np.int64, copy=False)


def sums_by(group: Integers, values: Floats | None = None, groups: int = 0) -> Floats:
    """Sums of values (n,) by group number, or how many rows a group has; shape (at least `groups`,)."""
    return np.bincount(group, values, groups).astype(np.float64, copy=False)
