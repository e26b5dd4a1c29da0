"""Values of R. G. Newcombe (1998), Statistics in Medicine 17: of one share pp. 857-872, Table I, method 3;
of two pp. 873-890, Table II, method 10."""

from __future__ import annotations

import pytest

from otklik.stats.share import NotAShare, newcombe, wilson


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


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_two_shares_are_told_apart_as_published(
    counts: tuple[int, int, int, int], low: float, high: float
) -> None:
    found = newcombe(*counts)
    assert found is not None
    assert found == pytest.approx((low, high), abs=1e-4)
    assert newcombe(0, 0, 1, 2) is None
