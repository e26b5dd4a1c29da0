"""What changed between two versions: lines side by side, and in changed lines the words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

LONGEST_WORDS = 600
"""Words of a line that are compared one by one; a longer line is shown as changed whole."""
AROUND = 2
"""Unchanged lines shown beside a change."""
MOST_LINES = 5_000
_PIECE = re.compile(r"\s+|\w+|[^\w\s]")


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """``before`` is empty of an added line, ``after`` of a removed one; ``skipped``: unchanged lines."""

    kind: Kind
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()
    before_line: int = 0
    after_line: int = 0
    skipped: int = 0


def compare(before: str, after: str) -> list[Row]:
    """Rows to show beside each other, from the first line to the last; long unchanged parts are skipped.
    Of equal texts none."""
    old, new = before.splitlines()[:MOST_LINES], after.splitlines()[:MOST_LINES]
    if old == new:
        return []
    rows: list[Row] = []
    for name, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if name == "equal":
            rows += [_same(old[a + n], a + n, c + n) for n in range(b - a)]
        else:
            rows += _changed(old[a:b], new[c:d], a, c)
    return _shortened(rows)


def words_apart(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both lines cut where they differ."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    if max(len(old), len(new)) > LONGEST_WORDS:
        return (Piece(before, True),), (Piece(after, True),)
    left: list[Piece] = []
    right: list[Piece] = []
    for name, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if a < b:
            left.append(Piece("".join(old[a:b]), name != "equal"))
        if c < d:
            right.append(Piece("".join(new[c:d]), name != "equal"))
    return tuple(left), tuple(right)


def _same(line: str, before: int, after: int) -> Row:
    return Row(Kind.SAME, (Piece(line),), (Piece(line),), before + 1, after + 1)


def _changed(old: Sequence[str], new: Sequence[str], a: int, c: int) -> list[Row]:
    rows = []
    for n in range(max(len(old), len(new))):
        if n >= len(old):
            rows.append(Row(Kind.ADDED, (), (Piece(new[n], True),), 0, c + n + 1))
        elif n >= len(new):
            rows.append(Row(Kind.REMOVED, (Piece(old[n], True),), (), a + n + 1, 0))
        else:
            rows.append(Row(Kind.CHANGED, *words_apart(old[n], new[n]), a + n + 1, c + n + 1))
    return rows


def _shortened(rows: list[Row]) -> list[Row]:
    changed = [number for number, row in enumerate(rows) if row.kind is not Kind.SAME]
    kept = {near for number in changed for near in range(number - AROUND, number + AROUND + 1)}
    shown: list[Row] = []
    skipped = 0
    for number, row in enumerate(rows):
        if number in kept:
            if skipped:
                shown.append(Row(Kind.SKIPPED, skipped=skipped))
            shown.append(row)
            skipped = 0
        else:
            skipped += 1
    return [*shown, Row(Kind.SKIPPED, skipped=skipped)] if skipped else shown
