"""A comment as pieces to show, with what tells marked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

LONGEST_QUOTE = 400
_BEFORE_A_MARK = 120


class Piece(NamedTuple):
    text: str
    is_marked: bool


def pieces(
    text: str, places: Iterable[tuple[int, int]], *, longest: int = LONGEST_QUOTE
) -> tuple[Piece, ...]:
    """``text``: cleaned; ``places``: may overlap. What lies outside the window around the first mark is cut,
    with "…" in its stead."""
    marks = _merged(places, len(text))
    start = max(marks[0][0] - _BEFORE_A_MARK, 0) if marks and len(text) > longest else 0
    end = min(start + longest, len(text))
    found = [Piece("…", False)] if start else []
    at = start
    for first, last in marks:
        if first >= end:
            break
        if first > at:
            found.append(Piece(text[at:first], False))
        found.append(Piece(text[first : min(last, end)], True))
        at = min(last, end)
    if at < end:
        found.append(Piece(text[at:end], False))
    if end < len(text):
        found.append(Piece("…", False))
    return tuple(found)


def _merged(places: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if not 0 <= start < end <= length:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
