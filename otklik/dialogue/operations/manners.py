"""How a program talks to partners and applicants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from otklik.dialogue.models import ProgramManners
from otklik.dialogue.rules.lists import Question, Resource
from otklik.events.public import Actor, Subject, record


@dataclass(frozen=True, slots=True)
class Manners:
    moderates_ideas: bool
    takes_applications: bool
    introduction: Mapping[str, str]
    questions: Sequence[Question]
    vetting: Sequence[str]
    answer_days: int
    resources: Sequence[Resource]


@transaction.atomic
def set_manners(*, program_id: int, manners: Manners, by: Actor, at: datetime) -> ProgramManners:
    """For applications from now on: one that was sent keeps the questions and steps it was sent with."""
    row, _ = ProgramManners.objects.update_or_create(
        program_id=program_id,
        defaults={
            "moderates_ideas": manners.moderates_ideas,
            "takes_applications": manners.takes_applications,
            "introduction": dict(manners.introduction),
            "questions": [
                {"texts": dict(one.texts), "is_required": one.is_required} for one in manners.questions
            ],
            "vetting": list(manners.vetting),
            "answer_days": manners.answer_days,
            "resources": [{"title": one.title, "url": one.url} for one in manners.resources],
        },
    )
    subjects = [Subject("program", program_id)]
    data = {"takes_applications": manners.takes_applications, "moderates_ideas": manners.moderates_ideas}
    record("manners.set", by=by, at=at, subjects=subjects, data=data)
    return row


def questions_of(row: ProgramManners) -> list[Question]:
    return [Question(dict(one["texts"]), bool(one["is_required"])) for one in row.questions]


def resources_of(row: ProgramManners | None) -> list[Resource]:
    return [Resource(one["title"], one["url"]) for one in row.resources] if row is not None else []
