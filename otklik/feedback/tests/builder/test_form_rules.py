"""Standard forms, what is told of a broken one, and what one version changed against another."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.feedback.rules.form_review import (
    Change,
    ChangeKind,
    Stored,
    Trouble,
    changes_between,
    troubles_of,
)
from otklik.feedback.rules.forms import WORDS, FormProblem, FormRefused, question_row, read_form
from otklik.feedback.rules.standard_forms import StandardForm, standard_form
from otklik.feedback.rules.vocabulary import SurveyKind

GOOD = {"en": {"question": "How likely?"}, "ru": {"question": "Насколько вероятно?"}}
REASON: dict[str, Any] = {
    "key": "q1",
    "kind": "choice",
    "high": 6,
    "labels": {"en": "Mostly about", "ru": "О чём"},
    "options": {"en": ["Payouts", "Support"], "ru": ["Выплаты", "Поддержка"]},
}


@pytest.mark.parametrize("form", StandardForm)
def test_every_standard_form_is_whole_in_both_languages(form: StandardForm) -> None:
    draft = standard_form(form)
    read = read_form(draft.kind, draft.wording, draft.questions)
    assert set(read.languages) == {"en", "ru"}
    for language in read.languages:
        words = read.words[language]
        assert {"question", "low", "high", "follow_up", "contact", "thanks", "subject", "intro"} <= set(words)
    assert troubles_of(draft.kind, draft.wording, draft.questions) == []


@pytest.mark.parametrize("form", StandardForm)
def test_a_standard_form_comes_in_one_language_too(form: StandardForm) -> None:
    draft = standard_form(form, ["ru"])
    assert read_form(draft.kind, draft.wording, draft.questions).languages == ("ru",)
    assert standard_form(form, ["kk"]).wording.keys() == {"en"}


@pytest.mark.parametrize(
    ("options", "twice"),
    [
        (["Payouts", "Payouts"], "Payouts"),
        (["Payouts", "Support", " pay\u00a0Outs "], ""),
        (["Late  payouts", "late payouts"], "late payouts"),
        (["ВЫПЛАТЫ", "Выплаты"], "Выплаты"),
    ],
)
def test_options_nobody_can_tell_apart_are_refused_and_an_older_version_stays_readable(
    options: list[str], twice: str
) -> None:
    row = {**REASON, "options": {"en": options}, "labels": {"en": "About"}}
    wording = {"en": GOOD["en"]}
    assert read_form(SurveyKind.NPS, wording, [row]).questions[0].amount() == len(options)
    told = troubles_of(SurveyKind.NPS, wording, [row])
    if not twice:
        assert told == []
        return
    assert told == [Trouble(FormProblem.OPTION_TWICE, "options", "en", "q1", twice)]
    with pytest.raises(FormRefused) as refused:
        read_form(SurveyKind.NPS, wording, [row], is_new=True)
    assert refused.value.problem is FormProblem.OPTION_TWICE


def test_everything_that_is_wrong_is_told_at_once() -> None:
    wording = {
        "en": {"question": " ", "subject": "About {progam}", "intro": "x" * 1001},
        "ru": {"question": "Как?"},
    }
    broken = {**REASON, "low": 8, "labels": {"en": "", "ru": "О чём"}}
    uneven = {**REASON, "key": "q2", "options": {"en": ["a", "b", "c"], "ru": ["а", "б"]}}
    found = troubles_of(SurveyKind.NPS, wording, [broken, uneven])
    assert Trouble(FormProblem.NO_QUESTION, "question", "en") in found
    assert Trouble(FormProblem.BROKEN_VARIABLE, "subject", "en", detail="{progam}") in found
    assert Trouble(FormProblem.WORDS_TOO_LONG, "intro", "en") in found
    assert Trouble(FormProblem.BAD_BRANCH, "branch", "", "q1") in found
    assert Trouble(FormProblem.BAD_OPTIONS, "options", "", "q2") in found
    assert len(found) == 5


def test_labels_are_told_language_by_language() -> None:
    row = {**REASON, "labels": {"en": "", "ru": ""}}
    found = troubles_of(SurveyKind.NPS, GOOD, [row])
    assert found == [Trouble(FormProblem.NO_LABEL, "label", one, "q1") for one in ("en", "ru")]


_TEXTS = st.sampled_from(["", " ", "Fine", "{name}", "{nobody}", "x" * 1001])
_WORDING = st.dictionaries(
    st.sampled_from(["en", "ru"]), st.dictionaries(st.sampled_from(WORDS), _TEXTS, max_size=4), max_size=2
)
_ROW = st.fixed_dictionaries(
    {
        "key": st.sampled_from(["q1", "q2", "Q"]),
        "kind": st.sampled_from(["choice", "text", "colour"]),
        "low": st.sampled_from([None, 0, 7, 11]),
        "high": st.sampled_from([None, 0, 7, 11]),
        "labels": st.dictionaries(st.sampled_from(["en", "ru"]), _TEXTS),
        "options": st.dictionaries(
            st.sampled_from(["en", "ru"]), st.lists(st.sampled_from(["a", ""]), max_size=3)
        ),
    }
)


@given(_WORDING, st.lists(_ROW, max_size=3))
def test_what_is_told_and_what_is_refused_agree(wording: Any, rows: Any) -> None:
    wording = {one: {w: t for w, t in texts.items() if t.strip()} for one, texts in wording.items()}
    try:
        read_form(SurveyKind.NPS, wording, rows)
    except FormRefused:
        assert troubles_of(SurveyKind.NPS, wording, rows)
    else:
        # A language without a word is no language of the form.
        wording = {language: texts for language, texts in wording.items() if texts}
        assert troubles_of(SurveyKind.NPS, wording, rows) == []


def stored(wording: Any, *rows: Any, contact: bool = True) -> Stored:
    form = read_form(SurveyKind.NPS, wording, rows)
    return Stored(form.words, [question_row(question) for question in form.questions], contact)


def test_a_new_version_says_what_it_changed() -> None:
    second = {**REASON, "key": "q2", "kind": "text", "labels": {"en": "More?", "ru": "Ещё?"}, "options": {}}
    old = stored(GOOD, REASON, second)
    new = stored(
        {"en": {"question": "Would you recommend us?"}, "ru": GOOD["ru"], "de": {"question": "Wie?"}},
        {**second, "labels": second["labels"] | {"de": "Mehr?"}},
        {
            **REASON,
            "high": 8,
            "labels": REASON["labels"] | {"de": "Worum"},
            "options": REASON["options"] | {"de": ["A", "B"]},
        },
        contact=False,
    )
    assert changes_between(old, new) == [
        Change(ChangeKind.LANGUAGE_ADDED, language="de"),
        Change(ChangeKind.WORDS, "question", "en", "How likely?", "Would you recommend us?"),
        Change(ChangeKind.QUESTION_CHANGED, before="Mostly about", after="Mostly about"),
        Change(ChangeKind.ORDER),
        Change(ChangeKind.CONTACT_NOT_ASKED),
    ]
    assert changes_between(old, old) == []
    fewer = stored(GOOD, REASON)
    assert changes_between(old, fewer) == [Change(ChangeKind.QUESTION_REMOVED, before="More?")]
