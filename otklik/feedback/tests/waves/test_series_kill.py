"""Two workers at once, killed with -9 again and again: every turn of a series is there exactly once."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest

from otklik.feedback.tests.waves.test_plan_kill import rows, run, start
from tests.ready import put_empty_tables

FILL = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from otklik.feedback.operations.series import Repeat
from otklik.feedback.operations.surveys import create_survey
from otklik.feedback.operations.waves import create_wave, start_wave
from otklik.feedback.rules.plans import Plan
from otklik.feedback.rules.recurrence import Every
from otklik.feedback.rules.vocabulary import SurveyKind, WaveMode
from otklik.partners.models import Program
program = Program.objects.create(name="North", slug="north", created_at=at)
survey = create_survey(program_id=program.pk, name="NPS", kind=SurveyKind.NPS, by=by, at=at).survey_id
wave = create_wave(survey_id=survey, name="Monthly", mode=WaveMode.WAVE, plan=Plan(seed="k"), starts_at=at,
                   repeat=Repeat(Every.MONTH, "Europe/Moscow"), by=by, at=at)
start_wave(wave_id=wave.pk, by=by, at=at)
"""
# A month goes by with every look.
WORK = """
from otklik.feedback.models import Wave
from otklik.feedback.operations.planning import start_due_waves
print("ready", flush=True)
for _ in range({looks}):
    due = Wave.objects.get(state="draft").starts_at
    start_due_waves(at=due)
"""
SERIES = "SELECT turn, state, count(*) FROM feedback_wave GROUP BY turn, state ORDER BY turn"


def turns(data: Path) -> list[tuple[object, ...]]:
    return rows(data, SERIES)


@pytest.mark.slow
def test_two_workers_killed_at_random_make_each_turn_once(tmp_path: Path) -> None:
    put_empty_tables(tmp_path)
    run(FILL, tmp_path)
    chance, killed = random.Random(5), 0
    for _ in range(3):
        workers = [start(WORK.format(looks=400), tmp_path) for _ in range(2)]
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.05, 0.6))
        for worker in workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGKILL)
                killed += 1
            worker.communicate()
    assert killed >= 3, "the workers were too fast to be killed in the middle"
    run(WORK.format(looks=1), tmp_path)

    found = turns(tmp_path)
    last = len(found) - 1
    assert last > 3
    # Those that were started are planned by jobs, which nobody runs here.
    assert found == [*((turn, "planning", 1) for turn in range(last)), (last, "draft", 1)]
    told = rows(tmp_path, "SELECT kind, count(*) FROM events_event WHERE kind LIKE 'wave.%' GROUP BY kind")
    assert dict(told) == {"wave.created": last + 1, "wave.started": last}
