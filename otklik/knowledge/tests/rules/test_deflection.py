"""The worked example of docs/formulas/deflection.md, and what it must not count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from otklik.knowledge.rules.deflection import Deflection, Ticketed, Viewed, measure, total, visits

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
AT = NOON + timedelta(days=20)
PAYOUTS, LINKS = 1, 2
ARTICLE = 10
TOPICS = {ARTICLE: frozenset({PAYOUTS})}
AURORA = 100


def hours(count: float) -> datetime:
    return NOON + timedelta(hours=count)


def viewed(
    person: int | None, at: float = 0, *, company: int | None = None, article: int = ARTICLE
) -> Viewed:
    return Viewed(article, person, company or (person and person + 1000), hours(at))


def test_the_worked_example_of_the_formula() -> None:
    """Ten people read about payouts. Two write about payouts within 72 hours, one of them after exactly 72,
    one writes about links, one an hour too late. Wilson by hand: 8 of 10, z 1.959964: 0.4902 to 0.9433."""
    views = [viewed(person) for person in range(1, 11)]
    tickets = [
        Ticketed(1, 1001, PAYOUTS, hours(1)),
        Ticketed(2, 1002, PAYOUTS, hours(72)),
        Ticketed(3, 1003, LINKS, hours(1)),
        Ticketed(4, 1004, PAYOUTS, hours(73)),
    ]
    found = measure(views, tickets, TOPICS, at=AT)[ARTICLE]
    assert found == Deflection(counted=10, solved=8, company=8)
    share = found.as_data()["share"]
    assert share["value"] == 0.8
    assert share["low"] == pytest.approx(0.4902, abs=5e-5)
    assert share["high"] == pytest.approx(0.9433, abs=5e-5)


def test_opening_an_article_again_while_reading_is_one_visit() -> None:
    views = [
        viewed(1, 0),
        viewed(1, 1),
        viewed(1, 72),
        viewed(1, 73),
        viewed(2, 1),
        viewed(None),
        viewed(None),
    ]
    assert [(v.person, v.at) for v in visits(views)] == [
        (1, hours(0)),
        (None, hours(0)),
        (None, hours(0)),
        (2, hours(1)),
        (1, hours(73)),
    ]


def test_young_and_anonymous_visits_are_counted_apart() -> None:
    views = [viewed(1, 0), viewed(2, 24 * 19), viewed(3, 24 * 19), viewed(None)]
    tickets = [Ticketed(3, 1003, PAYOUTS, hours(24 * 19 + 1))]
    found = measure(views, tickets, TOPICS, at=AT)[ARTICLE]
    assert found == Deflection(counted=1, solved=1, company=1, pending=2, anonymous=1)


def test_a_visit_after_the_ticket_spares_nothing() -> None:
    found = measure([viewed(1)], [Ticketed(1, 1001, PAYOUTS, hours(-1))], TOPICS, at=AT)[ARTICLE]
    assert found == Deflection(asked_before=1)
    assert found.as_data()["share"] is None


def test_a_ticket_without_topic_and_an_article_without_topics_count_against_us() -> None:
    untold = [Ticketed(1, 1001, None, hours(1))]
    assert measure([viewed(1)], untold, TOPICS, at=AT)[ARTICLE].solved == 0
    about_links = [Ticketed(1, 1001, LINKS, hours(1))]
    assert measure([viewed(1)], about_links, {}, at=AT)[ARTICLE].solved == 0


def test_a_colleague_who_asks_is_told_apart() -> None:
    tickets = [Ticketed(2, AURORA, PAYOUTS, hours(2))]
    found = measure([viewed(1, company=AURORA)], tickets, TOPICS, at=AT)[ARTICLE]
    assert (found.solved, found.company) == (1, 0)


def test_the_whole_is_the_sum_of_its_articles() -> None:
    found = measure([viewed(1), viewed(2, article=11)], [], TOPICS, at=AT)
    assert total(found.values()) == Deflection(counted=2, solved=2, company=2)
    assert total([]) == Deflection()
