"""Waves that follow one another: with each start the next one is made, to be seen, changed, skipped or
stopped before its day.

Two workers, or one that is killed: the next wave is made in the transaction of the start, and a turn is once
in its series.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.feedback.models import Wave, WaveSeries
from otklik.feedback.rules.recurrence import Dates, Every, dates_of, next_turn
from otklik.feedback.rules.vocabulary import WaveState

_LONGEST_BASE = 140
_DAY = re.compile(r" · \d{4}-\d\d-\d\d\Z")


class Repeat(NamedTuple):
    """``zone``: where the hour of the day stays the same."""

    every: Every
    zone: str


class NotRepeating(Exception):
    """Nothing follows this wave."""


def locked_series(wave_id: int) -> WaveSeries | None:
    """Before the wave itself is locked: whoever stops a series locks its waves after it."""
    return WaveSeries.objects.select_for_update(of=("self",)).filter(waves__pk=wave_id).first()


def set_repeat(wave: Wave, repeat: Repeat | None, *, at: datetime) -> None:
    """Of a draft; the caller saves it. Another period begins a series of its own with this wave; none makes
    it the last one of its series, on its own day."""
    series = wave.series if wave.repeats else None
    if series is not None and repeat is not None and series.every == repeat.every:
        return
    if series is not None:
        series.stopped_at = at
        series.save(update_fields=["stopped_at"])
    if repeat is not None:
        wave.series = WaveSeries.objects.create(every=repeat.every, zone=repeat.zone)
        wave.turn = 0


def plan_next(wave: Wave, *, at: datetime) -> Wave | None:
    """After this wave has started, or was skipped; nothing follows a first one that never started. The caller
    is in a transaction and has locked the series (``locked_series``)."""
    if wave.series_id is None:
        return None
    series = WaveSeries.objects.get(pk=wave.series_id)
    if wave.turn == 0 and (wave.started_at is not None or wave.starts_itself):
        series.starts_at, series.closes_at = wave.starts_at or wave.started_at, wave.closes_at
        series.save(update_fields=["starts_at", "closes_at"])
    if series.stopped_at is not None or series.starts_at is None:
        return None
    first, every = Dates(series.starts_at, series.closes_at), Every(series.every)
    turn = next_turn(first, every, series.zone, wave.turn, at)
    if turn is None:
        return None
    dates = dates_of(first, every, series.zone, turn)
    following = Wave.objects.create(
        survey_id=wave.survey_id,
        program_id=wave.program_id,
        name=_name(series, dates.starts_at),
        mode=wave.mode,
        # Another draw, and nobody is left out by hand unseen again and again.
        plan={**wave.plan, "seed": secrets.token_hex(6), "taken_out": []},
        reminders=wave.reminders,
        starts_at=dates.starts_at,
        closes_at=dates.closes_at,
        created_by_id=wave.created_by_id,
        created_at=at,
        series=series,
        turn=turn,
        starts_itself=True,
    )
    tell_wave(
        "wave.created", following, {"mode": following.mode, "follows": wave.pk}, by=Actor.system(), at=at
    )
    return following


@transaction.atomic
def stop_repeating(*, wave_id: int, by: Actor, at: datetime) -> None:
    """No wave follows any more; one that waits for its day is called off. Raises Wave.DoesNotExist,
    NotRepeating."""
    series = locked_series(wave_id)
    wave = Wave.objects.get(pk=wave_id)
    if series is None or series.stopped_at is not None:
        raise NotRepeating
    series.stopped_at = at
    series.save(update_fields=["stopped_at"])
    tell_wave("wave.repeating_stopped", wave, {}, by=by, at=at)
    waiting = Wave.objects.select_for_update().filter(
        series=series, state=WaveState.DRAFT, starts_itself=True
    )
    for one in waiting:
        one.state, one.closed_at = WaveState.CANCELLED, at
        one.save(update_fields=["state", "closed_at"])
        tell_wave("wave.cancelled", one, {}, by=by, at=at)


def _name(series: WaveSeries, starts_at: datetime) -> str:
    first = series.waves.order_by("turn").values_list("name", flat=True)[0]
    # Where another period began with a wave of a series, the first one has a day in its name already.
    base = _DAY.sub("", first)
    return f"{base[:_LONGEST_BASE]} · {starts_at.astimezone(ZoneInfo(series.zone)).date().isoformat()}"


def tell_wave(
    kind: str,
    wave: Wave,
    data: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    subjects: Sequence[Subject] = (),
) -> None:
    about = [Subject("wave", wave.pk), Subject("survey", wave.survey_id), *subjects]
    record(kind, by=by, at=at, subjects=about, data=data)
