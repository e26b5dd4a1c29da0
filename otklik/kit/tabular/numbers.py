"""Numbers as people write them: with a decimal point or comma, thousands apart or not."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from enum import StrEnum

from otklik.kit.tabular.scores import is_missing
from otklik.kit.tabular.table import Cell

_SPACES = re.compile(r"[\s\u00a0\u202f'’_]")
_PLAIN = re.compile(r"[+-]?[0-9]+(?:[eE][+-]?[0-9]{1,3})?\Z")
_ONE_MARK = re.compile(r"([+-]?[0-9]+)([.,])([0-9]+)\Z")
_LEADING_MARK = re.compile(r"([+-]?)([.,])([0-9]+)\Z")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*(?:([.,])([0-9]+))?\Z")


class NoNumber(StrEnum):
    """Why a cell holds no number."""

    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    TEXT = "text"


def read_number(cell: Cell, *, decimal: str | None = None) -> float | NoNumber:
    """A finite number, or the reason. `decimal` is "." or "," where the column has told (`decimal_mark`).

    Without it "1,234" and "1.234" are ambiguous: one thousand, or one and a bit.
    """
    if is_missing(cell):
        return NoNumber.MISSING
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return NoNumber.TEXT
    if not isinstance(cell, str):
        return float(cell) if math.isfinite(cell) else NoNumber.TEXT
    text = _SPACES.sub("", cell.replace("−", "-"))
    if len(text) > 40:
        return NoNumber.TEXT
    mark = _mark_of(text)
    if mark is None and _is_two_faced(text):
        mark = decimal
        if mark is None:
            return NoNumber.AMBIGUOUS
    thousands = "," if mark == "." else "."
    plain = text.replace(thousands, "").replace(",", ".") if mark else text
    if not (_PLAIN.match(plain) or _ONE_MARK.match(plain) or _LEADING_MARK.match(plain)):
        return NoNumber.TEXT
    value = float(plain)
    return value if math.isfinite(value) else NoNumber.TEXT


def decimal_mark(cells: Iterable[Cell]) -> str | None:
    """The decimal mark of a column, from the cells that can be read in one way only; None where none of them
    tells.
    """
    votes = {".": 0, ",": 0}
    for cell in cells:
        if isinstance(cell, str) and (mark := _mark_of(_SPACES.sub("", cell.strip()))):
            votes[mark] += 1
    if votes["."] == votes[","]:
        return None
    return max(votes, key=lambda mark: votes[mark])


def _mark_of(text: str) -> str | None:
    """The decimal mark of one number where its form leaves no doubt."""
    if found := _THOUSANDS.match(text):
        inner, last = found.group(1), found.group(2)
        if last is not None:
            return last if last != inner else None
        if text.count(inner) > 1:
            return "." if inner == "," else ","
        return inner if text.lstrip("+-").startswith("0") else None
    if found := _ONE_MARK.match(text) or _LEADING_MARK.match(text):
        return found.group(2)
    return None


def _is_two_faced(text: str) -> bool:
    return bool(_THOUSANDS.match(text)) and sum(map(text.count, ".,")) == 1
