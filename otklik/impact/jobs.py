"""What workers do for impact. May be run twice, or beside itself, without harm."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

from django.conf import settings
from django_q.conf import Conf

from otklik.impact.operations.computing import ask_due, fail_report
from otklik.impact.rules.vocabulary import Failure
from otklik.jobs.public import every
from otklik.kit.clock import now

log = logging.getLogger(__name__)
ASK_DUE = "otklik.impact.jobs.ask_due_now"
# Threads of linear algebra wait for each other on small matrices, and the other cores belong to pages.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def register() -> None:
    every("impact.ask_due", ASK_DUE, minutes=60)


def ask_due_now() -> None:
    ask_due(at=now())


def compute_now(report_id: int) -> None:
    """In a process of its own, which gives back its hundreds of megabytes when it ends. It may be killed;
    this job is there to say so."""
    command = [sys.executable, "-m", "django", "compute_impact", "--report", str(report_id)]
    environment = {**os.environ, **_ONE_THREAD, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    try:
        ended = subprocess.run(command, env=environment, timeout=_seconds(), check=False).returncode  # noqa: S603 - our own command
    except subprocess.TimeoutExpired:
        fail_report(report_id=report_id, failure=Failure.TOO_LONG, at=now())
        return
    if ended:
        log.error("computing report %s ended with %s", report_id, ended)
    fail_report(report_id=report_id, failure=Failure.ENDED, at=now())


def _seconds() -> float:
    """So that it ends before the worker does that waits for it."""
    return float(Conf.TIMEOUT) * 0.9
