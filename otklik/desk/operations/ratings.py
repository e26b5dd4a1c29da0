"""What the partner says about the help they got."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from otklik.desk.models import Rating, Ticket
from otklik.desk.operations.events import tell
from otklik.desk.operations.locking import TicketGone, locked_tickets
from otklik.desk.operations.rows import clean_text
from otklik.desk.rules.vocabulary import RATED, Outcome
from otklik.events.public import Actor

CHANGEABLE = timedelta(days=7)
WORST, BEST = 1, 5


class NotRatable(Exception):
    """Not ended yet, spam, or merged into another ticket."""


class RatingSettled(Exception):
    """Given longer ago than it may be changed."""


class OddRating(ValueError):
    """Not 1, 2, 3, 4 or 5."""


def may_rate(ticket: Ticket, *, at: datetime) -> bool:
    if ticket.is_open or ticket.outcome in (Outcome.SPAM, Outcome.MERGED):
        return False
    given = Rating.objects.filter(ticket=ticket).first()
    return given is None or at - given.at <= CHANGEABLE


@transaction.atomic
def rate_ticket(
    *, public_key: str, value: int, comment: str = "", by: Actor | None = None, at: datetime
) -> Rating:
    """1 to 5, once; changed within CHANGEABLE of the first. Whoever has the link speaks for the partner, and
    is nobody we know by name: ``by`` None.

    Raises OddRating, TicketGone, NotRatable, RatingSettled."""
    if not WORST <= value <= BEST:
        raise OddRating(value)
    found = Ticket.objects.values_list("pk", flat=True).filter(public_key=public_key).first()
    ticket = locked_tickets([found or 0]).get(found or 0)
    if ticket is None:
        raise TicketGone(public_key)
    rating = Rating.objects.filter(ticket=ticket).first()
    if not may_rate(ticket, at=at):
        settled = rating is not None and not ticket.is_open and at - rating.at > CHANGEABLE
        raise RatingSettled(ticket.pk) if settled else NotRatable(ticket.pk)
    text = clean_text(comment.strip())
    if rating is not None and (rating.value, rating.comment) == (value, text):
        return rating
    before = rating.value if rating is not None else None
    if rating is None:
        rating = Rating(ticket=ticket, at=at)
    rating.value, rating.comment = value, text
    rating.save()
    tell(RATED, ticket, by=by or Actor.system(), at=at, value=value, before=before)
    return rating
