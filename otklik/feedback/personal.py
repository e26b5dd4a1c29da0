"""Everything here that is about one person, for their own export."""

from __future__ import annotations

from typing import Any

from otklik.feedback.models import Interview, Invitation, Objection, Response


def personal_data(contact_id: int) -> dict[str, list[dict[str, Any]]]:
    """Lists of plain values by what they are of; moments as ISO 8601. Notes that staff took in an interview
    are the staff's words and not among them."""
    of = {"contact_id": contact_id}
    return {
        "survey_answers": _rows(
            Response.objects.filter(**of).order_by("pk"),
            (
                "version__survey__name",
                "score",
                "comment",
                "answers",
                "may_contact",
                "language",
                "responded_at",
            ),
        ),
        "survey_invitations": _rows(
            Invitation.objects.filter(**of).order_by("pk"),
            ("version__survey__name", "address", "state", "sent_at", "opened_at", "answered_at"),
        ),
        "survey_objections": _rows(
            Objection.objects.filter(**of).order_by("pk"), ("kind", "address", "at", "until", "lifted_at")
        ),
        "interviews": _rows(Interview.objects.filter(**of).order_by("pk"), ("held_at", "channel", "score")),
    }


def _rows(rows: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
        for row in rows.values(*columns)
    ]
