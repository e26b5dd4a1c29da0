"""Both databases hold the same terms because we make them ourselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.search.models.lookups import fts5_query, ts_query
from otklik.search.rules.terms import Term, fold, index_terms, parse_query


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Алёна", "алена"), ("ЙОД", "йод"), ("Café", "cafe"), ("ＡＢＣ", "abc"), ("Straße", "strasse")],
)
def test_letters_are_levelled_and_short_i_stays_a_letter_of_its_own(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_word_is_indexed_as_it_stands_and_as_its_stem() -> None:
    assert index_terms(["Выплаты партнёрам", "running shops"]).split() == [
        "выплаты",
        "выплат",
        "партнерам",
        "партнер",
        "running",
        "run",
        "shops",
        "shop",
    ]


def test_an_identifier_is_found_with_and_without_its_signs() -> None:
    assert {"ab", "12", "34", "ab1234"} <= set(index_terms(["AB-12/34"]).split())


def test_a_phone_number_is_known_whole_without_its_country_and_within_its_city() -> None:
    terms = index_terms(["+7 (495) 123-45-67"]).split()
    assert {"74951234567", "4951234567", "1234567"} <= set(terms)


def test_only_the_last_word_may_be_a_beginning() -> None:
    first, last = parse_query("общие выпла")
    assert all(not term.is_beginning for alternative in first for term in alternative)
    assert (Term("выпла", is_beginning=True),) in last


@given(st.text(max_size=60))
def test_no_query_can_say_anything_but_letters_and_digits(text: str) -> None:
    """What reaches FTS5 or tsquery inside quotes cannot end them."""
    clauses = parse_query(text)
    for clause in clauses:
        for alternative in clause:
            assert alternative
            assert all(term.text.isalnum() for term in alternative)
    if clauses:
        assert fts5_query(clauses)
        assert ts_query(clauses)
