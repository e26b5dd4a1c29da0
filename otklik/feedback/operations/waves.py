"""The life of a wave: made, changed while a draft, started with everything frozen, closed or called off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django_q.tasks import async_task

from otklik.events.public import Actor, ActorKind, Subject
from otklik.feedback.models import Survey, SurveyVersion, Wave
from otklik.feedback.operations.series import Repeat, locked_series, plan_next, set_repeat, tell_wave
from otklik.feedback.queries.asking import rules_of
from otklik.feedback.rules.plans import Plan, check_plan, plan_row, read_plan
from otklik.feedback.rules.vocabulary import WaveMode, WaveState

PLAN = "otklik.feedback.wave_jobs.plan_wave"
ASK_TODAY = "otklik.feedback.wave_jobs.ask_today"
WITHDRAW = "otklik.feedback.wave_jobs.withdraw_unsent"
FOLLOW_CLOSING = "otklik.feedback.wave_jobs.follow_closing"
_PLANNED = ("name", "plan", "reminders", "starts_at", "closes_at")


class NotADraft(Exception):
    """A wave that has begun is not planned again."""


class NotRunning(Exception):
    """Only a wave that runs can be closed, edited or called off."""


class SurveyArchived(Exception):
    """Nobody is asked with a survey that was put away."""


class ClosesTooEarly(Exception):
    """A wave closes after it starts, and after now."""


@transaction.atomic
def create_wave(
    *,
    survey_id: int,
    name: str,
    mode: WaveMode,
    plan: Plan,
    by: Actor,
    at: datetime,
    reminders: Sequence[int] = (),
    starts_at: datetime | None = None,
    closes_at: datetime | None = None,
    repeat: Repeat | None = None,
) -> Wave:
    """A draft. Raises Survey.DoesNotExist, SurveyArchived, PlanRefused, ClosesTooEarly."""
    survey = Survey.objects.get(pk=survey_id)
    if survey.archived_at is not None:
        raise SurveyArchived
    _check(plan, mode, reminders, survey.program_id, starts_at, closes_at, at)
    wave = Wave(
        survey=survey,
        program_id=survey.program_id,
        name=name,
        mode=mode,
        plan=plan_row(plan),
        reminders=list(reminders),
        starts_at=starts_at,
        closes_at=closes_at,
        created_by_id=_person(by),
        created_at=at,
    )
    set_repeat(wave, repeat, at=at)
    wave.save()
    tell_wave("wave.created", wave, {"mode": mode.value}, by=by, at=at)
    return wave


@transaction.atomic
def change_draft(
    *,
    wave_id: int,
    name: str,
    plan: Plan,
    by: Actor,
    at: datetime,
    reminders: Sequence[int] = (),
    starts_at: datetime | None = None,
    closes_at: datetime | None = None,
    repeat: Repeat | None = None,
) -> Wave:
    """Without ``starts_at`` a wave that would have started by itself waits for somebody to start it. Raises
    Wave.DoesNotExist, NotADraft, PlanRefused, ClosesTooEarly."""
    wave = _draft(wave_id)
    _check(plan, WaveMode(wave.mode), reminders, wave.program_id, starts_at, closes_at, at)
    before = {"plan": wave.plan, "reminders": wave.reminders}
    wave.name, wave.plan, wave.reminders = name, plan_row(plan), list(reminders)
    wave.starts_at, wave.closes_at = starts_at, closes_at
    wave.starts_itself = wave.starts_itself and starts_at is not None
    set_repeat(wave, repeat, at=at)
    wave.save(update_fields=[*_PLANNED, "starts_itself", "series", "turn"])
    changed = [key for key, value in before.items() if value != getattr(wave, key)]
    tell_wave("wave.edited", wave, {"fields": changed}, by=by, at=at)
    return wave


@transaction.atomic
def take_out_of_draft(*, wave_id: int, contact_id: int, out: bool, by: Actor, at: datetime) -> None:
    """Before the start: this person is not asked, or is again. Raises Wave.DoesNotExist, NotADraft."""
    wave = _draft(wave_id)
    plan = read_plan(wave.plan)
    others = [pk for pk in plan.taken_out if pk != contact_id]
    wave.plan = {**wave.plan, "taken_out": [*others, contact_id] if out else others}
    wave.save(update_fields=["plan"])
    kind = "invitation.removed" if out else "invitation.added"
    subjects = [Subject("contact", contact_id)]
    tell_wave(kind, wave, {"before_start": True}, by=by, at=at, subjects=subjects)


@transaction.atomic
def choose_of_draft(
    *, wave_id: int, out: Collection[int], back: Collection[int] = (), by: Actor, at: datetime
) -> Wave:
    """The same for several contacts at once, as far as anything changes; the draft comes back locked, so that
    it starts before this or after it. Raises Wave.DoesNotExist, NotADraft."""
    wave = _draft(wave_id)
    before = set(read_plan(wave.plan).taken_out)
    after = (before - set(back)) | set(out)
    if before != after:
        wave.plan = {**wave.plan, "taken_out": sorted(after)}
        wave.save(update_fields=["plan"])
    for kind, people in (("invitation.removed", after - before), ("invitation.added", before - after)):
        for pk in sorted(people):
            subjects = [Subject("contact", pk)]
            tell_wave(kind, wave, {"before_start": True}, by=by, at=at, subjects=subjects)
    return wave


@transaction.atomic
def start_wave(*, wave_id: int, by: Actor, at: datetime) -> Wave:
    """Version and plan are frozen from here on; people are planned by a job, as they are now. Of a wave that
    repeats, the next one is made.

    Raises Wave.DoesNotExist, NotADraft, SurveyArchived, ClosesTooEarly, PlanRefused.
    """
    wave = _draft(wave_id)
    survey = Survey.objects.get(pk=wave.survey_id)
    if survey.archived_at is not None:
        raise SurveyArchived
    mode, plan = WaveMode(wave.mode), read_plan(wave.plan)
    _check(plan, mode, wave.reminders, wave.program_id, wave.starts_at, wave.closes_at, at)
    latest = SurveyVersion.objects.filter(survey_id=wave.survey_id).order_by("-number").first()
    assert latest is not None, "a survey has its first version from the beginning"
    wave.version, wave.started_at = latest, at
    wave.state = WaveState.PLANNING if mode is WaveMode.WAVE else WaveState.RUNNING
    wave.save(update_fields=["version", "started_at", "state"])
    tell_wave("wave.started", wave, {"version": latest.pk, "mode": mode.value}, by=by, at=at)
    plan_next(wave, at=at)
    if mode is WaveMode.WAVE:
        async_task(PLAN, wave.pk)
    elif mode is WaveMode.ROLLING:
        async_task(ASK_TODAY, wave.pk)
    return wave


@transaction.atomic
def move_closing(*, wave_id: int, closes_at: datetime | None, by: Actor, at: datetime) -> Wave:
    """Of a wave that runs. Raises Wave.DoesNotExist, NotRunning, ClosesTooEarly."""
    wave = _running(wave_id)
    if closes_at is not None and closes_at <= at:
        raise ClosesTooEarly
    before, wave.closes_at = wave.closes_at, closes_at
    wave.save(update_fields=["closes_at"])
    data = {
        "fields": ["closes_at"],
        "before": before.isoformat() if before else None,
        "after": closes_at.isoformat() if closes_at else None,
    }
    tell_wave("wave.edited", wave, data, by=by, at=at)
    async_task(FOLLOW_CLOSING, wave.pk)
    return wave


@transaction.atomic
def close_wave(*, wave_id: int, by: Actor, at: datetime) -> Wave:
    """Answers that come later are kept and marked. What was not sent yet is not sent any more. Raises
    Wave.DoesNotExist, NotRunning."""
    return _end(wave_id, WaveState.CLOSED, "wave.closed", by=by, at=at)


@transaction.atomic
def cancel_wave(*, wave_id: int, by: Actor, at: datetime) -> Wave:
    """A draft, or one that runs. The draft of a series is skipped by this, and the next turn planned; a first
    one ends it. Raises Wave.DoesNotExist, NotRunning."""
    return _end(wave_id, WaveState.CANCELLED, "wave.cancelled", by=by, at=at)


def _end(wave_id: int, state: WaveState, kind: str, *, by: Actor, at: datetime) -> Wave:
    series = locked_series(wave_id)
    wave = Wave.objects.select_for_update().get(pk=wave_id)
    was_draft = wave.state == WaveState.DRAFT
    if not (wave.is_open or (state is WaveState.CANCELLED and was_draft)):
        raise NotRunning
    wave.state, wave.closed_at = state, at
    wave.save(update_fields=["state", "closed_at"])
    follows = series is not None and was_draft and plan_next(wave, at=at) is not None
    tell_wave(kind, wave, {"skipped": True} if follows else {}, by=by, at=at)
    async_task(WITHDRAW, wave.pk)
    return wave


def _check(
    plan: Plan,
    mode: WaveMode,
    reminders: Sequence[int],
    program_id: int,
    starts_at: datetime | None,
    closes_at: datetime | None,
    at: datetime,
) -> None:
    check_plan(plan, mode, reminders, rules_of(program_id).cooldown_days)
    if closes_at is not None and closes_at <= max(at, starts_at or at):
        raise ClosesTooEarly


def _draft(wave_id: int) -> Wave:
    locked_series(wave_id)
    wave = Wave.objects.select_for_update().get(pk=wave_id)
    if wave.state != WaveState.DRAFT:
        raise NotADraft
    return wave


def _running(wave_id: int) -> Wave:
    wave = Wave.objects.select_for_update().get(pk=wave_id)
    if not wave.is_open:
        raise NotRunning
    return wave


def _person(by: Actor) -> int | None:
    return by.id if by.kind is ActorKind.PERSON else None
