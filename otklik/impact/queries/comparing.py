"""Sums of the facts that a comparison of channels, teams or topics rests on."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from otklik.analytics.public import columns_of, facts, rows_of
from otklik.impact.queries.rows import NO_QUESTIONS
from otklik.impact.rules.comparing import (
    GOOD_RATING,
    AnswerSums,
    By,
    Comparison,
    TicketSums,
    compare,
)
from otklik.stats.nps import LAST_DETRACTOR_SCORE, LAST_PASSIVE_SCORE

if TYPE_CHECKING:
    import ibis

MOST_VALUES = 20
_NONE = -1


@dataclass(frozen=True, slots=True)
class Compared:
    """``values``: a channel, or the id of a team or topic, in the order of the comparison's lines; None:
    tickets without one. ``left_out``: how many values with fewer tickets are not compared. Days from
    ``since`` to ``until``."""

    values: tuple[str | int | None, ...]
    left_out: int
    found: Comparison
    since: date
    until: date


def compared(by: By, *, program_id: int, since: date, until: date) -> Compared:
    """Tickets that began, and answers that were given, from ``since`` to ``until``. Three queries to the
    facts, whatever their number."""
    tickets = _columns(_tickets(by, program_id, since, until))
    answers = _columns(_answers(by, program_id, since, until))
    waits = rows_of(_waits(by, program_id, since, until))
    often: Counter[Any] = Counter()
    for value, n in zip(tickets["value"].tolist(), tickets["tickets"].tolist(), strict=True):
        often[value] += int(n)
    values = [value for value, _n in often.most_common(MOST_VALUES)]
    place = {value: number for number, value in enumerate(values)}
    minutes: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for value, minute, n in waits:
        if value in place:
            minutes[place[value]].append((int(minute), int(n)))
    found = compare(
        len(values),
        TicketSums(**_of(tickets, place)),
        AnswerSums(**_of(answers, place)),
        minutes,
        within_topics=by is not By.TOPIC,
    )
    shown = tuple(None if value in (_NONE, "") else value for value in values)
    return Compared(shown, len(often) - len(values), found, since, until)


def ratings_of_line(by: By, value: str | int | None, program_id: int, since: date, until: date) -> ibis.Table:
    """The rated tickets behind one line, in the columns of the facts."""
    from ibis import _

    rows = _asked(by, program_id, since, until)
    return rows.filter(_.value == _compared(by, value), _.rating.notnull())


def answers_of_line(by: By, value: str | int | None, program_id: int, since: date, until: date) -> ibis.Table:
    """The answers to the recommendation question behind one line."""
    from ibis import _

    return _heard(by, program_id, since, until).filter(_.value == _compared(by, value))


def _compared(by: By, value: str | int | None) -> str | int:
    if value is None:
        return "" if by is By.CHANNEL else _NONE
    return value


def _asked(by: By, program_id: int, since: date, until: date) -> ibis.Table:
    """Tickets as the desk's list has them where it is narrowed to what figures count."""
    from ibis import _

    rows = facts("tickets").filter(
        _.program == program_id,
        _.day.between(since, until),
        _.partner.notnull(),
        _.outcome.notin(NO_QUESTIONS),
    )
    return rows.mutate(value=rows.channel if by is By.CHANNEL else rows[by.value].fill_null(_NONE))


def _heard(by: By, program_id: int, since: date, until: date) -> ibis.Table:
    """Answers to the recommendation question by what the partner's tickets of the 90 days before were most
    often; partners without tickets have nothing to be compared by."""
    from ibis import _

    rows = facts("exposures").filter(
        _.kind == "nps", _.program == program_id, _.day.between(since, until), _.tickets > 0
    )
    main = rows[f"main_{by.value}"]
    return rows.mutate(value=main if by is By.CHANNEL else main.fill_null(_NONE))


def _tickets(by: By, program_id: int, since: date, until: date) -> ibis.Table:
    from ibis import _

    rows = _asked(by, program_id, since, until)
    rows = rows.mutate(log_wait=(rows.first_response + 1).cast("float64").ln())
    return rows.group_by(_.value, _.partner, topic=_.topic.fill_null(_NONE)).agg(
        tickets=_.count(),
        waits=_.first_response.count(),
        log_waits=_.log_wait.sum().fill_null(0.0),
        broken=_.count(where=_.breaches > 0),
        rated=_.rating.count(),
        good=_.count(where=_.rating >= GOOD_RATING),
    )


def _waits(by: By, program_id: int, since: date, until: date) -> ibis.Table:
    from ibis import _

    rows = _asked(by, program_id, since, until).filter(_.first_response.notnull())
    return rows.group_by(_.value, _.first_response).agg(n=_.count())


def _answers(by: By, program_id: int, since: date, until: date) -> ibis.Table:
    from ibis import _

    rows = _heard(by, program_id, since, until)
    return rows.group_by(_.value, _.partner, topic=_.main_topic.fill_null(_NONE)).agg(
        detractors=_.count(where=_.score <= LAST_DETRACTOR_SCORE),
        passives=_.count(where=_.score.between(LAST_DETRACTOR_SCORE + 1, LAST_PASSIVE_SCORE)),
        promoters=_.count(where=_.score > LAST_PASSIVE_SCORE),
    )


def _columns(expression: ibis.Table) -> dict[str, np.ndarray[Any, Any]]:
    return {name: np.ma.getdata(column) for name, column in columns_of(expression).items()}


def _of(columns: dict[str, np.ndarray[Any, Any]], place: dict[Any, int]) -> dict[str, np.ndarray[Any, Any]]:
    """Only the values compared, which are numbered."""
    numbers = np.array([place.get(value, _NONE) for value in columns["value"].tolist()], dtype=np.int64)
    kept = numbers >= 0
    return {
        name: numbers[kept] if name == "value" else _numbers(column[kept]) for name, column in columns.items()
    }


def _numbers(column: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return column.astype(np.float64 if column.dtype.kind == "f" else np.int64)
