"""What is wrong with the rows, before anything is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from otklik.cli.impact.reading import Masks
from otklik.stats.impact_verdict import BadRow, Gate, gate

EXAMPLES = 5
_NEARLY_ALL = 0.95
_STRETCH, _DIFFERENT = 10, 6
_LOOKED_AT = 20


def repeated(everything: Sequence[int], most_different: int) -> Masks:
    """Rows that stood before, whole. ``most_different``: of the values, or pairs of them, that may tell rows
    apart, the number of different ones.

    Two people may well give one score to one wait: equal rows are one answer twice only where something in
    the rows (an identifier, a moment, a long number, one answer a partner and period) differs elsewhere, or
    where many of them come again in the same order, as in a file that was appended twice.
    """
    whole = np.array(everything, dtype=np.int64)
    _, first = np.unique(whole, return_index=True)
    again = np.ones(len(whole), dtype=np.bool_)
    again[first] = False
    if not again.any() or most_different >= _NEARLY_ALL * len(first):
        return again
    return _same_order(everything)


def _same_order(everything: Sequence[int]) -> Masks:
    """Rows in a stretch that stood before in this order. Runs are followed by how far back they stood."""
    places: dict[int, list[int]] = {}
    runs: dict[int, int] = {}
    found = np.zeros(len(everything), dtype=np.bool_)
    for at, row in enumerate(everything):
        before = places.setdefault(row, [])
        runs = {
            at - place: runs.get(at - place, 0) + 1 for place in before[-_LOOKED_AT:] + before[:_LOOKED_AT]
        }
        longest = max(runs.values(), default=0)
        if longest >= _STRETCH and len(set(everything[at + 1 - longest : at + 1])) >= _DIFFERENT:
            found[at + 1 - longest : at + 1] = True
        before.append(at)
    return found


def same_identifier(cells: Sequence[object]) -> Masks:
    """Rows whose identifier stood before; blank ones repeat nothing."""
    seen: set[object] = set()
    found = []
    for cell in cells:
        found.append(cell is not None and cell != "" and cell in seen)
        seen.add(cell)
    return np.array(found, dtype=np.bool_)


def look(bad: Mapping[BadRow, Masks], usable: Masks) -> tuple[Gate, Masks]:
    """The gate over usable rows, and those of them that passed."""
    among = {reason: mask & usable for reason, mask in bad.items()}
    wrong = np.zeros(len(usable), dtype=np.bool_)
    for mask in among.values():
        wrong |= mask
    quality = gate(int(usable.sum()), {reason: mask[usable] for reason, mask in among.items()})
    return quality, usable & ~wrong


def examples(bad: Mapping[BadRow, Masks], usable: Masks, rows: Sequence[int]) -> dict[str, list[int]]:
    """The first rows of each kind, numbered as a spreadsheet does."""
    found = {}
    for reason, mask in bad.items():
        places = np.flatnonzero(mask & usable)[:EXAMPLES].tolist()
        if places:
            found[reason.value] = [rows[place] for place in places]
    return found
