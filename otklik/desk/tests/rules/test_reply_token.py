"""An address that says which ticket an answer belongs to, and cannot be made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.rules.reply_token import (
    AddressTooLong,
    Forged,
    GoodToken,
    IdTooLarge,
    RecipientKey,
    make_token,
    read_token,
    tagged_address,
    tokens_in,
)
from otklik.desk.rules.vocabulary import Side
from otklik.desk.tests.rules.steady import few

KEY = b"k" * 32
VERA = RecipientKey(Side.PARTNER, 17)
BUYER = RecipientKey(Side.CUSTOMER, 17)
sides = st.sampled_from([Side.PARTNER, Side.CUSTOMER])


@few
@given(ticket=st.integers(0, 2**34), person=st.integers(0, 2**33), side=sides, key=st.binary(min_size=1))
def test_a_token_is_read_as_it_was_made_in_any_case_and_is_short(ticket, person, side, key):
    token = make_token(ticket, RecipientKey(side, person), key)

    assert len(token) <= 26
    assert token == token.lower()
    for text in (token, token.upper(), f"r-{token}", f" {token} "):
        assert read_token(text, key) == GoodToken(ticket, RecipientKey(side, person))


@few
@given(position=st.integers(0, 24), letter=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_case_16_one_changed_letter_makes_a_token_forged(position, letter):
    token = make_token(4711, VERA, KEY)
    changed = token[:position] + letter + token[position + 1 :]

    assert read_token(changed, KEY) == (Forged() if changed != token else GoodToken(4711, VERA))


@few
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=40))
def test_case_16_made_up_tokens_are_forged(text):
    assert read_token(text, KEY) == Forged()


def test_case_16_a_token_of_another_installation_is_forged():
    assert read_token(make_token(4711, VERA, b"another"), KEY) == Forged()


def test_a_token_cut_short_by_a_mail_client_is_forged_and_not_another_ticket():
    token = make_token(4711, VERA, KEY)

    assert read_token(token[:-3], KEY) == Forged()


def test_the_two_sides_of_a_ticket_have_different_tokens_even_with_the_same_id():
    assert make_token(1, VERA, KEY) != make_token(1, BUYER, KEY)
    assert read_token(make_token(1, BUYER, KEY), KEY) == GoodToken(1, BUYER)


@pytest.mark.parametrize("text", ["", "r-us", "support", "не токен", "r-0189"])
def test_other_words_are_no_tokens(text):
    assert read_token(text, KEY) is None


def test_an_address_takes_its_token_and_gives_it_back():
    token = make_token(4711, VERA, KEY)
    address = tagged_address("support@x.io", token)

    assert address == f"support+r-{token}@x.io"
    assert tokens_in(["Vera <vera@aurora.example>", f"Support <{address.upper()}>", address]) == (token,)
    assert tokens_in(["support+r-us@x.io", "r-abcdefghijklmnopqrstu@x.io"]) == ()


def test_what_does_not_fit_is_refused_rather_than_weakened():
    with pytest.raises(IdTooLarge):
        make_token(2**60, RecipientKey(Side.PARTNER, 2**40), KEY)
    with pytest.raises(IdTooLarge):
        make_token(-1, VERA, KEY)
    with pytest.raises(AddressTooLong):
        tagged_address("a" * 40 + "@x.io", make_token(1, VERA, KEY))
