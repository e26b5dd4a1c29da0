"""Anger and urgency are heard, and calm people are not called angry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.rules.mood import MOST, Mood, Sign, read_mood
from otklik.desk.tests.rules.steady import few


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Добрый день! Подскажите, пожалуйста, когда выплата за май?",
        "Hello! Could you tell me when the May payout is due? Thanks!",
        "Это не срочно, отвечайте когда удобно.",
        "It is not at all urgent, no problem.",
        "Совсем не критично.",
        "No complaints, we are not angry or disappointed.",
        "Наш WEBMASTER ID 77, GEO: RU, CPA.",
        "Присылаем отчёт. Без претензий.",
        "Our lawyer will send the contract with the power of attorney.",
    ],
)
def test_calm_letters_are_calm(text):
    assert read_mood(text) == Mood()


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Это безобразие", Sign.ANGRY),
        ("This is unacceptable", Sign.ANGRY),
        ("Срочно верните доступ", Sign.URGENT),
        ("We need this ASAP", Sign.URGENT),
        ("Ответа до сих пор нет", Sign.TIRED),
        ("We are still waiting for the answer", Sign.TIRED),
        ("Уйдём к конкурентам", Sign.THREAT),
        ("We will pull our traffic", Sign.THREAT),
        ("Денег нет. Срочно ответьте", Sign.URGENT),
        ("No, this is urgent", Sign.URGENT),
        ("ПОЧЕМУ ОПЯТЬ ЗАДЕРЖАНА ВЫПЛАТА", Sign.CAPITALS),
        ("Где деньги?!", Sign.EXCLAMATION),
    ],
)
def test_what_is_heard_is_named(text, sign):
    mood = read_mood(text)

    assert sign in dict(mood.signs)
    assert mood.score > 0


def test_the_angriest_letter_is_ten_and_a_slight_one_far_below():
    furious = "БЕЗОБРАЗИЕ!!! Сколько можно ждать?! Деньги до сих пор не пришли, срочно. Снимем трафик!!"

    assert read_mood(furious).score == MOST
    assert read_mood("Срочно верните доступ, пожалуйста").score == 2


@few
@given(st.text(max_size=300))
def test_any_text_has_a_mood_between_0_and_10_and_the_same_each_time(text):
    mood = read_mood(text)

    assert 0 <= mood.score <= MOST
    assert mood == read_mood(text)
    assert (mood.score == 0) == (not mood.signs)


@few
@given(
    st.sampled_from(["This is late", "Выплата задержана", "Срочно"]), st.sampled_from([" Ужас!!", " ASAP"])
)
def test_an_angry_sentence_more_never_calms(text, more):
    assert read_mood(text + "." + more).score >= read_mood(text).score
