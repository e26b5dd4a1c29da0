from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.kit.money import (
    CURRENCIES,
    LARGEST,
    AmountProblem,
    BadAmount,
    CurrencyMismatch,
    Money,
    NotExact,
    UnknownCurrency,
    digits_of,
    payable,
    read_amount,
    shown,
    smallest_unit,
    total,
)

GAP = "\u00a0"
AMOUNTS = st.decimals(min_value=-999_999_999, max_value=999_999_999, places=4)


def problem_of(text: str | float | Decimal, currency: str = "EUR", **options: object) -> AmountProblem:
    with pytest.raises(BadAmount) as refused:
        read_amount(text, currency, **options)  # type: ignore[arg-type]
    return refused.value.problem


@pytest.mark.parametrize(
    "text",
    [
        "1234.56",
        "1234,56",
        "1 234,56",
        "1\u00a0234,56",
        "1\u202f234.56",
        "1\u2009234,56",
        "1,234.56",
        "1.234,56",
        "1'234.56",
        "1’234.56",
        " +1234.56 ",
        "1234.5600",
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str) -> None:
    assert str(read_amount(text, "EUR")) == "1234.56"


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("1,234,567", "EUR", "1234567.00"),
        ("1.234.567", "EUR", "1234567.00"),
        ("1 234", "EUR", "1234.00"),
        ("12,5", "EUR", "12.50"),
        (".5", "EUR", "0.50"),
        ("0,500", "EUR", "0.50"),
        ("0,123", "KWD", "0.123"),
        ("1234,567", "KWD", "1234.567"),
        ("1,234.567", "KWD", "1234.567"),
        ("1,234", "JPY", "1234"),
        ("1.234", "VND", "1234"),
        ("1234.00", "JPY", "1234"),
        ("0", "EUR", "0.00"),
    ],
)
def test_an_amount_has_the_digits_of_its_currency(text: str, currency: str, amount: str) -> None:
    assert str(read_amount(text, currency)) == amount


@pytest.mark.parametrize("currency", ["EUR", "KWD"])
@pytest.mark.parametrize("text", ["1,234", "1.234", "12.345", "-999,999"])
def test_a_thousand_that_could_be_one_and_a_bit_is_refused(text: str, currency: str) -> None:
    assert problem_of(text, currency, signed=True) is AmountProblem.AMBIGUOUS


def test_a_column_that_told_its_decimal_mark_leaves_no_doubt() -> None:
    assert read_amount("1,234", "EUR", mark=".") == 1234
    assert read_amount("1.234", "EUR", mark=",") == 1234
    assert read_amount("1,234", "KWD", mark=",") == Decimal("1.234")
    assert problem_of("1.234", mark=".") is AmountProblem.TOO_MANY_DIGITS


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-",
            ".",
            "()",
            "abc",
            "12 34",
            "1 23 456",
            "1.234.56",
            "1,234,56",
            "1234,567.89",
            "1,2,3",
        ),
        *("5.", "1e5", "nan", "inf", "0x10", "12€", "१२", "١٢", "1_000", "--5", "(-5)", "-5-", "(5", "5)"),
        *("1'234 567", "1" * 41, "1\n2", "12;50", "=1+1", "12.50 13.50"),
    ],
)
def test_what_is_no_amount_is_not_guessed(text: str) -> None:
    assert problem_of(text, signed=True) is AmountProblem.NOT_A_NUMBER


@pytest.mark.parametrize(
    "text", ["12.345,678", "0.123", "1234.567", "1,234.567", "0.0001", "0." + "0" * 35 + "1"]
)
def test_half_a_cent_is_told_and_not_rounded_away(text: str) -> None:
    assert problem_of(text) is AmountProblem.TOO_MANY_DIGITS


def test_a_tenth_of_a_yen_is_refused() -> None:
    assert problem_of("12.5", "JPY") is AmountProblem.TOO_MANY_DIGITS


@pytest.mark.parametrize("text", ["-12.50", "−12.50", "–12.50", "12.50-", "(12.50)", "( 12,50 )", "- 12.50"])
def test_a_minus_is_read_in_every_shape_and_only_where_it_may_stand(text: str) -> None:
    assert read_amount(text, "EUR", signed=True) == Decimal("-12.50")
    assert problem_of(text) is AmountProblem.NEGATIVE


def test_nought_has_no_sign() -> None:
    assert str(read_amount("-0.00", "EUR")) == "0.00"
    assert str(read_amount(-0.0, "EUR")) == "0.00"
    assert shown(Decimal("-0.00"), "EUR", "en") == "€0.00"


def test_an_amount_that_no_column_takes_is_refused() -> None:
    assert problem_of(str(LARGEST)) is AmountProblem.TOO_LARGE
    assert problem_of("-9" + "0" * 20, signed=True) is AmountProblem.TOO_LARGE
    assert read_amount("999 999 999 999,99", "EUR") == Decimal("999999999999.99")


def test_a_number_cell_of_a_spreadsheet_is_read_as_it_is_shown() -> None:
    assert read_amount(0.1 + 0.2, "EUR") == Decimal("0.30")
    assert read_amount(1234, "EUR") == 1234
    assert read_amount(Decimal("1.5"), "EUR") == Decimal("1.50")
    assert problem_of(float("nan")) is AmountProblem.NOT_A_NUMBER
    assert problem_of(float("inf")) is AmountProblem.NOT_A_NUMBER
    assert problem_of(1e300) is AmountProblem.TOO_LARGE
    assert problem_of(True) is AmountProblem.NOT_A_NUMBER
    assert problem_of(0.125) is AmountProblem.TOO_MANY_DIGITS


@given(
    st.text(alphabet="0123456789.,' \u00a0\u202f-−()+eE", max_size=20), st.sampled_from(["EUR", "JPY", "KWD"])
)
def test_whatever_is_typed_is_an_amount_or_a_named_problem(text: str, currency: str) -> None:
    try:
        amount = read_amount(text, currency, signed=True)
    except BadAmount:
        return
    assert amount == payable(amount, currency)
    assert abs(amount) < LARGEST
    # The digits are those that were typed, in their order, but for noughts at the ends.
    typed = "".join(c for c in text if c.isdigit())
    assert "".join(c for c in str(amount) if c.isdigit()).strip("0") == typed.strip("0")


@given(AMOUNTS, st.sampled_from(sorted(CURRENCIES)))
def test_what_is_written_plainly_is_read_back(amount: Decimal, currency: str) -> None:
    exact = payable(amount, currency)
    mark = "."
    assert read_amount(f"{exact:f}", currency, signed=True, mark=mark) == exact
    assert read_amount(f"{exact:,f}", currency, signed=True, mark=mark) == exact


@pytest.mark.parametrize(
    ("currency", "digits"),
    [
        ("EUR", 2),
        ("JPY", 0),
        ("KWD", 3),
        ("RUB", 2),
        ("RSD", 2),
        ("HUF", 2),
        ("IQD", 3),
        ("CLF", 4),
        ("BGN", 2),
    ],
)
def test_digits_are_those_of_the_banks(currency: str, digits: int) -> None:
    """By ISO 4217, where CLDR shows no digits of Serbian dinars and of Iraqi ones."""
    assert digits_of(currency) == digits


@pytest.mark.parametrize("code", ["", "eur", "EURO", "XYZ", "€", "USDT"])
def test_a_code_nobody_knows_is_refused(code: str) -> None:
    with pytest.raises(UnknownCurrency):
        digits_of(code)


def test_currencies_to_choose_from_are_those_in_use() -> None:
    assert {"EUR", "USD", "RUB", "JPY", "KWD", "TRY", "BRL", "INR", "KZT", "UAH"} <= CURRENCIES
    assert not {"DEM", "RUR", "TRL", "XXX", "XAU"} & CURRENCIES
    assert 140 < len(CURRENCIES) < 200


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("1234.56", "EUR", "ru", f"1{GAP}234,56{GAP}€"),
        ("1234.5", "EUR", "en", "€1,234.50"),
        ("-1234.5", "USD", "en", "−$1,234.50"),
        ("-1234.5", "RUB", "ru", f"−1{GAP}234,50{GAP}₽"),
        ("1234", "JPY", "en", "¥1,234"),
        ("1234.5", "KWD", "en", f"KWD{GAP}1,234.500"),
        ("1234.5", "RSD", "en", f"RSD{GAP}1,234.50"),
        ("0.0125", "EUR", "en", "€0.0125"),
        ("1234.56", "EUR", "pt-br", f"€{GAP}1.234,56"),
    ],
)
def test_an_amount_is_shown_in_the_readers_language(
    amount: str, currency: str, language: str, text: str
) -> None:
    assert shown(Decimal(amount), currency, language) == text


def test_money_of_two_currencies_has_no_sum_and_no_order() -> None:
    euro, dollar = Money(Decimal("1.50"), "EUR"), Money(Decimal("1.50"), "USD")
    assert euro != dollar
    for act in (lambda: euro + dollar, lambda: euro - dollar, lambda: euro < dollar, lambda: euro >= dollar):
        with pytest.raises(CurrencyMismatch):
            act()
    assert -euro + euro == Money(Decimal(0), "EUR")
    assert euro <= Money(Decimal("1.5"), "EUR")
    assert euro > Money(Decimal("1.49"), "EUR")


def test_money_is_never_a_float() -> None:
    for wrong in (1.5, "1.5", Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(NotExact):
            Money(wrong, "EUR")  # type: ignore[arg-type]
    with pytest.raises(UnknownCurrency):
        Money(Decimal(1), "EURO")


def test_a_sum_of_nothing_has_a_currency() -> None:
    assert total([], "EUR") == Money(Decimal(0), "EUR")
    assert total([Money(Decimal("0.1"), "EUR")] * 3, "EUR") == Money(Decimal("0.3"), "EUR")
    with pytest.raises(CurrencyMismatch):
        total([Money(Decimal(1), "USD")], "EUR")


@given(AMOUNTS, st.sampled_from(["EUR", "JPY", "KWD"]))
def test_what_can_be_paid_is_never_more_than_there_is(amount: Decimal, currency: str) -> None:
    paid = payable(amount, currency)
    assert abs(paid) <= abs(amount)
    assert abs(amount - paid) < smallest_unit(currency)


def test_a_ledger_takes_a_tenth_of_a_cent_where_it_says_so() -> None:
    assert str(read_amount("0.0125", "EUR", finest=4)) == "0.0125"
    assert str(read_amount("12,5", "KWD", finest=4)) == "12.5000"
    assert problem_of("0.00001", finest=4) is AmountProblem.TOO_MANY_DIGITS
    assert problem_of("1,234", "JPY", finest=4) is AmountProblem.AMBIGUOUS
