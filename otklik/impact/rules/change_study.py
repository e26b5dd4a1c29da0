"""What was found of one policy change, as numbers and codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from otklik.impact.rules.slopes import Slope
from otklik.impact.rules.vocabulary import ChangeDoubt, ChangeReason
from otklik.stats.impact_verdict import Note, Verdict


@dataclass(frozen=True, slots=True)
class Span:
    """Answers given ``first`` to ``last`` months from the first whole month under it on: 0 to 2, and before
    it came -3 to -1. ``effect``: points against what would have been expected without it; before it came,
    against the months further away. Intervals of one side hold together."""

    first: int
    last: int
    n: int
    effect: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ChangeStudy:
    """What one policy change did, by two-stage differences. ``version`` of the change. ``average``: mean
    effect on the ``under`` answers that were given under it and have something to compare with, None where
    nothing was computed; ``level`` of its interval. ``left_out``: answers under it with nothing to compare;
    ``split``: answers of a month in the middle of which it came. Of ``partners`` who answered it came to
    ``reached``. ``rows``, ``bad``: as the gate counted them. ``doubts``: what no answers can rule out."""

    change: int
    version: int
    verdict: Verdict
    reasons: tuple[ChangeReason, ...]
    notes: tuple[Note, ...]
    doubts: tuple[ChangeDoubt, ...]
    level: float
    average: Slope | None
    before: tuple[Span, ...]
    since: tuple[Span, ...]
    worth_noticing: float
    rows: int
    bad: int
    under: int
    left_out: int
    split: int
    partners: int
    reached: int


def change_from_data(data: Mapping[str, Any]) -> ChangeStudy:
    average = data["average"]
    return ChangeStudy(
        **{
            **data,
            "verdict": Verdict(data["verdict"]),
            "reasons": tuple(ChangeReason(one) for one in data["reasons"]),
            "notes": tuple(Note(one) for one in data["notes"]),
            "doubts": tuple(ChangeDoubt(one) for one in data["doubts"]),
            "average": None if average is None else Slope(**average),
            "before": tuple(Span(**one) for one in data["before"]),
            "since": tuple(Span(**one) for one in data["since"]),
        }
    )
