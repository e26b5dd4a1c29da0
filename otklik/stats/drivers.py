"""Which columns go with the outcome, how sure that is, and which of them cannot be told apart.

Shares of R^2 by `shapley`, with percentile intervals of the bootstrap (Efron and Tibshirani, "An Introduction
to the Bootstrap", 1993, ch. 13). A replicate is not a new fit: it is the same products of columns, added up
with other weights. A share says what goes with what, never what causes what.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

from otklik.stats.grouping import codes, sums_by
from otklik.stats.intervals import Interval
from otklik.stats.nps import Floats, Integers
from otklik.stats.shapley import MOST_PLAYERS, Shares, TooManyDrivers, correlations, dependent_columns, shares
from otklik.stats.special import NotALevel, t_quantile

REPLICATES = 1000
FEWEST_UNITS_TO_DRAW = 20
_ROWS_AT_ONCE = 8192
_DIGITS = 12
_ROUNDING = 10.0**-_DIGITS


class NotDrivers(ValueError):
    """Columns must be as long as the outcome, finite, differently named, and have more rows than columns."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A share with what noise alone adds to it taken off, 0..1, and an interval that holds it."""

    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Driver:
    """One driver (or group of drivers): parts of the variance of the outcome, 0..1.

    `lmg`, `johnson`: two ways to share out what all explain together, which add up to R^2. `share`: lmg as a
    part of R^2. `last`: what only this one explains; small beside a large `lmg` where drivers go together.
    All of these are of the sample, and above 0 by noise alone; `adjusted` is `lmg` without that. Intervals
    are None where nothing was drawn.
    """

    name: str
    lmg: float
    interval: Interval | None
    share: float
    johnson: float
    johnson_interval: Interval | None
    last: float
    first: float
    adjusted: Adjusted


@dataclass(frozen=True, slots=True)
class Side:
    """`lmg` of several drivers together."""

    name: str
    lmg: float
    interval: Interval | None
    adjusted: Adjusted


@dataclass(frozen=True, slots=True)
class DriverReport:
    """Drivers, the largest `lmg` first.

    `adjusted`: R^2 without noise. `unexplained`: 1 - R^2, what none of them goes with. `not_separable`: pairs
    whose difference of `lmg` has an interval, of percentiles or without noise, that holds 0. `collinear`:
    columns of which the last is determined by the others; they share what they explain. `constant`: columns
    without variance, which explain nothing.
    """

    drivers: tuple[Driver, ...]
    n: int
    units: int | None
    r_squared: float
    unexplained: float
    interval: Interval | None
    adjusted: Adjusted
    not_separable: tuple[tuple[str, str], ...]
    collinear: tuple[tuple[str, ...], ...]
    constant: tuple[str, ...]
    sides: tuple[Side, ...] = ()


def find_drivers(
    outcome: npt.ArrayLike,
    columns: npt.ArrayLike,
    names: Sequence[str],
    *,
    units: npt.ArrayLike | None = None,
    groups: Sequence[Sequence[str]] | None = None,
    sides: Mapping[str, Sequence[str]] | None = None,
    replicates: int = REPLICATES,
    level: float = 0.95,
    seed: int = 0,
) -> DriverReport:
    """Drivers of outcome (n,) among columns (n, k) with k names.

    `units` (n,): whose answers these are; whole units are then drawn, because answers of one partner are not
    independent. `groups`: drivers shared out together (indicators of one channel); a group is called by its
    names joined by " + ", every column not in a group stands for itself. `sides`: names whose drivers are
    added up as well; a driver is where its first name is. `replicates` 0: no intervals; nor
    are there any from fewer than 20 rows or units. Raises NotDrivers, TooManyDrivers.
    """
    y, x = _table(outcome, columns, names)
    players = _players(names, groups)
    if len(players) > MOST_PLAYERS:
        raise TooManyDrivers(f"{len(players)} drivers are too many, {MOST_PLAYERS} can be compared")
    # Standardised first: sums of products about the wrong mean would cancel their digits away.
    table = _standardised(np.column_stack([x, y]))
    whose = None if units is None else codes(units)
    if whose is not None and len(whose) != len(y):
        raise NotDrivers(f"{len(whose)} units for {len(y)} rows")
    cross = np.asarray(table.T @ table)
    found = shares(cross[:, :, None], players)
    drawn = None
    drawable = len(y) if whose is None else int(whose.max()) + 1
    if replicates and drawable >= FEWEST_UNITS_TO_DRAW:
        drawn = shares(_drawn_cross_products(table, whose, replicates, seed), players)
    sizes = np.ones(len(y)) if whose is None else sums_by(whose)
    tail = _tail(level, float(sizes.sum() ** 2 / (sizes**2).sum()))
    noise = _noise(players, len(y), float(found.r_squared[0]))
    report = _report(
        names, players, cross, len(y), None if whose is None else drawable, found, drawn, tail, noise
    )
    firsts = [names[player[0]] for player in players]
    return replace(
        report,
        sides=tuple(
            _side(name, [one in inside for one in firsts], found, drawn, tail, noise)
            for name, inside in (sides or {}).items()
        ),
    )


def _table(outcome: npt.ArrayLike, columns: npt.ArrayLike, names: Sequence[str]) -> tuple[Floats, Floats]:
    y, x = np.asarray(outcome, dtype=np.float64), np.asarray(columns, dtype=np.float64)
    if y.ndim != 1 or x.ndim != 2 or x.shape != (len(y), len(names)) or not names:
        raise NotDrivers(f"an outcome of shape {y.shape} with columns {x.shape} and {len(names)} names")
    if len(set(names)) < len(names):
        raise NotDrivers("two drivers have one name")
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise NotDrivers("a value is missing or infinite: leave such rows out first")
    if len(y) < len(names) + 2:
        raise NotDrivers(f"{len(y)} rows cannot tell {len(names)} drivers apart")
    return y, x


def _players(names: Sequence[str], groups: Sequence[Sequence[str]] | None) -> list[list[int]]:
    """Column numbers of each group, then those of the columns that are in none."""
    at = {name: column for column, name in enumerate(names)}
    grouped = [name for group in groups or () for name in group]
    if unknown := [name for name in grouped if name not in at]:
        raise NotDrivers(f"a group names drivers that are not there: {', '.join(unknown)}")
    if len(set(grouped)) < len(grouped):
        raise NotDrivers("a driver stands in two groups")
    alone = [[column] for name, column in at.items() if name not in grouped]
    return [[at[name] for name in group] for group in groups or () if group] + alone


def _standardised(table: Floats) -> Floats:
    off = table - table.mean(axis=0)
    spread = np.sqrt((off**2).mean(axis=0))
    size = np.abs(table).max(axis=0)
    varies = spread > 1e-12 * size  # a constant has a spread of its rounding
    return np.asarray(np.where(varies, off / np.where(varies, spread, 1.0), 0.0))


def _drawn_cross_products(table: Floats, whose: Integers | None, replicates: int, seed: int) -> Floats:
    """Cross-products about their means of bootstrap samples, (k + 1, k + 1, replicates).

    A sample of n rows with replacement is n rows with multinomial weights, exactly. Rows are taken by the
    block: how many of the n draws fall into each block is multinomial, and within a block they fall evenly.
    So memory does not grow with n, and the work is one matrix product a block. Whole units are added up
    first and then drawn as rows are.
    """
    width = table.shape[1] + 1
    first, second = np.triu_indices(width)
    if whose is not None:
        table = np.column_stack([np.ones(len(table)), table])
        by_unit = [sums_by(whose, table[:, i] * table[:, j]) for i, j in zip(first, second, strict=True)]
        rows, products = len(by_unit[0]), np.stack(by_unit, axis=1)
    else:
        rows, products = len(table), None
    random = np.random.default_rng(seed)
    starts = np.arange(0, rows, _ROWS_AT_ONCE)
    sizes = np.minimum(rows - starts, _ROWS_AT_ONCE)
    fall = random.multinomial(rows, sizes / rows, size=replicates)
    sums = np.zeros((replicates, len(first)))
    weights = np.empty((replicates, min(rows, _ROWS_AT_ONCE)))
    for block, (start, size) in enumerate(zip(starts.tolist(), sizes.tolist(), strict=True)):
        for replicate, draws in enumerate(fall[:, block].tolist()):
            drawn = random.integers(0, size, draws)
            weights[replicate, :size] = np.bincount(drawn, minlength=size)
        if products is None:
            part = np.column_stack([np.ones(size), table[start : start + size]])
            here = part[:, first] * part[:, second]
        else:
            here = products[start : start + size]
        sums += weights[:, :size] @ here
    return _about_means(sums, width)


def _about_means(sums: Floats, width: int) -> Floats:
    """Raw sums of products (B, upper triangle), constant first, to cross-products about the means."""
    raw = np.empty((width, width, len(sums)))
    first, second = np.triu_indices(width)
    raw[first, second] = raw[second, first] = sums.T
    means = raw[0, 1:] / np.maximum(raw[0, 0], 1e-300)
    cross = raw[1:, 1:] - raw[0, 1:, None] * means[None]
    # A column that is constant in a sample is left with the rounding of the subtraction.
    own = np.einsum("iib->ib", cross)
    gone = own <= 1e-10 * np.maximum(np.einsum("iib->ib", raw[1:, 1:]), 1e-300)
    cross[np.broadcast_to(gone[:, None] | gone[None], cross.shape)] = 0.0
    return np.asarray(cross)


def _report(
    names: Sequence[str],
    players: list[list[int]],
    cross: Floats,
    n: int,
    units: int | None,
    found: Shares,
    drawn: Shares | None,
    tail: float,
    noise: Floats,
) -> DriverReport:
    called = [" + ".join(names[column] for column in player) for player in players]
    r_squared = float(found.r_squared[0])
    order = np.argsort(-found.lmg[:, 0].round(_DIGITS), kind="stable").tolist()  # copies in the order given
    drivers = tuple(
        Driver(
            name=called[j],
            lmg=float(found.lmg[j, 0]),
            interval=None if drawn is None else _percentiles(drawn.lmg[j], tail),
            share=float(found.lmg[j, 0]) / r_squared if r_squared > 0 else 0.0,
            johnson=float(found.johnson[j, 0]),
            johnson_interval=None if drawn is None else _percentiles(drawn.johnson[j], tail),
            last=float(found.last[j, 0]),
            first=float(found.first[j, 0]),
            adjusted=_adjusted(
                float(found.lmg[j, 0]), noise[j], None if drawn is None else drawn.lmg[j], tail
            ),
        )
        for j in order
    )
    correlation = correlations(cross[:, :, None])[:-1, :-1, 0]
    return DriverReport(
        drivers=drivers,
        n=n,
        units=units,
        r_squared=r_squared,
        unexplained=1 - r_squared,
        interval=None if drawn is None else _percentiles(drawn.r_squared, tail),
        adjusted=_adjusted(r_squared, noise.sum(), None if drawn is None else drawn.r_squared, tail),
        not_separable=_not_separable(called, order, found, drawn, tail),
        collinear=tuple(tuple(names[j] for j in columns) for columns in dependent_columns(correlation)),
        constant=tuple(names[j] for j in np.flatnonzero(np.diag(correlation) == 0).tolist()),
    )


def _side(
    name: str, inside: list[bool], found: Shares, drawn: Shares | None, tail: float, noise: Floats
) -> Side:
    lmg = float(found.lmg[inside].sum())
    together = None if drawn is None else drawn.lmg[inside].sum(axis=0)
    return Side(
        name,
        lmg,
        None if together is None else _percentiles(together, tail),
        _adjusted(lmg, noise[inside].sum(), together, tail),
    )


def _noise(players: list[list[int]], n: int, r_squared: float) -> Floats:
    """What adjusting R^2 takes off, parted by columns, (players,): independent rows that go with nothing
    give k columns k / (n - 1) of the variance."""
    columns = np.array([len(player) for player in players], dtype=np.float64)
    return np.asarray((1 - r_squared) * columns / max(n - columns.sum() - 1, 1.0))


def _adjusted(found: float, noise: float, drawn: Floats | None, tail: float) -> Adjusted:
    """A replicate fits the noise of its sample once more, so it lies above the sample's share by as much as
    that lies above the truth: the bias of the bootstrap, which knows that answers of one partner are alike.
    `noise` stands in for it where nothing was drawn. A share cannot fall below 0, so replicates lean to one
    side; the interval reaches as far as their farther end on both.
    """
    if drawn is None:
        return Adjusted(_part(found - noise), None)
    low, middle, high = _without_bias(found, drawn, tail)
    return Adjusted(_part(middle), Interval(_part(low), _part(high)))


def _without_bias(found: float, drawn: Floats, tail: float) -> tuple[float, float, float]:
    mean, ends = float(drawn.mean()), _percentiles(drawn, tail)
    middle, reach = 2 * found - mean, max(ends.high - mean, mean - ends.low)
    return middle - reach, middle, middle + reach


def _part(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _tail(level: float, drawn: float) -> float:
    """Share of replicates left out on each side: less than (1 - level) / 2, because a sample varies less than
    what it comes from (expanded percentiles: Hesterberg, The American Statistician 69(4), 2015). `drawn`:
    rows, or units as they weigh, (sum of sizes)^2 / sum of squares.
    """
    if not 0 < level < 1:
        raise NotALevel(f"the level must lie between 0 and 1, not {level}")
    others = max(drawn - 1, 1.0)
    wider = sqrt(drawn / others) * t_quantile((1 + level) / 2, others)
    return erfc(wider / sqrt(2)) / 2


def _percentiles(values: Floats, tail: float) -> Interval:
    low, high = np.quantile(values, [tail, 1 - tail]).tolist()
    return Interval(low, high)


def _not_separable(
    called: list[str], order: list[int], found: Shares, drawn: Shares | None, tail: float
) -> tuple[tuple[str, str], ...]:
    """Pairs in the order of their size. Without a draw nothing was shown to be separable: all pairs."""
    pairs = combinations(order, 2)
    if drawn is None:
        return tuple((called[i], called[j]) for i, j in pairs)
    alike = []
    for i, j in pairs:
        # Both must tell them apart: percentiles would rank two that go with nothing by how many columns, and
        # so much noise, each has; without the noise equal ones of few partners are ranked too often.
        apart = drawn.lmg[i] - drawn.lmg[j]
        low, _, high = _without_bias(float(found.lmg[i, 0] - found.lmg[j, 0]), apart, tail)
        ends = _percentiles(apart, tail)
        if (
            min(low, ends.low) <= _ROUNDING and max(high, ends.high) >= -_ROUNDING
        ):  # copies differ by rounding
            alike.append((called[i], called[j]))
    return tuple(alike)
