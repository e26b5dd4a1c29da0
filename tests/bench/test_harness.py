"""The harness computes what it says; nothing here looks at how long anything took."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import harness
from tests.bench.__main__ import SCENARIOS, main
from tests.bench.harness import (
    Sheet,
    Timing,
    cached_folder,
    measure,
    measure_pair,
    ms,
    percentile,
    run_child,
    steps_counted,
    verdict,
)


def test_a_percentile_is_one_of_the_values_at_its_rank() -> None:
    hundred = [float(value) for value in range(100, 0, -1)]
    assert percentile(hundred, 0.95) == 95
    assert percentile(hundred, 0) == 1
    assert percentile(hundred, 1) == 100
    assert percentile([7.0], 0.95) == 7


def test_median_and_p95_come_from_all_counted_runs() -> None:
    timing = Timing([3.0, 1.0, 2.0], [0.3, 0.1, 0.2])
    assert (timing.median, timing.median_cpu, timing.p95, timing.p95_cpu) == (2.0, 0.2, 3.0, 0.3)


def test_warm_up_runs_are_made_but_not_counted() -> None:
    calls = []
    timing = measure(lambda: calls.append(1), runs=5, warm_up=2)
    assert (len(calls), len(timing.wall), len(timing.cpu)) == (7, 5, 5)


def test_pairs_take_turns_and_the_ratio_is_the_median_of_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    seconds = {"ours": iter([2.0, 30.0, 4.0]), "peer": iter([1.0, 10.0, 1.0])}

    def timed(run: object, *, runs: int, warm_up: int) -> Timing:
        run()  # type: ignore[operator]
        return Timing([next(seconds[order[-1]])], [0.0])

    monkeypatch.setattr(harness, "measure", timed)
    ours, peer, ratio = measure_pair(lambda: order.append("ours"), lambda: order.append("peer"), runs=3)
    assert order == ["ours", "peer"] * 4  # the first pair warms up
    assert (ours.wall, peer.wall) == ([2.0, 30.0, 4.0], [1.0, 10.0, 1.0])
    assert ratio == 3.0  # of 2, 3 and 4; the slow moment in the middle slowed both


def test_a_missed_target_is_printed_as_missed(capsys: pytest.CaptureFixture[str]) -> None:
    sheet = Sheet("Something")
    sheet.time("fast", 0.01, limit=0.02)
    sheet.time("slow", 0.03, limit=0.02)
    sheet.ratio("too much", 1.4, limit=1.3)
    sheet.show()
    printed = capsys.readouterr().out
    assert "fast" in printed
    assert "target under 20.0 ms: met" in printed
    assert "target under 20.0 ms: MISSED" in printed
    assert "target at most 1.3: MISSED" in printed
    assert verdict(0.02, 0.02) == "met"


def test_durations_are_written_in_the_unit_people_read() -> None:
    assert (ms(0.0123), ms(0.9994), ms(2.5)) == ("12.3 ms", "999.4 ms", "2.50 s")


def test_a_cached_folder_is_complete_only_after_its_block_ended_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harness, "CACHE", tmp_path)

    def stop_halfway() -> None:
        with cached_folder("set-1") as (folder, ready):
            assert not ready
            (folder / "half").touch()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stop_halfway()
    with cached_folder("set-1") as (folder, ready):
        assert not ready
        assert not (folder / "half").exists()
    with cached_folder("set-1") as (_, ready):
        assert ready


def test_a_new_key_takes_the_place_of_the_old_one_and_of_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harness, "CACHE", tmp_path)
    for name in ("set-1", "other-1", "set-2"):
        with cached_folder(name):
            pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other-1", "set-2"]


def test_more_rows_looked_at_are_more_steps() -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE row (n INTEGER)")
    db.executemany("INSERT INTO row VALUES (?)", [(n,) for n in range(1000)])

    def steps(sql: str) -> int:
        with steps_counted(db) as counted:
            db.execute(sql).fetchall()
        return counted[0]

    whole, part = steps("SELECT sum(n) FROM row"), steps("SELECT sum(n) FROM row WHERE rowid <= 100")
    assert whole > 1000
    assert 200 < part < whole / 4  # several for each row that is looked at
    with steps_counted(db) as counted:
        pass
    db.execute("SELECT sum(n) FROM row").fetchall()
    assert counted == [0]  # nothing is counted outside the block


def test_a_childs_memory_and_output_are_its_own() -> None:
    large = run_child(
        [sys.executable, "-c", "import time; kept = b'x' * 60_000_000; time.sleep(.2); print('large')"]
    )
    small = run_child([sys.executable, "-c", "import time; time.sleep(.2); print('small')"])
    assert (large.output.strip(), small.output.strip()) == ("large", "small")
    assert 50 < large.peak_mb - small.peak_mb < 70
    assert 50 < large.own_mb - small.own_mb < 70


def test_a_child_that_fails_is_not_a_measurement() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        run_child([sys.executable, "-c", "raise SystemExit(3)"])


def test_an_unknown_scenario_is_refused_and_the_known_ones_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonsense"]) == 2
    assert ", ".join(SCENARIOS) in capsys.readouterr().err


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_can_be_started(name: str) -> None:
    import importlib

    assert callable(importlib.import_module(f"tests.bench.{name}").run)
