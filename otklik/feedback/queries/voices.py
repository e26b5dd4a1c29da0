"""What single people and partners said: last scores, moves, silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from otklik.feedback.labels import role_name
from otklik.feedback.models import Response
from otklik.feedback.rules.vocabulary import ResponseStatus, SurveyKind
from otklik.partners.public import Contact
from otklik.stats.nps import counts_from_histogram
from otklik.stats.verdicts import Summary, summarise_one

MOST_ANSWERS = 500


@dataclass(frozen=True, slots=True)
class LastScore:
    score: int
    responded_at: datetime


@dataclass(frozen=True, slots=True)
class Voice:
    """One person's latest answer; ``before`` is the one before it. ``role`` is that of the person today."""

    contact_id: int
    name: str
    role: str
    score: int
    before: int | None
    responded_at: datetime
    comment: str

    @property
    def role_name(self) -> str:
        return role_name(self.role)


@dataclass(frozen=True, slots=True)
class Moves:
    up: int
    down: int
    same: int


@dataclass(frozen=True, slots=True)
class Silent:
    contact_id: int
    name: str
    role: str

    @property
    def role_name(self) -> str:
        return role_name(self.role)


@dataclass(frozen=True, slots=True)
class PartnerVoices:
    """``summary``: over everybody's latest answer, with the number of active people as the population.

    ``nameless``: answers of the company that name no person.
    """

    summary: Summary
    voices: tuple[Voice, ...]
    silent: tuple[Silent, ...]
    nameless: int

    @property
    def answers(self) -> int:
        return len(self.voices) + self.nameless

    @property
    def moves(self) -> Moves | None:
        """How people's latest scores compare with their own before; None where nobody answered twice."""
        pairs = [(v.before, v.score) for v in self.voices if v.before is not None]
        if not pairs:
            return None
        up = sum(now > before for before, now in pairs)
        down = sum(now < before for before, now in pairs)
        return Moves(up, down, len(pairs) - up - down)


def partner_voices(partner_id: int) -> PartnerVoices:
    """Two queries. Low scores first, then the silent ones by role: those who decide before the others."""
    rows = Response.objects.filter(
        partner_id=partner_id, kind=SurveyKind.NPS, status=ResponseStatus.COMPLETE
    ).order_by("-responded_at", "-pk")
    answers: dict[int | None, list[Response]] = {}
    for row in rows[:MOST_ANSWERS]:
        answers.setdefault(row.contact_id, []).append(row)
    people = Contact.objects.filter(partner_id=partner_id, is_active=True, erased_at=None).order_by(
        "name", "pk"
    )
    voices, silent = [], []
    for person in people:
        given = answers.get(person.pk)
        if not given:
            silent.append(Silent(person.pk, person.name, person.role))
            continue
        last = given[0]
        before = given[1].score if len(given) > 1 else None
        voices.append(
            Voice(person.pk, person.name, person.role, last.score, before, last.responded_at, last.comment)
        )
    scores = [0] * 11
    for voice in voices:
        scores[voice.score] += 1
    known = len(voices) + len(silent)
    return PartnerVoices(
        summarise_one(counts_from_histogram(scores), population=known or None),
        tuple(sorted(voices, key=lambda v: (v.score, v.name))),
        tuple(sorted(silent, key=lambda s: _ROLE_ORDER.get(s.role, 9))),
        len(answers.get(None, [])),
    )


_ROLE_ORDER = {"decision_maker": 0, "influencer": 1, "unknown": 2, "end_user": 3}


def last_scores_of_partners(ids: Sequence[int]) -> dict[int, LastScore]:
    return _last_scores("partner_id", ids)


def last_scores_of_contacts(ids: Sequence[int]) -> dict[int, LastScore]:
    return _last_scores("contact_id", ids)


def _last_scores(field: str, ids: Sequence[int]) -> dict[int, LastScore]:
    """One query: at most eleven groups for each id, the one answered last wins."""
    rows = (
        Response.objects.filter(**{f"{field}__in": ids}, kind=SurveyKind.NPS, status=ResponseStatus.COMPLETE)
        .order_by()
        .values_list(field, "score")
        .annotate(Max("responded_at"))
    )
    found: dict[int, LastScore] = {}
    for pk, score, moment in rows:
        if pk not in found or moment > found[pk].responded_at:
            found[pk] = LastScore(score, moment)
    return found
