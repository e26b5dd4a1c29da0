"""Answers that another system sends, with the survey they belong to: one change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor
from otklik.feedback.public import ResponseRow, RowOutcome, SurveyKind, ensure_survey, record_responses


def store_answers(
    *,
    program_id: int,
    survey: str,
    kind: SurveyKind,
    rows_of: Callable[[int], Sequence[ResponseRow]],
    by: Actor,
    at: datetime,
) -> list[RowOutcome]:
    """``rows_of(version_id)``: the answers to that wording. The survey is made with its first answers, so
    that a call that fails leaves no empty one behind. Raises SurveyNameTaken."""
    with transaction.atomic():
        version = ensure_survey(program_id=program_id, name=survey, kind=kind, by=by, at=at)
        return record_responses(rows_of(version.pk), by=by, at=at)
