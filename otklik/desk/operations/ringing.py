"""A telephone rings: whoever shall take the call is told who it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.cache import cache
from django.db import transaction

from otklik.desk.operations.rows import clean_line, clean_text
from otklik.events.public import Actor, Subject, record, timeline
from otklik.identity.public import active_staff

RINGING = "call.ringing"  # of the one who is called, 0: of everybody who answers
EVERYBODY = 0
# Somebody who opens the inbox later than this finds nobody on the line.
RINGS_FOR = timedelta(minutes=2)
_NOUN = "call"


@dataclass(frozen=True, slots=True)
class Ringing:
    id: int
    number: str
    at: datetime


def announce_call(*, number: str, to: str = "", call_id: str = "", at: datetime) -> bool:
    """``to``: the e-mail address of a member of staff; anything else rings at everybody. False where this
    call was announced before: telephone systems repeat what they post.

    The number is kept for as long as it rings and no longer: the log holds no personal data."""
    seconds = int(RINGS_FOR.total_seconds())
    # Telephone systems name calls as they like: long, with spaces, with what no key may hold.
    named = sha256(clean_text(call_id).encode()).hexdigest()
    if call_id and not cache.add(f"desk.call-id:{named}", 1, 10 * seconds):
        return False
    called = active_staff().filter(email__iexact=clean_line(to, 254)).values_list("pk", flat=True).first()
    with transaction.atomic():
        subjects = [Subject(_NOUN, called or EVERYBODY)]
        event = record(RINGING, by=Actor.system(), at=at, subjects=subjects)
        cache.set(f"desk.call:{event}", clean_line(number, 40), seconds)
    return True


def ringing_for(user_id: int, *, at: datetime) -> list[Ringing]:
    """The latest three, newest first. Four queries."""
    lines = timeline(_NOUN, [EVERYBODY, user_id], limit=3)
    recent = {line.id: line for line in lines if at - line.happened_at < RINGS_FOR}
    numbers = cache.get_many([f"desk.call:{event}" for event in recent]) if recent else {}
    found = ((event, numbers.get(f"desk.call:{event}"), line.happened_at) for event, line in recent.items())
    return [Ringing(event, number, moment) for event, number, moment in found if number]
