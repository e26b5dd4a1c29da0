"""Studies of programs whose truth is known, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from otklik.impact.rules import driving
from otklik.impact.rules.headline import change, headline, in_order
from otklik.impact.rules.leads import lead, next_answers
from otklik.impact.rules.reading import csat_answers, nps_answers
from otklik.impact.rules.report import Report
from otklik.impact.rules.studying import Asked, held, report_of
from otklik.impact.rules.vocabulary import OUTSIDE_SUPPORT, Exposure
from otklik.impact.tests.programs import AT, answers, rated_tickets
from otklik.stats.impact_verdict import BadRow, Confounder, Reason, Verdict

SINCE = date(2024, 7, 1)


@pytest.fixture(autouse=True)
def few_replicates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driving, "REPLICATES", 20)


def reported(columns: dict[str, Any], asked: Asked | None = None) -> Report:
    return report_of(nps_answers(columns, AT), since=SINCE, until=AT.date(), asked=asked)


def without_drivers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otklik.impact.rules.studying.drivers_of", lambda table: None)


def test_a_planted_cause_is_found_and_told_first_and_what_goes_with_it_is_not() -> None:
    report = reported(answers(partners=90, planted={Exposure.BREACHES: 1.5}))
    found = headline(report)
    assert found.first is report.of(Exposure.BREACHES)
    assert (found.verdict, found.effects_of_support, found.effects_outside) == (Verdict.EFFECT, 1, 0)
    assert found.first is not None
    assert found.first.within is not None
    assert found.first.within.high is not None
    assert found.first.within.high < 0
    assert found.first.level == pytest.approx(1 - 0.05 / len(Exposure))
    effects = [one.exposure for one in report.studies if one.verdict is Verdict.EFFECT]
    assert effects == [Exposure.BREACHES]
    drivers = report.drivers
    assert drivers is not None
    assert drivers.support + drivers.outside + drivers.unexplained == pytest.approx(1)
    assert drivers.support_low is not None
    assert drivers.support_high is not None
    assert drivers.support_low < drivers.support < drivers.support_high
    assert drivers.unexplained_low is not None
    assert drivers.unexplained_low < drivers.unexplained
    assert {one.name for one in drivers.found} >= {"breaches", "waits", "tickets", "tier", "month"}
    assert drivers.found[0].name in ("breaches", "tickets")


def test_bad_rows_are_counted_by_reason_and_too_many_refuse_every_study() -> None:
    columns = answers(partners=30)
    columns["score"][:3] = 11
    columns["responded_at"][3] = np.datetime64("2026-08-01", "us")
    columns["breaches"] = columns["breaches"].astype(float)
    columns["breaches"][4] = np.nan
    columns["contact"][6], columns["responded_at"][6] = columns["contact"][5], columns["responded_at"][5]
    columns["score"][6] = columns["score"][5]
    columns["id"][7] = columns["id"][8]
    columns["tickets"][9] = 4
    columns["desk_since"][9] = np.datetime64("NaT")
    report = reported(columns)
    assert dict(report.bad_rows) == {
        BadRow.SCORE_OUT_OF_RANGE: 3,
        BadRow.IMPOSSIBLE_TIMES: 1,
        BadRow.VALUE_UNREADABLE: 1,
        BadRow.DUPLICATE_ANSWER: 2,
        BadRow.ANSWER_BEFORE_EXPOSURE: 1,
    }
    assert (report.rows, report.bad, report.answers, report.passed) == (210, 8, 202, True)
    columns["score"][20:30] = -1
    refused = reported(columns)
    assert (refused.passed, refused.drivers) == (False, None)
    assert {(one.verdict, one.reasons) for one in refused.studies} == {(Verdict.REFUSED, (Reason.BAD_ROWS,))}
    assert {one.within for one in refused.studies} == {None}
    assert headline(refused).verdict is Verdict.REFUSED


def test_answers_whose_window_began_before_the_desk_are_left_out_and_not_bad(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_drivers(monkeypatch)
    columns = answers(partners=30)
    moments = columns["responded_at"]
    columns["desk_since"] = np.full(210, np.datetime64("2024-10-01", "us"))
    columns["tickets"][moments < columns["desk_since"]] = 0
    report = reported(columns)
    early = int((moments < np.datetime64("2024-10-01", "us") + np.timedelta64(90, "D")).sum())
    assert (report.left_out, report.bad, report.answers) == (early, 0, 210 - early)
    assert early > 30
    columns["desk_since"] = np.full(210, np.datetime64("NaT"), dtype="datetime64[us]")
    columns["tickets"] = np.zeros(210)
    nobody = reported(columns)
    assert (nobody.left_out, nobody.answers, nobody.passed, nobody.partners) == (210, 0, False, 0)


def test_under_twenty_partners_nothing_is_inferred() -> None:
    report = reported(answers(partners=19))
    assert {one.verdict for one in report.studies} == {Verdict.REFUSED}
    assert {one.reasons for one in report.studies} == {(Reason.TOO_FEW_UNITS,)}
    assert report.drivers is None


def test_shares_take_ten_answers_a_column() -> None:
    few, enough = (reported(answers(partners=partners)).drivers for partners in (22, 80))
    assert few is None
    assert enough is not None
    assert enough.support_low is not None


def test_support_is_not_credited_with_noise() -> None:
    columns = answers(partners=90)
    columns["score"] = np.random.default_rng(3).integers(0, 11, len(columns["score"]))
    found = reported(columns).drivers
    assert found is not None
    assert found.support_low == 0
    assert found.support < 0.02
    assert found.unexplained_low is not None
    assert found.unexplained_high is not None
    assert found.unexplained_low <= found.unexplained <= found.unexplained_high == 1


def test_waits_are_studied_where_somebody_waited_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    without_drivers(monkeypatch)
    report = reported(answers(), Asked(people=500, answered=420))
    wait, breaches, held_money = (
        report.of(one) for one in (Exposure.WAIT_MEDIAN, Exposure.BREACHES, Exposure.MONEY_HELD)
    )
    assert wait
    assert breaches
    assert held_money
    assert wait.within
    assert breaches.within
    assert wait.within.n < breaches.within.n == report.answers == 420
    assert Confounder.ONLY_TICKET_OPENERS_ASKED in wait.confounders
    assert Confounder.ONLY_TICKET_OPENERS_ASKED not in breaches.confounders
    assert Confounder.HARD_TICKETS_ARE_SLOWER in breaches.confounders
    assert held_money.confounders == (Confounder.CHANGES_IN_TIME,)
    assert report.asked == 500
    assert reported(answers(), Asked(people=500, answered=100)).asked is None, "who else answered?"


def test_no_study_holds_what_lies_on_the_way() -> None:
    table = nps_answers(answers(partners=20), AT)
    outside = [table.exposures[one] for one in Exposure if one in OUTSIDE_SUPPORT]
    np.testing.assert_array_equal(
        held(Exposure.BREACHES, table),
        np.column_stack([table.tickets, np.log1p(table.tickets), *outside]),  # type: ignore[arg-type]
    )
    np.testing.assert_array_equal(held(Exposure.MONEY_HELD, table), np.column_stack(outside[1:]))
    ratings = csat_answers(rated_tickets(partners=20, angry=1), AT)
    # Moods: calm, angry, and not known.
    assert held(Exposure.BREACHES, ratings).shape == (240, 3 + 1 + 1 + 2)


def test_an_angry_beginning_is_no_fault_of_the_wait_that_went_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_drivers(monkeypatch)
    table = csat_answers(rated_tickets(partners=80, angry=2), AT)
    blamed = replace(table, held=tuple(name for name in table.held if name != "mood"))
    verdicts = []
    for one in (blamed, table):
        wait = report_of(one, since=SINCE, until=AT.date(), asked=None).of(Exposure.WAIT_MEDIAN)
        assert wait is not None
        verdicts.append(wait.verdict)
    assert verdicts[0] is Verdict.EFFECT
    assert verdicts[1] is not Verdict.EFFECT


def test_ratings_are_studied_by_ticket_with_topic_and_priority_held(monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_of(
        csat_answers(rated_tickets(partners=80, unhappy=1.5), AT), since=SINCE, until=AT.date(), asked=None
    )
    found = headline(report).first
    assert found is not None
    assert (found.exposure, found.verdict) == (Exposure.REOPENED, Verdict.EFFECT)
    assert Confounder.HARD_TICKETS_ARE_SLOWER not in found.confounders
    assert Confounder.UNHAPPY_OPEN_MORE in found.confounders
    assert 0 < report.outcome_mean < 100
    language = report.of(Exposure.FOREIGN_LANGUAGE)
    assert language
    assert language.within
    assert 0 < language.within.n < report.answers == 960
    assert len(report.studies) == 5
    assert report.drivers is not None
    assert {one.name for one in report.drivers.found} >= {"topic", "priority", "reopened", "waits"}


def test_the_next_answer_is_the_first_of_the_same_partner_whose_window_is_free() -> None:
    day = np.datetime64("2026-01-01", "us") + np.array([0, 30, 90, 200, 0, 89, 91]).astype("timedelta64[D]")
    partners = np.array([7, 7, 7, 7, 3, 3, 3])
    found = next_answers(partners, day)
    assert found.tolist() == [2, 3, 3, -1, 6, -1, -1]
    assert np.nan_to_num(lead(np.arange(7.0), found), nan=-9).tolist() == [2, 3, 3, -9, 6, -9, -9]
    assert next_answers(partners[:0], day[:0]).size == 0
    order = np.random.default_rng(0).permutation(7)
    again = next_answers(partners[order], day[order])
    assert [order[one] if one >= 0 else -1 for one in again] == found[order].tolist()


def test_effects_come_first_and_among_equals_the_largest_change(monkeypatch: pytest.MonkeyPatch) -> None:
    without_drivers(monkeypatch)
    report = reported(answers(planted={Exposure.BREACHES: 1.5, Exposure.PAYOUTS_LATE: 3.0}, partners=90))
    order = in_order(report.studies)
    assert [one.exposure for one in order[:2]] == [Exposure.BREACHES, Exposure.PAYOUTS_LATE]
    assert change(order[0]) > change(order[1]) > 0
    assert headline(report).effects_outside == 1
    weeks = (AT.date() - (SINCE + timedelta(days=31))).days / 7
    assert report.answers_a_week == pytest.approx(630 / weeks, rel=0.02)
