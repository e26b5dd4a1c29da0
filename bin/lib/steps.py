"""The steps of bin/test and bin/check: each runs even where an earlier one failed; a table ends it."""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import debian
import readiness
from common import ROOT, VENV, VENV_PYTHON, Trouble

# -v outweighs the -q of pyproject.toml: whoever reads the log looks for the usual closing line.
PYTEST = (str(VENV_PYTHON), "-m", "pytest", "-v")
# Each of the two begins with one half, which keeps a module and what its tests share together.
IN_PARALLEL = ("-n", "2", "--dist", "worksteal")
# What became of a step: its name (or what it said), whether it passed, seconds.
Row = tuple[str, bool, float]
MANAGE = (str(VENV_PYTHON), "-m", "django")


@dataclass(frozen=True)
class Step:
    name: str
    command: Sequence[str]
    needs: tuple[Callable[[], None], ...] = ()


def _tool(name: str) -> str:
    return str(VENV / "bin" / name)


# One beside another, the longest first: none of them uses more than one processor for long.
READING = [
    Step("types", (_tool("mypy"), "otklik")),
    Step("format", (_tool("ruff"), "format", "--check", ".")),
    Step("lint", (_tool("ruff"), "check", ".")),
    Step("import contracts", (_tool("lint-imports"),)),
    Step("migrations", (*MANAGE, "makemigrations", "--check", "--dry-run")),
    Step("translations", (str(VENV_PYTHON), "-m", "otklik.kit.catalogues", "--check")),
]
# Before the tests of a run, so that no worker does it again for itself.
READY = Step("tests made ready", (str(VENV_PYTHON), "-m", "tests.ready"))
# The journeys have this folder for themselves: no other step spends the time of looking through it.
BROWSER = "tests/browser"
# Slower than a unit: generated requests against the API, commands run as programs of their own, the demo told
# through the operations, and pages asked for one by one, as a browser asks for them.
OUTSIDE_IN = (
    "otklik/portal/tests",
    "otklik/desk/tests/web",
    "otklik/payouts/tests/web",
    "otklik/knowledge/tests/web",
    "otklik/dialogue/tests/web",
    "otklik/feedback/tests/results",
    "otklik/impact/tests",
    "otklik/cli/analyze/tests",
    "otklik/cli/impact/tests",
    "otklik/api/tests/test_contract.py",
    "otklik/console/tests/test_backup.py",
    "otklik/demo/tests",
)
UNIT = Step(
    "unit tests",
    (
        *PYTEST,
        *IN_PARALLEL,
        "-m",
        "not slow",
        "otklik",
        *(f"--ignore={p}" for p in OUTSIDE_IN),
    ),
)
CONTRACT = Step(
    "contract and architecture",
    (*PYTEST, *IN_PARALLEL, "-m", "not slow", "tests", *OUTSIDE_IN, f"--ignore={BROWSER}"),
)
JOURNEYS = Step(
    "journeys in a browser",
    (*PYTEST, *IN_PARALLEL, "-m", "not slow", BROWSER),
    (debian.need_chromium,),
)
# Of the slow tests those that calculate, or walk through pages of a house of their own. The others kill
# processes at a moment they wait for, or look at what runs on the machine.
BESIDE_ANOTHER = (
    BROWSER,
    "otklik/stats",
    "otklik/kit",
    "otklik/relationships",
    "otklik/loop",
    "otklik/payouts",
    "otklik/demo",
    "otklik/desk/tests/parsing",
    "otklik/impact/tests/test_study_simulations.py",
)
SLOW = Step(
    "slow tests, two at a time",
    (*PYTEST, *IN_PARALLEL, "-m", "slow", *BESIDE_ANOTHER),
    (debian.need_mail_servers, debian.need_chromium),
)
SLOW_ALONE = Step(
    "slow tests, each alone",
    (*PYTEST, "-m", "slow", *(f"--ignore={p}" for p in BESIDE_ANOTHER)),
    (debian.need_postgresql, debian.need_mail_servers),
)
ON_POSTGRESQL = Step(
    "the same on PostgreSQL",
    (
        str(VENV_PYTHON),
        str(ROOT / "tests" / "servers" / "run_on_postgres.py"),
        *("-v", *IN_PARALLEL, "-m", "not slow", "--ignore=tests/setup", f"--ignore={BROWSER}"),
        *("-p", "tests.servers.only_with_database"),
    ),
    (debian.need_postgresql,),
)


def test(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description="Every check and test; with pytest arguments only those: bin/test otklik/stats -k nps",
    )
    parser.add_argument(
        "--slow", action="store_true", help="the slow tests: simulations, kill tests, real servers"
    )
    options, for_pytest = parser.parse_known_args(arguments)
    readiness.ensure(dev=True, slow=options.slow, front_end=True)
    if for_pytest:
        return _pytest_only(for_pytest, slow=options.slow)
    return _run_all(
        [READY, SLOW, SLOW_ALONE, ON_POSTGRESQL] if options.slow else [READY, UNIT, CONTRACT, JOURNEYS],
        reading=() if options.slow else READING,
    )


def check(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="bin/check", description="The fast part of bin/test.").parse_args(arguments)
    readiness.ensure(dev=True, front_end=True)
    return _run_all([READY, UNIT], reading=READING)


def _pytest_only(arguments: list[str], *, slow: bool) -> int:
    marker = ["-m", "slow" if slow else "not slow"]  # a later -m of the caller's own wins
    return _stoppable([*PYTEST, *marker, *arguments])


def _run_all(steps: Sequence[Step], *, reading: Sequence[Step]) -> int:
    with tempfile.TemporaryDirectory(prefix="otklik-tables-") as tables:
        os.environ["TESTS_EMPTY_TABLES"] = str(Path(tables) / "empty.sqlite3")
        rows = [*_run_beside(reading), *(_run_one(step) for step in steps)]
    print("\n" + "=" * 60)
    for name, passed, seconds in rows:
        print(f"{name:<28} {'passed' if passed else 'FAILED':<8} {seconds:>8.1f} s")
    print("=" * 60)
    failed = [name for name, passed, _ in rows if not passed]
    print(f"Failed: {', '.join(failed)}" if failed else "Everything passed.", flush=True)
    return 1 if failed else 0


def _run_beside(steps: Sequence[Step]) -> Iterator[Row]:
    """Two at a time; what each said is shown whole, in the order of the list."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        for step, ended in [(step, pool.submit(_run_quietly, step)) for step in steps]:
            said, passed, seconds = ended.result()
            _announce(step)
            print(said, end="", flush=True)
            yield step.name, passed, seconds


def _run_quietly(step: Step) -> Row:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="otklik-test-", ignore_cleanup_errors=True) as data:
        ended = subprocess.run(
            step.command,
            cwd=ROOT,
            env=_environment(data),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    return ended.stdout, ended.returncode == 0, time.monotonic() - began


def _announce(step: Step) -> None:
    print(f"\n== {step.name} " + "=" * (56 - len(step.name)), flush=True)


def _run_one(step: Step) -> Row:
    _announce(step)
    began = time.monotonic()
    try:
        for need in step.needs:
            need()
        # A run of no tests (pytest's status 5) protects nothing, so it is a failure like any other.
        passed = _stoppable(step.command) == 0
    except Trouble as trouble:
        print(trouble, flush=True)
        passed = False
    return step.name, passed, time.monotonic() - began


def _stoppable(command: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="otklik-test-", ignore_cleanup_errors=True) as data:
        process = subprocess.Popen(command, cwd=ROOT, env=_environment(data))
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise


def _environment(data: str) -> dict[str, str]:
    """The developer's own installation must neither be used by a test nor change its result."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
    # What is compiled once is read by every worker and step after it.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["OTKLIK_DATA_DIR"] = data
    env["DJANGO_SETTINGS_MODULE"] = "otklik.config.settings"
    return env
