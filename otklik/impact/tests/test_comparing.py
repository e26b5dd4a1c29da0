from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from otklik.impact.queries.comparing import Compared, compared
from otklik.impact.rules.comparing import By, Measure, Told
from otklik.impact.tests.written import written

YEAR = (date(2025, 3, 2), date(2026, 3, 2))
HARD, EASY = 1, 2


def tickets(phone_is_slower: float = 1.0) -> Iterator[dict[str, Any]]:
    """Forty partners. Hard questions take ten times as long and come by phone, easy ones by mail; a few of
    each come the other way."""
    chance = random.Random(7)
    for partner in range(1, 41):
        for topic, channel, n in (
            (HARD, "phone", 4),
            (HARD, "email", 1),
            (EASY, "phone", 1),
            (EASY, "email", 4),
        ):
            for _ in range(n):
                minutes = (600 if topic == HARD else 60) * chance.uniform(0.5, 2)
                slower = phone_is_slower if channel == "phone" else 1.0
                late = chance.random() < (0.4 if topic == HARD else 0.05)
                yield {
                    "program": 1, "partner": partner, "topic": topic, "channel": channel, "team": 5,
                    "first_response": int(minutes * slower), "breaches": int(late),
                    "rating": chance.choice((5, 5, 4, 1)), "outcome": "answered",
                }  # fmt: skip


def answers() -> Iterator[dict[str, Any]]:
    chance = random.Random(8)
    for partner in range(1, 41):
        score = chance.choice((10, 9, 8, 3))
        yield {
            "program": 1, "partner": partner, "kind": "nps", "score": score, "tickets": 3,
            "main_channel": "phone" if partner % 2 else "email", "main_topic": HARD, "main_team": 5,
        }  # fmt: skip


@pytest.fixture
def store(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Any:
    def write(source: str, rows: Iterator[dict[str, Any]]) -> None:
        written(monkeypatch, settings, tmp_path, source, rows)

    write("exposures", answers())
    return write


def looked_at(by: By) -> Compared:
    return compared(by, program_id=1, since=YEAR[0], until=YEAR[1])


def test_hard_questions_by_phone_do_not_make_the_phone_slow(store: Any) -> None:
    store("tickets", tickets())

    channels = looked_at(By.CHANNEL)

    assert set(channels.values) == {"phone", "email"}
    wait = next(one for one in channels.found.differences if one.measure is Measure.FIRST_RESPONSE)
    assert max(wait.plain, 1 / wait.plain) > 3
    assert wait.alike == pytest.approx(1.0, abs=0.15)
    assert wait.covered == 1.0
    assert channels.found.told(Measure.FIRST_RESPONSE) is Told.NONE_APART
    assert channels.found.differing(Measure.BROKEN) == []


def test_a_phone_that_is_slow_on_the_same_topics_is_named(store: Any) -> None:
    store("tickets", tickets(phone_is_slower=3.0))

    channels = looked_at(By.CHANNEL)

    (found,) = channels.found.differing(Measure.FIRST_RESPONSE)
    assert channels.values[found.first] == "phone" or found.alike is not None
    assert max(found.alike or 0, 1 / (found.alike or 1)) == pytest.approx(3.0, rel=0.15)
    assert found.partners == 40


def test_topics_are_compared_as_they_are(store: Any) -> None:
    store("tickets", tickets())

    topics = looked_at(By.TOPIC)

    assert set(topics.values) == {HARD, EASY}
    assert topics.found.told(Measure.BROKEN) is Told.SOME_DIFFER
    # Every answer fell to the hard topic: there is nothing to compare it with.
    assert topics.found.told(Measure.NPS) is Told.TOO_FEW
    assert sorted(line.nps.n for line in topics.found.lines) == [0, 40]


def test_a_single_team_is_compared_with_nothing(store: Any) -> None:
    store("tickets", tickets())

    teams = looked_at(By.TEAM)

    assert teams.values == (5,)
    assert {teams.found.told(one) for one in Measure} == {Told.TOO_FEW}
    assert teams.found.lines[0].tickets == teams.found.overall.tickets == 400


def test_what_hardly_anybody_used_shows_no_score(store: Any) -> None:
    few = [{"program": 1, "partner": 1, "channel": "telegram", "rating": 1, "outcome": "answered"}] * 4
    store("tickets", iter([*tickets(), *few]))

    channels = looked_at(By.CHANNEL)

    telegram = channels.found.lines[channels.values.index("telegram")]
    assert (telegram.tickets, telegram.csat.share, telegram.csat.interval) == (4, None, None)
    assert telegram.csat.shrunk is not None
    assert telegram.first_response is None
    assert all(
        channels.values.index("telegram") not in (one.first, one.second) for one in channels.found.differences
    )


def test_other_programs_days_and_spam_are_left_out(store: Any) -> None:
    strange = {"program": 1, "partner": 1, "channel": "chat", "outcome": "answered"}
    rows = [
        {**strange, "program": 2},
        {**strange, "outcome": "spam"},
        {**strange, "day": date(2024, 1, 1)},
        {**strange, "partner": None},
    ]
    store("tickets", iter(rows))

    assert looked_at(By.CHANNEL).values == ()
    assert looked_at(By.CHANNEL).found.overall.tickets == 0
