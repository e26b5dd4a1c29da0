"""Tickets that have to do with each other and stay two."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from otklik.desk.models import Ticket, TicketLink
from otklik.desk.operations.events import event_about
from otklik.desk.operations.locking import TicketGone, locked_tickets
from otklik.desk.rules.vocabulary import HISTORY, TICKET_LINKED, TICKET_UNLINKED, LinkKind
from otklik.events.public import Actor, ActorKind, record_many


class LinkToItself(Exception):
    """A ticket and itself."""


class LinkIsHistory(Exception):
    """The link tells of a merge or a split, which happened."""


@transaction.atomic
def link_tickets(
    *, ticket_id: int, other_id: int, kind: LinkKind = LinkKind.RELATED, by: Actor, at: datetime
) -> TicketLink:
    """``other_id`` is what the link leads to: the earlier ticket of a follow-up. Once however often it is
    asked for, in either direction where the two are just related. Raises TicketGone, LinkToItself."""
    if ticket_id == other_id:
        raise LinkToItself(ticket_id)
    tickets = _both(ticket_id, other_id)
    there = TicketLink.objects.filter(source_id=ticket_id, target_id=other_id, kind=kind)
    if kind is LinkKind.RELATED:
        there = there | TicketLink.objects.filter(source_id=other_id, target_id=ticket_id, kind=kind)
    if (known := there.first()) is not None:
        return known
    link = add_link(ticket_id, other_id, kind, by=by, at=at)
    _tell_both(TICKET_LINKED, tickets, kind, by=by, at=at)
    return link


@transaction.atomic
def unlink_tickets(*, link_id: int, by: Actor, at: datetime) -> None:
    """Raises TicketLink.DoesNotExist, LinkIsHistory."""
    link = TicketLink.objects.get(pk=link_id)
    if link.kind in HISTORY:
        raise LinkIsHistory(link_id)
    tickets = _both(link.source_id, link.target_id)
    kind = LinkKind(link.kind)
    if link.delete()[0]:
        _tell_both(TICKET_UNLINKED, tickets, kind, by=by, at=at)


def link_follow_up(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """A new ticket that goes on where an ended one stopped. Its creation is its event."""
    if ticket.follow_up_of_id is not None:
        add_link(ticket.pk, ticket.follow_up_of_id, LinkKind.FOLLOW_UP, by=by, at=at)


def add_link(source_id: int, target_id: int, kind: LinkKind, *, by: Actor, at: datetime) -> TicketLink:
    return TicketLink.objects.get_or_create(
        source_id=source_id, target_id=target_id, kind=kind, defaults={"by_id": _person(by), "at": at}
    )[0]


def _person(by: Actor) -> int | None:
    return by.id if by.kind is ActorKind.PERSON else None


def _both(one_id: int, other_id: int) -> tuple[Ticket, Ticket]:
    rows = locked_tickets([one_id, other_id])
    for ticket_id in (one_id, other_id):
        if ticket_id not in rows:
            raise TicketGone(ticket_id)
    return rows[one_id], rows[other_id]


def _tell_both(kind: str, tickets: tuple[Ticket, Ticket], link: LinkKind, *, by: Actor, at: datetime) -> None:
    one, other = tickets
    record_many(
        [
            event_about(kind, one, at=at, data={"other": other.pk, "link": link}),
            event_about(kind, other, at=at, data={"other": one.pk, "link": link}),
        ],
        by=by,
        at=at,
    )
