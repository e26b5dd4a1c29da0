"""What staff do around a ticket without changing it: follow it, look at it, write in it and not send yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from otklik.desk.models import AgentProfile, Draft, Follower, Mention, Viewing
from otklik.desk.operations.locking import locked_ticket
from otklik.desk.operations.rows import clean_text
from otklik.events.public import Actor

# A page says every few seconds that it is open; one that has been silent for so long is closed.
STALE = timedelta(minutes=1)


@transaction.atomic
def follow(*, ticket_id: int, user_id: int, by: Actor, at: datetime) -> None:
    """Raises what ``locked_ticket`` raises."""
    locked_ticket(ticket_id)
    Follower.objects.get_or_create(ticket_id=ticket_id, user_id=user_id, defaults={"since": at})


def unfollow(*, ticket_id: int, user_id: int, by: Actor, at: datetime) -> None:
    Follower.objects.filter(ticket_id=ticket_id, user_id=user_id).delete()


def save_draft(
    *,
    ticket_id: int,
    user_id: int,
    text: str,
    is_note: bool = False,
    to_partner: bool = True,
    to_customer: bool = False,
    based_on: int = 0,
    at: datetime,
) -> Draft:
    """One for each person and ticket; saving again replaces the text. Files it carries stay with it."""
    draft, _ = Draft.objects.update_or_create(
        ticket_id=ticket_id,
        user_id=user_id,
        defaults={
            "text": clean_text(text),
            "is_note": is_note,
            "to_partner": to_partner,
            "to_customer": to_customer,
            "based_on": based_on,
            "saved_at": at,
        },
    )
    return draft


def drop_draft(*, ticket_id: int, user_id: int) -> None:
    Draft.objects.filter(ticket_id=ticket_id, user_id=user_id).delete()


def note_viewing(*, ticket_id: int, user_id: int, is_writing: bool, at: datetime) -> list[Viewing]:
    """Who else has the ticket open now, with their users.

    Each page asks every few seconds and learns of the others by that: a word in the log for every look would
    drown what happened."""
    Viewing.objects.update_or_create(
        ticket_id=ticket_id, user_id=user_id, defaults={"is_writing": is_writing, "seen_at": at}
    )
    # They are there, as far as routing is concerned; written down once a minute.
    long_ago = Q(seen_at=None) | Q(seen_at__lt=at - STALE)
    AgentProfile.objects.filter(long_ago, user_id=user_id).update(seen_at=at)
    others = Viewing.objects.filter(ticket_id=ticket_id, seen_at__gt=at - STALE).exclude(user_id=user_id)
    return list(others.select_related("user").order_by("user__name", "user_id"))


def leave_ticket(*, ticket_id: int, user_id: int) -> None:
    Viewing.objects.filter(ticket_id=ticket_id, user_id=user_id).delete()


def forget_stale_viewings(*, at: datetime) -> int:
    """Of pages that were closed without saying so; how many."""
    return Viewing.objects.filter(seen_at__lt=at - STALE).delete()[0]


def see_mentions(*, ticket_id: int, user_id: int, at: datetime) -> int:
    """They have opened the ticket: how many mentions that answered."""
    unseen = Mention.objects.filter(message__ticket_id=ticket_id, user_id=user_id, seen_at=None)
    return unseen.update(seen_at=at)
