"""What goes with the score, shared out among what support does, what else happens, and who the partners
are."""

from __future__ import annotations

import numpy as np

from otklik.impact.rules.reading import WAITS
from otklik.impact.rules.report import DriverFound, Drivers
from otklik.impact.rules.table import Table, indicators
from otklik.impact.rules.vocabulary import OUTSIDE_SUPPORT, Exposure
from otklik.stats.drivers import REPLICATES, Driver, DriverReport, NotDrivers, find_drivers
from otklik.stats.nps import Floats, Integers

WAITING, TICKETS, MONTH = "waits", "tickets", "month"
OUR_WORK = frozenset({WAITING, *(one.value for one in Exposure if one not in OUTSIDE_SUPPORT)})
"""Drivers that support makes. How many tickets a partner has is not its work: what goes wrong elsewhere
brings them, and support shall not be credited with it."""
MOST_MONTHS = 12
FEWEST_ANSWERS_A_COLUMN = 10
_SUPPORT, _OUTSIDE, _OF = "support", "outside", ":"


def drivers_of(table: Table) -> Drivers | None:
    """None where there are fewer than ten answers a column: mere noise would then explain a tenth and more
    (the rule of F. Harrell, Regression Modeling Strategies, 2001, ch. 4)."""
    names, columns, groups = _columns(table)
    if len(table) < FEWEST_ANSWERS_A_COLUMN * len(names):
        return None
    sides = {
        _SUPPORT: [name for name in names if _driver(name) in OUR_WORK],
        _OUTSIDE: [name for name in names if _driver(name) not in OUR_WORK],
    }
    try:
        found = find_drivers(
            table.outcome,
            np.column_stack(columns),
            names,
            units=table.partners,
            groups=groups,
            sides=sides,
            replicates=REPLICATES,
        )
    except NotDrivers:
        return None
    return _kept(found)


def _columns(table: Table) -> tuple[list[str], list[Floats], list[list[str]]]:
    """Names (driver, and which of its columns), columns, and the names of each driver."""
    parts = {**_exposures(table), **_labels(table)}
    names, columns, groups = [], [], []
    for driver, values in parts.items():
        called = [f"{driver}{_OF}{number}" for number in range(values.shape[1])]
        names += called
        columns += list(values.T)
        groups.append(called)
    return names, columns, groups


def _exposures(table: Table) -> dict[str, Floats]:
    """Where nobody waited the wait is the mean of those who did, and says nothing; that nobody did stands
    beside the number of tickets."""
    waits = [values for one, values in table.exposures.items() if one in WAITS]
    waited = np.isfinite(waits[0])
    found = {WAITING: np.column_stack([_filled(values) for values in waits])}
    found |= {
        one.value: _filled(values)[:, None] for one, values in table.exposures.items() if one not in WAITS
    }
    if table.tickets is not None:
        found[TICKETS] = np.column_stack([table.tickets, np.log1p(table.tickets), waited])
    return found


def _filled(values: Floats) -> Floats:
    there = np.isfinite(values)
    return np.where(there, values, values[there].mean() if there.any() else 0.0)


def _labels(table: Table) -> dict[str, Floats]:
    found = {name: indicators(labels) for name, labels in table.labels.items()}
    found[MONTH] = indicators(_spans(table.months), MOST_MONTHS)
    return {name: values for name, values in found.items() if values.shape[1]}


def _spans(months: Integers) -> Integers:
    """Months, or so many joined that there are no more than twelve spans."""
    since = months - months.min()
    return np.asarray(since // (int(since.max()) // MOST_MONTHS + 1))


def _driver(called: str) -> str:
    return called.partition(_OF)[0]


def _kept(found: DriverReport) -> Drivers:
    """With the noise taken off: what explains nothing shall not be credited with what chance gives it."""
    sides = {side.name: side.adjusted for side in found.sides}
    support, outside = sides[_SUPPORT], sides[_OUTSIDE].value
    explained = support.value + outside
    low, high = support.interval or (None, None)
    explained_low, explained_high = found.adjusted.interval or (None, None)
    constant = {_driver(name) for name in found.constant}
    varying = {_driver(one.name) for one in found.drivers if one.first > 0 or one.lmg > 0}
    total = sum(one.adjusted.value for one in found.drivers)
    return Drivers(
        found=tuple(_driver_found(one, total) for one in found.drivers),
        n=found.n,
        partners=found.units or 0,
        r_squared=explained,
        unexplained=1 - explained,
        # A side below 0 is told as 0, so both may come to a little more than R^2 does.
        unexplained_low=None if explained_high is None else 1 - max(explained_high, explained),
        unexplained_high=None if explained_low is None else 1 - min(explained_low, explained),
        support=support.value,
        support_low=low,
        support_high=high,
        outside=outside,
        not_separable=tuple((_driver(a), _driver(b)) for a, b in found.not_separable),
        collinear=_together(found),
        constant=tuple(sorted(constant - varying)),
    )


def _together(found: DriverReport) -> tuple[tuple[str, ...], ...]:
    """Sets of different drivers that determine each other, each once."""
    sets = {tuple(dict.fromkeys(_driver(name) for name in names)): None for names in found.collinear}
    return tuple(names for names in sets if len(names) > 1)


def _driver_found(one: Driver, total: float) -> DriverFound:
    """Johnson's weight and what comes in last hold as much noise as LMG does."""
    low, high = one.adjusted.interval or (None, None)
    value = one.adjusted.value
    noise = one.lmg - value
    return DriverFound(
        name=_driver(one.name),
        lmg=value,
        low=low,
        high=high,
        share=value / total if total > 0 else 0.0,
        johnson=max(one.johnson - noise, 0.0),
        last=max(one.last - noise, 0.0),
    )
