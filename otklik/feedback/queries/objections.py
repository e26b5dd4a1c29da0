from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from otklik.feedback.models import Objection


def objections_in_force(rows: QuerySet[Objection], program_id: int, *, at: datetime) -> QuerySet[Objection]:
    """The latest first, with the person and their partner."""
    found = rows.filter(Q(until=None) | Q(until__gt=at), program_id=program_id, lifted_at=None)
    return found.select_related("contact__partner").order_by("-at", "-pk")
