"""A league says the same whether it makes the summaries itself or is handed them."""

from otklik.stats.leagues import league
from otklik.stats.summary import Kind, summarise, with_shrunk

DIFFERENT = [[60, 30, 10], [10, 30, 60], [20, 30, 50], [1, 0, 2], [0, 0, 0]]
ALIKE = [[10, 10, 20], [11, 9, 20], [9, 11, 20]]


def test_summaries_made_before_give_the_same_league() -> None:
    for counts in (DIFFERENT, ALIKE, [[1, 1, 1]]):
        assert league(counts, known=summarise(counts)) == league(counts)


def test_shrunk_values_added_later_are_those_made_at_once() -> None:
    prior = league(DIFFERENT).prior
    assert prior is not None
    assert with_shrunk(summarise(DIFFERENT), prior) == summarise(DIFFERENT, prior=prior)


def test_a_score_that_is_a_count_is_not_shrunk() -> None:
    prior = league(DIFFERENT).prior
    (counted,) = with_shrunk(summarise([[2, 3, 5]], population=10), prior)
    assert counted.kind is Kind.COUNT
    assert counted.shrunk is None
