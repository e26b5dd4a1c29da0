"""Each kind of field: what it takes, and what it says about the rest."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from otklik.kit.tabular import Order, neutralise
from otklik.partners.imports.rules import values
from otklik.partners.imports.rules.pace import FEWEST, MOST, next_size
from otklik.partners.imports.rules.values import BadValue, Hints
from otklik.partners.rules.vocabulary import AddressKind

PLAIN = Hints()


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        (values.text(10), "  Two \t words ", "Two words"),
        (values.text(10), 17.0, "17"),
        (values.text(10), "NA", "NA"),
        (values.text(10), " ", None),
        (values.comment(99), "n/a", None),
        (values.comment(99), "two\nlines", "two\nlines"),
        (values.address(AddressKind.EMAIL), "a@x.com; B@x.com", ["a@x.com", "B@x.com"]),
        (values.address(AddressKind.PHONE), "+7 (999) 123-45-67", ["+7 (999) 123-45-67"]),
        (values.country, "Казахстан", "KZ"),
        (values.country, "NA", "NA"),
        (values.country, "-", None),
        (values.language, "русский", "ru"),
        (values.languages, "ru, English", ["ru", "en"]),
        (values.time_zone, "asia/almaty", "Asia/Almaty"),
        (values.hours, "9–18", "09:00-18:00"),
        (values.amount, "1 234,50", Decimal("1234.5")),
        (values.several(20), "shop; market|shop", ["shop", "market"]),
        (values.day, "31.12.2025", dt.date(2025, 12, 31)),
        (values.day, "2025-12-31 23:30", dt.date(2025, 12, 31)),
        (values.moment, "2025-03-12", dt.datetime(2025, 3, 12, 12, tzinfo=dt.UTC)),
        (values.moment, "2025-03-12T10:00:00+03:00", dt.datetime(2025, 3, 12, 7, tzinfo=dt.UTC)),
    ],
)
def test_what_is_understood(parse, cell, value):
    assert parse(cell, PLAIN) == value


@pytest.mark.parametrize(
    ("parse", "cell", "code"),
    [
        (values.text(3), "four", "too_long"),
        (values.address(AddressKind.EMAIL), "vera at aurora", "not_email"),
        (values.address(AddressKind.PHONE), "12", "not_phone"),
        (values.country, "Atlantis", "no_such_country"),
        (values.time_zone, "Mars/Base", "no_such_zone"),
        (values.hours, "always", "not_hours"),
        (values.amount, "much", "number_text"),
        (values.amount, "1,234", "number_ambiguous"),
        (values.day, "31.02.2025", "date_impossible"),
        (values.day, "12.12.1066", "date_out_of_range"),
        (values.day, "soon", "date_text"),
        (values.choice({"yes": "given"}), "perhaps", "not_in_list"),
    ],
)
def test_what_is_not_understood_says_why(parse, cell, code):
    with pytest.raises(BadValue) as caught:
        parse(cell, PLAIN)

    assert caught.value.code == code


def test_the_column_decides_the_order_of_day_and_month():
    assert values.day("03/04/2025", Hints(Order.DAY_FIRST)) == dt.date(2025, 4, 3)
    assert values.day("03/04/2025", Hints(Order.MONTH_FIRST)) == dt.date(2025, 3, 4)


def test_a_time_without_a_zone_is_in_the_zone_that_was_chosen():
    at = values.moment("12.03.2025 10:00", Hints(zone="Europe/Moscow"))

    assert at == dt.datetime(2025, 3, 12, 7, tzinfo=dt.UTC)


@pytest.mark.parametrize("text", ["=1+1", "+7 (999) 1", "-", "@me", "'=x"])
def test_a_value_that_our_own_export_neutralised_comes_back_as_it_was(text):
    assert values.as_text(neutralise(text)) in (text, text.removeprefix("'"))


def test_an_apostrophe_of_the_person_stays():
    assert values.as_text("'s Hertogenbosch") == "'s Hertogenbosch"


def test_chunks_grow_slowly_shrink_at_once_and_stay_in_bounds():
    assert next_size(100, 0.001) == 200
    assert next_size(200, 0.1) == 100
    assert next_size(FEWEST, 10) == FEWEST
    assert next_size(MOST, 0) == MOST
