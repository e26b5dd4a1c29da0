from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django_q.models import OrmQ, Schedule, Task
from django_q.signals import post_spawn
from django_q.signing import SignedPackage

from otklik.jobs import queries
from otklik.jobs.models import Progress, QuarantinedItem, Redelivery
from otklik.jobs.operations.beat import JOB, beat
from otklik.jobs.operations.progress import (
    advance_progress,
    fail_progress,
    finish_progress,
    start_progress,
)
from otklik.jobs.operations.quarantine import NobodyReplays, NotWaiting, dismiss_item, quarantine, replay_item
from otklik.jobs.operations.tidy import KEPT, tidy
from otklik.jobs.schedules import sync_schedules
from otklik.kit.clock import now

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def put_aside(error: str = "Oops", at: datetime = AT) -> QuarantinedItem:
    return quarantine(kind="unknown", key="1", title="t", error=error, payload={}, attempts=4, at=at)


def test_progress_goes_from_start_to_finish() -> None:
    start_progress(key="import:1", label="Import", total=200, at=AT)
    advance_progress(key="import:1", done=199, at=AT + timedelta(seconds=1), message="row 199")
    progress = queries.progress_of("import:1")
    assert progress is not None
    assert (progress.percent, progress.message, progress.is_running) == (99, "row 199", True)
    finish_progress(key="import:1", at=AT + timedelta(seconds=2))
    progress.refresh_from_db()
    assert (progress.is_running, progress.finished_at) == (False, AT + timedelta(seconds=2))


def test_each_step_of_progress_is_one_statement(django_assert_num_queries: object) -> None:
    start_progress(key="import:1", label="Import", total=200, at=AT)
    with django_assert_num_queries(1):  # type: ignore[operator]
        advance_progress(key="import:1", done=1, at=AT)


def test_work_that_goes_on_after_a_break_keeps_when_it_began() -> None:
    start_progress(key="import:1", label="Import", total=200, at=AT)
    fail_progress(key="import:1", at=AT, message="the disk is full")
    advance_progress(key="import:1", done=5, at=AT)
    assert Progress.objects.get().done == 0, "what has ended does not move"
    start_progress(key="import:1", label="Import", total=200, done=150, at=AT + timedelta(hours=1))
    progress = Progress.objects.get()
    assert (progress.started_at, progress.done, progress.percent, progress.message) == (AT, 150, 75, "")


def test_unknown_total_means_unknown_percent() -> None:
    assert start_progress(key="k", label="Import", at=AT).percent is None


def test_an_item_that_fails_again_is_the_same_item() -> None:
    item = put_aside("first\n  Oops: one ")
    assert item.reason == "Oops: one"
    dismiss_item(item_id=item.pk, at=AT)
    with pytest.raises(NotWaiting):
        dismiss_item(item_id=item.pk, at=AT)
    again = put_aside("second", at=AT + timedelta(days=1))
    assert (again.pk, again.attempts, again.is_waiting, again.first_failed_at) == (item.pk, 8, True, AT)


def test_nobody_replays_what_nobody_knows() -> None:
    with pytest.raises(NobodyReplays):
        replay_item(item_id=put_aside().pk, at=AT)


def test_the_worker_is_silent_until_it_beats_and_again_when_it_stops() -> None:
    assert queries.worker_state(at=AT).silent
    beat(at=AT)
    assert not queries.worker_state(at=AT + timedelta(minutes=2)).silent
    assert queries.worker_state(at=AT + timedelta(minutes=4)).silent
    assert queries.worker_seen_at() == AT


def test_the_queue_tells_how_long_the_oldest_waits() -> None:
    assert queries.queue_state(at=AT).oldest is None
    for minutes in (-3, -1, 5):
        OrmQ.objects.create(key="otklik", payload="x", lock=AT + timedelta(minutes=minutes))
    state = queries.queue_state(at=AT)
    assert (state.waiting, state.taken, state.oldest) == (2, 1, timedelta(minutes=3))


def test_sizes_count_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_bytes(b"12345")
    found = queries.sizes(tmp_path)
    assert (found.files, found.files_at_least) == (5, False)
    assert found.database > 0
    assert queries.sizes(tmp_path / "missing").files == 0


def test_tidying_keeps_what_waits_for_a_person_and_what_runs() -> None:
    waiting = put_aside()
    start_progress(key="runs", label="x", at=AT)
    start_progress(key="done", label="x", at=AT)
    finish_progress(key="done", at=AT)
    Redelivery.objects.create(queue_row=999)
    Task.objects.create(id="1", name="n", func="f", started=AT, stopped=AT, success=False)
    tidy(at=AT + KEPT + timedelta(days=1))
    assert list(QuarantinedItem.objects.all()) == [waiting]
    assert list(Progress.objects.values_list("key", flat=True)) == ["runs"]
    assert (Redelivery.objects.count(), Task.objects.count()) == (0, 0)


def test_schedules_follow_the_code() -> None:
    sync_schedules()
    names = set(Schedule.objects.values_list("name", flat=True))
    assert {"jobs.beat", "jobs.tidy"} <= names
    planned = now() + timedelta(hours=1)
    Schedule.objects.filter(name="jobs.beat").update(next_run=planned, minutes=99)
    Schedule.objects.create(name="old.thing", func="gone", schedule_type=Schedule.MINUTES, minutes=1)
    sync_schedules()
    row = Schedule.objects.get(name="jobs.beat")
    assert (row.minutes, row.next_run) == (1, planned)
    assert not Schedule.objects.filter(name="old.thing").exists()


def test_a_new_worker_is_asked_for_a_sign_of_life_at_once() -> None:
    post_spawn.send(sender="django_q", proc_name="Process-1")
    assert [SignedPackage.loads(row.payload)["func"] for row in OrmQ.objects.all()] == [JOB]
