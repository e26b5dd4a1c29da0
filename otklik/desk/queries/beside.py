"""Which of the many things that may stand beside a ticket do, asked at once.

Most tickets have one or two of them, and a query of its own for each would mostly find nothing: a third of
what the page of a ticket cost.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import connection
from django.db.models import Model

from otklik.desk.models import (
    Callback,
    Draft,
    Follower,
    Mention,
    Message,
    Rating,
    SubRequest,
    Ticket,
    TicketLink,
    TicketTag,
    TranslationSettings,
    Viewing,
)


class Beside(StrEnum):
    """``DRAFT``, ``MENTIONS``: the reader's own, the latter unseen. ``OTHERS``: who else has had it open.
    ``TRANSLATOR``: beside every ticket, once somebody has set one up."""

    MERGED = "merged"
    FOLLOWERS = "followers"
    TAGS = "tags"
    RATING = "rating"
    QUESTIONS = "questions"
    CALLBACKS = "callbacks"
    LINKS = "links"
    DRAFT = "draft"
    OTHERS = "others"
    MENTIONS = "mentions"
    TRANSLATOR = "translator"


def what_stands_beside(ticket_id: int, user_id: int) -> frozenset[Beside]:
    """One query, written by hand: put together by the ORM it took longer to write than to answer."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"ticket": ticket_id, "user": user_id})
        return frozenset(Beside(name) for (name,) in cursor.fetchall())


def _of_ticket(model: type[Model], condition: str = "ticket_id = %(ticket)s") -> str:
    return f"{model._meta.db_table} WHERE {condition}"


_MENTIONS = f"""{Mention._meta.db_table} mention
JOIN {Message._meta.db_table} message ON message.id = mention.message_id
WHERE message.ticket_id = %(ticket)s AND mention.user_id = %(user)s AND mention.seen_at IS NULL"""
_WHERE = {
    Beside.MERGED: _of_ticket(Ticket, "merged_into_id = %(ticket)s"),
    Beside.FOLLOWERS: _of_ticket(Follower),
    Beside.TAGS: _of_ticket(TicketTag),
    Beside.RATING: _of_ticket(Rating),
    Beside.QUESTIONS: _of_ticket(SubRequest),
    Beside.CALLBACKS: _of_ticket(Callback, "ticket_id = %(ticket)s AND done_at IS NULL"),
    Beside.LINKS: _of_ticket(TicketLink, "source_id = %(ticket)s OR target_id = %(ticket)s"),
    Beside.DRAFT: _of_ticket(Draft, "ticket_id = %(ticket)s AND user_id = %(user)s"),
    Beside.OTHERS: _of_ticket(Viewing, "ticket_id = %(ticket)s AND user_id <> %(user)s"),
    Beside.MENTIONS: _MENTIONS,
    Beside.TRANSLATOR: _of_ticket(TranslationSettings, "id > 0"),
}
_ASKED = " UNION ALL ".join(
    f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {rows})"  # noqa: S608 - words of this module
    for name, rows in _WHERE.items()
)
