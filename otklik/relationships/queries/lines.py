"""Each person's line: when they were asked, and what they answered. Two queries, however many people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Coalesce

from otklik.feedback.public import Invitation, ResponseStatus, SurveyKind, scope_of, visible_responses
from otklik.identity.public import User
from otklik.relationships.queries.waves import REACHED


@dataclass(frozen=True, slots=True)
class Entry:
    """Once that a person was asked or answered; ``score`` None: silent."""

    at: datetime
    score: int | None
    comment: str = ""


@dataclass(slots=True)
class Answers:
    """By contact; lines begin with the oldest."""

    lines: dict[int, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    asked_at: dict[int, datetime] = field(default_factory=dict)


def answers_of(whose: Mapping[str, Any], *, user: User, at: datetime) -> Answers:
    """``whose``: a condition on rows with partner and contact. Up to ``at``. What was sent and not answered
    stands in the line as silence, at the day it was sent."""
    found = Answers()
    rows = visible_responses(scope_of(user)).filter(
        contact__isnull=False,
        kind=SurveyKind.NPS,
        status=ResponseStatus.COMPLETE,
        responded_at__lte=at,
        **whose,
    )
    columns = ("contact_id", "responded_at", "score", "comment")
    for person, moment, score, comment in rows.order_by("responded_at", "pk").values_list(*columns):
        found.lines[person].append(Entry(moment, score, comment))
        found.asked_at[person] = moment
    sent = Invitation.objects.filter(
        REACHED, version__survey__kind=SurveyKind.NPS, planned_at__lte=at, **whose
    )
    # Two columns instead of three moments: of thousands of rows reading moments is most of the time.
    asked = Coalesce("sent_at", "planned_at")
    silent = ExpressionWrapper(Q(answered_at=None), output_field=BooleanField())
    for person, moment, is_silent in sent.order_by("pk").values_list("contact_id", asked, silent):
        found.asked_at[person] = max(moment, found.asked_at.get(person, moment))
        if is_silent:
            found.lines[person].append(Entry(moment, None))
    for line in found.lines.values():
        line.sort(key=lambda one: one.at)
    return found
