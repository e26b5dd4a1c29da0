"""From columns of cells to what was found: the gate first, then the effect, then the drivers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from otklik.cli.impact import reading
from otklik.cli.impact.columns import Columns
from otklik.cli.impact.errors import CannotCompare, PeriodIsNoTime, TooFewRows
from otklik.cli.impact.gate import examples, look, repeated, same_identifier
from otklik.cli.impact.question import Question, Scale
from otklik.cli.impact.reading import Masks
from otklik.kit.tabular import Cell
from otklik.stats.drivers import DriverReport, NotDrivers, find_drivers
from otklik.stats.impact import WORTH_NOTICING, WORTH_NOTICING_SPREADS, Answers, Study, study
from otklik.stats.impact_verdict import BadRow, Gate, named_confounders
from otklik.stats.nps import LAST_DETRACTOR_SCORE, LAST_PASSIVE_SCORE, Floats, Integers
from otklik.stats.panel import NotAPanel
from otklik.stats.shapley import TooManyDrivers

FEWEST_ROWS = 3
_SCORES_FROM = 0.8
_MOST_RANKS = 11
_SCORE_NAMES = re.compile(
    r"\bnps\b|score|rating|answer|recommend|likel|оценк|балл|ответ|рекоменд|вероятн", re.IGNORECASE
)
_DIFFICULTY = re.compile(r"difficult|topic|complex|hard|kind|category|сложн|тем[аы]|категор", re.IGNORECASE)
_TICKETS = re.compile(r"ticket|request|обращен|тикет|запрос", re.IGNORECASE)


@dataclass
class Findings:
    """``n``: rows used. ``left_out``: rows with a blank where something was needed. ``study`` is None where
    only drivers were asked for, or where the gate refused; ``refused`` says the latter."""

    question: Question
    scale: Scale
    n: int
    left_out: int
    quality: Gate
    examples: dict[str, list[int]]
    study: Study | None = None
    drivers: DriverReport | None = None
    refused: bool = False
    confounders: tuple[str, ...] = ()


@dataclass
class _Table:
    """The columns of a question, read; masks are over all rows."""

    scale: Scale
    outcome: Floats
    usable: Masks
    bad: dict[BadRow, Masks]
    exposure: Floats | None = None
    lead: Floats | None = None
    controls: Floats | None = None
    units: Integers | None = None
    periods: Integers | None = None
    drivers: Floats | None = None
    driver_names: list[str] = field(default_factory=list)
    driver_groups: list[list[str]] = field(default_factory=list)


def find(columns: Columns, question: Question) -> Findings:
    """Raises CannotStudy."""
    table = _read(columns, question)
    quality, good = look(table.bad, table.usable)
    found = Findings(
        question=question,
        scale=table.scale,
        n=int(good.sum()),
        left_out=int((~table.usable).sum()),
        quality=quality,
        examples=examples(table.bad, table.usable, columns.rows),
        refused=not quality.passed and quality.rows > 0,
    )
    if found.refused:
        return found
    if found.n < FEWEST_ROWS:
        raise TooFewRows(found.n, found.left_out)
    try:
        if table.exposure is not None:
            _study(found, table, good, question)
        if table.drivers is not None:
            _drivers(found, table, good)
    except (NotAPanel, NotDrivers, TooManyDrivers) as error:
        raise CannotCompare(str(error)) from error
    return found


def _study(found: Findings, table: _Table, good: Masks, question: Question) -> None:
    assert table.exposure is not None
    held = " ".join(question.controls)
    confounders = named_confounders(
        everybody_asked=False,
        difficulty_held=bool(_DIFFICULTY.search(held)),
        tickets_held=bool(_TICKETS.search(held)),
        response_share=None,
        units_known=question.unit is not None,
    )
    outcome = table.outcome[good]
    answers = Answers(
        outcome=_counted(outcome, table.scale),
        exposure=table.exposure[good],
        units=None if table.units is None else table.units[good],
        periods=None if table.periods is None else table.periods[good],
        controls=None if table.controls is None else table.controls[good],
        lead=None if table.lead is None else table.lead[good],
        ranks=_ranks(outcome, table.scale),
    )
    worth = question.worth
    if worth is None and table.scale is Scale.SCORES:
        worth = WORTH_NOTICING
    elif worth is None:
        worth = WORTH_NOTICING_SPREADS * float(answers.outcome.std())
    found.study = study(answers, found.quality, worth_noticing=worth, confounders=confounders, doses=True)
    found.confounders = tuple(one.value for one in confounders)


def _drivers(found: Findings, table: _Table, good: Masks) -> None:
    assert table.drivers is not None
    found.drivers = find_drivers(
        _counted(table.outcome[good], table.scale),
        table.drivers[good],
        table.driver_names,
        units=None if table.units is None else table.units[good],
        groups=[group for group in table.driver_groups if len(group) > 1],
    )


def _counted(outcome: Floats, scale: Scale) -> Floats:
    """Scores as what they add to an NPS: -100, 0, +100."""
    if scale is Scale.NUMBER:
        return outcome
    return np.where(
        outcome > LAST_PASSIVE_SCORE, 100.0, np.where(outcome <= LAST_DETRACTOR_SCORE, -100.0, 0.0)
    )


def _ranks(outcome: Floats, scale: Scale) -> Floats | None:
    if scale is Scale.SCORES:
        return _counted(outcome, scale) / 100 + 1
    kinds, ranks = np.unique(outcome, return_inverse=True)
    return ranks.reshape(-1).astype(np.float64) if 2 <= len(kinds) <= _MOST_RANKS else None


def _read(columns: Columns, question: Question) -> _Table:
    outcome = reading.must_be_numbers(question.outcome, columns.cells[question.outcome], columns.rows)
    scale = question.scale or _scale_of(question.outcome, outcome.values)
    table = _Table(scale, outcome.values, ~outcome.blank, {reason: _none(columns) for reason in BadRow})
    table.bad[BadRow.VALUE_UNREADABLE] |= outcome.unreadable
    if scale is Scale.SCORES:
        whole = np.nan_to_num(outcome.values, nan=0.0)
        table.bad[BadRow.SCORE_OUT_OF_RANGE] |= (whole < 0) | (whole > 10) | (whole != np.floor(whole))
    _read_whose(table, columns, question)
    if question.exposure is not None:
        table.exposure = _number(table, columns, question.exposure)
    if question.lead is not None:
        lead = reading.must_be_numbers(question.lead, columns.cells[question.lead], columns.rows)
        table.lead = lead.values
        table.bad[BadRow.VALUE_UNREADABLE] |= lead.unreadable
    if question.controls:
        table.controls = np.column_stack([_several(table, columns, name)[1] for name in question.controls])
    if question.drivers:
        _read_drivers(table, columns, question.drivers)
    table.bad[BadRow.DUPLICATE_ANSWER] |= _again(table, columns, question)
    return table


def _read_whose(table: _Table, columns: Columns, question: Question) -> None:
    if question.unit is not None:
        table.units, blank = reading.units(columns.cells[question.unit])
        table.usable &= ~blank
    when = None
    if question.period is not None:
        when = reading.periods(columns.cells[question.period])
        table.periods = when.labels
        table.usable &= ~when.blank
        table.bad[BadRow.IMPOSSIBLE_TIMES] |= when.unreadable
    if question.cause_date is not None:
        causes, wrong = reading.days(columns.cells[question.cause_date])
        table.bad[BadRow.IMPOSSIBLE_TIMES] |= wrong
        ends = _ends(when, columns, question)
        table.bad[BadRow.ANSWER_BEFORE_EXPOSURE] |= np.array(
            [
                cause is not None and end is not None and cause > end
                for cause, end in zip(causes, ends, strict=True)
            ],
            dtype=np.bool_,
        )


def _ends(when: reading.Periods | None, columns: Columns, question: Question) -> Sequence[dt.date | None]:
    if when is None:
        raise PeriodIsNoTime("", "", 0)
    if not any(when.ends):
        assert question.period is not None
        cells = columns.cells[question.period]
        raise PeriodIsNoTime(question.period, str(cells[0]) if cells else "", columns.rows[0] if cells else 0)
    return when.ends


def _number(table: _Table, columns: Columns, name: str) -> Floats:
    found = reading.must_be_numbers(name, columns.cells[name], columns.rows)
    table.usable &= ~found.blank
    table.bad[BadRow.VALUE_UNREADABLE] |= found.unreadable
    return found.values


def _several(table: _Table, columns: Columns, name: str) -> tuple[list[str], Floats]:
    names, values, blank, unreadable = reading.table_of(name, columns.cells[name], columns.rows)
    table.usable &= ~blank
    table.bad[BadRow.VALUE_UNREADABLE] |= unreadable
    return names, values


def _read_drivers(table: _Table, columns: Columns, drivers: Sequence[str]) -> None:
    parts = []
    for name in drivers:
        names, values = _several(table, columns, name)
        table.driver_names += names
        table.driver_groups.append(names)
        parts.append(values)
    table.drivers = np.column_stack(parts)


def _again(table: _Table, columns: Columns, question: Question) -> Masks:
    if question.identifier is not None:
        return same_identifier([_plain(cell) for cell in columns.cells[question.identifier]])
    most = columns.most_different
    if table.units is not None and table.periods is not None:
        most = max(most, len(set(zip(table.units.tolist(), table.periods.tolist(), strict=True))))
    return repeated(columns.everything, most)


def _plain(cell: Cell) -> object:
    return cell.strip() if isinstance(cell, str) else cell


def _scale_of(name: str, values: Floats) -> Scale:
    """Scores where nearly all are whole numbers from 0 to 10, of three kinds at least and some of them high:
    a count or a share is none. A telling name lets more of them be out of range."""
    given = values[np.isfinite(values)]
    inside = given[(given >= 0) & (given <= 10) & (given == np.floor(given))]
    if len(np.unique(inside)) < 3 or inside.max(initial=0) < LAST_DETRACTOR_SCORE + 1:
        return Scale.NUMBER
    needed = _SCORES_FROM if _SCORE_NAMES.search(name) else 1.0
    return Scale.SCORES if len(inside) >= needed * len(given) else Scale.NUMBER


def _none(columns: Columns) -> Masks:
    return np.zeros(len(columns.rows), dtype=np.bool_)
