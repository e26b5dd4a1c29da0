"""NPS by segment and month over ten million answers, from the roll-up, by the product's own query.

Ten million answers are counted by the product (``count_scores``), a thousand and more at a time with the same
dimensions: the roll-up then holds every row it would hold had they come one by one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.bench import scale
from tests.bench.harness import Sheet, cached_folder, measure, ms, note, steps_counted
from tests.bench.product import built_without_syncs, key_of, make_tables, open_product

if TYPE_CHECKING:
    from otklik.analytics.public import ScoreFact

ANSWERS, MONTHS, PROGRAMS = 10_000_000, 24, 2
COMBINATIONS = 4_000  # of dimensions, in each program and month
LAST_MONTH = date(2025, 12, 1)


def run() -> Sheet:
    key = key_of(Path(__file__))
    with cached_folder(f"histogram-{key}") as (folder, ready):
        open_product(folder)
        if not ready:
            _build()
    from django.db import connection

    from otklik.analytics.models import ScoreRollup
    from otklik.analytics.public import Dimension, Question, scores_by_value_and_month
    from otklik.stats.intervals import intervals
    from otklik.stats.nps import counts_from_histogram

    question = Question("nps", date(2024, 1, 1), date(2026, 1, 1))

    def by_segment_and_month() -> dict[tuple[str, date], tuple[int, ...]]:
        return scores_by_value_and_month(question, Dimension.SEGMENT)

    def with_intervals() -> None:
        intervals(counts_from_histogram(list(by_segment_and_month().values())))

    found = by_segment_and_month()
    total = sum(sum(scores) for scores in found.values())
    assert (len(found), total) == (MONTHS * len(scale.SEGMENTS), ANSWERS), (len(found), total)
    assert connection.connection is not None
    with steps_counted(connection.connection) as steps:
        by_segment_and_month()
    sheet = Sheet("NPS by segment and month over 10,000,000 answers, from the histogram")
    sheet.add(
        "rows in the roll-up", f"{ScoreRollup.objects.count():,}", f"{len(found)} segment-months asked for"
    )
    counts = measure(by_segment_and_month, runs=51, warm_up=3)
    sheet.time("counts, median", counts.median, limit=0.02)
    sheet.add("counts, p95", ms(counts.p95), f"{steps[0]:,} SQLite instructions")
    sheet.add("with an interval for each, median", ms(measure(with_intervals, runs=51, warm_up=3).median))
    return sheet


def _build() -> None:
    from django.db import transaction

    from otklik.analytics.public import count_scores

    began = time.perf_counter()
    make_tables()
    with built_without_syncs():
        for facts in _months():
            with transaction.atomic():
                count_scores(facts)
    note(f"histogram of {ANSWERS:,} answers: {time.perf_counter() - began:.0f} s")


def _months() -> Iterator[Iterator[ScoreFact]]:
    random = np.random.default_rng(5)
    cells = PROGRAMS * MONTHS
    for number, answers in enumerate(random.multinomial(ANSWERS, np.full(cells, 1 / cells)).tolist()):
        program, back = divmod(number, MONTHS)
        month = LAST_MONTH.year * 12 + LAST_MONTH.month - 1 - back
        yield _facts(
            random, program + 1, datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).date(), answers
        )


def _facts(random: np.random.Generator, program: int, month: date, answers: int) -> Iterator[ScoreFact]:
    from otklik.analytics.public import ScoreFact

    shares = random.dirichlet(np.full(COMBINATIONS, 0.5))
    scores = random.integers(0, 11, COMBINATIONS).tolist()
    for n, amount in enumerate(random.multinomial(answers, shares).tolist()):
        # The first rounds make sure that every segment is there in every month.
        segment = n % len(scale.SEGMENTS) if n < 600 else random.integers(len(scale.SEGMENTS))
        country = int(random.integers(len(scale.COUNTRIES)))
        if amount:
            yield ScoreFact(
                kind="nps",
                program=program,
                day=month.replace(day=1 + n % 28),
                score=scores[n],
                segment=scale.SEGMENTS[segment],
                tier=scale.TIERS[random.integers(len(scale.TIERS))],
                country=scale.COUNTRIES[country],
                manager=1 + (country + 5 * int(random.integers(6))) % scale.MANAGERS,
                role=scale.ROLES[random.integers(len(scale.ROLES))],
                channel=scale.CHANNELS[random.integers(len(scale.CHANNELS))],
                amount=amount,
            )
