"""Accounts are told from typing mistakes, and shown by their end only."""

from __future__ import annotations

import pytest

from otklik.payouts.rules.accounts import AccountProblem, account_problem, hint_of, plain_account
from otklik.payouts.rules.vocabulary import PayMethod


@pytest.mark.parametrize(
    "iban",
    [
        "DE89370400440532013000",
        "GB29NWBK60161331926819",
        "FR1420041010050500013M02606",
        "NO9386011117947",
        "MT84MALT011000012345MTLCAST001S",
    ],
)
def test_an_iban_is_right_until_a_digit_is_not(iban: str) -> None:
    assert account_problem(PayMethod.IBAN, "A", iban) is None
    other = iban[:-2] + str((int(iban[-2]) + 1) % 10 if iban[-2].isdigit() else 7) + iban[-1]
    assert account_problem(PayMethod.IBAN, "A", other) is AccountProblem.BAD_CHECKSUM


@pytest.mark.parametrize(
    ("method", "typed", "stored"),
    [
        (PayMethod.IBAN, " de89 3704\u00a00044 0532 0130 00\u200b", "DE89370400440532013000"),
        (PayMethod.BANK, "  40817 \t 8100\n9991 ", "40817 8100 9991"),
        (PayMethod.WALLET, "Pay@Example.com", "Pay@Example.com"),
    ],
)
def test_what_was_pasted_is_stored_plain(method: PayMethod, typed: str, stored: str) -> None:
    assert plain_account(method, typed) == stored


@pytest.mark.parametrize(
    ("method", "holder", "account", "problem"),
    [
        (PayMethod.BANK, " ", "12345", AccountProblem.NO_HOLDER),
        (PayMethod.BANK, "A", "123", AccountProblem.MISSING),
        (PayMethod.OTHER, "A", "1" * 201, AccountProblem.TOO_LONG),
        (PayMethod.IBAN, "A", "1234567890", AccountProblem.NOT_AN_IBAN),
        (PayMethod.IBAN, "A", "DE8937040044053201300٣", AccountProblem.NOT_AN_IBAN),
        (PayMethod.CRYPTO, "A", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", None),
    ],
)
def test_what_cannot_be_an_account_is_named(
    method: PayMethod, holder: str, account: str, problem: AccountProblem | None
) -> None:
    assert account_problem(method, holder, account) is problem


@pytest.mark.parametrize(
    ("account", "hint"),
    [
        ("DE89370400440532013000", "3000"),
        ("1234567", "67"),
        ("1234", ""),
        ("pay@example.com", "y@"),
        ("aurora17@example.com", "a17@"),
        ("@ab.example", ""),
    ],
)
def test_a_hint_hides_most_of_the_account(account: str, hint: str) -> None:
    assert hint_of(account) == hint
