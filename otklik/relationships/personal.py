"""What of the map is in a person's own export: facts only. How close a tie is, who sways whom, expected
scores and the words of tasks and plans are our judgements, and handed out by people (docs/decisions/0021).
"""

from __future__ import annotations

from typing import Any

from otklik.relationships.models import CallToAction, Tie
from otklik.relationships.rules.vocabulary import CallKind


def personal_data(contact_id: int) -> dict[str, list[dict[str, Any]]]:
    """Lists of plain values by what they are of; moments as ISO 8601."""
    ties = Tie.objects.filter(contact_id=contact_id).order_by("pk")
    moves = CallToAction.objects.filter(contact_id=contact_id, kind=CallKind.MOVE).order_by("pk")
    return {
        "our_people_you_deal_with": [{"name": name} for name in ties.values_list("user__name", flat=True)],
        "changes_of_your_answers": [
            {
                "wave": wave,
                "change": what,
                "before": facts.get("before"),
                "after": facts.get("after"),
                "noticed_at": raised_at.isoformat(),
            }
            for wave, what, facts, raised_at in moves.values_list("wave_id", "what", "facts", "raised_at")
        ],
    }
