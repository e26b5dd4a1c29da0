"""The same expression has the same answer on DuckDB and on ClickHouse: where SQL dialects usually part."""

from __future__ import annotations

import math
import statistics
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from ibis import _, desc, ifelse, interval, literal, row_number

from otklik.analytics.engines.answers import UnknownAnswerType
from otklik.analytics.public import columns_of, facts, rows_of
from otklik.analytics.tests.engines.conftest import Fill

MORNING = datetime(2026, 2, 3, 9, 30, 15, 250_001, tzinfo=UTC)


def answer(pk: int, **told: Any) -> tuple[Any, ...]:
    usual = {"day": date(2026, 2, 3), "at": MORNING, "kind": "nps", "score": 9, "partner": 1, "wait": 1.5}
    return (pk, *{**usual, **told}.values())


def empty(pk: int) -> tuple[Any, ...]:
    return (pk, None, None, None, None, None, None)


def test_values_come_back_as_they_were_stored_and_empty_cells_as_none(fill: Fill) -> None:
    early = datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC)
    fill(answers=[answer(1), answer(2, day=date(1969, 1, 2), at=early, score=-128, wait=-0.1), empty(3)])

    rows = rows_of(facts("answers").order_by("id"))

    assert rows == [
        (1, date(2026, 2, 3), MORNING, "nps", 9, 1, 1.5),
        (2, date(1969, 1, 2), early, "nps", -128, 1, -0.1),
        empty(3),
    ]
    assert [type(value) for value in rows[0]] == [int, date, datetime, str, int, int, float]
    assert rows[0][2].tzinfo is UTC


def test_columns_are_arrays_of_one_kind_and_masked_where_cells_are_empty(fill: Fill) -> None:
    fill(answers=[answer(1), empty(2)])

    columns = columns_of(facts("answers").order_by("id"))

    kinds = {name: str(column.dtype) for name, column in columns.items()}
    assert kinds == {
        "id": "int64",
        "day": "datetime64[D]",
        "at": "datetime64[us]",
        "kind": "object",
        "score": "int64",
        "partner": "int64",
        "wait": "float64",
    }
    assert not np.ma.isMaskedArray(columns["id"])
    assert list(np.ma.getmaskarray(columns["score"])) == [False, True]
    assert list(np.ma.filled(columns["wait"], -1.0)) == [1.5, -1.0]
    assert math.isnan(columns["wait"].data[1])
    assert columns["at"][0] == np.datetime64("2026-02-03T09:30:15.250001")


def test_not_a_number_is_stored_as_an_empty_cell(fill: Fill) -> None:
    fill(answers=[answer(1, wait=math.nan), answer(2, wait=4.0)])
    table = facts("answers")

    assert rows_of(table.agg([_.wait.count(), _.wait.mean(), _.wait.max()])) == [(1, 4.0, 4.0)]
    (zero_by_zero,) = rows_of(table.filter(_.id == 2).select(x=(_.score - 9) / (_.score - 9)))[0]
    assert math.isnan(zero_by_zero)


def test_words_with_quotes_and_other_letters_are_found(fill: Fill) -> None:
    words = ["it's", 'a "b"', "back\\slash", "100%", "Ёлка", "", "tab\t", "{x:String}", "--", "new\nline"]
    fill(answers=[answer(pk, kind=word) for pk, word in enumerate(words)])
    table = facts("answers")

    for pk, word in enumerate(words):
        assert rows_of(table.filter(_.kind == word).select("id")) == [(pk,)]
    assert rows_of(table.filter(_.kind == "Ёлка").select(_.kind.lower(), _.kind.length())) == [("ёлка", 4)]
    assert len(rows_of(table.filter(_.kind.isin(words)))) == len(words)


def test_distinct_values_and_quantiles_are_exact(fill: Fill) -> None:
    waits = [float(n % 997) for n in range(30_000)]
    fill(answers=[answer(pk, wait=wait, partner=pk) for pk, wait in enumerate(waits)])

    asked = facts("answers").agg(
        different=_.partner.nunique(),
        few=_.partner.nunique(where=_.score > 9),
        low=_.wait.quantile(0.137),
        middle=_.wait.median(),
        high=_.wait.quantile(0.9, where=_.wait < 500),
        several=_.wait.quantile([0.25, 0.75]),
        about=_.partner.approx_nunique(),
        near=_.wait.approx_quantile(0.9),
        pairs=_.count(),
    )
    different, few, low, middle, high, several, about, near, pairs = rows_of(asked)[0]

    assert (different, few, pairs) == (30_000, 0, 30_000)
    assert middle == statistics.median(waits)
    assert low == pytest.approx(np.quantile(waits, 0.137), abs=1e-9)
    assert high == pytest.approx(np.quantile([wait for wait in waits if wait < 500], 0.9), abs=1e-9)
    assert several == pytest.approx(np.quantile(waits, [0.25, 0.75]))
    assert about == pytest.approx(30_000, rel=0.05)
    assert near == pytest.approx(np.quantile(waits, 0.9), rel=0.05)


def test_the_median_of_two_lies_between_them(fill: Fill) -> None:
    fill(answers=[answer(1, score=3, wait=None), answer(2, score=4, wait=None)])

    assert rows_of(facts("answers").agg([_.score.median(), _.wait.median()])) == [(3.5, None)]


def test_counts_and_sums_over_empty_cells_follow_sql(fill: Fill) -> None:
    fill(answers=[answer(1), empty(2), answer(3, kind="csat", score=2)])

    asked = facts("answers").agg(
        rows=_.count(),
        scores=_.score.count(),
        low=_.count(where=_.score <= 6),
        sums=_.score.sum(),
        none=_.score.sum(where=_.score > 10),
        is_low=(_.score <= 6).sum(),
        share=(_.score <= 6).mean(),
        as_number=(_.score <= 6).cast("int64").max(),
        other=_.count(where=_.kind != "nps"),
        outside=_.count(where=_.kind.notin(["nps"])),
        unknown=_.kind.isnull().sum(),
        filled=_.score.fill_null(100).sum(),
        any_low=(_.score <= 6).any(),
        all_low=(_.score <= 6).all(),
    )

    assert rows_of(asked) == [(3, 2, 1, 11, None, 1, 0.5, 1, 1, 1, 1, 111, True, False)]
    assert [type(value) for value in rows_of(asked)[0][-2:]] == [bool, bool]


def test_nothing_stored_is_no_row_and_no_number(fill: Fill) -> None:
    fill(answers=[])
    table = facts("answers")

    assert rows_of(table) == []
    assert rows_of(table.group_by("kind").agg(n=_.count())) == []
    asked = table.agg(
        [_.count(), _.score.sum(), _.wait.mean(), _.at.max(), _.id.nunique(), _.kind.isnull().sum()]
    )
    assert rows_of(asked) == [(0, None, None, None, 0, None)]
    assert list(columns_of(table)["wait"]) == []


def test_small_numbers_do_not_overflow(fill: Fill) -> None:
    fill(answers=[answer(pk, score=127) for pk in range(400)])
    table = facts("answers")

    assert rows_of(table.agg([_.score.sum(), (_.score * _.score).max(), (_.score + 1).max()])) == [
        (50_800, 16_129, 128)
    ]


def test_whole_numbers_are_divided_as_python_divides_them(fill: Fill) -> None:
    fill(answers=[answer(pk, score=score) for pk, score in enumerate([7, -7, 6])])
    table = facts("answers").order_by("id")

    assert rows_of(table.select(_.score / 2, _.score // 2)) == [(3.5, 3), (-3.5, -4), (3.0, 3)]
    assert rows_of(table.select(_.score / (_.score - _.score)))[0] == (math.inf,)


def test_dates_are_truncated_to_dates_and_moments_to_moments(fill: Fill) -> None:
    sunday = date(2026, 3, 1)
    fill(answers=[answer(1), answer(2, day=sunday, at=MORNING + timedelta(days=26)), empty(3)])
    table = facts("answers").order_by("id")

    asked = table.select(
        month=_.day.truncate("M"),
        week=_.day.truncate("W"),
        quarter=_.day.truncate("Q"),
        year=_.day.truncate("Y"),
        weekday=_.day.day_of_week.index(),
        of_month=_.at.truncate("M"),
        of_day=_.at.truncate("D"),
        of_hour=_.at.truncate("h"),
        date=_.at.date(),
        hour=_.at.hour(),
        midnight=_.day.cast("timestamp"),
    )

    first, second, third = rows_of(asked)
    assert first == (
        *(date(2026, 2, 1), date(2026, 2, 2), date(2026, 1, 1), date(2026, 1, 1), 1),
        datetime(2026, 2, 1, tzinfo=UTC),
        datetime(2026, 2, 3, tzinfo=UTC),
        datetime(2026, 2, 3, 9, tzinfo=UTC),
        *(date(2026, 2, 3), 9),
        datetime(2026, 2, 3, tzinfo=UTC),
    )
    assert second[:5] == (date(2026, 3, 1), date(2026, 2, 23), date(2026, 1, 1), date(2026, 1, 1), 6)
    assert set(third) == {None}
    assert type(first[0]) is date
    later = table.filter(_.day.truncate("M") == date(2026, 3, 1))
    assert rows_of(later.select("id")) == [(2,)]


def test_days_are_added_and_counted(fill: Fill) -> None:
    fill(answers=[answer(1)])

    asked = facts("answers").select(
        _.day + interval(days=90),
        _.day - interval(days=34),
        _.day.delta(date(2026, 1, 1), unit="day"),
        _.at + interval(hours=15),
        _.at.delta(literal(MORNING - timedelta(days=2)), unit="day"),
    )

    assert rows_of(asked) == [
        (date(2026, 5, 4), date(2025, 12, 31), 33, MORNING + timedelta(hours=15), 2),
    ]
    assert type(rows_of(asked)[0][0]) is date


def test_a_moment_is_compared_to_the_microsecond_and_in_any_zone(fill: Fill) -> None:
    fill(answers=[answer(1), answer(2, at=MORNING + timedelta(microseconds=1))])
    moscow = timezone(timedelta(hours=3))
    table = facts("answers")

    for same in (MORNING, MORNING.astimezone(moscow)):
        assert rows_of(table.filter(_.at > same).select("id")) == [(2,)]
        assert rows_of(table.filter(_.at == same).select("id")) == [(1,)]
    assert rows_of(table.filter(_.at.between(MORNING, MORNING)).select("id")) == [(1,)]
    assert rows_of(table.filter(_.day < date(2026, 2, 4)).count()) == [(2,)]


def test_empty_cells_come_last_in_either_order(fill: Fill) -> None:
    fill(answers=[answer(1, score=5), empty(2), answer(3, score=1), answer(4, score=9)])
    table = facts("answers")

    assert rows_of(table.order_by("score").select("id")) == [(3,), (1,), (4,), (2,)]
    assert rows_of(table.order_by(desc("score")).select("id")) == [(4,), (1,), (3,), (2,)]
    assert rows_of(table.order_by(desc("score")).limit(2).select("id")) == [(4,), (1,)]


def test_groups_of_several_columns_hold_empty_cells_together(fill: Fill) -> None:
    rows = [answer(1), answer(2), empty(3), empty(4), answer(5, kind=None), answer(6, partner=None)]
    fill(answers=rows)
    table = facts("answers")

    asked = table.group_by("kind", "partner").agg(n=_.count()).order_by("kind", "partner")
    assert rows_of(asked) == [("nps", 1, 2), ("nps", None, 1), (None, 1, 1), (None, None, 2)]
    assert rows_of(table.select("kind", "partner").distinct().count()) == [(4,)]
    assert rows_of(table.group_by(even=_.id % 2 == 0).agg(n=_.count()).order_by("even")) == [
        (False, 3),
        (True, 3),
    ]


def test_a_column_may_be_replaced_and_summed_under_its_own_name(fill: Fill) -> None:
    """ClickHouse knows an alias everywhere in a query, SQL does not."""
    fill(answers=[answer(1, score=3), answer(2, score=5), answer(3, day=date(2026, 1, 31), score=7)])

    monthly = facts("answers").mutate(day=_.day.truncate("M"), score=_.score + 1).filter(_.score > 4)
    asked = monthly.group_by("day").agg(score=_.score.sum(), top=_.score.max()).order_by("day")

    assert rows_of(asked) == [(date(2026, 1, 1), 8, 8), (date(2026, 2, 1), 6, 6)]


def test_an_outer_join_leaves_cells_empty(fill: Fill) -> None:
    fill(
        answers=[answer(1), answer(2, partner=2), answer(3, partner=None)],
        partners=[(1, "gold", date(2025, 1, 1)), (9, "silver", None)],
    )
    answers, partners = facts("answers"), facts("partners")
    known = partners.mutate(known=literal(True), letters=_.tier.length())

    joined = answers.left_join(known, answers.partner == known.id)
    assert rows_of(joined.select("id", "tier", "opened", "known", "letters").order_by("id")) == [
        (1, "gold", date(2025, 1, 1), True, 4),
        (2, None, None, None, None),
        (3, None, None, None, None),
    ]
    both = answers.outer_join(partners, answers.partner == partners.id).agg(
        [_.count(), _.tier.count(), _.score.count()]
    )
    assert rows_of(both) == [(4, 2, 3)]
    assert rows_of(answers.inner_join(partners, answers.partner == partners.id).count()) == [(1,)]
    assert rows_of(partners.anti_join(answers, partners.id == answers.partner).select("tier")) == [
        ("silver",)
    ]
    assert rows_of(partners.semi_join(answers, partners.id == answers.partner).select("tier")) == [("gold",)]


def test_a_source_is_joined_with_itself(fill: Fill) -> None:
    fill(answers=[answer(1), answer(2, at=MORNING + timedelta(days=91)), answer(3, partner=2)])
    now, later = facts("answers"), facts("answers").view()

    pairs = now.join(later, [now.partner == later.partner, later.at >= now.at + interval(days=90)])

    assert rows_of(pairs.select(now.id, other=later.id)) == [(1, 2)]


def test_rows_before_and_after_are_found_by_windows(fill: Fill) -> None:
    days = [MORNING + timedelta(days=n) for n in range(3)]
    told = [(1, 3, 1), (2, 9, 1), (3, None, 1), (4, 7, 2)]
    fill(
        answers=[
            answer(pk, score=score, partner=partner, at=days[(pk - 1) % 3]) for pk, score, partner in told
        ]
    )
    each = {"group_by": "partner", "order_by": ["at", "id"]}

    asked = facts("answers").select(
        "id",
        before=_.score.lag().over(**each),
        after=_.score.lead().over(**each),
        second=_.id.lag(2).over(**each),
        place=row_number().over(**each),
        running=_.score.sum().over(**each, rows=(None, 0)),
        whole=_.score.mean().over(group_by="partner"),
        spread=_.score.std().over(group_by="partner"),
    )

    rows = rows_of(asked.order_by("id"))
    assert [row[:7] for row in rows] == [
        (1, None, 9, None, 0, 3, 6.0),
        (2, 3, None, None, 1, 12, 6.0),
        (3, 9, None, 1, 2, 12, 6.0),
        (4, None, None, None, 0, 7, 7.0),
    ]
    assert rows[0][7] == pytest.approx(statistics.stdev([3, 9]))


def test_the_spread_of_one_value_is_unknown(fill: Fill) -> None:
    fill(answers=[answer(1), answer(2, kind="csat", score=3), answer(3, kind="csat", score=5)])

    asked = (
        facts("answers")
        .group_by("kind")
        .agg(spread=_.score.std(), flat=_.score.var(how="pop"), other=_.score.var(where=_.id > 1))
    )
    assert rows_of(asked.order_by("kind")) == [
        ("csat", pytest.approx(2**0.5), 1.0, 2.0),
        ("nps", None, 0.0, None),
    ]


def test_a_choice_between_values_takes_the_other_one_where_the_question_is_open(fill: Fill) -> None:
    fill(answers=[answer(1), answer(2, score=3), empty(3)])

    asked = (
        facts("answers")
        .order_by("id")
        .select(
            ifelse(_.score > 6, "high", "low"), _.score.cases((9, 1), (3, 2), else_=0), _.kind.nullif("nps")
        )
    )
    assert rows_of(asked) == [("high", 1, None), ("low", 2, None), ("low", 0, None)]


def test_an_answer_that_is_one_number_is_one_row(fill: Fill) -> None:
    fill(answers=[answer(1), answer(2)])

    assert rows_of(facts("answers").count()) == [(2,)]
    assert rows_of(facts("answers").score.mean()) == [(9.0,)]


def test_what_facts_do_not_consist_of_is_refused(fill: Fill) -> None:
    fill(answers=[answer(1)])

    with pytest.raises(UnknownAnswerType):
        rows_of(facts("answers").select(x=literal({"a": 1})))
