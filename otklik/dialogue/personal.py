"""Everything here that is about one person, for their own export."""

from __future__ import annotations

from typing import Any

from otklik.dialogue.models import (
    Addressee,
    AnnouncementQuestion,
    Application,
    Commitment,
    Goal,
    Idea,
    NoNewsMails,
    OnboardingStep,
    Vote,
)


def personal_data(contact_id: int) -> dict[str, list[dict[str, Any]]]:
    """Lists of plain values by what they are of; moments as ISO 8601."""
    of = {"contact_id": contact_id}
    ideas = Idea.objects.filter(**of).order_by("pk")
    return {
        "announcements": _rows(
            Addressee.objects.filter(**of).order_by("pk"),
            ("announcement_id", "mailed_at", "read_at", "acknowledged_at", "reminded_at"),
        ),
        "questions_under_announcements": _rows(
            AnnouncementQuestion.objects.filter(**of).order_by("pk"),
            ("announcement_id", "ticket_id", "asked_at"),
        ),
        "announcement_mails_refused": _rows(NoNewsMails.objects.filter(**of), ("since",)),
        "ideas": _rows(ideas, ("title", "text", "language", "state", "created_at")),
        "votes": _rows(Vote.objects.filter(**of).order_by("pk"), ("idea_id", "created_at")),
        "goals": _rows(
            Goal.objects.filter(**of).order_by("pk"),
            ("text", "measure", "target", "due_on", "state", "reason", "created_at"),
        ),
        "commitments": _rows(
            Commitment.objects.filter(**of).order_by("pk"),
            ("side", "text", "due_on", "state", "note", "done_on", "created_at"),
        ),
        "applications": _rows(
            Application.objects.filter(**of).order_by("pk"),
            ("company", "person", "address", "site", "country", "answers", "consented_at", "state"),
        ),
        "onboarding_steps_done": _rows(
            OnboardingStep.objects.filter(done_by_contact_id=contact_id).order_by("pk"),
            ("titles", "done_at"),
        ),
    }


def _rows(rows: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
        for row in rows.values(*columns)
    ]
