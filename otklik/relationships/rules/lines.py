"""Where a person's answers usually lay: a band beside their line, to look at.

It decides nothing: whether a move is beyond the usual scatter is judged among all people who answered
(``scatter.py``), and the two may differ. Formula: docs/formulas/moves.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from otklik.relationships.rules.scatter import LEAST_SCATTER, LONGEST

FEWEST = 3
"""Earlier answers; below it a band would say more than is known."""
WIDTH = 2.0
"""Scatters on each side."""


@dataclass(frozen=True, slots=True)
class Band:
    """Of the ``answers`` before the last; ``low`` and ``high`` within 0..10."""

    usual: float
    low: float
    high: float
    answers: int


def band_of(scores: Sequence[int | None]) -> Band | None:
    """``scores``: the oldest first, None: silent. The last answer is left out: it is looked at against those
    before it. None where these are under FEWEST."""
    earlier = [score for score in scores if score is not None][:-1][-LONGEST:]
    if len(earlier) < FEWEST:
        return None
    usual = float(median(earlier))
    spread = fmean(abs(score - usual) for score in earlier) * len(earlier) / (len(earlier) - 1)
    reach = WIDTH * max(spread, LEAST_SCATTER)
    return Band(usual, max(0.0, usual - reach), min(10.0, usual + reach), len(earlier))
