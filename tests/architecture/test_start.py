"""What each process loads at its start: heavy packages wait until somebody needs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"duckdb", "pyarrow", "pandas", "scipy", "statsmodels", "openpyxl", "ibis", "matplotlib"}
FOR_ONE_PAGE_OR_JOB = {"imap_tools", "aiosmtpd", "holidays", "icalendar", "rapidfuzz", "anymail", "requests"}
SUPERVISOR_ONLY = {"django", "numpy", "granian", "rich"}


def loaded(code: str, data: Path) -> set[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print('\\n'.join(sys.modules))"],
        env=kept | {"OTKLIK_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "otklik.config.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {line.split(".")[0] for line in done.stdout.splitlines()}


@pytest.mark.parametrize(
    "entry", ["import otklik.config.wsgi", "import otklik.edge.app", "import django; django.setup()"]
)
def test_no_service_loads_what_it_may_never_need(entry: str, tmp_path: Path) -> None:
    assert loaded(entry, tmp_path) & HEAVY == set()


def test_a_web_process_speaks_no_mail_protocol(tmp_path: Path) -> None:
    code = "import otklik.config.wsgi, otklik.config.urls"
    assert loaded(code, tmp_path) & (HEAVY | FOR_ONE_PAGE_OR_JOB) == set()


def test_the_supervisor_is_plain_python(tmp_path: Path) -> None:
    names = loaded("import otklik.cli.main, otklik.cli.serve, otklik.cli.supervisor", tmp_path)
    assert names & (HEAVY | SUPERVISOR_ONLY) == set()


def test_what_services_are_forked_from_holds_no_thread_and_no_connection(tmp_path: Path) -> None:
    code = """
from otklik.cli.warm import warm_up
warm_up()
import os
from django.db import connections
assert len(os.listdir("/proc/self/task")) == 1
assert all(connection.connection is None for connection in connections.all())
"""
    assert loaded(code, tmp_path) & (HEAVY | {"holidays", "rapidfuzz", "requests"}) == set()


def test_deadlines_are_reckoned_without_django(tmp_path: Path) -> None:
    calendar = tmp_path / "calendar.json"
    calendar.write_text('{"zone": "UTC", "weekly": {"mon": ["09:00-17:00"]}, "holidays": ["RU"]}')
    arguments = ["sla", "due", "--calendar", str(calendar), "--start", "2026-03-02", "--minutes", "5"]
    names = loaded(f"from otklik.cli.main import main; main({arguments!r})", tmp_path)
    assert names & (HEAVY | SUPERVISOR_ONLY) == set()
    assert loaded("import otklik.kit.calendar", tmp_path) & (HEAVY | SUPERVISOR_ONLY) == set()


def test_reading_mail_needs_neither_django_nor_anything_heavy(tmp_path: Path) -> None:
    code = "from otklik.cli.main import main; main(['mail', 'parse', '/dev/null', '--json'])"
    names = loaded(code, tmp_path)
    assert names & (HEAVY | {"django", "numpy", "granian"}) == set()
