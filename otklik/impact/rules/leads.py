"""What was lived through before the next answer: the placebo's exposure."""

from __future__ import annotations

import numpy as np

from otklik.impact.rules.table import Moments
from otklik.impact.rules.vocabulary import WINDOW_DAYS
from otklik.stats.grouping import codes
from otklik.stats.nps import Floats, Integers

_NONE = -1


def next_answers(partners: Integers, at: Moments, days: int = WINDOW_DAYS) -> Integers:
    """Row of the same partner's first answer at least so many days later, -1 where there is none; (n,). Its
    window begins when today's answer has been given, so nothing in it can have moved that."""
    if not len(at):
        return np.zeros(0, dtype=np.int64)
    seconds = at.astype("datetime64[s]").astype(np.int64)
    seconds -= seconds.min()
    later = days * 86_400
    whose = codes(partners)
    # Partners one after another on a single line, too far apart for one's window to reach the next.
    line = whose * (int(seconds.max()) + later + 1) + seconds
    order = np.argsort(line, kind="stable")
    sorted_line = line[order]
    place = np.minimum(np.searchsorted(sorted_line, line + later), len(line) - 1)
    found = order[place]
    is_theirs = (sorted_line[place] >= line + later) & (whose[found] == whose)
    return np.where(is_theirs, found, _NONE)


def lead(exposure: Floats, following: Integers) -> Floats:
    """The exposure before that answer, nan where there is none."""
    return np.where(following == _NONE, np.nan, exposure[following])
