"""Every NPS question is a sum of histograms: from the roll-up where it can, from the day cells where it
must."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import CharField, QuerySet, Sum, Value

from otklik.analytics.models import ScoreCell, ScoreDay, ScoreRollup, ScoreTriple
from otklik.analytics.vocabulary import PAIRED, SCORES, Dimension, dims_of

# Answers per score 0..10.
Scores: TypeAlias = tuple[int, ...]
ByMonth: TypeAlias = dict[date, Scores]
ByValue: TypeAlias = dict[tuple[Dimension, str], Scores]

NO_SCORES: Scores = (0,) * SCORES
# Filters up to which whole months are answered from roll-ups.
MOST_NAMED = 2
_COUNTS = tuple(f"c{score}" for score in range(SCORES))
_SUMS = {f"s{score}": Sum(f"c{score}") for score in range(SCORES)}
_SUM_SQL = ", ".join(f"SUM({count})" for count in _COUNTS)


@dataclass(frozen=True, slots=True)
class Question:
    """Answers of one kind from ``start`` up to, not including, ``end`` (UTC days).

    ``where``: values by dimension, as text (a manager's id; "0" nobody). ``programs`` None: all of them.
    """

    kind: str
    start: date
    end: date
    where: Mapping[Dimension, str] = field(default_factory=dict)
    programs: frozenset[int] | None = None


def add(left: Scores, right: Iterable[int]) -> Scores:
    return tuple(a + b for a, b in zip(left, right, strict=True))


def scores_by_month(question: Question) -> ByMonth:
    """Counts per calendar month (its first day); a month that is cut by the period counts its days inside."""
    found: ByMonth = {}
    whole, edges = _split(question)
    if whole is not None:
        rows = _rollups(question, whole).filter(**_only(question.where))
        for month, *counts in rows.values_list("month").annotate(**_SUMS):
            found[month] = add(found.get(month, NO_SCORES), counts)
    for start, end in edges:
        for month, counts in _days_by_month(question, start, end):
            found[month] = add(found.get(month, NO_SCORES), counts)
    return found


def scores_by_value(question: Question) -> ByValue:
    """Counts per value of each dimension that the question does not fix itself, programs included."""
    found: ByValue = {}
    whole, edges = _split(question)
    if whole is not None:
        for key, counts in _rollups_by_value(question, whole):
            found[key] = add(found.get(key, NO_SCORES), counts)
    for start, end in edges:
        by_value = _cells_by_value if question.where else _days_by_value
        for key, counts in by_value(question, start, end):
            found[key] = add(found.get(key, NO_SCORES), counts)
    return found


def scores_by_value_and_month(question: Question, dimension: Dimension) -> dict[tuple[str, date], Scores]:
    """Counts per value of one dimension and calendar month, whole months only and no other filter.

    One sum over as many roll-up rows as there are values, months and programs.
    """
    rows = _rollups(question, (question.start, question.end)).filter(dim1=dimension, dim2="", value2="")
    grouped = rows.values_list("value1", "month").annotate(**_SUMS)
    return {(value, month): tuple(counts) for value, month, *counts in grouped}


def values_seen(kind: str, programs: frozenset[int] | None = None) -> list[tuple[Dimension, str]]:
    """What each dimension has ever been, for filters; "" and "0" (nothing known) included."""
    rows = ScoreRollup.objects.filter(kind=kind, dim2="", value2="")
    if programs is not None:
        rows = rows.filter(program__in=programs)
    pairs = rows.values_list("dim1", "value1", "program").distinct()
    seen = {(Dimension(dim), value) for dim, value, _ in pairs if dim}
    seen |= {(Dimension.PROGRAM, str(program)) for _, _, program in pairs}
    return sorted(seen)


Span: TypeAlias = tuple[date, date]


def _split(question: Question) -> tuple[Span | None, list[Span]]:
    """Whole months for the roll-ups, and the days at both ends that only cells know."""
    if len(question.where) > MOST_NAMED:
        return None, [(question.start, question.end)]
    first = _month_from(question.start)
    last = question.end.replace(day=1)
    if first >= last:
        whole = None
        edges = [(question.start, question.end)]
    else:
        whole = (first, last)
        edges = [(question.start, first), (last, question.end)]
    return whole, [(start, end) for start, end in edges if start < end]


def _month_from(day: date) -> date:
    """The first day of the first month that begins on or after ``day``."""
    if day.day == 1:
        return day
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _rollups(question: Question, span: Span) -> QuerySet[ScoreRollup]:
    rows = ScoreRollup.objects.filter(kind=question.kind, month__gte=span[0], month__lt=span[1])
    if question.programs is not None:
        rows = rows.filter(program__in=question.programs)
    return rows.order_by()


def _only(where: Mapping[Dimension, str]) -> dict[str, str]:
    """The rows of the roll-up that name these dimensions (at most two) and no other."""
    named = [(d.value, where[d]) for d in PAIRED if d in where] + [("", "")] * MOST_NAMED
    (dim1, value1), (dim2, value2) = named[:MOST_NAMED]
    return {"dim1": dim1, "value1": value1, "dim2": dim2, "value2": value2}


def _rollups_by_value(question: Question, span: Span) -> Iterable[tuple[tuple[Dimension, str], list[int]]]:
    rows = _rollups(question, span)
    for program, *counts in rows.filter(**_only(question.where)).values_list("program").annotate(**_SUMS):
        yield (Dimension.PROGRAM, str(program)), counts
    if len(question.where) > 1:
        yield from _triples_by_value(question, span)
        return
    if not question.where:
        parts = [("dim1", "value1", rows.filter(dim2="", value2="").exclude(dim1=""))]
    else:
        ((dimension, value),) = question.where.items()
        # A pair is stored once, in the order of PAIRED, so the fixed dimension stands on either side.
        parts = [
            ("dim2", "value2", rows.filter(dim1=dimension, value1=value).exclude(dim2="")),
            ("dim1", "value1", rows.filter(dim2=dimension, value2=value)),
        ]
    for dim, value_of, picked in parts:
        for name, found, *counts in picked.values_list(dim, value_of).annotate(**_SUMS):
            yield (Dimension(name), found), counts


def _triples_by_value(question: Question, span: Span) -> Iterable[tuple[tuple[Dimension, str], list[int]]]:
    """Two dimensions are fixed: each free one makes a triple with them. One statement for all."""
    rows = ScoreTriple.objects.filter(kind=question.kind, month__gte=span[0], month__lt=span[1]).order_by()
    if question.programs is not None:
        rows = rows.filter(program__in=question.programs)
    parts = []
    for free in (d for d in PAIRED if d not in question.where):
        three = [d for d in PAIRED if d is free or d in question.where]
        fixed = {f"value{n}": question.where[d] for n, d in enumerate(three, 1) if d is not free}
        named = rows.filter(dims=dims_of(three), **fixed).annotate(
            free=Value(free.value, output_field=CharField())
        )
        parts.append(named.values_list("free", f"value{three.index(free) + 1}").annotate(**_SUMS))
    for name, value, *counts in parts[0].union(*parts[1:], all=True):
        yield (Dimension(name), value), counts


def _days(question: Question, start: date, end: date) -> QuerySet[ScoreDay]:
    rows = ScoreDay.objects.filter(kind=question.kind, day__gte=start, day__lt=end)
    if question.programs is not None:
        rows = rows.filter(program__in=question.programs)
    return rows.order_by()


def _days_by_month(question: Question, start: date, end: date) -> Iterable[tuple[date, list[int]]]:
    if len(question.where) > 1:
        yield from _cells_by_month(question, start, end)
        return
    named = [(dimension.value, value) for dimension, value in question.where.items()] or [("", "")]
    rows = _days(question, start, end).filter(dim1=named[0][0], value1=named[0][1])
    for day, *counts in rows.values_list("day").annotate(**_SUMS):
        yield day.replace(day=1), counts


def _days_by_value(
    question: Question, start: date, end: date
) -> Iterable[tuple[tuple[Dimension, str], list[int]]]:
    rows = _days(question, start, end)
    for program, *counts in rows.filter(dim1="").values_list("program").annotate(**_SUMS):
        yield (Dimension.PROGRAM, str(program)), counts
    for name, value, *counts in rows.exclude(dim1="").values_list("dim1", "value1").annotate(**_SUMS):
        yield (Dimension(name), value), counts


def _cells_where(question: Question, start: date, end: date) -> tuple[str, list[Any]]:
    table = connection.ops.quote_name(ScoreCell._meta.db_table)
    sql = f"FROM {table} WHERE kind = %s AND day >= %s AND day < %s"
    values: list[Any] = [question.kind, start, end]
    for dimension, value in question.where.items():
        sql += f" AND {dimension.value} = %s"
        values.append(int(value) if dimension is Dimension.MANAGER else value)
    if question.programs is not None:
        marks = ", ".join(["%s"] * len(question.programs)) or "NULL"
        sql += f" AND program IN ({marks})"
        values.extend(sorted(question.programs))
    return sql, values


def _cells_by_month(question: Question, start: date, end: date) -> Iterable[tuple[date, list[int]]]:
    where, values = _cells_where(question, start, end)
    month = "CAST(day AS TEXT)"  # "2026-02-10" on both databases
    sql = f"SELECT substr({month}, 1, 7), {_SUM_SQL} {where} GROUP BY 1"
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for text, *counts in cursor.fetchall():
            yield date.fromisoformat(f"{text}-01"), [int(count) for count in counts]


def _cells_by_value(
    question: Question, start: date, end: date
) -> Iterable[tuple[tuple[Dimension, str], list[int]]]:
    """One pass over the cells picks what the filters leave; each dimension then adds up that small part."""
    where, values = _cells_where(question, start, end)
    free = [d for d in (Dimension.PROGRAM, *PAIRED) if d not in question.where]
    columns = ", ".join((*(d.value for d in free), *_COUNTS))
    parts = " UNION ALL ".join(
        f"SELECT '{d.value}', CAST({d.value} AS TEXT), {_SUM_SQL} FROM picked GROUP BY {d.value}"  # noqa: S608
        for d in free
    )
    sql = f"WITH picked AS MATERIALIZED (SELECT {columns} {where}) {parts}"
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for name, value, *counts in cursor.fetchall():
            yield (Dimension(name), value), [int(count) for count in counts]


def months_counted() -> list[tuple[int, date]]:
    """Each (program, month) the roll-up knows."""
    return list(ScoreRollup.objects.order_by().values_list("program", "month").distinct())
