"""A canned answer names only what exists, and what is missing is seen before it is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.rules.canned import (
    VARIABLES,
    BrokenBraces,
    NoText,
    Rendered,
    UnknownVariable,
    pick_language,
    render,
    render_for,
    unfilled,
    variables_in,
)
from otklik.desk.tests.rules.steady import few

GREETING = "Здравствуйте, {{ contact.first_name }}! По обращению {{ticket.number}} отвечает {{ agent.name }}."


def test_variables_are_filled_in_with_or_without_spaces():
    values = {"contact.first_name": "Вера", "ticket.number": "42", "agent.name": "Дмитрий"}

    assert render(GREETING, values) == Rendered(
        "Здравствуйте, Вера! По обращению 42 отвечает Дмитрий.", missing=()
    )


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_value_is_visible_and_reported_before_sending(value):
    rendered = render(GREETING, {"contact.first_name": value, "ticket.number": "42", "agent.name": "Дмитрий"})

    assert rendered.text.startswith("Здравствуйте, ⟦contact.first_name⟧!")
    assert rendered.missing == ("contact.first_name",)
    assert unfilled(rendered.text) == ("contact.first_name",)
    assert unfilled("Здравствуйте, Вера!") == ()


def test_an_unknown_variable_is_refused_with_the_nearest_and_all_known_ones():
    with pytest.raises(UnknownVariable) as refusal:
        variables_in("Dear {{ partner.nmae }}")

    assert refusal.value.args == ("partner.nmae", "partner.name", VARIABLES)


@pytest.mark.parametrize(
    "source",
    [
        "{{ 7*7 }}",
        "{{ partner.__class__ }}",
        "{{ ticket }}",
        "{{ partner.name|upper }}",
        "{{ Partner.name }}",
        "{{}}",
    ],
)
def test_nothing_can_be_called_or_reached_from_a_canned_answer(source):
    with pytest.raises(UnknownVariable):
        render(source, {})


@pytest.mark.parametrize(
    "source",
    ["Dear {{ partner.name", "Dear partner.name }}", "{{ today }} and {{", "{{ a{b }}", "{{" * 20_000],
)
def test_broken_braces_are_refused(source):
    with pytest.raises(BrokenBraces):
        variables_in(source)


@few
@given(st.dictionaries(st.sampled_from(VARIABLES), st.text()), st.text(alphabet="abc {}%$", max_size=20))
def test_a_value_is_text_whatever_stands_in_it(values, tail):
    values["partner.name"] = "{{ agent.name }} " + tail

    assert render("{{ partner.name }}", values).text == values["partner.name"]


@few
@given(st.text())
def test_any_text_either_renders_or_is_refused_by_name(source):
    try:
        assert "{{" not in render(source, {}).text
    except (UnknownVariable, BrokenBraces):
        assert "{{" in source or "}}" in source


@pytest.mark.parametrize(
    ("wanted", "fallback", "picked"),
    [
        ("ru", "en", "ru"),
        ("ru-RU", "en", "ru"),
        ("RU_ru", "en", "ru"),
        ("kk", "ru", "ru"),
        ("kk", "uz", "en"),
    ],
)
def test_the_partners_language_is_used_or_the_programs_or_english(wanted, fallback, picked):
    assert pick_language({"en": "Hello", "ru": "Привет", "kk": " "}, wanted, fallback) == picked


def test_with_one_language_that_one_and_with_none_an_error():
    assert pick_language({"tr": "Merhaba"}, "ru", "en") == "tr"
    with pytest.raises(NoText):
        pick_language({"ru": ""}, "ru", "en")


def test_the_answer_says_in_which_language_it_is():
    texts = {"ru": "Здравствуйте, {{ contact.name }}", "en": "Hello, {{ contact.name }}"}

    assert render_for(texts, {"contact.name": "Vera"}, wanted="de", fallback="en") == Rendered(
        "Hello, Vera", (), "en"
    )
