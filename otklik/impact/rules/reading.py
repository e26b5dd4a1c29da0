"""From columns of facts to answers: what counts, what is wrong with a row, and what is not known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from otklik.impact.rules.table import Masks, Moments, Table
from otklik.impact.rules.vocabulary import WINDOW_DAYS, Exposure, Outcome
from otklik.stats.grouping import codes
from otklik.stats.impact_verdict import BadRow
from otklik.stats.nps import HIGHEST_SCORE, LAST_DETRACTOR_SCORE, LAST_PASSIVE_SCORE, Floats

Columns = Mapping[str, npt.NDArray[Any]]
"""As the engine gave them: masked where a cell is empty."""
WAITS = frozenset({Exposure.WAIT_MEDIAN, Exposure.WAIT_LONG})
_MAY_BE_EMPTY = WAITS | {Exposure.FOREIGN_LANGUAGE}
"""Where nobody waited, and where nobody knows which language a ticket was in."""
OF_A_TICKET = {
    Exposure.WAIT_MEDIAN: "first_response_before_rating",
    Exposure.BREACHES: "breaches_before_rating",
    Exposure.REOPENED: "reopened_before_rating",
    Exposure.HANDED_OVER: "handed_over_before_rating",
    Exposure.FOREIGN_LANGUAGE: "foreign_language_before_rating",
}
"""What one ticket has, and its column in the facts "tickets": what came after a rating may be its doing. Half
and nine tenths of its waits are nearly the same, and money and managers are not its own."""
MOODS = (1, 3, 6)
"""Where bands of a mood begin (``desk/rules/mood.py``): a raised voice, one angry word, several."""
LOWEST_RATING, FIRST_SATISFIED, HIGHEST_RATING = 1, 4, 5


def nps_answers(columns: Columns, at: datetime) -> Table:
    """Of facts "exposures"; +100 for a promoter, -100 for a detractor, so that a mean is an NPS."""
    score, moment = _numbers(columns["score"]), _moments(columns["responded_at"])
    kinds = np.digitize(score, (LAST_DETRACTOR_SCORE + 1, LAST_PASSIVE_SCORE + 1)).astype(np.float64)
    exposures = {one: _numbers(columns[one.value]) for one in Exposure}
    tickets = _numbers(columns["tickets"])
    since = _moments(columns["desk_since"])
    window = np.timedelta64(WINDOW_DAYS, "D")
    before_desk = ~(since <= moment)  # NaT compares as False
    has_past = (tickets > 0) & before_desk
    bad = {
        BadRow.IMPOSSIBLE_TIMES: (moment > _moment(at)) | _negative(exposures),
        BadRow.DUPLICATE_ANSWER: _again(columns["id"]) | _same_moment(columns, moment, score),
        BadRow.SCORE_OUT_OF_RANGE: ~((score >= 0) & (score <= HIGHEST_SCORE)),
        BadRow.ANSWER_BEFORE_EXPOSURE: has_past,
        BadRow.VALUE_UNREADABLE: _unreadable(exposures),
    }
    return Table(
        outcome_kind=Outcome.NPS,
        outcome=100 * (kinds - 1),
        ranks=kinds,
        partners=_ids(columns["partner"]),
        at=moment,
        exposures=exposures,
        tickets=tickets,
        labels={name: _words(columns[name]) for name in ("tier", "segment", "role", "country")},
        held=(),
        without_ticket=_numbers(columns["own_tickets"]) == 0,
        known=(since <= moment - window) | has_past,
        bad=bad,
    )


def csat_answers(columns: Columns, at: datetime) -> Table:
    """Of tickets that were rated, with what was in them before it under the names of exposures; 100 for a
    satisfied partner (4 or 5 of 5) and 0 for another, so that a mean is the CSAT that every page shows and a
    slope is in its points. The five steps are the ranks."""
    rating, moment = _numbers(columns["rating"]), _moments(columns["created_at"])
    exposures = {one: _numbers(columns[one.value]) for one in OF_A_TICKET}
    return Table(
        outcome_kind=Outcome.CSAT,
        outcome=np.where(rating >= FIRST_SATISFIED, 100.0, 0.0),
        ranks=rating - 1,
        partners=_ids(columns["partner"]),
        at=moment,
        exposures=exposures,
        tickets=None,
        labels={
            "topic": _ids(columns["topic"]),
            "mood": _moods(columns["mood_first"]),
            **{name: _words(columns[name]) for name in ("priority", "channel", "tier")},
        },
        held=("topic", "priority", "channel", "mood"),
        without_ticket=np.zeros(len(rating), dtype=np.bool_),
        known=np.ones(len(rating), dtype=np.bool_),
        bad={
            BadRow.IMPOSSIBLE_TIMES: (moment > _moment(at))
            | (_moments(columns["closed_at"]) < moment)
            | _negative(exposures),
            BadRow.DUPLICATE_ANSWER: _again(columns["id"]),
            BadRow.SCORE_OUT_OF_RANGE: ~((rating >= LOWEST_RATING) & (rating <= HIGHEST_RATING)),
            BadRow.VALUE_UNREADABLE: _unreadable(exposures),
        },
    )


def _numbers(column: npt.NDArray[Any]) -> Floats:
    given = np.ma.asarray(column, dtype=np.float64)
    return np.asarray(given.filled(np.nan))


def _ids(column: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    return np.asarray(np.ma.filled(column, 0), dtype=np.int64)


def _moods(column: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """In bands; what nobody knows is one of its own."""
    points = _numbers(column)
    return np.where(np.isnan(points), -1, np.digitize(points, MOODS))


def _words(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """As numbers: whose name a word is does not matter here, and numbers take an eighth of the memory."""
    return codes(np.asarray(np.ma.filled(column, ""), dtype=np.str_))


def _moments(column: npt.NDArray[Any]) -> Moments:
    """NaT where a cell is empty."""
    found = np.array(np.ma.getdata(column), dtype="datetime64[us]")
    found[np.ma.getmaskarray(column)] = np.datetime64("NaT")
    return found


def _moment(at: datetime) -> np.datetime64:
    return np.datetime64(int(at.timestamp() * 1e6), "us")


def _negative(exposures: Mapping[Exposure, Floats]) -> Masks:
    """Answered before it was asked, or less than never."""
    return _any([values < 0 for values in exposures.values()])


def _unreadable(exposures: Mapping[Exposure, Floats]) -> Masks:
    return _any(
        [
            np.isinf(values) | (np.isnan(values) & (name not in _MAY_BE_EMPTY))
            for name, values in exposures.items()
        ]
    )


def _any(masks: Sequence[Masks]) -> Masks:
    return np.asarray(np.logical_or.reduce(masks))


def _again(column: npt.NDArray[Any]) -> Masks:
    again = np.ones(len(column), dtype=np.bool_)
    again[np.unique(_ids(column), return_index=True)[1]] = False
    return again


def _same_moment(columns: Columns, moment: Moments, score: Floats) -> Masks:
    """The same person saying the same at the same moment, but for the first time. Of people nobody knows, two
    may well say the same on one day."""
    person = _ids(columns["contact"])
    rows = np.flatnonzero(person)
    said = np.stack([person[rows], moment[rows].astype(np.int64), np.nan_to_num(score[rows], nan=-1)])
    order = np.lexsort(said.astype(np.int64))
    same = (np.diff(said[:, order].astype(np.int64), axis=1) == 0).all(axis=0)
    found = np.zeros(len(person), dtype=np.bool_)
    found[rows[order[1:][same]]] = True
    return found
