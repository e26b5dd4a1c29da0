"""Its process is killed, takes too long, or ends well: the job lives, and the report says which."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ready import put_empty_tables

PRELUDE = """
import django
django.setup()
from otklik.events.public import Actor
from otklik.impact import jobs
from otklik.impact.models import ImpactReport
from otklik.impact.operations.computing import ask_report
from otklik.impact.rules.vocabulary import Outcome
from otklik.kit.clock import now
from otklik.partners.models import Program
program, _ = Program.objects.get_or_create(slug="north", defaults={"name": "North", "created_at": now()})
report = ask_report(program=program, outcome=Outcome.NPS, by=Actor.system(), at=now())
"""
TELL = """
jobs.compute_now(report.pk)
report.refresh_from_db()
print(report.state, report.failure or "-", report.body is not None)
"""
SLEEPS = """
SCRIPT = "import os, time; os.kill(os.getpid(), {signal}) if {signal} else time.sleep(60)"
import sys
command = [sys.executable, "-c", SCRIPT]
run = jobs.subprocess.run
jobs.subprocess.run = lambda _, **options: run(command, **options)
jobs._seconds = lambda: {seconds}
"""


def told(code: str, data: Path) -> list[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("OTKLIK_")}
    env |= {"OTKLIK_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "otklik.config.settings"}
    script = [sys.executable, "-c", PRELUDE + code]
    done = subprocess.run(script, env=env, capture_output=True, text=True, timeout=240, check=True)
    return done.stdout.splitlines()[-1].split()


@pytest.mark.slow
def test_the_job_outlives_its_process_and_the_report_says_what_became_of_it(tmp_path: Path) -> None:
    put_empty_tables(tmp_path)
    migrate = "from django.core.management import call_command\ncall_command('migrate', verbosity=0)\n"
    env = {**os.environ, "OTKLIK_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "otklik.config.settings"}
    setup = f"import django\ndjango.setup()\n{migrate}"
    subprocess.run([sys.executable, "-c", setup], env=env, check=True, timeout=240)
    assert told(SLEEPS.format(signal=9, seconds=60) + TELL, tmp_path) == ["failed", "ended", "False"]
    assert told(SLEEPS.format(signal=0, seconds=0.5) + TELL, tmp_path) == ["failed", "too_long", "False"]
    assert told(TELL, tmp_path) == ["done", "-", "True"]
