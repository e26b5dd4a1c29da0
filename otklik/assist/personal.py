"""Everything here that is about one person, for their own export."""

from __future__ import annotations

from typing import Any

from otklik.assist.models import AutomaticAnswer, Notice, NoticeStop


def personal_data(contact_id: int) -> dict[str, list[dict[str, Any]]]:
    """Lists of plain values by what they are of; moments as ISO 8601."""
    of = {"contact_id": contact_id}
    return {
        "automatic_answers": _rows(
            AutomaticAnswer.objects.filter(**of).order_by("pk"),
            ("question", "title", "lines", "intent", "channel", "confidence", "outcome", "told_at"),
        ),
        "notices": _rows(
            Notice.objects.filter(**of).order_by("pk"),
            ("kind", "title", "lines", "state", "sent_at", "created_at"),
        ),
        "notices_stopped": _rows(NoticeStop.objects.filter(**of).order_by("pk"), ("kind", "at")),
    }


def _rows(rows: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
        for row in rows.values(*columns)
    ]
