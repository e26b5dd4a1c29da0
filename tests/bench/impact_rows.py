"""Ten million answers with what the partner lived through before each, as facts of the source "exposures"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.bench import scale
from tests.bench.fact_files import Columns

SEGMENTS, ROWS, MONTHS = 11, 1_000_000, 24
PROGRAM = 1
IN_PROGRAM = 0.94
ANSWERED = 0.97  # of the partners were answered by support at all: the others have no wait
EFFECT = -0.02  # points of the score for a business hour of wait
_SMALL = ("breaches", "unanswered", "reopened", "handed_over", "foreign_language")
_RARE = ("money_held", "payouts_late", "manager_changed")


def segments() -> Iterator[Columns]:
    """A million answers each, in the order of time, each a stretch of the 24 months."""
    random = np.random.default_rng(8)
    level = random.normal(size=scale.PARTNERS + 1)
    for number in range(SEGMENTS):
        yield _segment(random, level, number)


def _segment(random: np.random.Generator, level: Any, number: int) -> Columns:
    start, stretch = np.datetime64("2024-01-01", "us"), 731 * 86_400_000_000 // SEGMENTS
    moments = start + np.sort(random.integers(0, stretch, ROWS)) + number * stretch
    day = moments.astype("datetime64[D]")
    partner = random.integers(1, scale.PARTNERS + 1, ROWS)
    season = np.sin(day.astype("datetime64[M]").astype(int))
    wait = random.gamma(2, 4, ROWS) * np.exp(0.3 * level[partner] + 0.2 * season)
    felt = 8.5 - level[partner] + 0.5 * season + EFFECT * wait + 2 * random.normal(size=ROWS)
    few = {name: random.poisson(0.5, ROWS) for name in _SMALL}
    rare = {name: random.poisson(0.05, ROWS) for name in _RARE}
    tickets = 1 + random.poisson(4, ROWS)
    return {
        "id": np.arange(ROWS) + number * ROWS + 1,
        "responded_at": moments,
        "day": day,
        "kind": _words(random, ("nps",)),
        "score": np.clip(np.rint(felt), 0, 10).astype(np.int8),
        "program": np.where(random.random(ROWS) < IN_PROGRAM, PROGRAM, PROGRAM + 1),
        "partner": partner,
        "contact": random.integers(1, scale.CONTACTS + 1, ROWS),
        "manager": partner % scale.MANAGERS + 1,
        "segment": _words(random, scale.SEGMENTS),
        "tier": _words(random, scale.TIERS),
        "country": _words(random, scale.COUNTRIES),
        "role": _words(random, scale.ROLES),
        "channel": _words(random, scale.CHANNELS),
        "desk_since": np.full(ROWS, start),
        "tickets": tickets,
        "wait_median": _known(random, wait),
        "wait_long": _known(random, 2.5 * wait),
        **few,
        **rare,
        "own_tickets": np.minimum(tickets, random.poisson(1, ROWS)),
        "own_wait_median": _known(random, wait),
        "own_wait_long": _known(random, 2.5 * wait),
        **{f"own_{name}": values // 2 for name, values in few.items()},
        "main_channel": _words(random, ("email", "portal", "chat")),
        "main_topic": random.integers(1, 30, ROWS),
        "main_team": random.integers(1, 12, ROWS),
    }


def _words(random: np.random.Generator, values: tuple[str, ...]) -> Any:
    import pyarrow as pa

    codes = random.integers(0, len(values), ROWS).astype(np.int8)
    return pa.DictionaryArray.from_arrays(codes, list(values))


def _known(random: np.random.Generator, values: Any) -> Any:
    import pyarrow as pa

    return pa.array(np.round(values, 2), mask=random.random(ROWS) > ANSWERED)
