from __future__ import annotations

import pytest

from otklik.feedback.rules.forms import FormProblem, FormRefused, read_form
from otklik.feedback.rules.mail_answers import is_dead_address
from otklik.feedback.rules.mail_words import BrokenWords, Variable, check_words, parts_of
from otklik.feedback.rules.vocabulary import SurveyKind


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("Hello {nmae}", "{nmae}"),
        ("Hello {name", "{"),
        ("Hello name}", "}"),
        ("{{name}}", "{"),
        ("{}", "{}"),
        ("{name.__class__}", "{name.__class__}"),
        ("{ name }", "{ name }"),
    ],
)
def test_words_with_a_broken_variable_are_refused_at_save(text: str, broken: str) -> None:
    with pytest.raises(BrokenWords) as told:
        check_words({"en": {"subject": "Fine, {name}"}, "ru": {"intro": text}})
    assert (told.value.language, told.value.word, told.value.variable) == ("ru", "intro", broken)
    with pytest.raises(FormRefused) as refused:
        read_form(SurveyKind.NPS, {"ru": {"question": "?", "reminder_subject": text}})
    assert refused.value.problem is FormProblem.BROKEN_VARIABLE
    assert refused.value.where.startswith("ru reminder_subject")


def test_braces_in_words_that_no_mail_fills_are_only_braces() -> None:
    read_form(SurveyKind.NPS, {"en": {"question": "How likely {0-10}?", "thanks": "{"}})


def test_words_are_taken_apart_at_their_variables() -> None:
    assert parts_of("Hello {name}, of {program}{manager}!") == [
        "Hello ",
        Variable.NAME,
        ", of ",
        Variable.PROGRAM,
        Variable.MANAGER,
        "!",
    ]
    assert parts_of("") == []


@pytest.mark.parametrize(
    ("said", "dead"),
    [
        ("550 5.1.1 <a@b>: Recipient address rejected: User unknown", True),
        ("550 no such mailbox", True),
        ("553 sorry, that domain isn't in my list", True),
        ("550 5.2.1 The email account that you tried to reach is disabled", True),
        ("550-5.1.1 The email account that you tried to reach does not exist", True),
        ("552 5.2.2 mailbox full", False),
        ("550 5.7.1 Service unavailable; client host blocked", False),
        ("554 5.7.1 Relay access denied", False),
        ("554 Message rejected as spam by Content Filtering", False),
        ("550 spam message rejected", False),
    ],
)
def test_a_server_that_does_not_want_us_says_nothing_against_the_address(said: str, dead: bool) -> None:
    assert is_dead_address(said) is dead
