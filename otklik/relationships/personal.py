"""Everything here that is about one person, for their own export."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from otklik.relationships.models import CallToAction, ExpectedScore, InfluenceLine, PlanAction, Tie


def personal_data(contact_id: int) -> dict[str, list[dict[str, Any]]]:
    """Lists of plain values by what they are of; moments as ISO 8601."""
    of = {"contact_id": contact_id}
    lines = InfluenceLine.objects.filter(Q(source_id=contact_id) | Q(target_id=contact_id))
    return {
        "ties": _rows(Tie.objects.filter(**of), ("user_id", "kind", "level", "stated_at")),
        "influence": _rows(lines, ("source_id", "target_id", "kind", "stated_at")),
        "expected_scores": _rows(ExpectedScore.objects.filter(**of), ("wave_id", "score", "entered_at")),
        "tasks": _rows(
            CallToAction.objects.filter(**of),
            ("wave_id", "kind", "what", "task", "state", "note", "raised_at", "closed_at"),
        ),
        "plan": _rows(PlanAction.objects.filter(**of), ("text", "due_on", "done_at", "created_at")),
    }


def _rows(rows: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
        for row in rows.order_by("pk").values(*columns)
    ]
