"""How angry those outside sounded in a ticket, by its messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models.functions import Substr

from otklik.desk.models import Message, Ticket
from otklik.desk.rules.mood import LONGEST, read_mood
from otklik.desk.rules.visibility import OUTSIDE
from otklik.desk.rules.vocabulary import MessageKind, Verdict
from otklik.kit.among import Among

_FROM_OUTSIDE = (MessageKind.INCOMING, MessageKind.AUTO)


@dataclass(slots=True)
class Moods:
    """Scores of ``rules.mood``. ``first``: of the first message from outside; None where a machine wrote it.
    ``worst``: of all that people wrote; None where nobody did. No text has no mood."""

    first: int | None = None
    worst: int | None = None
    heard: bool = False

    def hear(self, text: str, *, by_machine: bool) -> None:
        score = read_mood(text).score if text and not by_machine else None
        if not self.heard:
            self.first = score
        if score is not None:
            self.worst = score if self.worst is None else max(self.worst, score)
        self.heard = True


def moods_of(ticket_ids: Collection[int]) -> dict[int, Moods]:
    """By ticket, with what was said in those that were merged into it: staff read both as one conversation.
    Tickets nobody wrote in are left out. Two queries."""
    merged = Ticket.objects.filter(merged_into_id__in=Among(ticket_ids))
    survivors = dict(merged.values_list("pk", "merged_into_id"))
    asked = set(ticket_ids)
    found: dict[int, Moods] = defaultdict(Moods)
    rows = Message.objects.filter(
        ticket_id__in=Among({*asked, *survivors}), kind__in=_FROM_OUTSIDE, side__in=OUTSIDE
    ).order_by("created_at", "pk")
    for ticket, verdict, text in rows.values_list(
        "ticket_id", "verdict", Substr("text", 1, LONGEST)
    ).iterator(chunk_size=2000):
        for place in {ticket, survivors.get(ticket)} & asked:
            found[place].hear(text, by_machine=verdict != Verdict.PERSON)
    return found
