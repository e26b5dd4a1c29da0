"""Through how many hands a ticket went, and in whose languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from otklik.desk.rules.handling import Move, answers_in, hand_overs

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BORIS, CLARA, DMITRI = 1, 2, 3


def moved(*owners: int | None) -> list[Move]:
    """One after the other, an hour each."""
    pairs = zip((None, *owners), owners, strict=False)
    return [Move(NOON + timedelta(hours=hour), *pair) for hour, pair in enumerate(pairs)]


@pytest.mark.parametrize(
    ("owners", "hours"),
    [
        ((), []),
        ((BORIS,), []),
        ((BORIS, CLARA), [1]),
        ((BORIS, CLARA, BORIS), [1, 2]),
        ((BORIS, None, CLARA), [2]),
        ((BORIS, None, BORIS), []),
        ((BORIS, None, None, CLARA, DMITRI), [3, 4]),
        ((BORIS, None), []),
    ],
)
def test_a_ticket_that_goes_on_to_somebody_else_is_handed_over(
    owners: tuple[int | None, ...], hours: list[int]
) -> None:
    moments = [NOON + timedelta(hours=hour) for hour in hours]
    assert hand_overs(moved(*owners)) == moments
    assert hand_overs(reversed(moved(*owners))) == moments


def test_whoever_had_it_from_the_start_hands_it_over_too() -> None:
    assert hand_overs([Move(NOON, BORIS, CLARA)]) == [NOON]


@pytest.mark.parametrize(
    ("language", "levels", "answer"),
    [
        ("ru", {"ru": 3, "en": 2}, True),
        ("pt-BR", {"pt": 2}, True),
        ("es", {"ru": 3, "en": 2}, False),
        ("en", {"ru": 3, "en": 1}, False),
        ("", {"ru": 3}, None),
        ("ru", {}, None),
        ("ru", {"ru": 0}, None),
    ],
)
def test_who_only_reads_a_language_does_not_answer_in_it(
    language: str, levels: dict[str, int], answer: bool | None
) -> None:
    assert answers_in(language, levels) is answer
