"""How much of R^2 each column is due, from correlations alone: LMG, relative weights, last, first.

LMG: Lindeman, Merenda and Gold, "Introduction to Bivariate and Multivariate Analysis", 1980, p. 119 ff.: the
rise of R^2 when a column comes in, averaged over all orders; it is the Shapley value of R^2 (Gromping, The
American Statistician 61(2), 2007). Relative weights: Johnson, Multivariate Behavioral Research 35(1), 2000.
Pratt's measure is not here: it goes negative where columns are correlated.

A batch is an array (k + 1, k + 1, B) of B cross-product matrices of the k columns and the outcome (last),
each about its means: covariances or correlations, up to a factor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import factorial

import numpy as np
import numpy.typing as npt

from otklik.stats.nps import Floats

MOST_PLAYERS = 15
SINGULAR = 1e-10  # what is left of a column's variance below this share is rounding, not information
_CELLS_AT_ONCE = 1_000_000  # more would leave the caches of a processor, and take thrice as long


class TooManyDrivers(ValueError):
    """All subsets are looked at: 15 drivers (or groups of them) make 32,768, more would not end."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Parts of R^2, arrays (players, B); `lmg` and `johnson` add up to `r_squared` (B,).

    `last`: what is lost when this one leaves the full model; `first`: what it explains alone.
    """

    lmg: Floats
    johnson: Floats
    last: Floats
    first: Floats
    r_squared: Floats


def shares(cross: Floats, groups: Sequence[Sequence[int]] | None = None) -> Shares:
    """All shares of a batch (k + 1, k + 1, B); `groups` of column numbers come in and leave together.

    A column without variance, or determined by those before it in a subset, explains nothing there: two
    copies of one column share alike. The Johnson weight of a group is the sum over its columns. Raises
    TooManyDrivers.
    """
    columns = len(cross) - 1
    players = [[j] for j in range(columns)] if groups is None else [list(group) for group in groups]
    if len(players) > MOST_PLAYERS:
        raise TooManyDrivers(f"{len(players)} drivers are too many, {MOST_PLAYERS} can be compared")
    scaled = correlations(cross)
    at_once = max(1, _CELLS_AT_ONCE // 2 ** len(players))
    # Wide groups first, while there are few subsets: swept last, a dozen months would be swept out of each.
    order = sorted(range(len(players)), key=lambda player: -len(players[player]))
    ordered, back = [players[player] for player in order], np.argsort(order)
    parts = [_shares(scaled[:, :, i : i + at_once], ordered) for i in range(0, scaled.shape[2], at_once)]
    return Shares(
        lmg=np.concatenate([part.lmg for part in parts], axis=1)[back],
        johnson=np.concatenate([part.johnson for part in parts], axis=1)[back],
        last=np.concatenate([part.last for part in parts], axis=1)[back],
        first=np.concatenate([part.first for part in parts], axis=1)[back],
        r_squared=np.concatenate([part.r_squared for part in parts]),
    )


def _shares(scaled: Floats, players: Sequence[Sequence[int]]) -> Shares:
    explained = _explained_by_subsets(scaled, players)
    full, bits = len(explained) - 1, 2 ** np.arange(len(players))
    weights = johnson_weights(scaled)
    return Shares(
        lmg=np.maximum(_shapley_matrix(len(players)) @ explained, 0.0),  # below 0 is rounding
        johnson=np.stack([weights[list(player)].sum(axis=0) for player in players]),
        last=np.maximum(explained[full] - explained[full - bits], 0.0),
        first=explained[bits],
        r_squared=explained[full],
    )


def correlations(cross: Floats) -> Floats:
    """Correlations (k + 1, k + 1, B); a column without variance has 0 with all, itself included."""
    variance = np.einsum("iib->ib", cross)
    spread = np.sqrt(np.maximum(variance, 0.0))
    with np.errstate(divide="ignore"):
        factor = np.where(spread > 0, 1 / spread, 0.0)
    return np.asarray(cross * factor[:, None] * factor[None])


def _explained_by_subsets(scaled: Floats, players: Sequence[Sequence[int]]) -> Floats:
    """R^2 of every subset, (2^players, B); bit j of the row number: player j is in.

    Player by player the subsets double: those without it drop its columns, those with it sweep them out of
    what is left (Schur complement). No matrix is refactored and no rounding piles up, as it would along a
    Gray code. One row more is the outcome itself.
    """
    order = [column for player in players for column in player] + [len(scaled) - 1]
    left = scaled[np.ix_(order, order)][None]
    total = left[0, -1, -1]
    for player in players:
        without = left[:, len(player) :, len(player) :]
        for _ in player:
            left = _swept(left)
        left = np.concatenate([without, left])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, 1 - left[:, 0, 0] / total, 0.0)


def _swept(left: Floats) -> Floats:
    """What is left of the other columns once the first is known: (subsets, m, m, B) with m one less."""
    pivot = left[:, 0, 0]
    with np.errstate(divide="ignore"):
        inverse = np.where(pivot > SINGULAR, 1 / pivot, 0.0)
    row = left[:, 0, 1:]
    return np.asarray(left[:, 1:, 1:] - row[:, :, None] * (row * inverse[:, None])[:, None])


@cache
def _shapley_matrix(players: int) -> Floats:
    """(players, 2^players): a Shapley value is a fixed weighted sum of the worths of all subsets."""
    subsets = np.arange(2**players)
    inside = (subsets[None] >> np.arange(players)[:, None]) & 1
    size = inside.sum(axis=0)
    by_size = [factorial(s) * factorial(players - 1 - s) / factorial(players) for s in range(players)]
    joining = np.array([0.0, *by_size])[size]
    leaving = np.array([*by_size, 0.0])[size]
    return np.asarray(np.where(inside == 1, joining, -leaving), dtype=np.float64)


def johnson_weights(scaled: Floats) -> Floats:
    """Johnson's relative weights (k, B) of a batch of correlations (k + 1, k + 1, B).

    With R = P D^2 P' the correlations of the columns and L = P D P', the columns nearest to them that are
    uncorrelated explain b = L^-1 r; a column's weight is the sum over them of L^2 b^2. Directions without
    variance explain nothing.
    """
    matrices = np.ascontiguousarray(np.moveaxis(scaled, 2, 0))
    values, vectors = np.linalg.eigh(matrices[:, :-1, :-1])
    root = np.sqrt(np.where(values > SINGULAR, values, 0.0))
    with np.errstate(divide="ignore"):
        inverse = np.where(root > 0, 1 / root, 0.0)
    nearest = np.einsum("bij,bj,bkj->bik", vectors, root, vectors)
    outcome = np.einsum("bij,bi->bj", vectors, matrices[:, :-1, -1])
    explained = np.einsum("bij,bj->bi", vectors, inverse * outcome)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.einsum("bij,bj->ib", nearest**2, explained**2) / matrices[:, -1, -1]
    return np.where(matrices[:, -1, -1] > 0, share, 0.0)


def dependent_columns(correlation: Floats) -> list[list[int]]:
    """Sets of columns (of (k, k) correlations) of which the last is a sum of multiples of the others."""
    kept: list[int] = []
    found = []
    for column in range(len(correlation)):
        if correlation[column, column] <= 0:
            continue
        inner = correlation[np.ix_(kept, kept)]
        slopes = np.linalg.solve(inner, correlation[kept, column]) if kept else np.zeros(0)
        if 1 - float(slopes @ correlation[kept, column]) > SINGULAR:
            kept.append(column)
        else:
            found.append([kept[i] for i in np.flatnonzero(np.abs(slopes) > 1e-6).tolist()] + [column])
    return found


def cross_products(table: npt.ArrayLike) -> Floats:
    """Batch of one, (k + 1, k + 1, 1), from a table (n, k + 1) with the outcome last."""
    values = np.asarray(table, dtype=np.float64)
    off = values - values.mean(axis=0)
    return np.asarray((off.T @ off)[:, :, None])
