"""The answers behind a figure: those whose cause lay between two values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from otklik.analytics.public import facts, rows_of
from otklik.impact.queries.rows import rated_tickets
from otklik.impact.rules.vocabulary import WINDOW_DAYS, Exposure, Outcome

if TYPE_CHECKING:
    import ibis

# Bounds come from a page, where a figure may have been rounded on its way.
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Behind:
    """``low`` to ``high`` of the cause, both within; days from ``since`` to ``until``."""

    program_id: int
    outcome: Outcome
    exposure: Exposure
    low: float
    high: float
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """``pk`` of a response, or of the ticket that was rated."""

    pk: int
    day: date
    score: int
    partner_id: int
    dose: float


def count_behind(asked: Behind) -> int:
    return int(rows_of(_chosen(asked).count())[0][0])


def facts_behind(asked: Behind, first: int, count: int) -> list[AnswerFact]:
    """The newest first, ``count`` of them after the ``first``."""
    from ibis import desc

    rows = _chosen(asked).order_by(desc("day"), desc("id")).limit(count, offset=first)
    return [AnswerFact(*row) for row in rows_of(rows)]


def _chosen(asked: Behind) -> ibis.Table:
    return (_of_responses if asked.outcome is Outcome.NPS else _of_ratings)(asked)


def _of_responses(asked: Behind) -> ibis.Table:
    """Only those for whose whole window support is known, as the report counts them."""
    import ibis
    from ibis import _

    dose = _[asked.exposure.value]
    return (
        facts("exposures")
        .filter(
            _.program == asked.program_id,
            _.kind == asked.outcome.value,
            _.day.between(asked.since, asked.until),
            dose.between(asked.low - _SLACK, asked.high + _SLACK),
            _.desk_since <= _.responded_at - ibis.interval(days=WINDOW_DAYS),
        )
        .select(_.id, _.day, _.score, _.partner, dose=dose.cast("float64"))
    )


def _of_ratings(asked: Behind) -> ibis.Table:
    from ibis import _

    dose = _[asked.exposure.value]
    return (
        rated_tickets(asked.program_id)
        .filter(
            _.day.between(asked.since, asked.until),
            dose.between(asked.low - _SLACK, asked.high + _SLACK),
        )
        .select(_.id, _.day, _.rating, _.partner, dose=dose.cast("float64"))
    )
