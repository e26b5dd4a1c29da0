"""Counts of answers a person may see: from the histograms where they see everything, else from the
answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from django.db.models import QuerySet

from otklik.analytics.public import (
    NO_SCORES,
    PAIRED,
    SCORES,
    ByMonth,
    ByValue,
    Dimension,
    Question,
    Scores,
    add,
    scores_by_month,
    scores_by_value,
    values_seen,
)
from otklik.feedback.access import Scope, own_responses
from otklik.feedback.models import Response
from otklik.feedback.queries.utc import UtcDay
from otklik.feedback.rules.periods import Period
from otklik.feedback.rules.vocabulary import ResponseStatus, SurveyKind

NOBODY = "0"
TREND = 2
_FIELDS: dict[Dimension, str] = {
    Dimension.PROGRAM: "program_id",
    Dimension.MANAGER: "manager_id",
    **{d: d.value for d in PAIRED if d is not Dimension.MANAGER},
}
Where = Mapping[Dimension, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted for whom. ``where`` may name any dimension, the program too."""

    scope: Scope
    where: Where = field(default_factory=dict)
    kind: SurveyKind = SurveyKind.NPS


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts per value in two periods, and per calendar month (first day, UTC) of a third.

    ``seen``: every value this person could filter by, of any period.
    """

    now: ByValue
    before: ByValue
    by_month: ByMonth
    seen: set[tuple[Dimension, str]]


def count(asked: Asked, *, now: Period, before: Period, trend: Period) -> Tally:
    """Counts per value of every dimension that is not fixed (programs always), and per month."""
    programs = asked.scope.programs
    if programs == frozenset():
        tally = Tally({}, {}, {}, set())
    else:
        tally = Tally(
            scores_by_value(_question(asked, now)),
            scores_by_value(_question(asked, before)),
            scores_by_month(_question(asked, trend)),
            set(values_seen(asked.kind, programs)),
        )
    if not asked.scope.is_everything:
        _add_own(tally, asked, now, before, trend)
    return tally


def total(by_value: ByValue) -> Scores:
    """All answers: each belongs to exactly one program."""
    summed = NO_SCORES
    for (dimension, _), counts in by_value.items():
        if dimension is Dimension.PROGRAM:
            summed = add(summed, counts)
    return summed


def answers_in(rows: QuerySet[Response], asked: Asked, period: Period) -> QuerySet[Response]:
    """The part of ``rows`` that the question is about."""
    picked = rows.filter(
        kind=asked.kind,
        status=ResponseStatus.COMPLETE,
        responded_at__gte=_instant(period.start),
        responded_at__lt=_instant(period.end),
    )
    for dimension, value in asked.where.items():
        is_nobody = dimension is Dimension.MANAGER and value == NOBODY
        picked = picked.filter(**{_FIELDS[dimension]: None if is_nobody else value})
    return picked


def _add_own(tally: Tally, asked: Asked, now: Period, before: Period, trend: Period) -> None:
    """One pass over all answers of own partners: a manager has some thousands of them, and what can be
    filtered by follows from the same rows."""
    dimensions = tuple(_FIELDS)
    rows = own_responses(asked.scope).filter(kind=asked.kind, status=ResponseStatus.COMPLETE).order_by()
    days = rows.annotate(day=UtcDay("responded_at")).values_list("day", "score", *_FIELDS.values())
    wanted = [(dimensions.index(d), value) for d, value in asked.where.items()]
    free = [n for n, d in enumerate(dimensions) if d is Dimension.PROGRAM or d not in asked.where]
    windows = [(n, p.start.isoformat(), p.end.isoformat()) for n, p in enumerate((now, before, trend))]
    combinations: set[tuple[object, ...]] = set()
    found: dict[tuple[int, int, object], list[int]] = {}
    for day, score, *values in days.iterator(5000):
        combinations.add(tuple(values))
        if any(_text(values[place]) != value for place, value in wanted):
            continue
        for number, start, end in windows:
            if start <= day < end:
                if number == TREND:
                    found.setdefault((number, 0, day[:7]), [0] * SCORES)[score] += 1
                else:
                    for place in free:
                        found.setdefault((number, place, values[place]), [0] * SCORES)[score] += 1
    for (number, place, value), counts in found.items():
        if number == TREND:
            month = date.fromisoformat(f"{value}-01")
            tally.by_month[month] = add(tally.by_month.get(month, NO_SCORES), counts)
        else:
            by_value, key = (tally.now, tally.before)[number], (dimensions[place], _text(value))
            by_value[key] = add(by_value.get(key, NO_SCORES), counts)
    for values in combinations:
        tally.seen.update((d, _text(value)) for d, value in zip(dimensions, values, strict=True))


def _question(asked: Asked, period: Period) -> Question:
    where: Where = {d: value for d, value in asked.where.items() if d is not Dimension.PROGRAM}
    programs = asked.scope.programs
    if Dimension.PROGRAM in asked.where:
        one = frozenset({int(asked.where[Dimension.PROGRAM])})
        programs = one if programs is None else programs & one
    return Question(asked.kind, period.start, period.end, where, programs)


def _text(value: object) -> str:
    return NOBODY if value is None else str(value)


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
