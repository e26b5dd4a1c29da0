"""Timing by medians, ratios by pairs, and what a query cost apart from time."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from otklik.config.env import database, read_env

ROOT = Path(__file__).resolve().parents[2]
# Data sets are made once and kept: making ten million answers takes longer than measuring them.
CACHE = ROOT / "var" / "bench"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each counted run, wall clock and CPU of this process."""

    wall: list[float]
    cpu: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.wall)

    @property
    def median_cpu(self) -> float:
        return statistics.median(self.cpu)

    @property
    def p95(self) -> float:
        return percentile(self.wall, 0.95)

    @property
    def p95_cpu(self) -> float:
        return percentile(self.cpu, 0.95)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that stands at this share of the sorted ones (nearest rank, no interpolation)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


@dataclass(slots=True)
class Sheet:
    """What one scenario has to say: rows of (figure, value, target or remark)."""

    title: str
    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, figure: str, value: str, remark: str = "") -> None:
        self.rows.append((figure, value, remark))

    def time(self, figure: str, seconds: float, *, limit: float) -> None:
        """A duration that has a target."""
        self.add(figure, ms(seconds), f"target under {ms(limit)}: {verdict(seconds, limit)}")

    def ratio(self, figure: str, found: float, *, limit: float) -> None:
        self.add(figure, f"{found:.2f}", f"target at most {limit}: {verdict(found, limit)}")

    def show(self) -> None:
        print(f"\n## {self.title}")
        first = max((len(row[0]) for row in self.rows), default=0)
        second = max((len(row[1]) for row in self.rows), default=0)
        for figure, value, remark in self.rows:
            print(f"  {figure:<{first}}  {value:>{second}}  {remark}".rstrip())


def verdict(found: float, limit: float) -> str:
    return "met" if found <= limit else "MISSED"


def measure(run: Callable[[], object], *, runs: int = 7, warm_up: int = 1) -> Timing:
    for _ in range(warm_up):
        run()
    wall, cpu = [], []
    for _ in range(runs):
        cpu_before, before = time.process_time(), time.perf_counter()
        run()
        wall.append(time.perf_counter() - before)
        cpu.append(time.process_time() - cpu_before)
    return Timing(wall, cpu)


def measure_pair(
    ours: Callable[[], object], peer: Callable[[], object], *, runs: int = 7
) -> tuple[Timing, Timing, float]:
    """Both in turn (A B A B …), so that a slow moment slows both; the median ratio of the pairs."""
    ours(), peer()
    a, b = Timing([], []), Timing([], [])
    for _ in range(runs):
        for run, timing in ((ours, a), (peer, b)):
            one = measure(run, runs=1, warm_up=0)
            timing.wall.extend(one.wall)
            timing.cpu.extend(one.cpu)
    return a, b, statistics.median(x / y for x, y in zip(a.wall, b.wall, strict=True))


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


@dataclass(frozen=True, slots=True)
class Child:
    """A process that ran to its end: seconds, CPU seconds, memory in MiB, and what it printed.

    ``peak_mb``: the most that was resident at once, pages of a mapped database file included, which the
    system takes back whenever it needs them. ``own_mb``: the most memory of its own. Looked at every 20 ms.
    """

    seconds: float
    cpu: float
    peak_mb: float
    own_mb: float
    output: str


def run_child(arguments: Sequence[str], *, environment: dict[str, str] | None = None) -> Child:
    """For commands that print little: the output is read at the end. Raises CalledProcessError."""
    began, peak, own = time.perf_counter(), 0.0, 0.0
    with subprocess.Popen(
        arguments, cwd=ROOT, env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        # Not the ru_maxrss of wait4: it counts what this process had resident when the child was forked.
        while (found := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            memory = memory_of(process.pid)
            peak, own = max(peak, memory["VmHWM"]), max(own, memory["RssAnon"])
            time.sleep(0.02)
        _, status, used = found
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        output = process.stdout.read()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(arguments), output)
    return Child(seconds, used.ru_utime + used.ru_stime, peak, own, output)


def memory_of(pid: int) -> dict[str, float]:
    """MiB: VmHWM, the most that was resident so far, and RssAnon, what is its own now. 0 once it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        status = ""
    found = dict(re.findall(r"(VmHWM|RssAnon):\s+(\d+) kB", status))
    return {name: int(found.get(name, 0)) / 1024 for name in ("VmHWM", "RssAnon")}


@contextmanager
def steps_counted(connection: sqlite3.Connection) -> Iterator[list[int]]:
    """Instructions of SQLite's virtual machine inside the block, in the one element of the list.

    Python's sqlite3 does not hand out the number of rows visited. Instructions are the nearest thing that
    does not depend on the machine: a row that is looked at costs between four and some forty of them.
    """
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    connection.set_progress_handler(count, 1)
    try:
        yield steps
    finally:
        connection.set_progress_handler(None, 0)


def machine_facts() -> list[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return [
        f"{os.cpu_count()} cores, {memory:.0f} GiB, load average {load}, {platform.system()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, synchronous {synchronous()}",
    ]


def synchronous() -> str:
    """What the product sets on its SQLite connections, read from its settings."""
    options = database(read_env({"OTKLIK_DATA_DIR": str(CACHE)}))["OPTIONS"]
    found = re.search(r"synchronous=(\w+)", str(options))
    return found[1] if found else "default"


@contextmanager
def cached_folder(name: str, *, under: Path | None = None) -> Iterator[tuple[Path, bool]]:
    """A folder under the cache, and whether it is complete: it is once the block has ended well.

    One that was left halfway is emptied. ``name`` ends in ``-KEY``: folders of the same name with another
    key are out of date and go.
    """
    root = under or CACHE
    folder = root / name
    done = folder / "complete"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        family = name.rpartition("-")[0]
        for old in root.glob(f"{family}-*") if family else ():
            if old.name.rpartition("-")[0] == family:
                shutil.rmtree(old, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    ready = done.exists()
    yield folder, ready
    done.touch()


def note(text: str) -> None:
    """Progress, beside the figures."""
    print(f"  … {text}", file=sys.stderr, flush=True)


def as_json(child: Child) -> Any:
    return json.loads(child.output.strip().splitlines()[-1])
