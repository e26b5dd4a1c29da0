"""Values of R. G. Newcombe (1998), Statistics in Medicine 17, 857-872, Table I, method 3."""

from __future__ import annotations

import pytest

from otklik.stats.share import NotAShare, wilson


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_published_intervals_come_out(hits: int, n: int, low: float, high: float) -> None:
    found = wilson(hits, n)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_all_and_nothing_stay_inside() -> None:
    assert wilson(0, 0) is None
    full = wilson(20, 20)
    assert full is not None
    assert full.high == 1.0
    with pytest.raises(NotAShare):
        wilson(3, 2)
