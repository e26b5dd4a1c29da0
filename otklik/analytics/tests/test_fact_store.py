from __future__ import annotations

import errno
import json
import os
import pydoc
import shutil
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from otklik.analytics.engines.tables import facts
from otklik.analytics.models import FactStore, PendingFact
from otklik.analytics.operations import write_facts as writing
from otklik.analytics.operations.note_facts import facts_changed, note_facts
from otklik.analytics.operations.write_facts import LeaseLost, StoreBusy, write_facts
from otklik.analytics.queries.facts import broken_segments, nps_by_segment_month, rows_of
from otklik.analytics.store.manifest import BrokenManifest, read_manifest
from otklik.analytics.store.sources import ColumnType, FactSource, fact_sources, folder_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
COLUMNS = (
    ("id", ColumnType.BIG),
    ("day", ColumnType.DAY),
    ("kind", ColumnType.WORD),
    ("score", ColumnType.SMALL),
    ("segment", ColumnType.WORD),
)


@dataclass
class Table:
    """Stands for the rows of an app above."""

    rows: dict[int, tuple[Any, ...]] = field(default_factory=dict)

    def add(self, *scores: int, segment: str = "Media", day: date = date(2026, 2, 3)) -> None:
        ids = range(len(self.rows) + 1, len(self.rows) + 1 + len(scores))
        for pk, score in zip(ids, scores, strict=True):
            self.rows[pk] = (pk, day, "nps", score, segment)
        note_facts("answers", ids)

    def source(self) -> FactSource:
        return FactSource("answers", COLUMNS, self._fetch, self._all_ids)

    def _fetch(self, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        return (self.rows[pk] for pk in ids if pk in self.rows)

    def _all_ids(self, waiting: Any) -> Iterator[list[int]]:
        left_out = {row["row_id"] for row in waiting}
        yield [pk for pk in sorted(self.rows) if pk not in left_out]


@pytest.fixture
def table(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Table:
    settings.OTKLIK = replace(settings.OTKLIK, data_dir=tmp_path)
    told = Table()
    monkeypatch.setitem(fact_sources._entries, "answers", told.source())
    return told


def write(table: Table, at: datetime = NOW, **options: Any) -> Any:
    return write_facts(table.source(), clock=lambda: at, **options)


def stored() -> list[tuple[Any, ...]]:
    return rows_of(facts("answers").order_by("id"))


def test_new_rows_become_a_segment_and_are_counted_by_segment_and_month(table: Table) -> None:
    table.add(10, 9, 7, 0)
    table.add(3, segment="Shops", day=date(2026, 1, 31))

    done = write(table)

    assert (done.rows, done.segments, done.total) == (5, 1, 5)
    assert not PendingFact.objects.exists()
    by = {(row.segment, row.month): row.counts for row in nps_by_segment_month("answers")}
    assert by == {("Media", date(2026, 2, 1)): (1, 1, 2), ("Shops", date(2026, 1, 1)): (1, 0, 0)}


def test_a_second_run_adds_only_what_is_new(table: Table) -> None:
    table.add(10, 9)
    write(table)
    table.add(1)

    assert write(table).rows == 1
    assert write(table).rows == 0
    assert [row[0] for row in stored()] == [1, 2, 3]


def test_a_new_source_begins_with_the_rows_that_were_there_before_it(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.add(10, 9)
    PendingFact.objects.all().delete()  # before the upgrade nobody noted them

    assert write(table).total == 2
    assert [row[0] for row in stored()] == [1, 2]
    monkeypatch.setattr(writing._Writer, "rebuild", None)
    assert write(table).rows == 0


def test_a_source_without_rows_is_looked_through_once(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    write(table)
    monkeypatch.setattr(writing._Writer, "rebuild", None)
    assert write(table).total == 0


def test_more_rows_than_a_batch_become_several_segments(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "BATCH_ROWS", 2)
    write(table)
    table.add(1, 2, 3, 4, 5)

    assert write(table).segments == 3
    assert [row[0] for row in stored()] == [1, 2, 3, 4, 5]


def test_a_row_that_changed_or_is_gone_is_told_of_again_and_only_its_segment_is_written_anew(
    table: Table,
) -> None:
    table.add(10, 9, 8)
    write(table)
    table.add(1, 2)
    write(table)
    (_, untouched) = read_manifest(folder_of("answers"), "answers").segments
    table.rows[2] = (2, date(2026, 2, 3), "nps", 0, "Merged")
    del table.rows[3]
    note_facts("answers", [2, 3])

    done = write(table)

    assert (done.rows, done.total) == (1, 4)
    assert [row[::3] for row in stored()] == [(1, 10), (2, 0), (4, 1), (5, 2)]
    assert untouched in read_manifest(folder_of("answers"), "answers").segments
    assert broken_segments(table.source()) == []


def test_a_segment_whose_rows_are_all_gone_is_gone(table: Table) -> None:
    table.add(10, 9)
    write(table)
    table.rows.clear()
    note_facts("answers", [1, 2])

    assert write(table).segments == 0
    assert stored() == []


def test_a_row_told_of_twice_is_there_once(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "BATCH_ROWS", 2)
    table.add(10, 9, 8)
    note_facts("answers", [3, 1, 1])
    write(table)
    note_facts("answers", [2])
    write(table, rebuild=True)
    note_facts("answers", [1])  # delivered after a rebuild that held it already

    assert write(table).total == 3
    assert [row[0] for row in stored()] == [1, 2, 3]


@pytest.mark.parametrize("moment", ["_write", "_commit", "_forget"])
def test_a_writer_that_dies_at_any_moment_neither_loses_nor_doubles_a_row(
    table: Table, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    table.add(10, 9, 8)
    write(table)
    table.add(1, 2)
    step = getattr(writing._Writer, moment)

    def die_after(self: Any, *args: Any, **options: Any) -> Any:
        step(self, *args, **options)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(writing._Writer, moment, die_after)
        with pytest.raises(KeyboardInterrupt):
            write(table)

    assert len(stored()) in (3, 5)
    write(table)
    assert [row[0] for row in stored()] == [1, 2, 3, 4, 5]
    assert not PendingFact.objects.exists()


FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def fail_halfway(step: Any) -> Any:
    """Half of it is on the disk, then there is no room."""

    def half(*args: Any, **options: Any) -> Any:
        step(*args, **options)
        raise FULL

    return half


@pytest.mark.parametrize("rebuild", [False, True])
@pytest.mark.parametrize(
    "point",
    [
        "pyarrow.parquet.ParquetWriter.write_table",
        "pyarrow.parquet.ParquetWriter.close",
        "otklik.analytics.store.segments.file_sha256",
        "otklik.analytics.store.segments.sync_folder",
        "otklik.analytics.operations.write_facts.prepare_manifest",
        "otklik.analytics.operations.write_facts.sync_folder",
    ],
)
def test_on_a_full_disk_nothing_counts_and_nothing_stays_and_the_next_run_succeeds(
    table: Table, monkeypatch: pytest.MonkeyPatch, point: str, rebuild: bool
) -> None:
    table.add(10, 9, 8)
    write(table)
    before, files = stored(), {path.name for path in folder_of("answers").iterdir()}
    table.rows[2] = (2, date(2026, 2, 3), "nps", 0, "Merged")
    note_facts("answers", [2])
    table.add(1, 2)

    with monkeypatch.context() as patched:
        patched.setattr(point, fail_halfway(pydoc.locate(point)))
        with pytest.raises(OSError, match="No space"):
            write(table, rebuild=rebuild)

    if "write_facts.sync_folder" in point:  # after the manifest was renamed: it counts
        assert [row[::3] for row in stored()] == [(1, 10), (2, 0), (3, 8), (4, 1), (5, 2)]
    else:
        assert stored() == before
        assert {path.name for path in folder_of("answers").iterdir()} == files
    write(table)
    assert [row[::3] for row in stored()] == [(1, 10), (2, 0), (3, 8), (4, 1), (5, 2)]
    assert broken_segments(table.source()) == []


def test_a_rebuild_gives_the_same_answers_and_leaves_late_rows_for_the_next_run(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.add(10, 9, 8)
    write(table)
    table.add(4)
    write(table)
    before = stored()
    fetch = table._fetch

    def fetch_while_somebody_answers(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        if len(table.rows) == 4:
            table.add(7)
        return fetch(ids)

    monkeypatch.setattr(table, "_fetch", fetch_while_somebody_answers)
    write(table, rebuild=True)

    after = stored()
    assert after[:4] == before
    assert [row[0] for row in after] == [1, 2, 3, 4, 5]


def test_a_change_behind_the_store_brings_a_rebuild(table: Table) -> None:
    table.add(10)
    write(table)
    table.rows[1] = (1, date(2026, 2, 3), "nps", 10, "Merged")
    facts_changed("answers")

    write(table)

    assert stored()[0][4] == "Merged"
    assert not FactStore.objects.get().changed_behind


def test_a_store_of_other_columns_is_written_anew(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    table.add(10)
    write(table)
    wider = replace(
        table.source(),
        columns=(*COLUMNS, ("country", ColumnType.WORD)),
        fetch=lambda ids: ((*table.rows[pk], "RU") for pk in ids),
    )
    monkeypatch.setitem(fact_sources._entries, "answers", wider)

    assert stored() == []  # until then the program's questions fit none of its rows
    assert write_facts(wider, clock=lambda: NOW).rows == 1
    assert stored() == [(*table.rows[1], "RU")]
    assert write_facts(wider, clock=lambda: NOW).rows == 0


def test_a_segment_that_is_lost_is_written_anew_by_the_next_run(table: Table) -> None:
    table.add(10, 9)
    write(table)
    (segment,) = read_manifest(folder_of("answers"), "answers").segments
    (folder_of("answers") / segment.file).unlink()

    with pytest.raises(BrokenManifest):
        stored()
    write(table)

    assert [row[0] for row in stored()] == [1, 2]


def test_a_store_whose_folder_is_gone_is_written_anew_by_the_next_run(table: Table) -> None:
    table.add(10, 9)
    write(table)
    shutil.rmtree(folder_of("answers"))  # as after a restore
    table.add(3)

    done = write(table)

    assert done.total == 3
    assert [row[0] for row in stored()] == [1, 2, 3]


def test_one_writer_at_a_time(table: Table) -> None:
    table.add(10)
    FactStore.objects.create(source="answers", token=4, leased_until=NOW + timedelta(seconds=1))

    with pytest.raises(StoreBusy):
        write(table)
    assert write(table, at=NOW + timedelta(seconds=2)).rows == 1


def test_a_writer_that_wakes_up_after_its_lease_is_refused(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.add(10)
    step = writing._Writer._write

    def sleep_while_another_takes_over(self: Any, *args: Any) -> Any:
        segment = step(self, *args)
        FactStore.objects.update(token=99, leased_until=NOW + timedelta(minutes=2))
        return segment

    monkeypatch.setattr(writing._Writer, "_write", sleep_while_another_takes_over)

    with pytest.raises(LeaseLost):
        write(table)
    assert stored() == []
    assert FactStore.objects.get().leased_until is not None


def test_a_writer_that_reads_for_long_keeps_its_lease(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "RENEW_ROWS", 1)
    table.add(10, 9, 8, 7)
    fetch, at, refused = table._fetch, [NOW], []

    def fetch_a_row_a_minute(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        for row in fetch(ids):
            yield row
            at[0] += timedelta(minutes=1)
            refused.append(not FactStore.objects.get().is_free(at[0]))

    source = replace(table.source(), fetch=fetch_a_row_a_minute)
    assert write_facts(source, clock=lambda: at[0]).total == 4
    assert refused == [True] * 4


@pytest.mark.parametrize("trouble", [FULL, LeaseLost("answers"), ValueError("a row of ours")])
def test_a_source_that_fails_keeps_no_other_from_being_written_and_copied(
    table: Table, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, trouble: Exception
) -> None:
    def fail(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        raise trouble

    table.add(10)
    copied: list[str] = []
    failing = replace(table.source(), name="broken", fetch=fail, all_ids=lambda waiting: iter([[1]]))
    monkeypatch.setattr(writing, "fact_sources", [failing, table.source()])
    monkeypatch.setattr(writing, "copy_all_facts", lambda clock: copied.append("all") or {})

    expected = pytest.raises(writing.FactsNotWritten, match="broken")
    with nullcontext() if isinstance(trouble, LeaseLost) else expected:
        writing.write_all_facts()

    assert copied == ["all"]
    assert len(stored()) == 1
    assert isinstance(trouble, LeaseLost) or "Facts are not written: broken" in caplog.text


def test_many_small_segments_are_joined_and_the_old_files_stay_for_running_queries(table: Table) -> None:
    for score in range(writing.SMALL_SEGMENTS):
        table.add(score)
        done = write(table)

    folder = folder_of("answers")
    assert done.segments == 1
    assert [row[3] for row in stored()] == list(range(writing.SMALL_SEGMENTS))
    assert len(list(folder.glob("[0-9]*.parquet"))) == writing.SMALL_SEGMENTS + 1

    write(table, at=NOW + timedelta(minutes=59))
    assert len(list(folder.glob("[0-9]*.parquet"))) == writing.SMALL_SEGMENTS + 1
    write(table, at=NOW + timedelta(minutes=61))
    assert [path.name for path in folder.glob("[0-9]*.parquet")] == [
        segment.file for segment in read_manifest(folder, "answers").segments
    ]


def test_a_draft_of_a_dead_writer_is_swept_later(table: Table) -> None:
    draft = folder_of("answers") / ".000000001-1.parquet"
    draft.write_bytes(b"half")
    os.utime(draft, (NOW.timestamp(), NOW.timestamp()))

    write(table, at=NOW + timedelta(minutes=30))
    assert draft.exists()
    write(table, at=NOW + timedelta(hours=2))
    assert not draft.exists()


def test_damage_is_found_by_checksum_and_healed_by_a_rebuild(table: Table) -> None:
    table.add(10, 3)
    write(table)
    folder = folder_of("answers")
    (segment,) = read_manifest(folder, "answers").segments
    (folder / segment.file).write_bytes(b"PAR1 no more")

    assert broken_segments(table.source()) == [segment.file]
    write(table, rebuild=True)
    assert broken_segments(table.source()) == []
    assert len(stored()) == 2


def test_a_manifest_that_somebody_edited_is_not_believed(table: Table) -> None:
    table.add(10, 3)
    write(table)
    path = folder_of("answers") / "manifest.json"
    text = json.loads(path.read_text())
    text["segments"][0]["rows"] = 999
    path.write_text(json.dumps(text))

    with pytest.raises(BrokenManifest):
        stored()
    write(table)
    assert len(stored()) == 2


def test_a_query_cannot_leave_the_folder(table: Table) -> None:
    import duckdb as library

    from otklik.analytics.engines.duckdb import _mounted

    table.add(10)
    write(table)

    with _mounted(["answers"]) as connection, pytest.raises(library.Error):
        connection.execute("SELECT * FROM read_csv('/etc/passwd')")


def test_an_empty_store_has_no_answers(table: Table) -> None:
    assert nps_by_segment_month("answers") == []
    assert write(table).total == 0
