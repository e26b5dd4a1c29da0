"""What workers do for waves. Each may be run twice, or beside itself, without harm."""

from __future__ import annotations

from datetime import timedelta

from django_q.tasks import async_task

from otklik.feedback.models import Invitation, Wave
from otklik.feedback.operations import planning
from otklik.feedback.operations.waves import ASK_TODAY, PLAN
from otklik.feedback.rules.vocabulary import WaveMode, WaveState
from otklik.jobs.public import every
from otklik.kit.clock import now

# A planning that has not ended by then lost its worker; the queue gives jobs back as well, but not for ever.
_STUCK = timedelta(minutes=10)


def register() -> None:
    every("feedback.start_waves", "otklik.feedback.wave_jobs.start_due_waves", minutes=5)
    every("feedback.close_waves", "otklik.feedback.wave_jobs.close_due_waves", minutes=5)
    every("feedback.ask_today", "otklik.feedback.wave_jobs.ask_all_today", minutes=60)
    every("feedback.note_effects", "otklik.feedback.wave_jobs.note_effects", minutes=60)
    every("feedback.resume_plans", "otklik.feedback.wave_jobs.resume_plans", minutes=10)


def plan_wave(wave_id: int) -> None:
    planning.plan_wave(wave_id=wave_id, clock=now)


def ask_today(wave_id: int) -> None:
    planning.ask_today(wave_id=wave_id, day=now().date(), clock=now)


def ask_all_today() -> None:
    """A job for each rolling survey that has not asked its share yet today. Whoever was put in by hand is not
    the share."""
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    waves = Wave.objects.filter(mode=WaveMode.ROLLING, state=WaveState.RUNNING)
    asked = set(
        Invitation.objects.filter(wave__in=waves, planned_at__gte=midnight, picked_by=None).values_list(
            "wave_id", flat=True
        )
    )
    for pk in waves.values_list("pk", flat=True):
        if pk not in asked:
            async_task(ASK_TODAY, pk)


def note_effects() -> None:
    planning.note_effects(at=now())


def resume_plans() -> None:
    stuck = Wave.objects.filter(state=WaveState.PLANNING, started_at__lt=now() - _STUCK)
    for pk in stuck.values_list("pk", flat=True):
        async_task(PLAN, pk)


def withdraw_unsent(wave_id: int) -> None:
    planning.withdraw_unsent(wave_id=wave_id)


def follow_closing(wave_id: int) -> None:
    planning.follow_closing(wave_id=wave_id, at=now())


def close_due_waves() -> None:
    planning.close_due_waves(at=now())


def start_due_waves() -> None:
    planning.start_due_waves(at=now())
