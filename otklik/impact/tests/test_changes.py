"""What a policy change did, where the truth is planted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from otklik.impact.rules.change_study import ChangeStudy
from otklik.impact.rules.changes import Starts, studies_of_changes
from otklik.impact.rules.reading import nps_answers
from otklik.impact.rules.report import as_data, from_data
from otklik.impact.rules.vocabulary import ChangeDoubt, ChangeReason
from otklik.impact.tests.programs import AT, answers
from otklik.impact.tests.samples import REPORT
from otklik.stats.impact_verdict import Note, Verdict

SPRING, SUMMER = date(2025, 4, 1), date(2025, 10, 15)
Columns = dict[str, Any]


def every_month(points: float = 0.0, *, starts: dict[int, date], before: float = 0.0) -> Columns:
    """Sixty partners, one answer in each of 22 months, ``points`` of the 0..10 scale better under it and
    ``before`` off in the three months before it came. Scores drift with the year."""
    columns = answers(3, rounds=22)
    months = np.arange("2024-09", "2026-07", dtype="datetime64[M]")
    partner, turn = columns["partner"], np.arange(60 * 22) % 22
    columns["responded_at"] = (months[turn] + np.timedelta64(0, "D")).astype(
        "datetime64[us]"
    ) + np.timedelta64(9, "D")
    rng = np.random.default_rng(5)
    felt = 7 + rng.normal(size=61)[partner] + np.sin(turn / 3) + 1.5 * rng.normal(size=len(partner))
    came = np.array([np.datetime64(starts.get(pk, date(2099, 1, 1)), "M") for pk in partner])
    age = (months[turn] - came).astype(int)
    felt += points * (age >= 0) + before * ((age < 0) & (age >= -3))
    return {**columns, "score": np.clip(np.rint(felt), 0, 10).astype(int)}


def of(starts: dict[int, date], columns: Columns) -> ChangeStudy:
    days = dict(sorted(starts.items()))
    change = Starts(7, 2, np.array(list(days), dtype=np.int64), tuple(days.values()))
    (found,) = studies_of_changes(nps_answers(columns, AT), [change], until=AT.date())
    return found


STAGGERED = {pk: SPRING if pk % 3 == 0 else SUMMER for pk in range(1, 61) if pk % 3 < 2}


def test_a_change_that_helped_is_found_and_was_not_there_before() -> None:
    found = of(STAGGERED, every_month(2.0, starts=STAGGERED))
    assert (found.change, found.version, found.verdict) == (7, 2, Verdict.EFFECT)
    assert found.reasons == (ChangeReason.INTERVAL_EXCLUDES_ZERO,)
    assert found.doubts == tuple(ChangeDoubt)
    assert found.average is not None
    assert found.average.low is not None
    assert found.average.low > 15
    assert (found.partners, found.reached, found.left_out) == (60, 40, 0)
    assert [(one.first, one.last) for one in found.before] == [(-6, -4), (-3, -1)]
    assert all((one.low or 0) < 0 < (one.high or 0) for one in found.before)
    assert [one.first for one in found.since] == [0, 3, 6, 9, 12]
    # Of twenty partners that it came to in the middle of October, that month belongs to neither side.
    assert found.split == 20
    assert found.under == sum(one.n for one in found.since) == 20 * 15 + 20 * 8


def test_a_change_that_did_nothing_is_called_no_effect() -> None:
    found = of(STAGGERED, every_month(0.0, starts=STAGGERED))
    assert found.verdict in (Verdict.NO_EFFECT_SEEN, Verdict.CANNOT_TELL)
    assert found.average is not None
    assert (found.average.smallest_visible or 0) > 0


def test_partners_that_were_off_before_it_came_take_the_finding_back() -> None:
    found = of(STAGGERED, every_month(2.0, starts=STAGGERED, before=-2.5))
    assert found.verdict is Verdict.CANNOT_TELL
    assert found.reasons == (ChangeReason.APART_BEFORE,)


@pytest.mark.parametrize(
    ("starts", "reason"),
    [
        (dict.fromkeys(range(1, 61), SPRING), ChangeReason.EVERYBODY_AT_ONCE),
        (dict.fromkeys(range(1, 61), date(2020, 1, 1)), ChangeReason.EVERYBODY_AT_ONCE),
        ({pk: date(2020, 1 + pk % 2, 1) for pk in range(1, 61)}, ChangeReason.NOBODY_LEFT),
        (dict.fromkeys(range(1, 10), SPRING), ChangeReason.TOO_FEW_REACHED),
        (dict.fromkeys(range(1, 31), date(2026, 9, 1)), ChangeReason.NOT_YET),
        ({}, ChangeReason.NOT_YET),
        ({500: SPRING}, ChangeReason.NOT_YET),
    ],
)
def test_what_cannot_be_compared_is_not_computed(starts: dict[int, date], reason: ChangeReason) -> None:
    found = of(starts, every_month(2.0, starts=starts))
    assert (found.verdict, found.reasons, found.average) == (Verdict.REFUSED, (reason,), None)


def test_few_partners_and_bad_answers_are_not_looked_at() -> None:
    few = answers(partners=12)
    assert of(STAGGERED, few).reasons == (ChangeReason.TOO_FEW_PARTNERS,)
    bad = every_month(2.0, starts=STAGGERED)
    bad["score"][::10] = 11
    found = of(STAGGERED, bad)
    assert (found.reasons, found.bad) == ((ChangeReason.BAD_ROWS,), 132)


def test_answers_of_before_the_desk_tell_of_a_policy() -> None:
    """Nothing of support has to be known."""
    columns = every_month(2.0, starts=STAGGERED)
    columns["desk_since"] = np.full(60 * 22, np.datetime64("2026-06-01", "us"))
    columns["tickets"] = np.zeros(60 * 22, int)
    assert of(STAGGERED, columns).verdict is Verdict.EFFECT


def test_a_change_without_a_time_before_it_says_that_there_was_no_check() -> None:
    columns = every_month(2.0, starts=STAGGERED)
    late = columns["responded_at"] >= np.datetime64("2025-09-01")
    late |= columns["partner"] % 3 == 2
    starts = {pk: SUMMER for pk in STAGGERED if pk % 3 == 1}
    found = of(starts, {name: values[late] for name, values in columns.items()})
    assert found.before[-1].n == 20
    assert Note.PLACEBO_MISSING in found.notes


def test_a_report_keeps_what_was_found_of_changes() -> None:
    found = of(STAGGERED, every_month(2.0, starts=STAGGERED))
    report = replace(REPORT, changes=(found,))
    kept = from_data(json.loads(json.dumps(as_data(report))))
    assert kept == report
    assert kept.of_change(7, 2) == found
    assert kept.of_change(7, 1) is None, "corrected since"
