"""From a file to rows: every row accounted for, nothing twice, nothing half."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.kit.tabular import csv_lines
from otklik.partners.imports import files
from otklik.partners.imports.operations import carry_on as carrying
from otklik.partners.imports.operations.carry_on import carry_on
from otklik.partners.imports.operations.forget import forget_failures, forget_orphans, forget_unstarted
from otklik.partners.imports.operations.start import (
    AlreadyOver,
    AlreadyStarted,
    BadMapping,
    cancel_run,
    wake_run,
)
from otklik.partners.imports.queries import failed_rows, failed_table, failures_of, same_file_before
from otklik.partners.imports.tests.helpers import arrive, bring, counts, start, workbook
from otklik.partners.models import Contact, ImportFailure, ImportRun, Partner
from tests.world import NOW

PARTNERS = "Название;Код;Страна;Выручка\nВега;V-1;Россия;1 200,50\nДенеб;D-2;KZ;\nАльтаир;A-3;Нарния;много\n"


def names(world) -> set[str]:
    return set(Partner.objects.filter(program=world.program).values_list("name", flat=True))


def test_good_rows_are_stored_and_bad_ones_are_told_with_everything_wrong_in_them(world):
    run = bring(world, PARTNERS.encode("cp1251"))

    assert run.state == ImportRun.State.DONE
    assert counts(run) == {"read": 3, "stored": 2, "skipped": 0, "failed": 1}
    assert {"Вега", "Денеб"} <= names(world)
    [row] = failed_rows(run, list(failures_of(run)))
    assert row.number == 4
    assert [(cell.column, cell.value) for cell in row.cells] == [("Страна", "Нарния"), ("Выручка", "много")]
    assert row.cells[0].reason == "There is no country of this name or code."


def test_whoever_brings_much_lets_the_database_count_its_rows_once(world, monkeypatch):
    counted = []
    monkeypatch.setattr(carrying, "refresh_statistics", lambda: counted.append(Partner.objects.count()))
    bring(world, PARTNERS.encode("cp1251"))
    assert counted == []

    monkeypatch.setattr(carrying, "LARGE_LOAD", 2)
    run = bring(world, "Name\nVega\nDeneb\nAltair\n")
    assert counted == [Partner.objects.count()]
    carry_on(run.pk, clock=lambda: NOW)
    assert len(counted) == 1


def test_a_workbook_is_read_like_a_text_file(world):
    data = workbook(
        ["Company", "External ID", "Renewal date", "Revenue"],
        ["Vega", 17, dt.date(2027, 2, 1), 1200.5],
        ["Deneb", 18, "2027-02-31", None],
    )

    run = bring(world, data, name="list.xlsx")

    assert counts(run) == {"read": 2, "stored": 1, "skipped": 0, "failed": 1}
    vega = Partner.objects.get(name="Vega")
    assert (vega.external_id, vega.renewal_on, vega.revenue) == ("17", dt.date(2027, 2, 1), 1200.5)


def test_the_same_file_twice_adds_nothing_and_is_noticed(world):
    first = bring(world, PARTNERS)
    before = Event.objects.filter(kind__startswith="partner.").count()
    second = bring(world, PARTNERS)

    assert counts(second) == {"read": 3, "stored": 0, "skipped": 2, "failed": 1}
    assert Event.objects.filter(kind__startswith="partner.").count() == before
    assert same_file_before(second) == first
    assert same_file_before(first) is None
    assert same_file_before(bring(world, PARTNERS)) == first, "the second run stored nothing"


def test_the_log_tells_of_the_start_and_the_end_with_counts(world):
    run = bring(world, PARTNERS)

    started, finished = (Event.objects.get(kind=f"import.{what}") for what in ("started", "finished"))
    assert (started.actor_id, started.origin) == (world.anna.pk, "live")
    assert (finished.actor_kind, finished.actor_id, finished.origin) == ("import", run.pk, "import")
    assert finished.data == {"target": "partners", "read": 3, "stored": 2, "skipped": 0, "failed": 1}


def test_failed_rows_can_be_mended_in_their_download_and_imported_alone(world):
    run = bring(world, PARTNERS)
    columns, rows = failed_table(run)
    [row] = list(rows)
    assert columns == ["Название", "Код", "Страна", "Выручка", "What is wrong"]
    assert row[:4] == ["Альтаир", "A-3", "Нарния", "много"]

    mended = csv_lines(columns, [["Альтаир", "A-3", "Казахстан", "5", row[4]]])
    again = bring(world, "".join(mended))

    assert counts(again) == {"read": 1, "stored": 1, "skipped": 0, "failed": 0}
    assert Partner.objects.get(name="Альтаир").country == "KZ"


def test_rows_of_a_wrong_length_fail_alone(world):
    run = bring(world, "name,tier\nVega,gold\nDeneb\nAltair,gold,extra\n")

    assert counts(run) == {"read": 3, "stored": 1, "skipped": 0, "failed": 2}
    assert [f.code for f in failures_of(run)] == ["row_too_short", "row_too_long"]


@pytest.mark.parametrize(
    ("tail", "code"),
    [
        (b'Deneb,"gold', "unclosed_quote"),
        (b"Deneb", "cut_off"),
        (b"D\x00neb,gold\n", "nul_byte"),
        (b'"Den"eb,gold\n', "broken_quote"),
    ],
)
def test_a_file_that_breaks_at_its_very_end_stores_nothing(world, tail, code):
    rows = b"".join(b"Partner %d,gold\n" % n for n in range(500))
    before = names(world)

    run = arrive_large(world, b"name,tier\n" + rows + tail)
    run = carry_on(start(run).pk, clock=lambda: NOW)

    assert run.state == ImportRun.State.REFUSED
    assert run.refusal["code"] == code
    assert run.refusal["facts"]["row"] == 502
    assert names(world) == before
    assert not files.uploaded(run).exists()
    assert Event.objects.get(kind="import.refused").data["code"] == code


def arrive_large(world, data: bytes) -> ImportRun:
    """A file of which the first look saw only the beginning."""
    from otklik.partners.imports.operations import receive

    look, receive.look_at = receive.look_at, lambda source, reading: look(source, reading, seconds=-1.0)
    try:
        return arrive(world, data)
    finally:
        receive.look_at = look


def slow_clock_run(run, *, chunks: int) -> ImportRun:
    """Work on a run and die after so many chunks, as a killed worker would."""
    from otklik.partners.imports.operations import carry_on as module

    store, left = module.store_rows, [chunks]

    class Killed(BaseException):
        pass

    def store_and_die(*args, **kwargs):
        if not left[0]:
            raise Killed
        left[0] -= 1
        return store(*args, **kwargs)

    module.store_rows = store_and_die
    try:
        carry_on(run.pk, clock=lambda: NOW)
    except Killed:
        pass
    finally:
        module.store_rows = store
    return ImportRun.objects.get(pk=run.pk)


def many(rows: int) -> str:
    lines = (f"Partner {n},P-{n},{'Narnia' if n % 10 == 0 else 'KZ'}" for n in range(rows))
    return "name,external id,country\n" + "\n".join(lines) + "\n"


def test_a_run_that_died_goes_on_behind_what_it_stored(world):
    run = start(arrive(world, many(900)))

    halfway = slow_clock_run(run, chunks=2)
    assert 0 < halfway.cursor < 900
    assert halfway.reconciles
    whole = carry_on(run.pk, clock=lambda: NOW)

    assert counts(whole) == {"read": 900, "stored": 810, "skipped": 0, "failed": 90}
    assert Event.objects.filter(kind="partner.created").count() == 810
    assert ImportFailure.objects.filter(run=run).count() == 90


def test_a_slice_of_time_ends_with_a_job_for_the_rest(world):
    from django_q.models import OrmQ

    run = start(arrive(world, many(900)))
    jobs = OrmQ.objects.count()

    sliced = carry_on(run.pk, clock=lambda: NOW, seconds=0.0)

    assert sliced.state == ImportRun.State.RUNNING
    assert 0 < sliced.cursor < 900
    assert OrmQ.objects.count() == jobs + 1
    while not sliced.is_over:
        sliced = carry_on(run.pk, clock=lambda: NOW, seconds=0.0)
    assert counts(sliced)["read"] == 900


def test_a_worker_that_was_overtaken_does_no_harm(world):
    run = start(arrive(world, many(300)))
    stale = slow_clock_run(run, chunks=1)
    carry_on(run.pk, clock=lambda: NOW)

    from otklik.partners.imports.operations.store_rows import store_rows
    from otklik.partners.imports.prepared import PreparedRow
    from otklik.partners.imports.understanding import Plan

    late = [PreparedRow(9, ["x"], None, (), 99)]
    assert store_rows(stale, late, plan=Plan.of(stale), by=Actor.importer(run.pk), at=NOW) is None
    assert counts(ImportRun.objects.get(pk=run.pk))["read"] == 300


def test_a_cancelled_run_keeps_what_it_stored_and_its_file_goes(world, django_capture_on_commit_callbacks):
    run = slow_clock_run(start(arrive(world, many(900))), chunks=1)

    with django_capture_on_commit_callbacks(execute=True):
        cancelled = cancel_run(run_id=run.pk, by=Actor.person(world.anna.pk), at=NOW)
    after = carry_on(run.pk, clock=lambda: NOW)

    assert after.state == ImportRun.State.CANCELLED
    assert after.cursor == cancelled.cursor > 0
    assert after.reconciles
    assert not files.uploaded(run).exists()
    assert not files.prepared(run).exists()
    with pytest.raises(AlreadyOver):
        cancel_run(run_id=run.pk, by=Actor.person(world.anna.pk), at=NOW)
    with pytest.raises(AlreadyOver):
        wake_run(run_id=run.pk)


def test_the_files_are_gone_when_the_run_is_done(world):
    run = bring(world, PARTNERS)

    assert not files.uploaded(run).exists()
    assert not files.prepared(run).exists()
    assert run.sample == {}


def test_a_run_whose_file_is_gone_says_so(world):
    run = start(arrive(world, PARTNERS))
    Path(files.uploaded(run)).unlink()

    run = carry_on(run.pk, clock=lambda: NOW)

    assert run.state == ImportRun.State.REFUSED
    assert run.refusal == {"code": "file_gone"}


def test_a_mapping_that_misses_something_does_not_start(world):
    run = arrive(world, PARTNERS)

    with pytest.raises(BadMapping) as caught:
        start(
            run, mapping={"Код": "external_id", "Страна": "external_id", "Nowhere": "tier", "Выручка": "mood"}
        )

    assert {(p.code, p.names) for p in caught.value.problems} == {
        ("missing", ("name",)),
        ("twice", ("external_id",)),
        ("unknown_column", ("Nowhere",)),
        ("unknown_field", ("mood",)),
    }
    assert ImportRun.objects.get(pk=run.pk).state == ImportRun.State.MAPPING


def test_a_second_click_does_not_start_it_twice(world):
    run = arrive(world, PARTNERS)
    start(run)

    with pytest.raises(AlreadyStarted):
        start(run)


def test_contacts_name_their_partner_or_follow_from_their_address(world):
    data = (
        "email,name,company,job title\n"
        "new@aurora.example,Nina,Aurora,CEO\n"
        "vera@aurora.example,,,CTO\n"
        ",Egor,Nobody,\n"
    )

    run = bring(world, data, target="contacts")

    assert counts(run) == {"read": 3, "stored": 2, "skipped": 0, "failed": 1}
    assert Contact.objects.get(name="Nina").partner == world.aurora
    assert Contact.objects.get(pk=world.vera.pk).job_title == "CTO"
    [failure] = failures_of(run)
    assert failure.problems[0][:2] == ["company", "partner_unknown"]


def test_a_chunk_costs_the_same_number_of_queries_whatever_its_size(world):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(rows: int, prefix: str) -> int:
        data = "name,external id\n" + "".join(f"{prefix}{n},{prefix}{n}\n" for n in range(rows))
        run = start(arrive(world, data))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            carry_on(run.pk, clock=lambda: NOW)
        return len(captured)

    # Inserts of more than 999 values are several statements on SQLite, so both stay below that.
    assert queries(5, "a") == queries(40, "b")


def test_old_uploads_and_old_failures_are_forgotten(world):
    waiting, done = arrive(world, PARTNERS), bring(world, PARTNERS)

    assert forget_unstarted(before=NOW) == 0
    assert forget_unstarted(before=NOW + dt.timedelta(days=1)) == 1
    assert not files.uploaded(waiting).exists()
    assert forget_failures(before=NOW + dt.timedelta(days=1)) == 1
    done.refresh_from_db()
    assert done.failed == 1


def test_files_that_a_killed_process_left_behind_are_forgotten(world):
    waiting, done = arrive(world, PARTNERS), bring(world, PARTNERS)
    left = files.uploaded(done)
    left.write_text("the run ended, the process was killed before it removed this")
    unfinished = left.with_name(f".{left.name}.rows.abcd")
    unfinished.write_text("killed while preparing")
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)

    assert forget_orphans(before=tomorrow - dt.timedelta(days=2)) == 0
    assert forget_orphans(before=tomorrow) == 2
    assert not left.exists()
    assert not unfinished.exists()
    assert files.uploaded(waiting).exists()


CELL = st.sampled_from(["gold", "", "  ", "x" * 60, "=1+1", "NA", "золото"])
COUNTRY = st.sampled_from(["KZ", "Россия", "Narnia", "", "ru"])
NAME = st.sampled_from(["", "Vega", "vega", "Денеб", "Altair", "y" * 300])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(NAME, CELL, COUNTRY), min_size=1, max_size=30))
def test_whatever_stands_in_the_file_every_row_is_accounted_for(world, rows):
    data = "name\ttier\tcountry\n" + "".join("\t".join(row) + "\n" for row in rows)
    there = sum(any(cell for cell in row) for row in rows)  # a blank line is no row
    if not there:
        return

    before = Partner.objects.filter(program=world.program).count()
    run = bring(world, data)

    assert run.state == ImportRun.State.DONE
    assert run.total == run.cursor == there
    assert run.stored + run.skipped + run.failed == there
    assert ImportFailure.objects.filter(run=run).count() == run.failed
    again = bring(world, data)
    assert again.failed == run.failed
    assert Partner.objects.filter(program=world.program).count() <= before + run.stored
