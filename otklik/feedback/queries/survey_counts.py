"""Counts of one survey's answers and invitations, added up in the database: how many rows come back depends
on the values people are counted by, never on the number of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Substr

from otklik.analytics.public import NO_SCORES, SCORES, Dimension, Scores, add
from otklik.feedback.access import Scope, visible_invitations, visible_responses
from otklik.feedback.models import Invitation, Response
from otklik.feedback.queries.names import Value as NamedValue
from otklik.feedback.queries.tallies import NOBODY
from otklik.feedback.queries.utc import UtcDay
from otklik.feedback.rules.periods import Period
from otklik.feedback.rules.vocabulary import InvitationState, ResponseStatus

BY = (Dimension.ROLE, Dimension.SEGMENT, Dimension.TIER, Dimension.MANAGER)
_FIELDS = ("role", "segment", "tier", "manager_id")
# Whoever has one of these was reached, as far as anybody knows.
REACHED = (InvitationState.SENT, InvitationState.UNCERTAIN)
# Nobody can say that the invitation came to them; in the order they are told in.
NOT_ARRIVED = (
    InvitationState.PLANNED,
    InvitationState.SENDING,
    InvitationState.UNCERTAIN,
    InvitationState.FAILED,
    InvitationState.BOUNCED,
    InvitationState.WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which answers of a survey: ``versions`` and ``wave`` by id, None: all of them. ``period`` holds answers
    given in it, and invitations sent in it."""

    survey_id: int
    versions: tuple[int, ...]
    wave_id: int | None = None
    period: Period | None = None


@dataclass(slots=True)
class AnswerCounts:
    """Confirmed answers: all, by value, and how many of them came late. ``duplicates`` are in no other
    count."""

    scores: Scores = NO_SCORES
    by_value: dict[NamedValue, Scores] = field(default_factory=dict)
    late: int = 0
    duplicates: int = 0


@dataclass(slots=True)
class InvitationCounts:
    """People asked or left out. ``by_value`` and ``by_wave``: (answered, reached) of each. ``left_out`` by
    reason and ``silent`` by state: those without an answer, whom ``queries/survey_people`` lists.

    ``reached`` were sent an invitation that did not come back; ``came`` opened the form with a score in the
    address, ``unconfirmed`` of them never confirmed it.
    """

    by_state: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    reached: int = 0
    answered: int = 0
    opened: int = 0
    unconfirmed: int = 0
    by_value: dict[NamedValue, tuple[int, int]] = field(default_factory=dict)
    by_wave: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def people(self) -> int:
        return sum(self.by_state.values())

    @property
    def came(self) -> int:
        return self.unconfirmed + self.answered


class Dated(NamedTuple):
    """Confirmed answers of one month (its first day, UTC) and wave (None: by a link, or from elsewhere)."""

    month: date
    wave_id: int | None
    scores: Scores


def answers_of(scope: Scope, chosen: Chosen) -> QuerySet[Response]:
    """Whatever their status."""
    rows = visible_responses(scope).filter(version_id__in=chosen.versions).order_by()
    if chosen.wave_id is not None:
        rows = rows.filter(invitation__wave_id=chosen.wave_id)
    if chosen.period is not None:
        rows = rows.filter(
            responded_at__gte=_instant(chosen.period.start), responded_at__lt=_instant(chosen.period.end)
        )
    return rows


def invitations_of(scope: Scope, chosen: Chosen) -> QuerySet[Invitation]:
    """By the moment they were sent; those that were not, by the moment they were planned."""
    rows = visible_invitations(scope).filter(version_id__in=chosen.versions).order_by()
    if chosen.wave_id is not None:
        rows = rows.filter(wave_id=chosen.wave_id)
    else:
        rows = rows.filter(wave__survey_id=chosen.survey_id)
    if chosen.period is not None:
        rows = rows.alias(moment=Coalesce("sent_at", "planned_at")).filter(
            moment__gte=_instant(chosen.period.start), moment__lt=_instant(chosen.period.end)
        )
    return rows


def count_answers(scope: Scope, chosen: Chosen) -> AnswerCounts:
    """One query."""
    found = AnswerCounts()
    grouped = answers_of(scope, chosen).values_list("status", "is_late", "score", *_FIELDS)
    sums: dict[NamedValue, list[int]] = {}
    total = [0] * SCORES
    for status, is_late, score, *values, amount in grouped.annotate(n=Count("pk")):
        if status != ResponseStatus.COMPLETE:
            found.duplicates += amount if status == ResponseStatus.DUPLICATE else 0
            continue
        found.late += amount if is_late else 0
        total[score] += amount
        for value in named(values):
            sums.setdefault(value, [0] * SCORES)[score] += amount
    found.scores = tuple(total)
    found.by_value = {value: tuple(scores) for value, scores in sums.items()}
    return found


def count_by_month_and_wave(scope: Scope, chosen: Chosen) -> list[Dated]:
    """One query."""
    rows = answers_of(scope, chosen).filter(status=ResponseStatus.COMPLETE)
    grouped = rows.annotate(month=Substr(UtcDay("responded_at"), 1, 7)).values_list(
        "month", "invitation__wave_id", "score"
    )
    sums: dict[tuple[str, int | None], list[int]] = {}
    for month, wave, score, amount in grouped.annotate(n=Count("pk")):
        sums.setdefault((month, wave), [0] * SCORES)[score] += amount
    return [
        Dated(date.fromisoformat(f"{month}-01"), wave, tuple(scores))
        for (month, wave), scores in sums.items()
    ]


def added(rows: Iterable[Dated]) -> Scores:
    total = NO_SCORES
    for row in rows:
        total = add(total, row.scores)
    return total


def count_invitations(scope: Scope, chosen: Chosen) -> InvitationCounts:
    """One query."""
    found = InvitationCounts()
    left_out = InvitationState.LEFT_OUT
    # What a mail server said is as good as unique; only the words of those left out are counted.
    grouped = (
        invitations_of(scope, chosen)
        .annotate(
            why=Case(When(state=left_out, then=F("reason")), default=Value("")),
            is_answered=_flag(answered_at__isnull=False),
            is_fetched=_flag(provisional_score__isnull=False),
            is_opened=_flag(opened_at__isnull=False),
        )
        .values_list("state", "why", "is_answered", "is_fetched", "is_opened", "wave_id", *_FIELDS)
        .annotate(n=Count("pk"))
    )
    rates: dict[NamedValue, list[int]] = {}
    waves: dict[int, list[int]] = {}
    for state, why, is_answered, is_fetched, is_opened, wave, *values, amount in grouped:
        found.by_state[state] += amount
        if not is_answered:
            found.silent[state] += amount
            if state == left_out:
                found.left_out[why] += amount
        found.opened += amount * is_opened
        found.unconfirmed += amount * (is_fetched and not is_answered)
        # Somebody whose mail "came back" and who answered all the same was reached.
        if not is_answered and state not in REACHED:
            continue
        found.reached += amount
        found.answered += amount * is_answered
        for both in (waves.setdefault(wave, [0, 0]), *(rates.setdefault(v, [0, 0]) for v in named(values))):
            both[0] += amount * is_answered
            both[1] += amount
    found.by_wave = {wave: (answered, reached) for wave, (answered, reached) in waves.items()}
    found.by_value = {value: (answered, reached) for value, (answered, reached) in rates.items()}
    return found


def named(values: Iterable[object]) -> Iterator[NamedValue]:
    """Values of ``BY`` as a filter of the NPS page names them."""
    for dimension, value in zip(BY, values, strict=True):
        yield dimension, NOBODY if value is None else str(value)


def _flag(**condition: object) -> Case:
    return Case(When(Q(**condition), then=Value(1)), default=Value(0))


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
