"""What was planted in the demo is found, and what was not is not, whenever the demo is loaded."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
import pytest

from otklik.demo.desk.past import past
from otklik.demo.desk.threads import threads, waits
from otklik.demo.mood import MONTHS
from otklik.demo.story import Answer, answers, companies
from otklik.demo.tests.lived import WINDOW, Lived, Lives
from otklik.stats.impact import Answers, Study, study
from otklik.stats.impact_verdict import BadRow, Verdict, gate
from otklik.stats.nps import Floats

EXPOSURES_TOGETHER = 10
SPRING, *OTHERS = (
    datetime(2026, month, (3, 11, 19, 27)[month % 4], 12, tzinfo=UTC) for month in (3, *range(4, 13), 1, 2)
)
NPS = np.array([-100.0] * 7 + [0.0] * 2 + [100.0] * 2)


@lru_cache(maxsize=1)
def lived(at: datetime) -> list[tuple[Answer, Lived]]:
    """Answers of which support is known for the whole window."""
    anchor = at.date().replace(day=1)
    told = companies(anchor)
    desk = [*past(told, anchor, at), *threads(told, at)]
    kept, lives = waits(desk), Lives(desk)
    since = min(story.at for story in desk) + WINDOW
    everybody = [one for month in range(-MONTHS, 1) for one in answers(told, anchor, month, at, kept)]
    return [(one, lives.before(one.company.key, one.at)) for one in everybody if one.at >= since]


def studied(at: datetime, what: str) -> Study:
    """As the product does: tickets held, the next exposure as placebo, ten exposures looked at together."""
    found = lived(at)
    exposure = np.array([getattr(before, what) for _, before in found], dtype=np.float64)
    tickets = np.array([before.tickets for _, before in found], dtype=np.float64)
    nps = NPS[[one.score for one, _ in found]]
    return study(
        Answers(
            outcome=nps,
            exposure=exposure,
            units=np.array([one.company.key for one, _ in found]),
            periods=np.array([f"{one.at:%Y-%m}" for one, _ in found]),
            controls=np.column_stack([tickets, np.log1p(tickets)]),
            lead=following(found, exposure),
            ranks=1 + nps / 100,
        ),
        gate(len(found), {BadRow.DUPLICATE_ANSWER: np.zeros(len(found), dtype=np.bool_)}),
        level=1 - 0.05 / EXPOSURES_TOGETHER,
    )


def following(found: list[tuple[Answer, Lived]], exposure: Floats) -> Floats:
    """Of the partner's first answer that lies a whole window later."""
    by_partner: dict[str, list[tuple[datetime, float]]] = {}
    for (one, _), value in zip(found, exposure.tolist(), strict=True):
        by_partner.setdefault(one.company.key, []).append((one.at, value))
    after = [
        min((later for later in by_partner[one.company.key] if later[0] >= one.at + WINDOW), default=None)
        for one, _ in found
    ]
    return np.array([np.nan if later is None else later[1] for later in after])


@pytest.mark.parametrize("at", [SPRING, *(pytest.param(one, marks=pytest.mark.slow) for one in OTHERS)])
def test_waiting_is_found_and_what_moves_nothing_is_not(at: datetime) -> None:
    waiting = studied(at, "kept_waiting")
    assert waiting.verdict.verdict is Verdict.EFFECT, waiting.verdict
    assert waiting.within is not None
    assert waiting.within.interval is not None
    assert waiting.within.interval.high < -5, "it matters, too"
    for harmless in ("reopened", "handed_over"):
        assert studied(at, harmless).verdict.verdict is not Verdict.EFFECT, harmless


def test_what_moves_nothing_happens_as_often_as_what_does() -> None:
    found = [before for _, before in lived(SPRING)]
    share = {what: np.mean([getattr(one, what) > 0 for one in found]) for what in Lived._fields}
    assert min(share["reopened"], share["handed_over"]) > 0.8 * share["kept_waiting"] > 0.05


def test_so_many_waited_that_a_good_time_and_a_bad_one_are_known() -> None:
    """Were it under a tenth of answers, the pages would compare with the worst there ever was."""
    assert np.mean([before.kept_waiting > 0 for _, before in lived(SPRING)]) > 0.11
