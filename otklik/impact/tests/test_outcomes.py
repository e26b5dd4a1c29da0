from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from otklik.impact.queries.outcomes import After, after, cases_of_side
from otklik.impact.rules.outcomes import (
    Cases,
    Heard,
    Later,
    Outcome,
    Split,
    Standing,
    Told,
    before,
    compare,
    contracts,
    growth,
    staying,
)
from otklik.impact.tests.written import written

TODAY = date(2026, 3, 2)
GLAD = range(1, 61)
UNHAPPY = range(61, 121)


def answers(partners: range = range(1, 121)) -> Iterator[dict[str, Any]]:
    """The glad give 9 or 10 and had no broken promise; the unhappy 2 or 3, and had one. Once a quarter."""
    for partner in partners:
        glad = partner in GLAD
        for quarter in range(8):
            yield {
                "program": 1, "partner": partner, "kind": "nps",
                "day": date(2024, 2, 20) + timedelta(91 * quarter),
                "score": (10 if glad else 2) - partner % 2 + (not glad), "breaches": int(not glad),
            }  # fmt: skip


def standings() -> Iterator[dict[str, Any]]:
    """Nearly all glad partners renewed, half of the unhappy left. Two dates were put off by some days."""
    for partner in (*GLAD, *UNHAPPY):
        row = {"program": 1, "partner": partner, "day": date(2025, 10, 1)}
        if partner in GLAD or partner % 2:
            row |= {"renewal_before": date(2025, 11, 1), "renewal_after": date(2026, 11, 1)}
        else:
            row |= {"status_before": "active", "status_after": "left", "renewal_before": date(2025, 11, 1)}
        yield row
    yield {
        "program": 1, "partner": 500, "day": date(2025, 10, 1),
        "renewal_before": date(2025, 11, 1), "renewal_after": date(2025, 11, 10),
    }  # fmt: skip


def earnings(better: float = 1.1) -> Iterator[dict[str, Any]]:
    """Of each quarter: the glad grow by a tenth, the others stay, all with some chance."""
    chance = random.Random(5)
    for partner in (*GLAD, *UNHAPPY):
        amount = 1000.0
        for quarter in range(9):
            day = date(2024, 1, 15) + timedelta(91 * quarter)
            yield {
                "program": 1, "partner": partner, "day": day, "currency": "EUR",
                "amount": int(10_000 * amount * chance.uniform(0.9, 1.1)),
            }  # fmt: skip
            amount *= better if partner in GLAD else 1.0


@pytest.fixture
def found(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Any:
    def ask(**sources: Iterator[dict[str, Any]]) -> After:
        for source in ("exposures", "standings", "earnings"):
            written(monkeypatch, settings, tmp_path, source, sources.get(source, iter([])))
        return after(1, until=TODAY)

    return ask


def outcome(found: After, later: Later, split: Split = Split.SCORE) -> Outcome:
    return next(one for one in found.outcomes if (one.later, one.split) == (later, split))


def test_promoters_renew_and_stay_more_often(found: Any) -> None:
    looked = found(exposures=answers(), standings=standings())

    renewed = outcome(looked, Later.RENEWED)
    assert (renewed.good.mean, renewed.bad.mean, renewed.partners) == (1.0, 0.5, 120)
    assert renewed.told is Told.BETTER
    assert outcome(looked, Later.STAYED).told is Told.BETTER
    assert outcome(looked, Later.RENEWED, Split.PROMISES).difference == 0.5
    assert not looked.has_earnings
    assert outcome(looked, Later.EARNED).told is Told.TOO_FEW


def test_behind_each_figure_stand_its_cases(found: Any) -> None:
    looked = found(exposures=answers(), standings=standings(), earnings=earnings())

    for later, split, good in ((Later.RENEWED, Split.SCORE, False), (Later.EARNED, Split.PROMISES, True)):
        one = outcome(looked, later, split)
        side = one.good if good else one.bad
        cases = cases_of_side(1, later, split, good=good, until=TODAY)
        assert (len(cases), len({case.partner_id for case in cases})) == (side.cases, side.partners)
        assert [case.day for case in cases] == sorted((case.day for case in cases), reverse=True)
        assert sum(case.result for case in cases) / side.cases == pytest.approx(side.mean)


def test_earnings_grow_with_the_score_or_do_not(found: Any) -> None:
    grown = outcome(found(exposures=answers(), earnings=earnings()), Later.EARNED)

    assert grown.told is Told.BETTER
    assert grown.difference == pytest.approx(2 * 0.1 / 2.1, abs=0.02)
    assert grown.within is not None
    # Nobody among them ever changed sides, so there is nothing to compare them with themselves by.
    assert grown.within.effect is None

    level = outcome(found(exposures=answers(), earnings=earnings(better=1.0)), Later.EARNED)
    assert level.told is Told.NO_DIFFERENCE


def test_under_twenty_partners_nothing_is_said(found: Any) -> None:
    few = [one for one in answers() if one["partner"] in (*range(1, 10), *range(61, 71))]

    renewed = outcome(found(exposures=iter(few), standings=standings()), Later.RENEWED)

    assert (renewed.told, renewed.partners, renewed.interval) == (Told.TOO_FEW, 19, None)


def test_an_empty_store_has_no_outcomes(found: Any) -> None:
    looked = found()
    assert {one.told for one in looked.outcomes} == {Told.TOO_FEW}
    assert looked.referred.asked == looked.open_contracts == 0


def test_a_date_put_off_renews_nothing_and_the_last_decision_counts() -> None:
    def moved(partner: int, on: date, days: int) -> Standing:
        return Standing(partner, on, date(2025, 6, 1), date(2025, 6, 1) + timedelta(days), left=False)

    left = Standing(2, date(2025, 9, 1), None, None, left=True)
    undated = Standing(3, date(2025, 9, 1), None, None, left=True)
    changes = [moved(1, date(2025, 5, 1), 59), moved(2, date(2025, 5, 1), 365), left, undated]

    cases = contracts(changes, frozenset(), date(2025, 1, 1))
    assert list(zip(cases.partner.tolist(), cases.result.tolist(), strict=True)) == [(2, 0.0)]
    known = contracts(changes, frozenset({3}), date(2025, 1, 1))
    assert known.partner.tolist() == [2, 3]
    assert len(contracts(changes, frozenset({3}), date(2025, 9, 2)).partner) == 0


def test_whoever_left_and_came_back_stayed() -> None:
    heard = heard_of((1, 100, 9, 0), (2, 100, 9, 0), (3, 100, 9, 0))
    until = date.fromordinal(400)
    changes = [
        Standing(1, date.fromordinal(300), None, None, left=True),
        Standing(1, date.fromordinal(310), None, None, left=False, came_back=True),
        Standing(2, date.fromordinal(300), None, None, left=True),
        Standing(3, date.fromordinal(150), None, None, left=True),
    ]
    cases = staying(changes, heard, frozenset({2, 3}), until)
    assert dict(zip(cases.partner.tolist(), cases.result.tolist(), strict=True)) == {1: 1.0, 2: 0.0}


def test_whoever_left_on_a_day_that_nobody_recorded_neither_stayed_nor_left() -> None:
    heard = heard_of((1, 100, 9, 0), (2, 100, 9, 0))
    cases = staying([], heard, frozenset({2}), date.fromordinal(400))
    assert cases.partner.tolist() == [1]


def test_a_partner_of_both_sides_is_counted_once() -> None:
    heard = heard_of(
        *((partner, day, 10 * (day == 100), 0) for partner in range(1, 13) for day in (100, 200))
    )
    quarters = Cases(np.repeat(np.arange(1, 13), 2), np.tile([101, 201], 12), np.zeros(24))
    told = compare(Later.EARNED, Split.SCORE, quarters, heard)
    assert (told.good.partners, told.bad.partners, told.partners) == (12, 12, 12)
    assert told.told is Told.TOO_FEW
    assert told.is_too_few


def test_only_what_was_said_before_counts() -> None:
    heard = heard_of((1, 100, 10, 0), (1, 190, 4, 2), (1, 200, 0, 9), (2, 150, 7, 0))
    score, broken = before(heard, np.array([1, 2, 3]), np.array([200, 400, 200]), 100)
    assert score.tolist()[0] == 7.0
    assert broken.tolist()[0] == 1.0
    assert np.isnan(score[1:]).all()


def test_growth_knows_stops_and_beginnings() -> None:
    changes = growth(np.array([100.0, 100, 0, 0, -5]), np.array([150.0, 0, 10, 0, 5]))
    assert changes[:3].tolist() == [0.4, -2.0, 2.0]
    assert np.isnan(changes[3])
    assert changes[4] == 2.0


def heard_of(*rows: tuple[int, int, int, int]) -> Heard:
    partner, day, score, broken = np.array(rows).T
    return Heard(partner, day, score, broken)
