"""The answers behind a figure: those whose cause lay between two values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from otklik.analytics.public import facts, rows_of
from otklik.impact.queries.rows import rated_tickets
from otklik.impact.rules.reading import HIGHEST_RATING, LOWEST_RATING
from otklik.impact.rules.vocabulary import OUTSIDE_SUPPORT, WINDOW_DAYS, Exposure, Outcome
from otklik.stats.nps import HIGHEST_SCORE

if TYPE_CHECKING:
    import ibis

# Bounds come from a page, where a figure may have been rounded on its way.
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Behind:
    """``low`` to ``high`` of the cause, both within; days from ``since`` to ``until``. ``at``: when the
    report was computed; what was heard later is not in it."""

    program_id: int
    outcome: Outcome
    exposure: Exposure
    low: float
    high: float
    since: date
    until: date
    at: datetime


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """``pk`` of a response, or of the ticket that was rated. ``own_dose``: what came from the tickets of the
    person who answered alone; None where that is nothing, or a cause has nothing to do with tickets."""

    pk: int
    day: date
    score: int
    partner_id: int
    dose: float
    own_dose: float | None


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
    """As the report counts them (``rules.reading``): support is known for the whole window, the score is one,
    and the same person says the same at the same moment once."""
    import ibis
    from ibis import _

    dose = _[asked.exposure.value]
    rows = facts("exposures").filter(
        _.program == asked.program_id,
        _.kind == asked.outcome.value,
        _.day.between(asked.since, asked.until),
        _.responded_at <= asked.at,
        _.score.between(0, HIGHEST_SCORE),
        dose.between(asked.low - _SLACK, asked.high + _SLACK),
        _.desk_since <= _.responded_at - ibis.interval(days=WINDOW_DAYS),
    )
    said = ibis.row_number().over(group_by=["contact", "responded_at", "score"], order_by="id")
    rows = rows.mutate(said_before=said).filter(_.contact.isnull() | (_.said_before == 0))
    own = ibis.null("float64") if asked.exposure in OUTSIDE_SUPPORT else _[f"own_{asked.exposure.value}"]
    doses = {"dose": dose.cast("float64"), "own_dose": own.cast("float64")}
    return rows.select(_.id, _.day, _.score, _.partner, **doses)


def _of_ratings(asked: Behind) -> ibis.Table:
    import ibis
    from ibis import _

    dose = _[asked.exposure.value]
    return (
        rated_tickets(asked.program_id)
        .filter(
            _.day.between(asked.since, asked.until),
            _.rating.between(LOWEST_RATING, HIGHEST_RATING),
            _.rated_at <= asked.at,
            _.closed_at.between(_.created_at, asked.at),
            dose.between(asked.low - _SLACK, asked.high + _SLACK),
        )
        .select(_.id, _.day, _.rating, _.partner, dose=dose.cast("float64"), own_dose=ibis.null("float64"))
    )
