"""Writing a plan down: invitations in chunks, each a transaction of its own.

A chunk may be begun again by another worker, or after a kill: an invitation's key is unique in its wave, and
what was written before counts in what is drawn (``queries/layout.lay_out``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_noop

from otklik.events.public import Actor
from otklik.feedback.models import Invitation, Wave
from otklik.feedback.operations.claiming import next_reminder
from otklik.feedback.operations.inviting import NewInvitation, form_of, write_invitations
from otklik.feedback.operations.series import NotRepeating, stop_repeating
from otklik.feedback.operations.waves import (
    ClosesTooEarly,
    NotADraft,
    NotRunning,
    SurveyArchived,
    cancel_wave,
    close_wave,
    start_wave,
)
from otklik.feedback.queries.effect import effect_of, effect_of_run
from otklik.feedback.queries.layout import Layout, lay_out, lay_out_day, left_out_for_tickets
from otklik.feedback.rules.plans import PlanRefused, expires_at, read_plan
from otklik.feedback.rules.vocabulary import InvitationState, Refusal, WaveMode, WaveState
from otklik.jobs.public import advance_progress, finish_progress, start_progress
from otklik.kit.chunks import in_chunks

CHUNK = 500
Clock = Callable[[], datetime]


def _progress_key(wave: Wave) -> str:
    return f"wave:{wave.pk}"


def plan_wave(*, wave_id: int, clock: Clock) -> None:
    """The job behind a start. Ends early where the wave was called off meanwhile."""
    wave = Wave.objects.select_related("survey", "version").get(pk=wave_id)
    if wave.state != WaveState.PLANNING or wave.started_at is None:
        return
    layout = lay_out(wave, at=wave.started_at)
    total = len(layout.people)
    key = _progress_key(wave)
    start_progress(key=key, label=gettext_noop("People of a survey wave"), at=clock(), total=total)
    Wave.objects.filter(pk=wave.pk).update(people=total)
    done = 0
    for chunk in in_chunks(_rows(layout), CHUNK):
        if not _write(wave, chunk, among=(WaveState.PLANNING,), at=clock()):
            finish_progress(key=key, at=clock())
            return
        done += len(chunk)
        advance_progress(key=key, done=done, at=clock())
    effect = effect_of(wave, layout, at=wave.started_at)
    Wave.objects.filter(pk=wave.pk, state=WaveState.PLANNING).update(
        state=WaveState.RUNNING, planned=total, effect=effect
    )
    finish_progress(key=key, at=clock())


def ask_today(*, wave_id: int, day: date, clock: Clock) -> int:
    """The share of one day of a rolling survey; run again on that day it adds what is missing. How many were
    asked."""
    wave = Wave.objects.select_related("survey", "version").get(pk=wave_id)
    if wave.state != WaveState.RUNNING or wave.mode != WaveMode.ROLLING:
        return 0
    layout = lay_out_day(wave, day=day, at=clock())
    people = {one.contact_id: one for one in layout.people}
    turns: list[tuple[int, Refusal | None]] = [(pk, None) for pk in layout.sample.chosen]
    turns += [(pk, Refusal.OPEN_TICKET) for pk in layout.passed_over]
    rows = (
        NewInvitation(f"c{pk}:{day.isoformat()}", people[pk], layout.moments[pk], refusal)
        for pk, refusal in turns
    )
    asked = 0
    for chunk in in_chunks(rows, CHUNK):
        if not _write(wave, chunk, among=(WaveState.RUNNING,), at=clock()):
            break
        asked += sum(one.refusal is None for one in chunk)
    effect = effect_of_run(wave, at=clock())
    Wave.objects.filter(pk=wave.pk).update(people=len(people), effect=effect)
    return asked


def note_effects(*, at: datetime) -> None:
    """Of surveys after an event: people are left out of them one by one."""
    for wave in Wave.objects.filter(mode=WaveMode.EVENT, state=WaveState.RUNNING).select_related("survey"):
        effect = effect_of_run(wave, at=at)
        if effect != wave.effect:
            Wave.objects.filter(pk=wave.pk).update(effect=effect)


def withdraw_unsent(*, wave_id: int) -> None:
    """After a wave ended: what was not sent yet is not sent, and nobody is reminded."""
    rows = Invitation.objects.filter(wave_id=wave_id)
    for ids in _ids(rows.filter(state=InvitationState.PLANNED)):
        Invitation.objects.filter(pk__in=ids, state=InvitationState.PLANNED).update(
            state=InvitationState.WITHDRAWN
        )
    for ids in _ids(rows.exclude(remind_at=None)):
        Invitation.objects.filter(pk__in=ids).update(remind_at=None)


def follow_closing(*, wave_id: int, at: datetime) -> None:
    """It was moved: links live on for some time after it, and reminders that would have come after the old
    one come after all."""
    wave = Wave.objects.get(pk=wave_id)
    if wave.closes_at is not None:
        until = expires_at(wave.closes_at, None)
        for ids in _ids(Invitation.objects.filter(wave_id=wave_id, expires_at__lt=until)):
            Invitation.objects.filter(pk__in=ids).update(expires_at=until)
    if wave.state != WaveState.RUNNING:
        return
    waiting = Invitation.objects.filter(
        wave=wave, state=InvitationState.SENT, answered_at=None, remind_at=None
    ).exclude(address="")
    left = waiting.filter(reminders_sent__lt=len(wave.reminders)).select_related("contact").order_by("pk")
    last = 0
    while rows := list(left.filter(pk__gt=last)[:CHUNK]):
        last = rows[-1].pk
        for one in rows:
            moment = next_reminder(one, wave, at=at)
            if moment is not None:
                # Answered, or reminded, since it was read: nothing to bring back.
                waiting.filter(pk=one.pk, reminders_sent=one.reminders_sent).update(remind_at=moment)


def close_due_waves(*, at: datetime) -> None:
    states = (WaveState.PLANNING, WaveState.RUNNING)
    due = Wave.objects.filter(state__in=states, closes_at__lte=at)
    for pk in list(due.values_list("pk", flat=True)):
        # Somebody ended this one meanwhile; the others are still due.
        with suppress(NotRunning):
            close_wave(wave_id=pk, by=Actor.system(), at=at)


def start_due_waves(*, at: datetime) -> None:
    """What a series has planned. One whose days are over, as nobody was there to start it, is skipped; a
    survey that was put away asks no more."""
    by = Actor.system()
    due = Wave.objects.filter(state=WaveState.DRAFT, starts_itself=True, starts_at__lte=at)
    for pk in list(due.values_list("pk", flat=True)):
        try:
            start_wave(wave_id=pk, by=by, at=at)
        except NotADraft:
            continue
        except (ClosesTooEarly, PlanRefused):
            with suppress(NotRunning):
                cancel_wave(wave_id=pk, by=by, at=at)
        except SurveyArchived:
            with suppress(NotRepeating):
                stop_repeating(wave_id=pk, by=by, at=at)
            with suppress(NotRunning):
                cancel_wave(wave_id=pk, by=by, at=at)


def _rows(layout: Layout) -> Iterator[NewInvitation]:
    """Everybody of the audience: who is left out is a row with the reason."""
    chosen = frozenset(layout.sample.chosen)
    for one in layout.people:
        pk = one.contact_id
        refusal = None if pk in chosen else layout.sample.left_out[pk]
        yield NewInvitation(f"c{pk}", one, layout.moments[pk], refusal)


def _write(wave: Wave, chunk: Sequence[NewInvitation], *, among: Sequence[str], at: datetime) -> bool:
    """False where the wave is not in one of these states any more."""
    assert wave.version is not None
    form = form_of(wave.version, wave.survey.kind)
    with transaction.atomic():
        locked = Wave.objects.select_for_update().filter(pk=wave.pk, state__in=among)
        if not locked.exists():
            return False
        if wave.mode == WaveMode.ROLLING:
            # Their ticket is closed, and their turn made up for.
            since = at - timedelta(days=read_plan(wave.plan).every_days)
            asked = [one.person.contact_id for one in chunk if one.refusal is None]
            left_out_for_tickets(wave).filter(contact_id__in=asked, planned_at__gt=since).delete()
        written = write_invitations(chunk, wave=wave, form=form, at=at)
        Wave.objects.filter(pk=wave.pk).update(planned=F("planned") + len(written))
    return True


def _ids(rows: QuerySet[Invitation]) -> Iterator[list[int]]:
    """Some at a time; what was changed is not among the rows any more."""
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        yield ids
