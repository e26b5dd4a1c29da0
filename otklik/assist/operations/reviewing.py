"""People look at what was told, and say whether it was right."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from otklik.assist.models import AutomaticAnswer
from otklik.assist.operations.answering import subjects_of
from otklik.assist.rules.vocabulary import Review
from otklik.events.public import Actor, ActorKind, record


@transaction.atomic
def review_answer(*, answer_id: int, verdict: Review, note: str, by: Actor, at: datetime) -> AutomaticAnswer:
    """The last word stands."""
    answer = AutomaticAnswer.objects.select_for_update(of=("self",)).get(pk=answer_id)
    note = " ".join(note.replace("\x00", "").split())
    by_user = by.id if by.kind is ActorKind.PERSON else None
    answer.note_review(verdict, note, by_user=by_user, at=at)
    answer.save(update_fields=["review", "review_note", "reviewed_by", "reviewed_at"])
    data = {"verdict": verdict.value}
    record("answer.reviewed", by=by, at=at, subjects=subjects_of(answer), data=data)
    return answer
