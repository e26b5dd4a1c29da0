"""How often a report finds what is not there, over every exposure together. Slow."""

from __future__ import annotations

from datetime import date

import pytest

from otklik.impact.rules import studying
from otklik.impact.rules.reading import csat_answers, nps_answers
from otklik.impact.rules.studying import report_of
from otklik.impact.rules.table import Table
from otklik.impact.rules.vocabulary import Exposure
from otklik.impact.tests.programs import AT, answers, rated_tickets
from otklik.stats.impact_verdict import Verdict
from otklik.stats.tests.simulated_programs import at_most

pytestmark = pytest.mark.slow
RUNS = 400
SINCE = date(2024, 7, 1)


def effects(table: Table) -> set[Exposure]:
    report = report_of(table, since=SINCE, until=AT.date(), asked=None)
    return {one.exposure for one in report.studies if one.verdict is Verdict.EFFECT}


@pytest.fixture(autouse=True)
def no_drivers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studying, "drivers_of", lambda table: None)


@pytest.mark.parametrize("partners", [25, 60])
def test_among_ten_exposures_that_do_nothing_one_is_rarely_called_a_cause(
    partners: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Unhappy partners have more tickets, and tickets bring exposures."""
    wrong = sum(bool(effects(nps_answers(answers(seed, partners=partners), AT))) for seed in range(RUNS))
    with capsys.disabled():
        print(f"\n{partners} partners, nothing planted: a cause was named in {wrong / RUNS:.1%} of programs")
    assert wrong / RUNS <= at_most(0.05, RUNS)


def test_ratings_of_hard_topics_do_not_blame_the_wait(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = sum(bool(effects(csat_answers(rated_tickets(seed), AT))) for seed in range(RUNS))
    with capsys.disabled():
        print(f"\nratings, nothing planted: a cause was named in {wrong / RUNS:.1%} of programs")
    assert wrong / RUNS <= at_most(0.05, RUNS)


def test_a_planted_cause_is_named_and_beside_it_hardly_ever_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    runs = 150
    found = [
        effects(nps_answers(answers(seed, partners=90, planted={Exposure.BREACHES: 1.5}), AT))
        for seed in range(runs)
    ]
    named = sum(Exposure.BREACHES in one for one in found) / runs
    beside = sum(bool(one - {Exposure.BREACHES}) for one in found) / runs
    with capsys.disabled():
        print(f"\na planted cause was named in {named:.0%} of programs, another beside it in {beside:.1%}")
    assert named > 0.75
    assert beside <= at_most(0.05, runs)
