"""Sentences about findings, in both languages: amounts that happen, and no more certainty than there is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils.translation import override

from otklik.impact.labels import BAD_ROWS, CAUSES, CONFOUNDERS, MEANINGS, VERDICTS
from otklik.impact.rules.slopes import Slope
from otklik.impact.rules.telling import told_change, told_swing
from otklik.impact.rules.vocabulary import Exposure, Outcome
from otklik.impact.sentences import (
    counted_verdicts,
    effect_sentence,
    headline_sentence,
    notes,
    placebo,
    reasons,
    support_sentence,
    verdict_sentence,
)
from otklik.impact.tests.samples import BREACHES, REOPENED, REPORT
from otklik.impact.web.lines import bin_lines
from otklik.impact.words import dose, number, points
from otklik.stats.clustered import Estimate
from otklik.stats.impact_verdict import BadRow, Confounder, Note, Reason, Verdict
from otklik.stats.intervals import Interval

WAIT = replace(
    BREACHES, exposure=Exposure.WAIT_MEDIAN, within=Slope(-1.2, 0.3, -2.0, -0.4, 900, 80, 0.9), swing=6.4
)


def test_what_lasts_is_told_by_its_usual_swing_and_what_is_counted_by_one() -> None:
    assert told_change(WAIT) == 6.0
    assert told_change(replace(WAIT, swing=0.4)) == 0.4
    assert told_change(BREACHES) == 1.0
    assert effect_sentence(WAIT, Outcome.NPS) == (
        "When a partner usually waits 6 business hours longer for our answer, its NPS is about 7 points "
        "lower (2 to 12)."
    )


def test_no_effect_is_told_by_a_change_that_would_take_the_score_off_its_scale() -> None:
    slope = Estimate(-21.0, 4.0, Interval(-30.0, -12.0), None, None, None, 900, 80, 11.0)
    assert told_swing(9.0, slope, Outcome.NPS, 20.0) == 1.0, "189 points lower is lower than -100"
    assert told_swing(5.0, slope, Outcome.NPS, 20.0) == 5.0
    assert told_swing(5.0, slope, Outcome.CSAT, 85.0) == 1.0
    assert told_swing(9.0, None, Outcome.NPS, 20.0) == 9.0


def test_in_russian() -> None:
    with override("ru"):
        assert effect_sentence(BREACHES, Outcome.NPS) == (
            "Когда за 90 дней партнёр ещё раз не дождался ответа в обещанный срок, его NPS ниже примерно на "
            "9 пунктов (от 3 до 15)."
        )
        assert [dose(Exposure.WAIT_LONG, value) for value in (1, 3, 5, 0.5)] == [
            "1 час рабочего времени",
            "3 часа рабочего времени",
            "5 часов рабочего времени",
            "0,5 часа рабочего времени",
        ]
        assert "влияние есть: 1, влияния не видно: 1" in counted_verdicts(REPORT)


def test_what_support_moves_is_told_even_where_something_else_moves_more() -> None:
    assert support_sentence(REPORT) == ""
    money = replace(BREACHES, exposure=Exposure.PAYOUTS_LATE, swing=9.0)
    outside_first = replace(REPORT, studies=(BREACHES, money))
    assert support_sentence(outside_first) == effect_sentence(BREACHES, Outcome.NPS)
    none_of_ours = replace(REPORT, studies=(REOPENED, money))
    assert support_sentence(none_of_ours) == "Nothing that support does was seen to move NPS."


@pytest.mark.parametrize("unknown", [Verdict.CANNOT_TELL, Verdict.REFUSED])
def test_what_nobody_can_tell_of_support_is_not_told_as_nothing_seen(unknown: Verdict) -> None:
    money = replace(BREACHES, exposure=Exposure.PAYOUTS_LATE, swing=9.0)
    wait = replace(WAIT, verdict=unknown)
    for ours in ((wait,), (REOPENED, wait)):
        sentence = support_sentence(replace(REPORT, studies=(*ours, money)))
        assert sentence == "Nobody can tell yet whether support moves NPS."


def test_so_many_more_is_never_so_many_times_as_much() -> None:
    counted = (Exposure.BREACHES, Exposure.REOPENED, Exposure.HANDED_OVER, Exposure.MANAGER_CHANGED)
    assert [dose(one, 2) for one in counted] == [
        "2 missed promises",
        "2 returns",
        "2 hand-overs",
        "2 changes of manager",
    ]
    with override("ru"):
        assert [dose(one, value) for one, value in zip(counted, (1, 3, 5, 0.5), strict=True)] == [
            "1 срыв срока",
            "3 возврата",
            "5 передач",
            "0,5 смены менеджера",
        ]


def test_an_effect_may_raise_the_score() -> None:
    up = replace(BREACHES, within=Slope(9.1, 2.1, 3.1, 15.1, 1840, 212, 7.9))
    assert effect_sentence(up, Outcome.NPS).endswith("its NPS is about 9 points higher (3 to 15).")


def test_every_cause_has_words_for_both_scores() -> None:
    in_ticket = (Exposure.WAIT_MEDIAN, Exposure.BREACHES, Exposure.REOPENED, Exposure.HANDED_OVER)
    for one in Exposure:
        assert effect_sentence(replace(BREACHES, exposure=one), Outcome.NPS).startswith("When ")
        assert dose(one, 2).startswith("2 ")
        assert {one} <= CAUSES.keys() & MEANINGS.keys()
    for one in (*in_ticket, Exposure.FOREIGN_LANGUAGE):
        assert "a ticket" in effect_sentence(replace(BREACHES, exposure=one), Outcome.CSAT)


def test_every_word_of_the_closed_lists_is_told() -> None:
    assert set(CONFOUNDERS) == set(Confounder)
    assert set(BAD_ROWS) == set(BadRow)
    assert set(VERDICTS) == set(Verdict)
    for reason in Reason:
        assert reasons(replace(BREACHES, reasons=(reason,)), Outcome.NPS)[0]
    told = set(Note) - {Note.PLACEBO_MISSING, Note.PLACEBO_TOO_WEAK}  # these stand beside the placebo
    assert len(notes(replace(BREACHES, notes=tuple(Note)))) == len(told)


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.NO_EFFECT_SEEN, "differs by less than 10 points"),
        (Verdict.CANNOT_TELL, "nobody can tell whether this moves NPS"),
        (Verdict.REFUSED, "Nothing is computed"),
    ],
)
def test_no_effect_is_told_without_an_amount_of_it(verdict: Verdict, said: str) -> None:
    sentence = verdict_sentence(replace(BREACHES, verdict=verdict), Outcome.NPS)
    assert said in sentence
    assert "lower (" not in sentence


def test_nothing_to_be_seen_anywhere_is_a_finding_of_its_own() -> None:
    assert headline_sentence(replace(REPORT, studies=(REOPENED,))) == (
        "Nothing that was looked at moves NPS by as much as 10 points."
    )
    assert "nobody can tell" in headline_sentence(replace(REPORT, studies=()))


def test_a_future_that_moves_the_past_is_named() -> None:
    caught = replace(BREACHES, placebo=Slope(-5.0, 1.0, -8.0, -2.0, 900, 80, 3.0))
    assert "something hidden is at work" in placebo(caught, Outcome.NPS)
    assert "Too few partners answered again" in placebo(REOPENED, Outcome.NPS)
    assert "as it should be" in placebo(replace(BREACHES, notes=()), Outcome.NPS)


def test_the_look_into_the_future_tells_the_time_it_looks_at() -> None:
    """The placebo is what came before an answer given 90 days later at the least, however late that was."""
    caught = replace(BREACHES, reasons=(Reason.FUTURE_MOVES_PAST,))
    for said in (placebo(BREACHES, Outcome.NPS), *reasons(caught, Outcome.NPS)):
        assert said.startswith("What happens before the partner’s next answer, three months later or more,")
    for said in (placebo(BREACHES, Outcome.CSAT), *reasons(caught, Outcome.CSAT)):
        assert said.startswith("What happens in a later ticket, rated after three months or more,")


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.25, "0.25"), (0.5, "0.5"), (3.0, "3"), (7.64, "7.6"), (13.2, "13"), (-1.5, "−1.5")],
)
def test_numbers_have_as_many_decimals_as_say_something(value: float, written: str) -> None:
    assert number(value) == written


def test_points_are_whole_unless_they_are_few() -> None:
    assert (points(-9.1), points(1.0), points(0.84)) == ("9 points", "1 point", "0.8 points")


def test_a_mean_of_ratings_has_no_sign_that_makes_it_a_change() -> None:
    assert bin_lines(BREACHES, Outcome.CSAT)[0].mean == "34"
    assert bin_lines(BREACHES, Outcome.NPS)[0].mean == "+34"
