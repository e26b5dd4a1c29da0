"""Guides of interviews and their versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.feedback.models import GuideVersion, InterviewGuide
from otklik.feedback.rules.voices.guides import questions_from


class GuideNameTaken(Exception):
    """The program has a guide of this name already."""


def create_guide(
    *, program_id: int, name: str, language: str, questions: str, by: Actor, at: datetime
) -> InterviewGuide:
    """``questions``: one a line. Raises GuideNameTaken, NoQuestions, TooManyQuestions, QuestionTooLong."""
    asked = questions_from(questions)
    with transaction.atomic():
        if InterviewGuide.objects.filter(program_id=program_id, name=name).exists():
            raise GuideNameTaken(name)
        guide = InterviewGuide.objects.create(
            program_id=program_id, name=name, language=language, created_at=at
        )
        version = GuideVersion.objects.create(guide=guide, number=1, questions=asked, created_at=at)
        _told("guide.created", guide, version, by, at)
    return guide


def change_guide(
    *, guide_id: int, name: str, language: str, questions: str, by: Actor, at: datetime
) -> GuideVersion:
    """Other questions make a new version; interviews keep theirs. Raises as ``create_guide``, and
    InterviewGuide.DoesNotExist."""
    with transaction.atomic():
        guide = InterviewGuide.objects.select_for_update().get(pk=guide_id)
        latest = guide.versions.order_by("-number")[0]
        asked = questions_from(questions, _ever_asked(guide))
        if (
            InterviewGuide.objects.filter(program_id=guide.program_id, name=name)
            .exclude(pk=guide_id)
            .exists()
        ):
            raise GuideNameTaken(name)
        guide.name, guide.language = name, language
        guide.save(update_fields=["name", "language"])
        if asked != latest.questions:
            latest = GuideVersion.objects.create(
                guide=guide, number=latest.number + 1, questions=asked, created_at=at
            )
        _told("guide.changed", guide, latest, by, at)
    return latest


def archive_guide(*, guide_id: int, is_archived: bool, by: Actor, at: datetime) -> None:
    """Put away, or taken out again. Raises InterviewGuide.DoesNotExist."""
    with transaction.atomic():
        guide = InterviewGuide.objects.select_for_update().get(pk=guide_id)
        guide.archived_at = at if is_archived else None
        guide.save(update_fields=["archived_at"])
        _told("guide.archived" if is_archived else "guide.restored", guide, None, by, at)


def _ever_asked(guide: InterviewGuide) -> Sequence[dict[str, str]]:
    """A question that was taken out and comes back has its old key, and no other ever gets that one."""
    rows = guide.versions.order_by("number").values_list("questions", flat=True)
    return [row for questions in rows for row in questions]


def _told(kind: str, guide: InterviewGuide, version: GuideVersion | None, by: Actor, at: datetime) -> None:
    subjects = [Subject("guide", guide.pk), Subject("program", guide.program_id)]
    record(kind, by=by, at=at, subjects=subjects, data={"number": version.number} if version else {})
