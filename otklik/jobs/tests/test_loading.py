"""What a worker loads before it forks."""

from __future__ import annotations

import sys

from django.core.management import get_commands

from otklik.jobs import schedules
from otklik.jobs.public import load_jobs


def test_the_worker_is_started_by_our_command() -> None:
    assert get_commands()["qcluster"] == "otklik.jobs"


def test_every_scheduled_function_is_there_before_the_fork() -> None:
    load_jobs()

    assert {name.rpartition(".")[0] for name in schedules.functions()} <= set(sys.modules)
