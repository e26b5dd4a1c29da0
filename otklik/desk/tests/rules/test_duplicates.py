"""The same matter from another person or by another way is found; the same greeting is not a matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.rules.duplicates import (
    ENOUGH,
    MOST_COMPARED,
    MOST_SHOWN,
    WINDOW,
    Likeness,
    Matter,
    identifiers,
    suggest,
)
from otklik.desk.rules.vocabulary import Channel
from otklik.desk.tests.rules.steady import few

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
VERA = Matter(
    1,
    1,
    NOW,
    "Не пришла выплата за май",
    "Добрый день! Не получили выплату PO-88231 за май на кошелёк. Подскажите, когда поступит?",
    contact_id=11,
)


def found(new: Matter, *others: Matter) -> list[int]:
    return [suggestion.ticket_id for suggestion in suggest(new, others)]


def test_a_colleague_asking_about_the_same_payout_by_another_way_is_found():
    gleb = Matter(2, 1, NOW + timedelta(hours=5), "Выплата", "где PO-88231?", Channel.TELEGRAM, contact_id=12)

    (suggestion,) = suggest(gleb, [VERA])

    assert suggestion.ticket_id == 1
    assert suggestion.shared_numbers == ("po-88231",)
    assert suggestion.why[0][0] is Likeness.NUMBERS
    assert {Likeness.OTHER_PERSON, Likeness.OTHER_CHANNEL} <= {kind for kind, _ in suggestion.why}


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("RE[2]: НА: Не пришла выплата за май", ""),
        ("не пришла выплота за май", "Деньги на кошельке не появились."),
        ("", "Здравствуйте, майскую выплату на кошелек так и не получили, когда поступит?"),
    ],
)
def test_the_same_matter_in_other_words_forms_and_with_typing_errors_is_found(subject, text):
    assert found(replace(VERA, ticket_id=2, subject=subject, text=text), VERA) == [1]


def test_an_english_pair_is_found():
    one = Matter(1, 1, NOW, "Postback not firing", "Our postback URL stopped firing for the finance offers")
    two = Matter(2, 1, NOW, "Re: postback is not firing", "Hi, the postback for finance offers has stopped")

    assert found(two, one) == [1]


def test_the_same_words_about_another_payout_are_another_matter():
    other = replace(VERA, ticket_id=2, text=VERA.text.replace("88231", "90417"))

    assert found(other, VERA) == []


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "Добрый день!\nПодскажите, пожалуйста, как поменять реквизиты?\n\nС уважением,\nВера\nООО Аврора",
            "Добрый день!\nПодскажите, пожалуйста, почему упал аппрув?\n\nС уважением,\nВера\nООО Аврора",
        ),
        (
            "Hello,\nhow do I add a second wallet?\n\nBest regards,\nVera\nAurora Ltd, +7 495 1234567",
            "Hello,\nwhy is the offer paused?\n\nBest regards,\nVera\nAurora Ltd, +7 495 1234567",
        ),
        ("Здравствуйте! Спасибо!", "Здравствуйте! Спасибо!"),
    ],
)
def test_greeting_and_signature_make_no_duplicate(one, two):
    assert found(Matter(2, 1, NOW, "Вопрос", one), Matter(1, 1, NOW, "Вопрос", two)) == []


def test_two_short_requests_for_different_things_are_two_matters():
    manager = Matter(1, 1, NOW, "Смена менеджера", "Прошу сменить менеджера")
    details = Matter(2, 1, NOW, "Смена реквизитов", "Прошу сменить реквизиты")

    assert found(details, manager) == []


def test_another_partner_another_time_and_the_ticket_itself_are_never_suggested():
    late = replace(VERA, ticket_id=3, at=NOW + WINDOW + timedelta(seconds=1))

    assert found(replace(VERA, ticket_id=2, partner_id=2), VERA) == []
    assert found(late, VERA) == []
    assert found(VERA, VERA) == []


def test_a_thousand_open_tickets_are_compared_only_in_part_and_shown_in_few():
    many = [replace(VERA, ticket_id=number, at=NOW - timedelta(minutes=number)) for number in range(2, 1000)]
    compared = {s.ticket_id for s in suggest(VERA, many)}

    assert len(compared) == MOST_SHOWN
    assert compared <= set(range(2, 2 + MOST_COMPARED))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("выплата №88231 и #90417", {"88231", "90417"}),
        ("click 7f3a9bc2d1 sub_id=A1B2C3", {"7f3a9bc2d1", "a1b2c3"}),
        ("за 2025 и 2026 год, 2026-03-01, 12-03-2026", set()),
        ("в 10:30, 15%, v2, ru", set()),
    ],
)
def test_ids_are_told_from_years_dates_and_times(text, ids):
    assert identifiers(text) == ids


def test_a_mail_of_blank_lines_costs_nothing():
    blank = replace(VERA, subject="\n" * 500, text=" \n" * 5_000)

    assert found(replace(blank, ticket_id=2), blank) == []


matters = st.builds(
    Matter,
    ticket_id=st.integers(1, 5),
    partner_id=st.just(1),
    at=st.timedeltas(timedelta(0), timedelta(days=20)).map(lambda delta: NOW + delta),
    subject=st.text(max_size=40),
    text=st.text(max_size=80),
)


@few
@given(matters, matters)
def test_likeness_is_the_same_seen_from_both_tickets_and_stays_in_its_bounds(one, other):
    there, back = suggest(one, [other]), suggest(other, [one])

    assert [s.score for s in there] == [s.score for s in back]
    assert all(ENOUGH <= s.score <= 100 for s in there)
