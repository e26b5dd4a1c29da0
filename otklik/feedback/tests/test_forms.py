"""What a form may ask, and what of an answer it keeps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.feedback.rules.forms import (
    Band,
    FormProblem,
    FormRefused,
    band_of,
    question_row,
    read_answers,
    read_form,
)
from otklik.feedback.rules.vocabulary import SurveyKind

WORDS = {
    "en": {"question": "How likely?", "follow_up": "Why?", "follow_up_low": "What went wrong?"},
    "ru": {"question": "Насколько вероятно?", "follow_up": "Почему?"},
}
REASON: dict[str, Any] = {
    "key": "reason",
    "kind": "choice",
    "high": 6,
    "labels": {"en": "Mostly about", "ru": "Прежде всего о чём"},
    "options": {"en": ["Payouts", "Support"], "ru": ["Выплаты", "Поддержка"]},
}
SEVERAL = {**REASON, "key": "more", "kind": "choices", "high": None}
EASE = {"key": "ease", "kind": "ces", "labels": REASON["labels"]}
WISH = {"key": "wish", "kind": "text", "labels": REASON["labels"]}


def form(*questions: dict[str, Any]) -> Any:
    return read_form(SurveyKind.NPS, WORDS, questions)


@pytest.mark.parametrize(
    ("kind", "score", "band"),
    [
        (SurveyKind.NPS, 6, Band.LOW),
        (SurveyKind.NPS, 7, Band.MIDDLE),
        (SurveyKind.NPS, 9, Band.HIGH),
        (SurveyKind.CSAT, 2, Band.LOW),
        (SurveyKind.CSAT, 4, Band.HIGH),
        (SurveyKind.CES, 3, Band.LOW),
        (SurveyKind.CES, 5, Band.MIDDLE),
    ],
)
def test_scores_belong_to_bands(kind: SurveyKind, score: int, band: Band) -> None:
    assert band_of(kind, score) is band


def test_a_low_score_opens_its_own_question_and_words() -> None:
    asked = form(REASON)
    assert [q.key for q in asked.questions_for(3)] == ["reason"]
    assert asked.questions_for(9) == []
    assert asked.follow_up("en", 3) == "What went wrong?"
    assert asked.follow_up("ru", 3) == "Почему?"


def test_the_language_is_the_first_the_form_has() -> None:
    assert form().language_for("de", "ru-RU", "en") == "ru"
    assert form().language_for("de") == "en"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"key": "Big key"}, FormProblem.BAD_KEY),
        ({"kind": "colour"}, FormProblem.UNKNOWN_KIND),
        ({"low": 8, "high": 3}, FormProblem.BAD_BRANCH),
        ({"high": 11}, FormProblem.BAD_BRANCH),
        ({"labels": {"en": "Only one"}}, FormProblem.NO_LABEL),
        ({"options": {"en": ["a", "b"], "ru": ["а"]}}, FormProblem.BAD_OPTIONS),
    ],
)
def test_a_form_that_cannot_be_answered_is_refused(change: dict[str, Any], problem: FormProblem) -> None:
    with pytest.raises(FormRefused) as refused:
        form({**REASON, **change})
    assert refused.value.problem is problem
    with pytest.raises(FormRefused):
        form(REASON, REASON)


def test_an_answer_keeps_what_was_asked_and_nothing_else() -> None:
    asked = form(REASON, SEVERAL, EASE, WISH)
    given_ = {"reason": "1", "more": ["1", "0", "1", "9"], "ease": "8", "wish": " more\x00 ", "other": "x"}
    assert read_answers(asked, 3, given_) == {"reason": 1, "more": [0, 1], "wish": "more"}
    assert "reason" not in read_answers(asked, 9, given_)


@given(st.dictionaries(st.sampled_from(["reason", "more", "ease", "wish"]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda s: st.lists(s, max_size=3)
)))  # fmt: skip
def test_no_answer_breaks_the_form(answers: dict[str, Any]) -> None:
    kept = read_answers(form(REASON, SEVERAL, EASE, WISH), 3, answers)
    assert read_answers(form(REASON, SEVERAL, EASE, WISH), 3, kept) == kept


def test_a_question_is_stored_as_it_is_read() -> None:
    rows = [question_row(question) for question in form(REASON, SEVERAL, EASE, WISH).questions]
    assert [question_row(q) for q in form(*rows).questions] == rows
