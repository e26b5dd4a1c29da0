"""Cells of one column as numbers, labels or moments, and which of them can be none."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from otklik.cli.impact.errors import NoNumbers
from otklik.kit.tabular import (
    Cell,
    DateOrder,
    NoNumber,
    Order,
    day_of,
    decimal_mark,
    is_missing,
    read_date,
    read_number,
)
from otklik.stats.nps import Floats

Masks = npt.NDArray[np.bool_]

MOST_LABELS = 50
_NUMBERS_FROM = 0.8
_TIMES_FROM = 0.8
_FLAGS = {"true": 1.0, "false": 0.0}
_MONTH = re.compile(r"([12][0-9]{3})[-/.](0[1-9]|1[0-2])\Z")
_QUARTER = re.compile(r"([12][0-9]{3})[-/. ]?[QqКк]([1-4])\Z")
_WEEK = re.compile(r"([12][0-9]{3})[-/. ]?[Ww]([0-5][0-9])\Z")
_YEAR = re.compile(r"(19[7-9][0-9]|20[0-9]{2})\Z")


@dataclass(frozen=True)
class Numbers:
    """``values`` is nan where a cell is blank or none; ``unreadable`` is those that are not blank."""

    values: Floats
    blank: Masks
    unreadable: Masks


@dataclass(frozen=True)
class Periods:
    """``labels``: whole numbers, one a period; ``ends``: the last day of each row's, None where it is no
    time. A column of dates becomes months."""

    labels: npt.NDArray[np.int64]
    blank: Masks
    unreadable: Masks
    ends: tuple[dt.date | None, ...]


def numbers(cells: Sequence[Cell]) -> Numbers:
    decimal = decimal_mark(cell for cell in cells if isinstance(cell, str))
    read = [_number(cell, decimal) for cell in cells]
    values = np.array([np.nan if isinstance(one, NoNumber) else one for one in read], dtype=np.float64)
    blank = np.array([one is NoNumber.MISSING for one in read], dtype=np.bool_)
    return Numbers(values, blank, np.isnan(values) & ~blank)


def _number(cell: Cell, decimal: str | None) -> float | NoNumber:
    if isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, float) and np.isnan(cell):
        return NoNumber.MISSING
    found = read_number(cell, decimal=decimal)
    if found is NoNumber.TEXT and isinstance(cell, str):
        return _FLAGS.get(cell.strip().casefold(), found)
    return found


def must_be_numbers(column: str, cells: Sequence[Cell], rows: Sequence[int]) -> Numbers:
    """Raises NoNumbers where most of what is there is none: another column was meant."""
    found = numbers(cells)
    given = int((~found.blank).sum())
    if given and found.unreadable.sum() > (1 - _NUMBERS_FROM) * given:
        first = int(np.flatnonzero(found.unreadable)[0])
        raise NoNumbers(column, str(cells[first])[:40], rows[first])
    return found


def table_of(
    column: str, cells: Sequence[Cell], rows: Sequence[int]
) -> tuple[list[str], Floats, Masks, Masks]:
    """A control or a driver as columns (n, k) with their names, and which rows are blank or unreadable. Words
    become one column for each but the most frequent. Raises NoNumbers for names and comments."""
    found = numbers(cells)
    given = int((~found.blank).sum())
    if not given or found.unreadable.sum() <= (1 - _NUMBERS_FROM) * given:
        return [column], found.values[:, None], found.blank, found.unreadable
    words = np.array(["" if blank else _label(cell) for cell, blank in zip(cells, found.blank, strict=True)])
    levels, times = np.unique(words[~found.blank], return_counts=True)
    if len(levels) > MOST_LABELS:
        first = int(np.flatnonzero(found.unreadable)[0])
        raise NoNumbers(column, str(cells[first])[:40], rows[first])
    others = [level for level in levels.tolist() if level != levels[int(times.argmax())]]
    indicators = [(words == level).astype(np.float64) for level in others]
    shape = np.column_stack(indicators) if indicators else np.zeros((len(words), 1))
    names = [f"{column}={level}" for level in others] or [column]
    return names, shape, found.blank, np.zeros(len(words), dtype=np.bool_)


def units(cells: Sequence[Cell]) -> tuple[npt.NDArray[np.int64], Masks]:
    blank = np.array([is_missing(cell) for cell in cells], dtype=np.bool_)
    _, codes = np.unique(np.array([_label(cell) for cell in cells]), return_inverse=True)
    return codes.reshape(-1).astype(np.int64), blank


def periods(cells: Sequence[Cell]) -> Periods:
    order = order_of(cells)
    blank = np.array([is_missing(cell) for cell in cells], dtype=np.bool_)
    times = [None if no else _time(cell, order) for cell, no in zip(cells, blank, strict=True)]
    given = int((~blank).sum())
    if not given or sum(one is not None for one in times) < _TIMES_FROM * given:
        labels = [_label(cell) for cell in cells]
        unreadable = np.zeros(len(cells), dtype=np.bool_)
        ends: tuple[dt.date | None, ...] = (None,) * len(cells)
    else:
        labels = ["" if one is None else one[0] for one in times]
        unreadable = np.array([one is None for one in times], dtype=np.bool_) & ~blank
        ends = tuple(None if one is None else one[1] for one in times)
    _, codes = np.unique(np.array(labels), return_inverse=True)
    return Periods(codes.reshape(-1).astype(np.int64), blank, unreadable, ends)


def days(cells: Sequence[Cell]) -> tuple[list[dt.date | None], Masks]:
    """Calendar days, and which cells hold something that is no day there ever was."""
    order = order_of(cells)
    read = [None if is_missing(cell) else read_date(cell, order) for cell in cells]
    found = [day_of(one) if isinstance(one, dt.date) else None for one in read]
    wrong = np.array([one is not None and not isinstance(one, dt.date) for one in read], dtype=np.bool_)
    return found, wrong


def order_of(cells: Sequence[Cell]) -> Order:
    evidence = DateOrder()
    for cell in cells:
        evidence.see(cell)
    return evidence.order


def _time(cell: Cell, order: Order) -> tuple[str, dt.date] | None:
    """Label and last day of a period."""
    text = _label(cell)
    if found := _MONTH.match(text):
        return text, _last_of_month(int(found[1]), int(found[2]))
    if found := _QUARTER.match(text):
        return text, _last_of_month(int(found[1]), 3 * int(found[2]))
    if found := _YEAR.match(text):
        return text, dt.date(int(found[1]), 12, 31)
    if found := _WEEK.match(text):
        try:
            return text, dt.date.fromisocalendar(int(found[1]), int(found[2]), 7)
        except ValueError:
            return None
    if isinstance(cell, int | float):
        return None  # a number of a period; spreadsheets' serial days come as dates
    day = read_date(cell, order)
    return (f"{day:%Y-%m}", day_of(day)) if isinstance(day, dt.date) else None


def _last_of_month(year: int, month: int) -> dt.date:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)


def _label(cell: Cell) -> str:
    if isinstance(cell, float) and cell == cell and cell == int(cell):
        return str(int(cell))
    return " ".join(str(cell).split())[:200]
