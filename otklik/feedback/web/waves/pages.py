"""What the pages of waves show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise

from otklik.feedback.labels import role_name
from otklik.feedback.models import Invitation, Survey, Wave
from otklik.feedback.queries.asking import rules_of
from otklik.feedback.queries.forecast import Cell, Forecast
from otklik.feedback.rules.plans import read_plan
from otklik.feedback.rules.recurrence import Every, meets_cooldown
from otklik.feedback.rules.sampling import Dimension
from otklik.feedback.rules.vocabulary import InvitationState, SurveyKind, WaveMode, WaveState
from otklik.feedback.web.waves.forms import LastDayForm
from otklik.feedback.web.waves.words import (
    DIMENSIONS,
    EVERY,
    MODES,
    REFUSALS,
    STATES,
    WAITS_FOR_LINK,
    log_of,
    wave_state_words,
)
from otklik.identity.public import names_of
from otklik.stats.nps import points

SHOWN_CELLS = 12
BY_LINK = "by_link"
_BY_LINK = Q(state=InvitationState.PLANNED, address="")


@dataclass(frozen=True, slots=True)
class WaveLine:
    wave: Wave
    mode: Promise
    repeats: Promise | None
    state: Promise
    asked: int
    answered: int


def wave_lines(survey: Survey) -> list[WaveLine]:
    """Newest first; two queries."""
    waves = list(Wave.objects.filter(survey=survey).select_related("series")[:200])
    counts = {
        pk: (asked, answered)
        for pk, asked, answered in Invitation.objects.filter(wave__in=waves)
        .order_by()
        .values_list("wave_id")
        .annotate(
            asked=Count("pk", filter=Q(sent_at__isnull=False)),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
        )
    }
    return [
        WaveLine(
            wave,
            MODES[WaveMode(wave.mode)][0],
            EVERY[Every(wave.series.every)] if wave.series is not None and wave.repeats else None,
            wave_state_words(wave),
            *counts.get(wave.pk, (0, 0)),
        )
        for wave in waves
    ]


def rows_in(rows: QuerySet[Invitation], state: str) -> QuerySet[Invitation]:
    """Of an ``InvitationState`` or ``BY_LINK``, as they are shown; of anything else all."""
    if state == BY_LINK:
        return rows.filter(_BY_LINK)
    return rows.filter(state=state).exclude(_BY_LINK) if state in set(InvitationState) else rows


def wave_context(wave: Wave) -> dict[str, Any]:
    rows = Invitation.objects.filter(wave=wave).order_by()
    states = dict(rows.exclude(_BY_LINK).values_list("state").annotate(n=Count("pk")))
    by_link = rows.filter(_BY_LINK).count()
    reasons = dict(rows.filter(state=InvitationState.LEFT_OUT).values_list("reason").annotate(n=Count("pk")))
    return {
        "wave": wave,
        "survey": wave.survey,
        "tab": "waves",
        "plan": read_plan(wave.plan),
        "mode": MODES[WaveMode(wave.mode)][0],
        "state": wave_state_words(wave),
        "states": [
            *((state.value, STATES[state], states[state]) for state in InvitationState if state in states),
            *([(BY_LINK, WAITS_FOR_LINK, by_link)] if by_link else []),
        ],
        "left_out": [(why.value, REFUSALS[why], reasons[why]) for why in REFUSALS if why in reasons],
        "asked": rows.filter(sent_at__isnull=False).count(),
        "answered": rows.filter(answered_at__isnull=False).count(),
        "picked": rows.filter(picked_by__isnull=False).count(),
        "log": log_of(wave),
        "effect": wave.effect,
        "series": _series(wave),
        "last_day": LastDayForm(initial={"closes_at": wave.closes_at}),
    }


@dataclass(frozen=True, slots=True)
class SeriesPart:
    """``following``: the wave that waits for its day. ``cooldown_days``: where they do not fit between two
    waves."""

    every: Promise
    following: Wave | None
    may_stop: bool
    cooldown_days: int | None


def _series(wave: Wave) -> SeriesPart | None:
    series = wave.series
    if series is None or not wave.repeats or wave.state == WaveState.CANCELLED:
        return None
    following = series.waves.filter(turn__gt=wave.turn, state=WaveState.DRAFT).first()
    cooldown = rules_of(wave.program_id).cooldown_days
    every = Every(series.every)
    return SeriesPart(
        EVERY[every],
        following,
        following is not None or wave.starts_itself,
        None if meets_cooldown(every, cooldown) else cooldown,
    )


def preview_context(wave: Wave, found: Forecast) -> dict[str, Any]:
    names = names_of(int(cell.value) for cell in found.cells[Dimension.MANAGER] if cell.value)
    estimate = found.estimate
    return {
        "wave": wave,
        "found": found,
        "tables": [
            (DIMENSIONS[dimension], _named(dimension, cells[:SHOWN_CELLS], names), len(cells) - SHOWN_CELLS)
            for dimension, cells in found.cells.items()
        ],
        "left_out": [(REFUSALS[why], count) for why, count in found.left_out],
        "shortfalls": [
            (DIMENSIONS[one.dimension], _value_name(one.dimension, one.value, names), one)
            for one in found.shortfalls
        ],
        "roles": [(role_name(one.role), one) for one in estimate.roles],
        "is_nps": wave.survey.kind == SurveyKind.NPS,
        "is_rolling": wave.mode == WaveMode.ROLLING,
        "half_width": None if estimate.half_width is None else points(estimate.half_width),
        "widest": None if estimate.widest is None else points(estimate.widest),
        "narrowest": None if estimate.narrowest is None else points(estimate.narrowest),
        "wished": read_plan(wave.plan).wished,
        "effect": found.effect,
    }


def _named(dimension: Dimension, cells: Any, names: Mapping[int, str]) -> list[tuple[str, Cell]]:
    return [(_value_name(dimension, cell.value, names), cell) for cell in cells]


def _value_name(dimension: Dimension, value: str, names: Mapping[int, str]) -> str:
    if dimension is Dimension.ROLE:
        return role_name(value)
    if dimension is Dimension.MANAGER and value:
        return names.get(int(value), value)
    return value or "–"
