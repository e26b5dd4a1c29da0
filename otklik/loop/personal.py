"""What of the loop is in a person's own export: facts only. What our people wrote and judged of a talk is
handed out by people (docs/decisions/0021)."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from otklik.loop.models import Alert, AskConsent, FollowUp, ReAsk


def personal_data(contact_id: int) -> dict[str, list[dict[str, Any]]]:
    """Lists of plain values by what they are of; moments as ISO 8601."""
    of = {"contact_id": contact_id}
    return {
        "alerts": _rows(
            Alert.objects.filter(**of).order_by("pk"),
            ("kind", "score", "opened_at", "first_contact_at", "closed_at", "told_at"),
        ),
        "follow_ups": _rows(FollowUp.objects.filter(**of).order_by("pk"), ("way", "at", "nine")),
        "asked_again": _rows(
            ReAsk.objects.filter(**of).order_by("pk"), ("due_on", "asked_at", "before", "after")
        ),
        "consents": _rows(
            AskConsent.objects.filter(**of).annotate(asked_for=F("ask__kind")).order_by("pk"),
            ("asked_for", "said", "exactly", "way", "said_at", "until"),
        ),
    }


def _rows(rows: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
        for row in rows.values(*columns)
    ]
