"""The answers behind a figure: of a report, those whose cause lay between two values; of a comparison, those
of one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from otklik.analytics.public import facts, rows_of
from otklik.impact.queries.comparing import answers_of_line, ratings_of_line
from otklik.impact.queries.rows import rated_tickets
from otklik.impact.rules.comparing import By
from otklik.impact.rules.reading import HIGHEST_RATING, LOWEST_RATING
from otklik.impact.rules.vocabulary import OUTSIDE_SUPPORT, WINDOW_DAYS, Exposure, Outcome
from otklik.stats.nps import HIGHEST_SCORE

if TYPE_CHECKING:
    import ibis

# Bounds come from a page, where a figure may have been rounded on its way.
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Doses:
    """``low`` to ``high`` of a cause, both within."""

    exposure: Exposure
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class OfReport:
    """Days from ``since`` to ``until``. ``at``: when the report was computed; what was heard later is not in
    it. ``doses`` None: all its answers."""

    program_id: int
    outcome: Outcome
    since: date
    until: date
    at: datetime
    doses: Doses | None


@dataclass(frozen=True, slots=True)
class OfLine:
    """``value``: as ``Compared`` has it."""

    program_id: int
    outcome: Outcome
    since: date
    until: date
    by: By
    value: str | int | None


Behind = OfReport | OfLine


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """``pk`` of a response, or of the ticket that was rated. ``dose``: of the cause; where none is asked for,
    of answers how many tickets the partner had before, of ratings None. ``own_dose``: what came from tickets
    of the person who answered alone; None where that is nothing, or the cause has nothing to do with
    tickets."""

    pk: int
    day: date
    score: int
    partner_id: int
    dose: float | None
    own_dose: float | None


def count_behind(asked: Behind) -> int:
    return int(rows_of(_chosen(asked).count())[0][0])


def facts_behind(asked: Behind, first: int, count: int) -> tuple[list[AnswerFact], int]:
    """The newest first, ``count`` of them after the ``first``; and how many there are in all, 0 where none
    are left after the ``first``. One question: half of what a short one takes is the engine's beginning."""
    import ibis
    from ibis import _, desc

    rows = _chosen(asked).mutate(total=_.count().over(ibis.window()))
    found = rows_of(rows.order_by(desc("day"), desc("id")).limit(count, offset=first))
    return [AnswerFact(*row) for *row, _total in found], int(found[0][-1]) if found else 0


def _chosen(asked: Behind) -> ibis.Table:
    if isinstance(asked, OfReport):
        return (_responses_of_report if asked.outcome is Outcome.NPS else _ratings_of_report)(asked)
    of_line = answers_of_line if asked.outcome is Outcome.NPS else ratings_of_line
    return _told(of_line(asked.by, asked.value, asked.program_id, asked.since, asked.until), asked)


def _told(rows: ibis.Table, asked: Behind) -> ibis.Table:
    """In the order of AnswerFact's fields."""
    score = "score" if asked.outcome is Outcome.NPS else "rating"
    return rows.select("id", "day", score, "partner", dose=_dose(asked), own_dose=_own_dose(asked))


def _dose(asked: Behind) -> ibis.Deferred | ibis.Value:
    import ibis
    from ibis import _

    if isinstance(asked, OfReport) and asked.doses is not None:
        return _[asked.doses.exposure.value].cast("float64")
    return _.tickets.cast("float64") if asked.outcome is Outcome.NPS else ibis.null("float64")


def _own_dose(asked: Behind) -> ibis.Deferred | ibis.Value:
    import ibis
    from ibis import _

    doses = asked.doses if isinstance(asked, OfReport) and asked.outcome is Outcome.NPS else None
    if doses is None or doses.exposure in OUTSIDE_SUPPORT:
        return ibis.null("float64")
    return _[f"own_{doses.exposure.value}"].cast("float64")


def _responses_of_report(asked: OfReport) -> ibis.Table:
    """As the report counts them (``rules.reading``): support is known for the whole window, the score is one,
    and the same person says the same at the same moment once."""
    import ibis
    from ibis import _

    rows = facts("exposures").filter(
        _.program == asked.program_id,
        _.kind == asked.outcome.value,
        _.day.between(asked.since, asked.until),
        _.responded_at <= asked.at,
        _.score.between(0, HIGHEST_SCORE),
        _.desk_since <= _.responded_at - ibis.interval(days=WINDOW_DAYS),
        *_within(asked.doses),
    )
    # Grouped and not numbered by a window, which takes half as long again.
    nobody = _.contact.isnull().ifelse(_.id, ibis.null("int64"))
    said = rows.select(
        "id",
        "day",
        "score",
        "partner",
        "contact",
        "responded_at",
        dose=_dose(asked),
        own_dose=_own_dose(asked),
    )
    first = said.group_by("contact", "responded_at", "score", nobody=nobody).agg(
        id=_.id.min(),
        day=_.day.min(),
        partner=_.partner.argmin(_.id),
        dose=_.dose.argmin(_.id),
        own_dose=_.own_dose.argmin(_.id),
    )
    return first.select("id", "day", "score", "partner", "dose", "own_dose")


def _ratings_of_report(asked: OfReport) -> ibis.Table:
    from ibis import _

    rows = rated_tickets(asked.program_id).filter(
        _.day.between(asked.since, asked.until),
        _.rating.between(LOWEST_RATING, HIGHEST_RATING),
        _.rated_at <= asked.at,
        _.closed_at.between(_.created_at, asked.at),
        *_within(asked.doses),
    )
    return _told(rows, asked)


def _within(doses: Doses | None) -> list[ibis.Deferred]:
    from ibis import _

    return [] if doses is None else [_[doses.exposure.value].between(doses.low - _SLACK, doses.high + _SLACK)]
