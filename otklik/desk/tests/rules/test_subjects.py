"""The same matter keeps one subject whatever mail programs put before it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.rules.subjects import plain_subject, subject_key
from otklik.desk.tests.rules.steady import few


@pytest.mark.parametrize(
    "prefix", ["Fwd: ", "FW: ", "WG: ", "TR: ", "ПЕР: ", "Пересл: ", "Переслано: ", "转发："]
)
def test_case_19_a_forward_keeps_the_subject(prefix):
    assert plain_subject(f"{prefix}Выплата за май") == "Выплата за май"


@pytest.mark.parametrize(
    "prefix",
    [
        "Re: ",
        "RE[2]: ",
        "Re(3): ",
        "НА: ",
        "Отв: ",
        "Ответ: ",
        "AW: ",
        "SV: ",
        "RE: RE: re:",
        "Re : ",
        "回复：",
    ],
)
def test_case_21_reply_prefixes_of_all_programs_go(prefix):
    assert plain_subject(f"{prefix}Выплата за май") == "Выплата за май"


@pytest.mark.parametrize(
    ("subject", "plain"),
    [
        ("Re: [#1234] Hold  on payout", "Hold on payout"),
        ("[EXTERNAL] RE: Fwd: Hold on payout", "Hold on payout"),
        ("Hold on payout [#1234]", "Hold on payout"),
        ("Re:", ""),
        ("", ""),
        ("На всех офферах упал CR", "На всех офферах упал CR"),
        ("Research: traffic", "Research: traffic"),
        ("Реклама: вопросы", "Реклама: вопросы"),
    ],
)
def test_words_of_the_subject_itself_stay(subject, plain):
    assert plain_subject(subject) == plain


def test_case_40_a_subject_of_10_kb_of_prefixes_costs_nothing_and_does_not_hang():
    assert len(plain_subject("Re: " * 2_500)) <= 10_000


@few
@given(st.text(max_size=60))
def test_plain_is_stable_and_never_longer(subject):
    assert len(plain_subject(subject)) <= len(subject)
    assert subject_key(f"Re: {subject}") == subject_key(subject)
