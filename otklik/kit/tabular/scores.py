"""What a cell of a score column says: a whole number from 0 to 10, or the reason why it is none."""

from __future__ import annotations

import datetime as dt
import math
import re
from enum import StrEnum

from otklik.kit.tabular.table import Cell

LOWEST, HIGHEST = 0, 10

_MISSING = frozenset(
    (
        "",
        "na",
        "n/a",
        "#n/a",
        "nan",
        "null",
        "none",
        "nil",
        "-",
        "--",
        "–",
        "—",
        ".",
        "?",
        "нет",
        "нд",
        "н/д",
        "пусто",
    )
)
_WHOLE = re.compile(r"[+-]?[0-9]+(?:[.,]0+)?\Z")
_DECIMAL = re.compile(r"[+-]?[0-9]+[.,][0-9]+\Z")
_FRACTION = re.compile(r"[0-9]+(?:[.,][0-9]+)?\s*(?:/|\\|из|of|out of)\s*[0-9]+\Z", re.IGNORECASE)


class NoScore(StrEnum):
    """Why a cell holds no score."""

    MISSING = "missing"
    OUT_OF_RANGE = "out_of_range"
    NOT_WHOLE = "not_whole"
    FRACTION = "fraction"
    A_DATE = "a_date"
    TEXT = "text"


def is_missing(cell: Cell) -> bool:
    """Blank, or one of the usual words for nothing (NA, NaN, null, a dash, н/д)."""
    if cell is None:
        return True
    if isinstance(cell, float):
        return math.isnan(cell)
    return isinstance(cell, str) and cell.strip().casefold() in _MISSING


def read_score(cell: Cell) -> int | NoScore:
    """A score, or the reason. "9", "9.0" and "9,0" are 9; "9,5" is not whole; 11 and -1 are out of range.

    "10/10" is refused as a fraction rather than guessed at: its scale may be 5 or 100 in the next row. A date
    in a score column is what a spreadsheet makes of such fractions.
    """
    if isinstance(cell, str):
        return _read_text(cell)
    if is_missing(cell):
        return NoScore.MISSING
    if isinstance(cell, bool):
        return NoScore.TEXT
    if isinstance(cell, int | float):
        return _in_range(cell)
    return NoScore.A_DATE if isinstance(cell, dt.date) else NoScore.TEXT


def _read_text(text: str) -> int | NoScore:
    text = text.strip()
    if len(text) <= 2 and text.isascii() and text.isdigit():
        return _in_range(int(text))
    if is_missing(text):
        return NoScore.MISSING
    if _WHOLE.match(text):
        return _in_range(int(re.split("[.,]", text)[0])) if len(text) < 20 else NoScore.OUT_OF_RANGE
    if _DECIMAL.match(text):
        return (
            NoScore.NOT_WHOLE if LOWEST <= float(text.replace(",", ".")) <= HIGHEST else NoScore.OUT_OF_RANGE
        )
    return NoScore.FRACTION if _FRACTION.match(text) else NoScore.TEXT


def _in_range(number: float) -> int | NoScore:
    if not LOWEST <= number <= HIGHEST:
        return NoScore.OUT_OF_RANGE
    return int(number) if number == int(number) else NoScore.NOT_WHOLE


def looks_like_score(cell: Cell) -> bool:
    """Whether a header cell is a score by itself, so that the row is data. A year such as 2024 is not."""
    return not isinstance(cell, bool) and isinstance(read_score(cell), int)
