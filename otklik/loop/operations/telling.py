""" "You said, we did": the affected partners hear that something was changed because they said so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from otklik.dialogue.public import (
    Announcement,
    Audience,
    NewsKind,
    NewsTerms,
    NobodyToTell,
    Wording,
    publish_announcement,
    write_announcement,
)
from otklik.events.public import Actor, Subject, record
from otklik.identity.public import User
from otklik.loop.models import ImprovementPartner
from otklik.loop.operations.improving import keep, locked
from otklik.loop.queries.improvements import to_tell
from otklik.loop.rules.vocabulary import ImprovementState


class NotDone(Exception):
    """Nobody is told before it is done."""


class NobodyLeft(Exception):
    """Everybody who is affected was told, or there is nobody there to tell."""


@transaction.atomic
def tell_affected(
    *, improvement_id: int, texts: Mapping[str, Wording], author: User, by: Actor, at: datetime
) -> Announcement:
    """To the people at the affected partners whom ``author`` sees, as an announcement, each partner once: all
    of it happens, or none. Who has nobody to tell stays untold. Raises NotDone, NobodyLeft, dialogue's
    NoText, Improvement.DoesNotExist."""
    improvement = locked(improvement_id)
    if improvement.state != ImprovementState.DONE:
        raise NotDone(improvement_id)
    left = list(to_tell(author, improvement).values_list("partner_id", flat=True))
    if not left:
        raise NobodyLeft(improvement_id)
    terms = NewsTerms(NewsKind.CHANGE, texts, Audience(partners=left))
    draft = write_announcement(program_id=improvement.program_id, terms=terms, by=by, at=at)
    try:
        news = publish_announcement(announcement_id=draft.pk, author=author, by=by, at=at)
    except NobodyToTell as nobody:
        raise NobodyLeft(improvement_id) from nobody
    people = Counter(news.addressees.values_list("partner_id", flat=True))
    for partner, number in people.items():
        rows = ImprovementPartner.objects.filter(improvement=improvement, partner_id=partner, told_at=None)
        rows.update(told_at=at, announcement_id=news.pk, people=number)
    improvement.told_at = improvement.told_at or at
    keep(improvement)
    subjects = [
        Subject("improvement", improvement.pk),
        Subject("announcement", news.pk),
        Subject("program", improvement.program_id),
    ]
    data = {
        "improvement": str(improvement.state),
        "partners": len(people),
        "people": sum(people.values()),
    }
    record("improvement.told", by=by, at=at, subjects=subjects, data=data)
    return news
