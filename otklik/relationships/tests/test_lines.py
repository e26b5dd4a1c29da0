"""The band beside a person's line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.relationships.rules.lines import FEWEST, Band, band_of

scores = st.lists(st.none() | st.integers(0, 10), max_size=14)


@pytest.mark.parametrize(
    ("line", "band"),
    [
        ((8, 8, 8), None),
        ((8, None, 8, 8, None), None),
        ((8, 8, 8, 1), Band(8.0, 7.0, 9.0, 3)),
        ((9, 7, 8, 2), Band(8.0, 6.0, 10.0, 3)),
        ((1, 9, 1, None, 9, 5), Band(5.0, 0.0, 10.0, 4)),
    ],
)
def test_a_band_of_the_answers_before_the_last(line: tuple[int | None, ...], band: Band | None) -> None:
    assert band_of(line) == band


@given(scores, st.integers(0, 10))
def test_a_band_holds_the_median_and_knows_nothing_of_the_last_answer(
    line: list[int | None], last: int
) -> None:
    found = band_of([*line, last])
    assert (found is None) == (sum(one is not None for one in line) < FEWEST)
    if found is not None:
        assert 0 <= found.low <= found.usual <= found.high <= 10
        assert found == band_of([*line, None, 10 - last])
