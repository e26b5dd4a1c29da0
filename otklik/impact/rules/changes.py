"""What a policy change did, by two-stage differences. Months, quarters, verdicts: docs/formulas/policies.md.

Plain two-way fixed effects are not computed here: they take partners that have had the policy for long as the
comparison for those that just got it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from otklik.impact.rules.change_study import ChangeStudy, Span
from otklik.impact.rules.slopes import Slope, slope_of
from otklik.impact.rules.table import Masks, Table
from otklik.impact.rules.vocabulary import ChangeDoubt, ChangeReason
from otklik.stats.clustered import FEWEST_UNITS
from otklik.stats.impact import WORTH_NOTICING
from otklik.stats.impact_verdict import Gate, Reason, Verdict, gate, judge
from otklik.stats.nps import Floats, Integers
from otklik.stats.pretrends import Lead, before_it_came
from otklik.stats.staggered import FEWEST_TREATED, NotStaggered, StaggeredEffect, staggered_effect

ALPHA = 0.05
QUARTER = 3
LEADS = 2
"""Quarters before it came that are compared with those further away."""
_NEVER = 1 << 30
_SAID = {
    Reason.BAD_ROWS: ChangeReason.BAD_ROWS,
    Reason.TOO_FEW_UNITS: ChangeReason.TOO_FEW_PARTNERS,
    Reason.NOTHING_TO_COMPARE: ChangeReason.ALWAYS_THE_SAME,
    Reason.FUTURE_MOVES_PAST: ChangeReason.APART_BEFORE,
    Reason.INTERVAL_TOO_WIDE: ChangeReason.INTERVAL_TOO_WIDE,
    Reason.INTERVAL_IS_SMALL: ChangeReason.INTERVAL_IS_SMALL,
    Reason.INTERVAL_EXCLUDES_ZERO: ChangeReason.INTERVAL_EXCLUDES_ZERO,
}


@dataclass(frozen=True, slots=True)
class Starts:
    """Of one change at one version: partners (p,), ascending, and the day it came to each, (p,)."""

    change: int
    version: int
    partners: Integers
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class _Panel:
    """Answers (n,) on a whole month: ``age`` in months from the first whole one under it on, far below 0
    where it never came; ``lead`` in months until the one it came in, 0 from there on."""

    outcome: Floats
    partners: Integers
    months: Integers
    age: Integers
    lead: Integers
    split: int

    @property
    def under(self) -> Masks:
        return np.asarray(self.age >= 0)

    @property
    def quarters_before(self) -> Integers:
        """-1 for the last quarter before it came, and so on; 0 for what these are compared with."""
        quarter = -((QUARTER - 1 - self.lead) // QUARTER)
        near = (self.lead < 0) & (quarter >= -LEADS)
        return np.where(near, quarter, 0)


def studies_of_changes(table: Table, changes: Sequence[Starts], *, until: date) -> tuple[ChangeStudy, ...]:
    """One for each, in their order. The intervals of averages hold together for those that have begun."""
    if not changes:
        return ()
    wrong = np.logical_or.reduce(list(table.bad.values()))
    quality, good = gate(len(table), table.bad), table.only(~wrong)
    begun = sum(min(one.days, default=date.max) <= until for one in changes)
    level = 1 - ALPHA / max(begun, 1)
    return tuple(_study(one, good, quality, level) for one in changes)


def _study(starts: Starts, good: Table, quality: Gate, level: float) -> ChangeStudy:
    panel = _panel(starts, good)
    nothing = ChangeStudy(
        change=starts.change,
        version=starts.version,
        verdict=Verdict.REFUSED,
        reasons=(),
        notes=(),
        doubts=(),
        level=level,
        average=None,
        before=(),
        since=(),
        worth_noticing=WORTH_NOTICING,
        rows=quality.rows,
        bad=quality.bad_rows,
        under=0,
        left_out=0,
        split=panel.split,
        partners=len(np.unique(panel.partners)),
        reached=len(np.unique(panel.partners[panel.under])),
    )
    if (reason := _obstacle(nothing, panel, quality)) is not None:
        return replace(nothing, reasons=(reason,))
    try:
        found = staggered_effect(
            panel.outcome,
            panel.under,
            panel.partners,
            panel.months,
            ages=panel.age // QUARTER,
            level=level,
        )
    except NotStaggered:
        return replace(nothing, reasons=(_without_comparison(starts, panel),))
    told = replace(nothing, reached=found.treated_units, left_out=found.left_out, under=sum(found.rows))
    if found.treated_units < FEWEST_TREATED:
        return replace(told, reasons=(ChangeReason.TOO_FEW_REACHED,))
    return _judged(told, found, panel, quality)


def _obstacle(nothing: ChangeStudy, panel: _Panel, quality: Gate) -> ChangeReason | None:
    """Why it is not even looked at."""
    if not quality.passed:
        return ChangeReason.BAD_ROWS
    if nothing.partners < FEWEST_UNITS:
        return ChangeReason.TOO_FEW_PARTNERS
    return None if panel.under.any() else ChangeReason.NOT_YET


def _without_comparison(starts: Starts, panel: _Panel) -> ChangeReason:
    everybody = np.isin(panel.partners, starts.partners).all()
    months = {(day.year, day.month) for day in starts.days}
    return ChangeReason.EVERYBODY_AT_ONCE if everybody and len(months) == 1 else ChangeReason.NOBODY_LEFT


def _judged(told: ChangeStudy, found: StaggeredEffect, panel: _Panel, quality: Gate) -> ChangeStudy:
    leads = before_it_came(panel.outcome, panel.under, panel.partners, panel.months, panel.quarters_before)
    said = judge(
        quality,
        found.average,
        swing=1.0,
        worth_noticing=told.worth_noticing,
        placebo=min(leads, key=_surprise).estimate if leads else None,
    )
    return replace(
        told,
        verdict=said.verdict,
        reasons=tuple(_SAID[reason] for reason in said.reasons),
        notes=said.notes,
        doubts=tuple(ChangeDoubt),
        average=slope_of(found.average),
        before=tuple(_span(one.lead, one.n, slope_of(one.estimate)) for one in leads),
        since=tuple(
            _span(age, n, slope_of(one)) for (age, one), n in zip(found.by_age, found.rows, strict=True)
        ),
    )


def _surprise(one: Lead) -> float:
    """The lead that speaks loudest is the check; where nothing could be inferred there is none."""
    return 1.0 if one.estimate.p_value is None else one.estimate.p_value


def _span(quarter: int, n: int, found: Slope) -> Span:
    first = quarter * QUARTER
    return Span(first, first + QUARTER - 1, n, found.effect, found.low, found.high)


def _panel(starts: Starts, good: Table) -> _Panel:
    """A month in the middle of which it came belongs to neither side."""
    came = np.array([*map(_month, starts.days), _NEVER])
    first = np.array([*(_month(day) + (day.day > 1) for day in starts.days), _NEVER])
    place = np.searchsorted(starts.partners, good.partners)
    is_reached = np.append(starts.partners, -1)[place] == good.partners
    place = np.where(is_reached, place, len(starts.partners))
    months = good.months
    is_split = (months >= came[place]) & (months < first[place])
    whole = ~is_split
    return _Panel(
        outcome=good.outcome[whole],
        partners=good.partners[whole],
        months=months[whole],
        age=(months - first[place])[whole],
        lead=np.minimum(months - came[place], 0)[whole],
        split=int(is_split.sum()),
    )


def _month(day: date) -> int:
    """As ``Table.months`` counts them."""
    return (day.year - 1970) * 12 + day.month - 1
