"""What a wave found of everybody who was asked, for the rules of moves, silence and surprises. Eight queries,
however many people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from otklik.desk.public import Ticket
from otklik.feedback.public import Invitation, InvitationState, Response, ResponseStatus, SurveyKind, Wave
from otklik.partners.public import Contact
from otklik.relationships.models import ExpectedScore, Tie
from otklik.relationships.rules.moves import Line, Move, moves_of_wave
from otklik.relationships.rules.silence import (
    Circumstances,
    Habits,
    Record,
    Silent,
    chance_of_answering,
    chances_in_wave,
    judge_silence,
    learn_habits,
    rank_silence,
)
from otklik.relationships.rules.surprises import Expected, Guess, Surprise, surprises
from otklik.relationships.rules.titles import seniority_of
from otklik.relationships.rules.vocabulary import Role, TieLevel

REACHED = Q(state=InvitationState.SENT) | Q(answered_at__isnull=False)
"""What came back or never left is no invitation, and its silence says nothing."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Of a person, as they stand today."""

    id: int
    partner_id: int
    manager_id: int | None
    role: Role
    title: str
    renewal_on: date | None


@dataclass(frozen=True, slots=True)
class WaveResults:
    """`people`: everybody who was asked; `asked` and `answered` are counted from them."""

    wave_id: int
    people: Mapping[int, Facts]
    roles: Mapping[int, Role]
    asked: int
    answered: int
    moves: Sequence[Move]
    silent: Sequence[Silent]
    surprises: Sequence[Surprise]


class _Asked(NamedTuple):
    """One entry of a person's line; ``score`` None: silent."""

    at: datetime
    score: int | None


def results_of(wave_id: int, *, at: datetime) -> WaveResults:
    """Scores from 0 to 10 only: a wave of another survey has people and no results. Raises
    Wave.DoesNotExist."""
    wave = Wave.objects.select_related("survey").get(pk=wave_id)
    asked = _asked_in(wave) if wave.survey.kind == SurveyKind.NPS else {}
    people = _facts(_people_of(wave), asked)
    earlier = _earlier(wave, people)
    # Somebody asked twice in a wave counts once, with an answer if there was any.
    scores = {person: asked[person] for person in people}
    habit = _habit(earlier, scores, people)
    lines = [
        Line(
            person,
            (*(one.score for one in earlier.get(person, ())), score),
            people[person].role,
            habit.chances[person],
        )
        for person, score in scores.items()
    ]
    return WaveResults(
        wave_id,
        people,
        {person: one.role for person, one in people.items()},
        len(scores),
        sum(score is not None for score in scores.values()),
        moves_of_wave(lines),
        _silent(wave, scores, habit, people, at),
        surprises(_expected(wave, scores, people, habit.chances)),
    )


def _asked_in(wave: Wave) -> dict[int, int | None]:
    rows = Invitation.objects.filter(REACHED, wave=wave, contact__erased_at=None)
    found: dict[int, int | None] = {}
    for person, score, status in rows.order_by("pk").values_list(
        "contact_id", "response__score", "response__status"
    ):
        counted = score if status == ResponseStatus.COMPLETE else None
        found[person] = counted if counted is not None else found.get(person)
    return found


def _people_of(wave: Wave) -> QuerySet[Invitation]:
    """As a condition of other queries: a wave has more people than a statement takes numbers."""
    return Invitation.objects.filter(REACHED, wave=wave)


def _facts(invited: QuerySet[Invitation], asked: Mapping[int, int | None]) -> dict[int, Facts]:
    if not asked:
        return {}
    rows = Contact.objects.filter(pk__in=invited.values("contact_id"), erased_at=None, is_active=True)
    columns = ("pk", "partner_id", "partner__manager_id", "role", "job_title", "partner__renewal_on")
    found = rows.values_list(*columns)
    return {row[0]: Facts(row[0], row[1], row[2], Role(row[3]), row[4], row[5]) for row in found}


def _earlier(wave: Wave, people: Mapping[int, Facts]) -> dict[int, list[_Asked]]:
    """Invitations before this wave began, and answers that came without one, the oldest first."""
    lines: defaultdict[int, list[_Asked]] = defaultdict(list)
    begun = wave.started_at or wave.created_at
    theirs = _people_of(wave).values("contact_id")
    invited = Invitation.objects.filter(
        REACHED, contact__in=theirs, planned_at__lt=begun, version__survey__kind=SurveyKind.NPS
    ).exclude(wave=wave)
    columns = ("contact_id", "planned_at", "response__score", "response__status")
    for person, planned_at, score, status in invited.values_list(*columns):
        lines[person].append(_Asked(planned_at, score if status == ResponseStatus.COMPLETE else None))
    alone = Response.objects.filter(
        contact__in=theirs,
        invitation=None,
        kind=SurveyKind.NPS,
        status=ResponseStatus.COMPLETE,
        responded_at__lt=begun,
    )
    for person, responded_at, score in alone.values_list("contact_id", "responded_at", "score"):
        lines[person].append(_Asked(responded_at, score))
    return {person: sorted(lines[person], key=lambda one: one.at) for person in lines.keys() & people.keys()}


class _Habit(NamedTuple):
    """`chances`: of answering this wave, as well as it went for everybody."""

    records: Mapping[int, Record]
    habits: Habits
    chances: Mapping[int, float]


def _habit(
    earlier: Mapping[int, Sequence[_Asked]], scores: Mapping[int, int | None], people: Mapping[int, Facts]
) -> _Habit:
    records = {
        person: Record(one.role, tuple(entry.score is not None for entry in earlier.get(person, ())))
        for person, one in people.items()
    }
    habits = learn_habits(records.values())
    order = list(scores)
    alone = [chance_of_answering(records[person], habits) for person in order]
    answered = sum(score is not None for score in scores.values())
    return _Habit(records, habits, dict(zip(order, chances_in_wave(alone, answered), strict=True)))


def _silent(
    wave: Wave,
    scores: Mapping[int, int | None],
    habit: _Habit,
    people: Mapping[int, Facts],
    at: datetime,
) -> list[Silent]:
    theirs = _people_of(wave).values("contact_id")
    ties = _ties(wave, people)
    tickets = dict(
        Ticket.objects.filter(contact__in=theirs, is_open=True)
        .order_by()
        .values_list("contact_id")
        .annotate(open=Count("pk"))
    )
    return rank_silence(
        judge_silence(
            person,
            habit.records[person],
            habit.habits,
            Circumstances(
                seniority_of(people[person].title),
                ties.get(person, TieLevel.UNKNOWN),
                _days(people[person].renewal_on, at),
                tickets.get(person, 0),
            ),
            chance=habit.chances[person],
        )
        for person, score in scores.items()
        if score is None
    )


def _ties(wave: Wave, people: Mapping[int, Facts]) -> dict[int, TieLevel]:
    """To whoever keeps the partner: how well a person knows others says nothing of why they do not answer
    this one."""
    found = {}
    theirs = _people_of(wave).values("contact_id")
    for person, user, level in Tie.objects.filter(contact__in=theirs).values_list(
        "contact_id", "user_id", "level"
    ):
        if person in people and people[person].manager_id == user:
            found[person] = TieLevel(level)
    return found


def _expected(
    wave: Wave,
    scores: Mapping[int, int | None],
    people: Mapping[int, Facts],
    chances: Mapping[int, float],
) -> Iterable[Expected]:
    guesses: defaultdict[int, list[Guess]] = defaultdict(list)
    rows = ExpectedScore.objects.filter(wave=wave).order_by("pk")
    for person, user, score in rows.values_list("contact_id", "user_id", "score"):
        guesses[person].append(Guess(user, score))
    for person, those in guesses.items():
        if person in people:
            yield Expected(person, tuple(those), scores[person], people[person].role, chances[person])


def _days(day: date | None, at: datetime) -> int | None:
    return None if day is None else (day - at.date()).days
