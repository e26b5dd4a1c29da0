"""Programs whose truth is known, as rows of the facts: what lowers the score is planted, the rest is
noise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from otklik.impact.rules.vocabulary import Exposure

AT = datetime(2026, 7, 1, tzinfo=UTC)
SINCE = np.datetime64("2024-08-01T10:00:00", "us")
Columns = dict[str, Any]


def answers(
    seed: int = 1,
    *,
    partners: int = 60,
    rounds: int = 7,
    planted: Mapping[Exposure, float] | None = None,
    program: int = 1,
) -> Columns:
    """Columns of facts "exposures", (partners x rounds,). ``planted``: points of the 0..10 scale that one
    unit of an exposure takes away. Unhappy partners have more tickets, and tickets bring exposures, so
    whatever is not planted goes with the score all the same."""
    rng = np.random.default_rng(seed)
    n = partners * rounds
    partner, turn = np.divmod(np.arange(n), rounds)
    nature = rng.normal(size=partners)[partner]
    mood = rng.normal(size=n)
    tickets = rng.poisson(np.exp(0.6 + 0.4 * nature + 0.2 * mood))
    shares = {
        Exposure.BREACHES: 0.3,
        Exposure.UNANSWERED: 0.1,
        Exposure.REOPENED: 0.2,
        Exposure.HANDED_OVER: 0.2,
        Exposure.FOREIGN_LANGUAGE: 0.15,
    }
    seen = {one: rng.binomial(tickets, share) for one, share in shares.items()}
    seen |= {
        Exposure.MONEY_HELD: rng.poisson(np.exp(0.3 * nature)),
        Exposure.PAYOUTS_LATE: rng.poisson(0.4, n),
        Exposure.MANAGER_CHANGED: rng.binomial(1, 0.15, n),
    }
    waited = np.where(tickets > 0, np.exp(rng.normal(1, 0.5, n) + 0.2 * nature), np.nan)
    seen |= {Exposure.WAIT_MEDIAN: waited, Exposure.WAIT_LONG: 2.5 * waited}
    felt = 8 - nature - 0.3 * mood - 0.2 * tickets + 1.5 * rng.normal(size=n)
    for exposure, points in (planted or {}).items():
        felt -= points * np.nan_to_num(seen[exposure])
    when = SINCE + (turn * 95).astype("timedelta64[D]") + rng.integers(0, 5, n).astype("timedelta64[D]")
    return {
        "id": np.arange(n) + 1,
        "responded_at": when,
        "kind": np.full(n, "nps"),
        "score": np.clip(np.rint(felt), 0, 10).astype(int),
        "program": np.full(n, program),
        "partner": partner + 1,
        "contact": partner * 3 + turn % 3 + 1,
        "segment": np.array(["media", "shops", "games"])[partner % 3],
        "tier": np.array(["gold", "silver"])[partner % 2],
        "country": np.array(["RU", "KZ", "DE"])[partner % 3],
        "role": np.array(["decision_maker", "influencer", "end_user"])[turn % 3],
        "channel": np.full(n, "email"),
        "desk_since": np.full(n, np.datetime64("2023-01-01", "us")),
        "tickets": tickets,
        "own_tickets": rng.binomial(tickets, 0.5),
        **{one.value: values for one, values in seen.items()},
    }


def rated_tickets(
    seed: int = 1, *, partners: int = 60, each: int = 12, unhappy: float = 0.0, angry: float = 0.0
) -> Columns:
    """Columns of facts "tickets". ``unhappy``: points of the 1..5 scale that a reopening takes away. Hard
    topics are slower, and liked less. ``angry``: points that go with an angry first message, which waits four
    hours longer as well."""
    rng = np.random.default_rng(seed)
    n = partners * each
    partner, turn = np.divmod(np.arange(n), each)
    topic = rng.integers(1, 5, n)
    reopened = rng.binomial(1, 0.1 + 0.1 * (topic == 4))
    hours = rng.exponential(3, n) + 4 * (topic == 4)
    mood = rng.normal(size=partners)[partner] / 2 + rng.normal(size=n)
    felt = 4.5 - (topic == 4) - unhappy * reopened + mood
    is_angry = rng.random(n) < 0.3 if angry else np.zeros(n, dtype=bool)
    felt -= angry * is_angry
    hours += 4 * is_angry
    created = SINCE + (turn * 30).astype("timedelta64[D]") + rng.integers(0, 9, n).astype("timedelta64[D]")
    return {
        "id": np.arange(n) + 1,
        "created_at": created,
        "outcome": np.full(n, "answered"),
        "closed_at": created + np.timedelta64(2, "D"),
        "program": np.full(n, 1),
        "partner": partner + 1,
        "topic": topic,
        "priority": np.array(["normal", "high"])[rng.integers(0, 2, n)],
        "channel": np.array(["email", "web"])[rng.integers(0, 2, n)],
        "tier": np.array(["gold", "silver"])[partner % 2],
        "rating": np.clip(np.rint(felt), 1, 5).astype(int),
        "first_response": (60 * hours).astype(int),
        "wait_median": hours,
        "breaches": rng.binomial(2, 0.1, n),
        "reopened": reopened,
        "mood_first": np.ma.masked_array(3 * is_angry, mask=turn == 0),
        "handed_over": rng.binomial(1, 0.2, n),
        "foreign_language": np.ma.masked_array(rng.binomial(1, 0.1, n), mask=rng.random(n) < 0.1),
    }
