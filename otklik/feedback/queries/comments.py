"""The latest words of partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from otklik.feedback.access import visible_responses
from otklik.feedback.labels import role_name
from otklik.feedback.queries.tallies import Asked, answers_in
from otklik.feedback.rules.periods import Period
from otklik.stats.nps import LAST_DETRACTOR_SCORE


@dataclass(frozen=True, slots=True)
class Comment:
    """``contact_name`` is empty for an answer of the company itself, ``partner_name`` too for one from an
    anonymous link; ``role`` is that of the time."""

    response_id: int
    partner_id: int | None
    partner_name: str
    contact_name: str
    role: str
    score: int
    text: str
    responded_at: datetime

    @property
    def role_name(self) -> str:
        return role_name(self.role)


def latest_comments(
    asked: Asked, period: Period, *, limit: int = 10, detractors_only: bool = False
) -> list[Comment]:
    """Newest first, one query."""
    rows = answers_in(visible_responses(asked.scope), asked, period).exclude(comment="")
    if detractors_only:
        rows = rows.filter(score__lte=LAST_DETRACTOR_SCORE)
    found = rows.select_related("partner", "contact").order_by("-responded_at", "-pk")[:limit]
    return [
        Comment(
            row.pk,
            row.partner_id,
            row.partner.name if row.partner else "",
            row.contact.name if row.contact else "",
            row.role,
            row.score,
            row.comment,
            row.responded_at,
        )
        for row in found
    ]
