"""A planning killed with -9 again and again writes everybody once, and the same people as undisturbed."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ready import put_empty_tables

PEOPLE = 4000
PRELUDE = """
import django
django.setup()
from datetime import UTC, datetime
from otklik.events.public import Actor
at = datetime(2026, 3, 2, 9, tzinfo=UTC)
by = Actor.system()
"""
FILL = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from otklik.feedback.operations.surveys import create_survey
from otklik.feedback.operations.waves import create_wave, start_wave
from otklik.feedback.queries.layout import lay_out
from otklik.feedback.rules.plans import Plan
from otklik.feedback.rules.sampling import Dimension
from otklik.feedback.rules.vocabulary import SurveyKind, WaveMode
from otklik.partners.models import Address, Contact, Partner, Program
program = Program.objects.create(name="North", slug="north", created_at=at)
partner = Partner.objects.create(program=program, name="Aurora", tier="gold", created_at=at)
roles = ("decision_maker", "influencer", "end_user")
people = Contact.objects.bulk_create(
    [Contact(partner=partner, name=f"P{{n}}", role=roles[n % 3], created_at=at) for n in range({people})]
)
Address.objects.bulk_create(
    [Address(contact=one, kind="email", value=f"p{{one.pk}}@x.example", normalised=f"p{{one.pk}}@x.example")
     for one in people]
)
survey = create_survey(program_id=program.pk, name="NPS", kind=SurveyKind.NPS, by=by, at=at).survey_id
plan = Plan(seed="k", total=2500, quotas={{Dimension.ROLE: {{"end_user": 500}}}})
wave = create_wave(survey_id=survey, name="Q1", mode=WaveMode.WAVE, plan=plan, by=by, at=at)
start_wave(wave_id=wave.pk, by=by, at=at)
wave.refresh_from_db()
print(*sorted(lay_out(wave, at=at).sample.chosen))
"""
WRITE = """
from otklik.feedback.operations import planning
planning.CHUNK = 20
planning.plan_wave(wave_id=1, clock=lambda: at)
"""


def start(code: str, data: Path) -> subprocess.Popen[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("OTKLIK_")}
    env |= {"OTKLIK_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "otklik.config.settings"}
    command = [sys.executable, "-c", PRELUDE + code]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())


def run(code: str, data: Path) -> str:
    process = start(code, data)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return out


def rows(data: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(data / "otklik.sqlite3", timeout=20) as db:
        return db.execute(sql).fetchall()


def written(data: Path) -> int:
    ((count,),) = rows(data, "SELECT count(*) FROM feedback_invitation")
    return int(str(count))


@pytest.mark.slow
def test_a_planning_killed_at_random_writes_everybody_once_and_draws_the_same_people(tmp_path: Path) -> None:
    put_empty_tables(tmp_path)
    intended = {int(pk) for pk in run(FILL.format(people=PEOPLE), tmp_path).split()}
    chance, killed = random.Random(5), 0
    for _ in range(4):
        before, planner = written(tmp_path), start(WRITE, tmp_path)
        while planner.poll() is None and written(tmp_path) == before:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.1))
        if planner.poll() is None:
            planner.send_signal(signal.SIGKILL)
            killed += 1
        planner.communicate()
    assert killed >= 3, "the planning was too fast to be killed in the middle"
    assert written(tmp_path) < PEOPLE
    run(WRITE, tmp_path)

    found = rows(tmp_path, "SELECT contact_id, state FROM feedback_invitation")
    assert len(found) == PEOPLE
    assert len({contact for contact, _ in found}) == PEOPLE
    assert {contact for contact, state in found if state == "planned"} == intended
    assert rows(tmp_path, "SELECT state, planned, people FROM feedback_wave") == [("running", PEOPLE, PEOPLE)]
