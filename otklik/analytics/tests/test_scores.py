"""The histograms against brute force over the answers they were made of."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otklik.analytics.models import ScoreCell, ScoreDay, ScoreRollup, ScoreTriple
from otklik.analytics.operations.count_scores import ScoreFact, count_scores
from otklik.analytics.operations.rebuild_scores import rebuild_month
from otklik.analytics.queries.scores import (
    Question,
    scores_by_month,
    scores_by_value,
    scores_by_value_and_month,
    values_seen,
)
from otklik.analytics.vocabulary import PAIRED, Dimension

FIRST = date(2025, 11, 20)
DAYS = st.integers(0, 130).map(lambda n: FIRST + timedelta(days=n))
FACTS = st.lists(
    st.builds(
        ScoreFact,
        kind=st.sampled_from(["nps", "csat"]),
        program=st.sampled_from([1, 2]),
        day=DAYS,
        score=st.integers(0, 10),
        segment=st.sampled_from(["", "Media", "Shops"]),
        tier=st.sampled_from(["gold", "silver"]),
        country=st.sampled_from(["RU", "KZ"]),
        manager=st.sampled_from([0, 7, 12]),
        role=st.sampled_from(["end_user", "influencer"]),
        channel=st.sampled_from(["email", "portal"]),
    ),
    max_size=60,
)
FILTERS = st.dictionaries(
    st.sampled_from([Dimension.SEGMENT, Dimension.MANAGER, Dimension.CHANNEL]), st.integers(0, 1), max_size=3
)
CHOICES = {
    Dimension.SEGMENT: ("Media", ""),
    Dimension.MANAGER: ("7", "0"),
    Dimension.CHANNEL: ("email", "portal"),
}


def brute_force(facts: list[ScoreFact], question: Question) -> list[ScoreFact]:
    return [
        fact
        for fact in facts
        if fact.kind == question.kind
        and question.start <= fact.day < question.end
        and all(str(getattr(fact, d)) == value for d, value in question.where.items())
        and (question.programs is None or fact.program in question.programs)
    ]


@pytest.mark.django_db
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(FACTS, FACTS, DAYS, DAYS, FILTERS, st.sampled_from([None, frozenset({1}), frozenset()]))
def test_any_question_has_the_answer_of_counting_by_hand(
    first, second, start, end, filters, programs
) -> None:
    question = Question("nps", start, end, {d: CHOICES[d][which] for d, which in filters.items()}, programs)
    facts = first + second
    with transaction.atomic():
        count_scores(first)
        count_scores(second)

        by_month, by_value = scores_by_month(question), scores_by_value(question)
        transaction.set_rollback(True)

    months: Counter[tuple[date, int]] = Counter()
    values: Counter[tuple[Dimension, str, int]] = Counter()
    for fact in brute_force(facts, question):
        months[fact.day.replace(day=1), fact.score] += 1
        for dimension in (Dimension.PROGRAM, *PAIRED):
            if dimension not in question.where:
                values[dimension, str(getattr(fact, dimension)), fact.score] += 1
    assert {(m, s): n for m, counts in by_month.items() for s, n in enumerate(counts) if n} == months
    assert {(d, v, s): n for (d, v), counts in by_value.items() for s, n in enumerate(counts) if n} == values


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FACTS)
def test_a_rebuild_gives_the_same_tables_even_when_they_were_wrong_before(facts) -> None:
    with transaction.atomic():
        count_scores(facts)
        before = tables()
        count_scores([ScoreFact("nps", 1, FIRST, 3, segment="lost")])
        ScoreRollup.objects.filter(dim1="tier").delete()

        for program in (1, 2):
            for month in {fact.day.replace(day=1) for fact in facts} | {FIRST.replace(day=1)}:
                rebuild_month(
                    program,
                    month,
                    lambda p=program, m=month: [
                        f for f in facts if f.program == p and f.day.replace(day=1) == m
                    ],
                )

        assert tables() == before
        transaction.set_rollback(True)


def tables() -> tuple[list, ...]:
    return (
        sorted(ScoreCell.objects.values_list()),
        sorted(ScoreDay.objects.values_list()),
        sorted(ScoreRollup.objects.values_list()),
        sorted(ScoreTriple.objects.values_list()),
    )


def test_the_values_a_filter_may_offer_are_those_ever_seen(db: None) -> None:
    count_scores(
        [
            ScoreFact("nps", 1, FIRST, 9, tier="gold", manager=7),
            ScoreFact("nps", 2, FIRST, 9, tier="silver"),
            ScoreFact("csat", 1, FIRST, 4, tier="bronze"),
        ]
    )

    seen = values_seen("nps", frozenset({1}))

    assert (Dimension.TIER, "gold") in seen
    assert (Dimension.MANAGER, "7") in seen
    assert (Dimension.PROGRAM, "1") in seen
    assert not {(Dimension.TIER, "silver"), (Dimension.TIER, "bronze")} & set(seen)


def test_values_by_month_are_counted_for_each_pair_that_has_answers(db: None) -> None:
    january, march = date(2026, 1, 31), date(2026, 3, 1)
    count_scores(
        [
            ScoreFact("nps", 1, january, 9, segment="Media", amount=3),
            ScoreFact("nps", 2, january, 0, segment="Media"),
            ScoreFact("nps", 1, march, 10, segment="Shops"),
            ScoreFact("nps", 1, date(2025, 12, 31), 5, segment="Media"),
            ScoreFact("csat", 1, january, 5, segment="Media"),
        ]
    )
    year = Question("nps", date(2026, 1, 1), date(2027, 1, 1))

    found = scores_by_value_and_month(year, Dimension.SEGMENT)

    assert found == {
        ("Media", date(2026, 1, 1)): (1, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0),
        ("Shops", date(2026, 3, 1)): (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
    }
