"""The door for those who print: what may be said about a score, a change and a ranking, as codes and numbers.

`summarise` gives every score of every screen, export, API answer and command; `compare_periods` every change;
`league` says whether segments may be put in an order. No sentences here: they belong to those who print.
"""

from otklik.stats.intervals import Interval, Method
from otklik.stats.leagues import League, Standing, league
from otklik.stats.periods import (
    WORTH_NOTICING,
    Comparison,
    Reason,
    Verdict,
    compare_periods,
    compare_segments,
)
from otklik.stats.summary import SMALL_ANSWERS, TOO_FEW_ANSWERS, Kind, Summary, summarise, summarise_one

__all__ = [
    "SMALL_ANSWERS",
    "TOO_FEW_ANSWERS",
    "WORTH_NOTICING",
    "Comparison",
    "Interval",
    "Kind",
    "League",
    "Method",
    "Reason",
    "Standing",
    "Summary",
    "Verdict",
    "compare_periods",
    "compare_segments",
    "league",
    "summarise",
    "summarise_one",
]
