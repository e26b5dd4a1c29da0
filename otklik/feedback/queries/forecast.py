"""What a plan promises, from what came of earlier invitations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from otklik.feedback.models import Invitation, Response, Wave
from otklik.feedback.queries.effect import effect_of, effect_of_round
from otklik.feedback.queries.layout import Layout
from otklik.feedback.rules.estimate import (
    Days,
    Estimate,
    Past,
    answers_needed,
    days_of_rolling,
    days_of_wave,
    estimate,
)
from otklik.feedback.rules.plans import Plan, read_plan
from otklik.feedback.rules.sampling import Dimension, Shortfall
from otklik.feedback.rules.vocabulary import LASTING, Refusal, ResponseStatus, SurveyKind, WaveMode
from otklik.stats.nps import LAST_DETRACTOR_SCORE, LAST_PASSIVE_SCORE

_LOOK_BACK = timedelta(days=730)
# Answers to what was sent yesterday are still to come.
_SETTLED = timedelta(days=14)
_LATEST_DELAYS = 2000
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Cell:
    value: str
    people: int
    asked: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """`estimate` is of all surveys; its widths, `needed` and `days` only of NPS. `too_late`: of those asked,
    the ones whose hours to write in come after the closing: no mail leaves then."""

    people: int
    asked: int
    cells: Mapping[Dimension, Sequence[Cell]]
    left_out: Sequence[tuple[Refusal, int]]
    shortfalls: Sequence[Shortfall]
    estimate: Estimate
    needed: int | None
    days: Days | None
    effect: Mapping[str, Any] | None
    too_late: int


def forecast(wave: Wave, layout: Layout, *, at: datetime) -> Forecast:
    plan, chosen = read_plan(wave.plan), frozenset(layout.sample.chosen)
    people = Counter(one.role for one in layout.people)
    asked = Counter(one.role for one in layout.people if one.contact_id in chosen)
    is_nps = wave.survey.kind == SurveyKind.NPS
    if wave.mode == WaveMode.ROLLING:
        # One round asks everybody who may be asked.
        asked = Counter(
            one.role for one in layout.people if layout.sample.left_out.get(one.contact_id) not in LASTING
        )
    scores = _scores(wave.program_id, at) if is_nps else None
    found = estimate(people, asked, _past(wave, at), scores)
    needed, days = _days(wave, plan, found, len(chosen), at) if is_nps else (None, None)
    return Forecast(
        len(layout.people),
        len(chosen),
        _cells(layout, chosen),
        Counter(layout.sample.left_out.values()).most_common(),
        layout.sample.shortfalls,
        found,
        needed,
        days,
        (effect_of_round if wave.mode == WaveMode.ROLLING else effect_of)(wave, layout, at=at),
        sum(wave.is_over(layout.moments[pk]) for pk in chosen),
    )


def _days(
    wave: Wave, plan: Plan, found: Estimate, today: int, at: datetime
) -> tuple[int | None, Days | None]:
    if plan.wished is None:
        return None, None
    needed = answers_needed(plan.wished / 100, found.shares, found.people)
    delays = _delays(wave, at)
    if wave.mode == WaveMode.ROLLING and (plan.renewal_days is None or plan.per_day is not None):
        rate = found.expected / found.invited if found.invited else 0.0
        per_day = plan.per_day if plan.per_day is not None else found.invited / plan.every_days
        return needed, days_of_rolling(needed, per_day, rate, plan.every_days, delays)
    return needed, days_of_wave(needed, found.expected, delays)


def _past(wave: Wave, at: datetime) -> dict[str, Past]:
    rows = (
        _sent(wave, at)
        .order_by()
        .values_list("role")
        .annotate(invited=Count("pk"), answered=Count("pk", filter=Q(answered_at__isnull=False)))
    )
    return {role: Past(invited, answered) for role, invited, answered in rows}


def _delays(wave: Wave, at: datetime) -> list[float]:
    rows = _sent(wave, at).filter(answered_at__isnull=False).order_by("-sent_at")
    pairs = rows.values_list("sent_at", "answered_at")[:_LATEST_DELAYS]
    return sorted(
        max(0.0, (answered - sent).total_seconds() / _DAY)
        for sent, answered in pairs
        if sent is not None and answered is not None
    )


def _sent(wave: Wave, at: datetime) -> Any:
    return Invitation.objects.filter(
        program_id=wave.program_id,
        version__survey__kind=wave.survey.kind,
        sent_at__gt=at - _LOOK_BACK,
        sent_at__lt=at - _SETTLED,
    )


def _scores(program_id: int, at: datetime) -> tuple[int, int, int]:
    rows = Response.objects.filter(
        program_id=program_id,
        kind=SurveyKind.NPS,
        status=ResponseStatus.COMPLETE,
        responded_at__gt=at - _LOOK_BACK / 2,
    )
    low, high = Q(score__lte=LAST_DETRACTOR_SCORE), Q(score__gt=LAST_PASSIVE_SCORE)
    row = rows.aggregate(
        detractors=Count("pk", filter=low), passives=Count("pk", filter=~low & ~high),
        promoters=Count("pk", filter=high),
    )  # fmt: skip
    return row["detractors"], row["passives"], row["promoters"]


def _cells(layout: Layout, chosen: frozenset[int]) -> dict[Dimension, list[Cell]]:
    cells = {}
    for dimension in Dimension:
        values = [
            (str(getattr(one, _FIELDS[dimension]) or ""), one.contact_id in chosen) for one in layout.people
        ]
        people, asked = (
            Counter(value for value, _ in values),
            Counter(value for value, is_asked in values if is_asked),
        )
        cells[dimension] = [Cell(value, count, asked[value]) for value, count in people.most_common()]
    return cells


_FIELDS = {Dimension.ROLE: "role", Dimension.TIER: "tier", Dimension.MANAGER: "manager_id"}
