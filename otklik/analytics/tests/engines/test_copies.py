"""The copy on the server holds what the store holds, and questions see whole copies only."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from ibis import _

from otklik.analytics.engines.clickhouse.copies import Copy, newest_manifest, table_of
from otklik.analytics.engines.clickhouse.engine import NotCopied
from otklik.analytics.engines.clickhouse.server import ServerTrouble, speaking
from otklik.analytics.operations import copy_facts as copying
from otklik.analytics.operations import write_facts as writing
from otklik.analytics.operations.copy_facts import Copied, CopyIncomplete, copy_all_facts, copy_facts
from otklik.analytics.operations.leases import LeaseLost, StoreBusy, take_lease
from otklik.analytics.operations.note_facts import note_facts
from otklik.analytics.operations.write_facts import write_all_facts, write_facts
from otklik.analytics.public import facts, rows_of
from otklik.analytics.store.manifest import BrokenManifest, read_manifest
from otklik.analytics.store.sources import ColumnType, FactSource, fact_sources
from otklik.analytics.tests.engines.conftest import NOW, source_of
from tests.servers.clickhouse import ClickHouse

COLUMNS = (("id", ColumnType.BIG), ("day", ColumnType.DAY), ("score", ColumnType.SMALL))
NOBODY_THERE = ClickHouse(port=1)


@dataclass
class House:
    """Rows of an app above, the store they are written to, and the server it is copied to."""

    server: ClickHouse
    rows: dict[int, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def source(self) -> FactSource:
        return source_of("visits", COLUMNS, self.rows)

    def add(self, *scores: int, at: datetime = NOW) -> None:
        """One segment more."""
        ids = range(len(self.rows) + 1, len(self.rows) + 1 + len(scores))
        self.rows.update({pk: (pk, date(2026, 2, 3), score) for pk, score in zip(ids, scores, strict=True)})
        note_facts("visits", ids)
        write_facts(self.source, clock=lambda: at)

    def copy(self, at: datetime = NOW) -> Copied:
        return copy_facts(self.source, self.server, clock=lambda: at)

    def seen(self) -> list[int]:
        return [pk for (pk,) in rows_of(facts("visits").order_by("id").select("id"))]

    def on_server(self) -> dict[str, int]:
        with speaking(self.server) as client:
            return Copy(client, self.source).rows_by_part()


@pytest.fixture
def unreachable(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    told = House(NOBODY_THERE)
    settings.OTKLIK = replace(settings.OTKLIK, data_dir=tmp_path, analytics_server=told.server)
    monkeypatch.setitem(fact_sources._entries, "visits", told.source)
    return told


@pytest.fixture
def house(unreachable: House, clickhouse: ClickHouse, settings: Any) -> Iterator[House]:
    unreachable.server = clickhouse
    settings.OTKLIK = replace(settings.OTKLIK, analytics_server=unreachable.server)
    yield unreachable
    with speaking(unreachable.server) as client:
        client.command(f"DROP TABLE IF EXISTS {table_of(unreachable.source)}")
        client.command("DROP TABLE IF EXISTS facts_manifests")


class TestWithoutTheServer:
    def test_facts_are_written_and_the_log_says_what_is_missing(
        self, unreachable: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writing, "fact_sources", [unreachable.source])
        monkeypatch.setattr(copying, "fact_sources", [unreachable.source])
        unreachable.rows[1] = (1, date(2026, 2, 3), 9)
        note_facts("visits", [1])

        with caplog.at_level(logging.WARNING):
            write_all_facts()

        assert read_manifest(writing.folder_of("visits"), "visits").rows == 1
        assert "Facts are written and not copied: visits: ClickHouse at 127.0.0.1:1" in caplog.text
        assert "sesame" not in caplog.text

    def test_a_damaged_store_keeps_no_other_from_being_copied(
        self, unreachable: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        damaged = replace(unreachable.source, name="damaged")
        (writing.folder_of("damaged") / "manifest.json").write_text("{}")
        monkeypatch.setattr(copying, "fact_sources", [damaged, unreachable.source])
        command = "otklik.analytics.management.commands.write_facts.fact_sources"
        monkeypatch.setattr(command, [damaged, unreachable.source])

        troubles = copy_all_facts(clock=lambda: NOW)
        assert {name: type(trouble) for name, trouble in troubles.items()} == {
            "damaged": BrokenManifest,
            "visits": ServerTrouble,
        }
        with pytest.raises(CommandError) as told:
            call_command("write_facts", "--copy")
        first, second = str(told.value).splitlines()
        assert first == "damaged: the store is damaged. Run write_facts --rebuild."
        assert second.startswith("visits: not copied. ClickHouse at 127.0.0.1:1")

    def test_a_question_says_that_the_server_does_not_answer(self, unreachable: House) -> None:
        with pytest.raises(ServerTrouble, match=r"ClickHouse at 127\.0\.0\.1:1") as trouble:
            unreachable.seen()
        assert "sesame" not in str(trouble.value)

    def test_the_lease_is_free_again(self, unreachable: House) -> None:
        with pytest.raises(ServerTrouble):
            unreachable.copy()
        take_lease("visits", NOW)

    def test_nothing_to_copy_to_is_told(self, unreachable: House, settings: Any) -> None:
        settings.OTKLIK = replace(settings.OTKLIK, analytics_server=None)
        with pytest.raises(CommandError, match="OTKLIK_ANALYTICS_URL"):
            call_command("write_facts", "--copy")


@pytest.mark.slow
class TestWithAServer:
    def test_segments_are_copied_once(self, house: House) -> None:
        house.add(1, 2, 3)
        house.add(4)

        assert house.copy() == Copied("visits", rows=4, parts=2, total=4)
        assert house.seen() == [1, 2, 3, 4]
        house.add(5, 6)
        assert house.copy() == Copied("visits", rows=2, parts=3, total=6)
        assert house.copy().rows == 0
        assert house.seen() == [1, 2, 3, 4, 5, 6]

    def test_what_was_never_copied_is_not_taken_for_nothing(self, house: House) -> None:
        assert house.seen() == []
        house.add(1)
        with pytest.raises(NotCopied):
            house.seen()

    def test_a_store_of_older_columns_is_empty_until_it_is_written_anew(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        house.add(1)
        wider = source_of("visits", (*COLUMNS, ("kind", ColumnType.WORD)), {})
        monkeypatch.setitem(fact_sources._entries, "visits", wider)
        assert rows_of(facts("visits").select("kind")) == []

    def test_the_schedule_copies_what_changed_and_asks_no_more_where_nothing_did(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(copying, "fact_sources", [house.source])
        house.add(1)
        copy_all_facts(clock=lambda: NOW)
        assert house.seen() == [1]

        monkeypatch.setattr(copying, "copy_facts", None)
        copy_all_facts(clock=lambda: NOW + timedelta(hours=5))

    def test_replaced_segments_stay_for_questions_that_began_before(self, house: House) -> None:
        house.add(1)
        house.add(2)
        house.copy()
        write_facts(house.source, clock=lambda: NOW, rebuild=True)

        assert house.copy().parts == 1
        assert len(house.on_server()) == 3
        assert house.seen() == [1, 2]
        house.copy(NOW + timedelta(minutes=59))
        assert len(house.on_server()) == 3
        house.copy(NOW + timedelta(minutes=61))
        assert list(house.on_server().values()) == [2]
        assert house.seen() == [1, 2]

    @pytest.mark.parametrize("moment", ["insert", "rows_in", "commit", "drop"])
    def test_a_copier_that_dies_at_any_moment_shows_whole_segments_and_the_next_one_ends_it(
        self, house: House, monkeypatch: pytest.MonkeyPatch, moment: str
    ) -> None:
        house.add(1, 2)
        house.copy()
        house.add(3, 4, 5)
        house.add(6, 7)
        step = getattr(Copy, moment)

        def die_after(self: Any, *args: Any) -> Any:
            done = step(self, *args)
            if moment == "insert":
                next(done)
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(Copy, moment, die_after)
            patched.setattr("otklik.analytics.engines.clickhouse.copies.PIECE_ROWS", 2)
            with pytest.raises(KeyboardInterrupt):
                house.copy()

        assert house.seen() in ([1, 2], [1, 2, 3, 4, 5, 6, 7])
        house.copy()
        assert house.seen() == [1, 2, 3, 4, 5, 6, 7]
        assert sorted(house.on_server().values()) == [2, 2, 3]

    def test_a_whole_copy_that_no_manifest_names_yet_is_not_sent_again(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def die(*args: Any) -> None:
            raise KeyboardInterrupt

        house.add(1, 2, 3)
        with monkeypatch.context() as patched:
            patched.setattr(Copy, "commit", die)
            with pytest.raises(KeyboardInterrupt):
                house.copy()

        assert house.copy().rows == 0
        assert house.seen() == [1, 2, 3]

    def test_rows_that_somebody_took_away_on_the_server_are_found_and_sent_again(self, house: House) -> None:
        house.add(1, 2, 3)
        house.copy()
        with speaking(house.server) as client:
            client.command(f"DELETE FROM {table_of(house.source)} WHERE id = 2")
        assert house.seen() == [1, 3]

        assert house.copy().rows == 3
        assert house.seen() == [1, 2, 3]

    def test_a_server_that_keeps_other_rows_than_it_was_sent_is_not_believed(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        house.add(1, 2, 3)
        monkeypatch.setattr(Copy, "rows_in", lambda self, part: 2)
        with pytest.raises(CopyIncomplete, match="has 3 rows, its copy 2"):
            house.copy()

    def test_one_writer_at_a_time(self, house: House) -> None:
        house.add(1)
        take_lease("visits", NOW)
        with pytest.raises(StoreBusy):
            house.copy()

    def test_a_copier_that_wakes_up_after_its_lease_is_refused(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        house.add(1)
        step = Copy.rows_in

        def sleep_while_another_takes_over(self: Any, part: str) -> int:
            take_lease("visits", NOW + timedelta(minutes=3))
            return step(self, part)

        monkeypatch.setattr(Copy, "rows_in", sleep_while_another_takes_over)
        with pytest.raises(LeaseLost):
            house.copy()
        with speaking(house.server) as client:
            assert newest_manifest(client, house.source).number == 0

    def test_a_source_whose_columns_changed_is_copied_anew(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        house.add(1)
        house.copy()
        wider = (*COLUMNS, ("kind", ColumnType.WORD))
        source = source_of("visits", wider, {1: (1, date(2026, 2, 3), 9, "nps")})
        monkeypatch.setitem(fact_sources._entries, "visits", source)
        assert copy_facts(source, house.server, clock=lambda: NOW).total == 0
        write_facts(source, clock=lambda: NOW, rebuild=True)

        copy_facts(source, house.server, clock=lambda: NOW)

        assert rows_of(facts("visits").select("kind", "score")) == [("nps", 9)]
        with speaking(house.server) as client:
            assert client.command("SELECT count() FROM system.tables WHERE name LIKE 'facts_visits_%'") == 1
            client.command(f"DROP TABLE {table_of(source)}")

    def test_the_command_copies_with_progress_and_counts(
        self, house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("otklik.analytics.management.commands.write_facts.fact_sources", [house.source])
        house.add(1, 2, 3)

        call_command("write_facts", "--copy")

        assert capsys.readouterr().out.splitlines() == [
            "visits: 3 rows copied, the store has 3",
            "visits: 3 rows in 1 parts, counted on the server.",
        ]
        assert house.seen() == [1, 2, 3]
        assert rows_of(facts("visits").filter(_.score > 1).count()) == [(2,)]
