"""A report from the asking to the record that pages read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from otklik.analytics.public import ColumnType, FactSource, fact_sources
from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.impact.facts import COLUMNS
from otklik.impact.models import ImpactReport
from otklik.impact.operations import computing
from otklik.impact.operations.changes import ChangeTerms, record_change
from otklik.impact.operations.computing import (
    KEPT,
    ask_due,
    ask_report,
    compute_report,
    fail_report,
)
from otklik.impact.queries.behind import Doses, OfReport, count_behind
from otklik.impact.queries.rows import answers_of
from otklik.impact.rules import driving
from otklik.impact.rules.headline import headline
from otklik.impact.rules.reading import OF_A_TICKET
from otklik.impact.rules.vocabulary import GIVEN_UP, ChangeReason, Exposure, Failure, Outcome, ReportState
from otklik.impact.tests.programs import AT, answers, rated_tickets
from otklik.impact.tests.samples import REPORT
from otklik.stats.impact_verdict import Verdict
from tests.world import World

pytestmark = pytest.mark.django_db
BY = Actor.system()
TICKETS = (
    *(("id", ColumnType.BIG), ("created_at", ColumnType.INSTANT), ("day", ColumnType.DAY)),
    *((name, ColumnType.BIG) for name in ("program", "partner", "topic", *OF_A_TICKET.values())),
    *((name, ColumnType.WORD) for name in ("tier", "channel", "priority", "outcome")),
    *(("rating", ColumnType.SMALL), ("mood_first", ColumnType.SMALL), ("closed_at", ColumnType.INSTANT)),
    ("rated_at", ColumnType.INSTANT),
)


@dataclass
class Told:
    """Stands for the rows of the rooms below."""

    name: str
    columns: tuple[tuple[str, ColumnType], ...]
    rows: dict[int, tuple[Any, ...]]

    def tell(self, given: dict[str, Any]) -> None:
        moments = given.get("responded_at", given.get("created_at"))
        day = moments.astype("datetime64[D]")
        empty = np.ma.masked_all(len(moments))
        cells = [_plain({**given, "day": day}.get(name, empty)) for name, _ in self.columns]
        self.rows = {row[0]: row for row in zip(*cells, strict=True)}

    def source(self) -> FactSource:
        return FactSource(self.name, self.columns, self._fetch, self._all_ids)

    def _fetch(self, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        return (self.rows[pk] for pk in ids if pk in self.rows)

    def _all_ids(self, waiting: Any) -> Iterator[list[int]]:
        yield sorted(self.rows)


def _plain(column: Any) -> list[Any]:
    return [None if cell != cell else cell for cell in np.ma.asarray(column).tolist()]


@pytest.fixture
def told(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Told]:
    settings.OTKLIK = replace(settings.OTKLIK, data_dir=tmp_path)
    monkeypatch.setattr(driving, "REPLICATES", 20)
    found = {"exposures": Told("exposures", COLUMNS, {}), "tickets": Told("tickets", TICKETS, {})}
    for name, one in found.items():
        monkeypatch.setitem(fact_sources._entries, name, one.source())
    return found


@pytest.fixture
def rebuilt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in notes no pending rows, so everything is written anew each time."""
    from otklik.analytics.operations import bring_up_to_date as module

    write = module.write_facts
    monkeypatch.setattr(module, "write_facts", lambda source, clock: write(source, clock=clock, rebuild=True))


def asked_at(world: World, outcome: Outcome = Outcome.NPS, at: Any = AT) -> ImpactReport:
    return ask_report(program=world.program, outcome=outcome, by=BY, at=at)


def test_a_planted_cause_is_found_in_the_facts_and_kept(
    world: World, told: dict[str, Told], rebuilt: None
) -> None:
    told["exposures"].tell(answers(partners=70, planted={Exposure.BREACHES: 2.0}, program=world.program.pk))
    said = ChangeTerms("Answers in 4 hours", "", {"gold": AT.date()}, {})
    change = record_change(program=world.program, terms=said, by=BY, at=AT)
    report = ask_report(program=world.program, outcome=Outcome.NPS, by=Actor.person(world.anna.pk), at=AT)
    assert OrmQ.objects.count() == 1
    compute_report(report_id=report.pk, at=AT)
    kept = ImpactReport.objects.get()
    assert (kept.state, kept.asked_by, kept.ended_at, kept.failure) == ("done", world.anna, AT, "")
    found = headline(kept.report)
    assert found.first is not None
    assert (found.first.exposure, found.verdict, found.effects_of_support) == (
        Exposure.BREACHES,
        Verdict.EFFECT,
        1,
    )
    assert (kept.report.answers, kept.report.partners, kept.report.asked) == (490, 70, None)
    assert [(one.change, one.reasons) for one in kept.report.changes] == [
        (change.pk, (ChangeReason.NOT_YET,))
    ]
    event = Event.objects.get(kind="impact.computed")
    assert event.data == {"report": kept.pk, "outcome": "nps", "answers": 490}
    compute_report(report_id=report.pk, at=AT + timedelta(days=1))
    assert ImpactReport.objects.get().ended_at == AT, "what was said stays"


def test_ratings_are_read_from_tickets(world: World, told: dict[str, Told], rebuilt: None) -> None:
    given = rated_tickets(partners=25)
    given["rating"] = np.ma.masked_array(given["rating"], mask=np.arange(300) % 10 == 0)
    given |= {column: given[name.value] for name, column in OF_A_TICKET.items()}
    given["first_response_before_rating"] = given["first_response"]
    given["rated_at"] = given["closed_at"].copy()
    told["tickets"].tell({**given, "program": np.full(300, world.program.pk)})
    report = asked_at(world, Outcome.CSAT)
    compute_report(report_id=report.pk, at=AT)
    found = ImpactReport.objects.get().report
    assert (found.answers, found.bad, found.outcome, len(found.studies)) == (270, 0, Outcome.CSAT, 5)
    wait = found.of(Exposure.WAIT_MEDIAN)
    assert wait is not None
    assert 2 < wait.seen.mean < 6, "hours, not minutes"
    assert_lists_are_as_long_as_bins_say(ImpactReport.objects.get())


def assert_lists_are_as_long_as_bins_say(kept: ImpactReport) -> None:
    report, at = kept.report, kept.ended_at
    assert at is not None
    asked = partial(OfReport, kept.program_id, report.outcome, report.since, report.until, at)
    assert count_behind(asked(None)) == report.answers
    studied = [one for one in report.studies if one.doses]
    for study in studied[:2]:
        bins = [(one.low, one.high, one.n) for one in study.doses]
        found = [count_behind(asked(Doses(study.exposure, low, high))) for low, high, _ in bins]
        assert found == [n for *_, n in bins]
    assert len(studied) > 1


def test_the_list_behind_a_figure_has_the_answers_that_the_figure_counts(
    world: World, told: dict[str, Told], rebuilt: None
) -> None:
    given = answers(partners=40, program=world.program.pk)
    moments, n = given["responded_at"], len(given["id"])
    moments[5] = np.datetime64(AT.replace(tzinfo=None)) + np.timedelta64(1, "h")
    given["score"][9] = 11
    given["contact"] = np.arange(n) + 1
    for name, column in given.items():
        if name != "id":
            column[20] = column[19]
    told["exposures"].tell(given)
    compute_report(report_id=asked_at(world).pk, at=AT)
    kept = ImpactReport.objects.get()
    assert (kept.report.answers, kept.report.bad) == (n - 3, 3)
    assert_lists_are_as_long_as_bins_say(kept)


def test_tickets_of_nobody_known_and_those_that_were_none_are_no_ratings(
    world: World, told: dict[str, Told], rebuilt: None
) -> None:
    given = rated_tickets(partners=2)
    given |= {column: given[name.value] for name, column in OF_A_TICKET.items()}
    given["partner"] = np.ma.masked_array(given["partner"], mask=np.arange(24) < 5)
    given["outcome"][5:7], given["outcome"][7:8] = "spam", "merged"
    told["tickets"].tell({**given, "program": np.full(24, world.program.pk)})
    compute_report(report_id=asked_at(world, Outcome.CSAT).pk, at=AT)
    found = ImpactReport.objects.get().report
    assert (found.rows, found.partners) == (24 - 8, 2)


def test_only_answers_of_the_program_kind_and_time_are_read(
    world: World, told: dict[str, Told], rebuilt: None
) -> None:
    given = answers(partners=20, program=world.program.pk)
    given["kind"][:10], given["program"][10:30] = "csat", 999
    given["responded_at"][30] = np.datetime64("2020-01-01", "us")
    told["exposures"].tell(given)
    compute_report(report_id=asked_at(world).pk, at=AT)
    table = answers_of(Outcome.NPS, world.program.pk, since=(AT - computing.STUDIED).date(), at=AT)
    assert len(table) == 140 - 31 == ImpactReport.objects.get().report.rows


def test_a_program_without_answers_has_a_report_that_says_so(
    world: World, told: dict[str, Told], rebuilt: None
) -> None:
    for outcome in Outcome:
        compute_report(report_id=asked_at(world, outcome).pk, at=AT)
    for kept in ImpactReport.objects.all():
        assert (kept.report.answers, kept.report.passed, kept.report.drivers) == (0, False, None)
        assert headline(kept.report).verdict is Verdict.REFUSED


def test_one_is_computed_at_a_time_and_a_dead_one_is_given_up(world: World) -> None:
    first = asked_at(world)
    assert asked_at(world, at=AT + timedelta(minutes=5)) == first
    assert asked_at(world, Outcome.CSAT) != first
    second = asked_at(world, at=AT + GIVEN_UP)
    assert second != first
    first.refresh_from_db()
    assert (first.state, first.failure) == (ReportState.FAILED, Failure.ENDED)
    assert OrmQ.objects.count() == 3


def test_a_computation_that_breaks_says_so_and_is_not_told_of(
    world: World, told: dict[str, Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = asked_at(world)

    def breaks(*args: Any, **options: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(computing, "answers_of", breaks)
    with pytest.raises(MemoryError):
        compute_report(report_id=report.pk, at=AT)
    report.refresh_from_db()
    assert (report.state, report.failure, report.body) == ("failed", "broken", None)
    fail_report(report_id=report.pk, failure=Failure.TOO_LONG, at=AT)
    report.refresh_from_db()
    assert report.failure == "broken", "the first reason is the one"
    assert not Event.objects.filter(kind="impact.computed").exists()


def test_a_change_recorded_during_a_computation_is_computed_after_it(
    world: World, told: dict[str, Told], rebuilt: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, read = asked_at(world), computing.changes_to_study

    def recorded_a_moment_later(program_id: int) -> Any:
        found = read(program_id)
        record_change(
            program=world.program,
            terms=ChangeTerms("Calls", "", {"gold": AT.date()}, {}),
            by=BY,
            at=AT,
        )
        return found

    monkeypatch.setattr(computing, "changes_to_study", recorded_a_moment_later)
    compute_report(report_id=first.pk, at=AT)
    again = ImpactReport.objects.get(state=ReportState.COMPUTING)
    monkeypatch.setattr(computing, "changes_to_study", read)
    compute_report(report_id=again.pk, at=AT)
    again.refresh_from_db()
    assert [one.version for one in again.report.changes] == [1]
    assert ImpactReport.objects.count() == 2


def test_the_last_thirty_are_kept_and_failures_push_out_nothing_that_was_found(world: World) -> None:
    done = asked_at(world, at=AT - timedelta(days=1))
    done.finish(REPORT, AT)
    done.save()
    for day in range(KEPT + 3):
        report = asked_at(world, at=AT + timedelta(days=day))
        fail_report(report_id=report.pk, failure=Failure.BROKEN, at=AT)
    failed = ImpactReport.objects.filter(state=ReportState.FAILED)
    assert failed.count() == KEPT
    assert min(failed.values_list("asked_at", flat=True)) == AT + timedelta(days=3)
    assert ImpactReport.objects.exclude(state=ReportState.FAILED).get() == done


def test_programs_with_answers_are_computed_each_night_and_at_once_the_first_time(
    world: World, answered_programs: None
) -> None:
    noon, night = AT.replace(hour=12), AT.replace(hour=2) + timedelta(days=1)
    assert ask_due(at=noon) == 1
    report = ImpactReport.objects.get()
    assert (report.program, report.outcome) == (world.program, "nps")
    fail_report(report_id=report.pk, failure=Failure.BROKEN, at=noon)
    assert ask_due(at=noon) == 0
    assert ask_due(at=noon + timedelta(hours=22)) == 0, "not by day"
    assert ask_due(at=night + timedelta(days=1)) == 1
    assert ask_due(at=night + timedelta(days=1, hours=1)) == 0
    with CaptureQueriesContext(connection) as asked:
        ask_due(at=night + timedelta(days=1, hours=1))
    assert len(asked) <= 6


@pytest.fixture
def answered_programs(world: World) -> None:
    from otklik.feedback.public import ResponseRow
    from otklik.feedback.tests.answers import nps_version, store

    row = ResponseRow(
        source_key="one",
        version_id=nps_version(world),
        responded_at=AT - timedelta(days=9),
        partner_id=world.aurora.pk,
        score=9,
    )
    store(row, at=AT)
