"""Telling colleagues by mail that something concerns them: named in a note, given a ticket, asked, following.

A mail has the ticket's subject and the way there; to whoever may answer, also what the partner wrote, and an
address at which their own mail program answers the partner. The text is forgotten here once it was sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from otklik.desk.access import answerable_tickets, visible_tickets
from otklik.desk.models import Follower, Mailbox, Message, Ticket
from otklik.desk.operations.mailing import reply_address
from otklik.desk.operations.presence import sides_among
from otklik.desk.rules.reply_token import RecipientKey
from otklik.desk.rules.vocabulary import (
    MESSAGE_RECEIVED,
    NOTE_WRITTEN,
    OWNER_CHANGED,
    SUB_REQUEST_ANSWERED,
    SUB_REQUEST_ASKED,
    Side,
    TicketStatus,
    Verdict,
)
from otklik.events.public import ActorKind, DeliveredEvent
from otklik.identity.public import User
from otklik.jobs.public import queue_mails
from otklik.kit.mail import Message as Mail

# Those that an answer to the partner follows from.
_ANSWERABLE = (MESSAGE_RECEIVED, OWNER_CHANGED)
_LONGEST_TEXT = 5000
# A department's question goes to everybody in it, but a team of hundreds is no addressee.
_MOST_TOLD = 50

SUBJECTS: dict[str, Promise] = {
    NOTE_WRITTEN: _("You are mentioned in ticket #%(number)s"),
    OWNER_CHANGED: _("Ticket #%(number)s is yours now"),
    MESSAGE_RECEIVED: _("A new message in ticket #%(number)s, which you follow"),
    SUB_REQUEST_ASKED: _("Your department is asked in ticket #%(number)s"),
    SUB_REQUEST_ANSWERED: _("Your question in ticket #%(number)s was answered"),
}


def tell_colleagues(events: Sequence[DeliveredEvent], *, at: datetime) -> int:
    """How many mails. Whoever did it themselves, has left, or may not see the ticket is not told. The number
    of queries grows with the people, not with the events."""
    rows = Ticket.objects.select_related("mailbox").defer("mailbox__password", "mailbox__smtp_url")
    ids = {event.subject("ticket") for event in events}
    tickets = {ticket.pk: ticket for ticket in rows.filter(pk__in=ids, merged_into=None)}
    news = [
        _News(event, ticket, _concerned(event, ticket))
        for event in events
        if (ticket := tickets.get(event.subject("ticket"))) is not None
    ]
    wanted = {pk for one in news for pk in one.concerned}
    if not wanted:
        return 0
    found = User.objects.filter(pk__in=wanted, is_active=True).prefetch_related("grants", "teams")
    people = {person.pk: person for person in found}
    reach = _Reach(news, people)
    mails = {}
    for one in news:
        told = [people[pk] for pk in sorted(one.concerned) if reach.sees(pk, one.ticket)]
        for person in told[:_MOST_TOLD]:
            mails[f"desk-colleague:{one.event.id}:{person.pk}"] = _mail(one, person, reach)
    return queue_mails(mails, at=at)


@dataclass(frozen=True)
class _News:
    event: DeliveredEvent
    ticket: Ticket
    concerned: frozenset[int]

    @cached_property
    def said(self) -> str:
        text = Message.objects.values_list("text", flat=True).filter(pk=self.event.data["message"]).first()
        cut = (text or "")[:_LONGEST_TEXT].rstrip()
        return cut + (" […]" if len(text or "") > _LONGEST_TEXT else "")


class _Reach:
    """Which of these tickets each of these people sees, and may answer in by mail."""

    def __init__(self, news: Sequence[_News], people: Mapping[int, User]) -> None:
        tickets: dict[int, set[int]] = defaultdict(set)
        for one in news:
            for pk in one.concerned & people.keys():
                tickets[pk].add(one.ticket.pk)
        self._seen = {pk: _among(visible_tickets(people[pk]), ids) for pk, ids in tickets.items()}
        answerable = any(one.event.kind in _ANSWERABLE for one in news)
        self._answered = {
            pk: _among(answerable_tickets(people[pk]), ids) if answerable else frozenset()
            for pk, ids in tickets.items()
        }
        self._sides = sides_among({one.ticket.pk: one.ticket for one in news}.values()) if answerable else {}

    def sees(self, user_id: int, ticket: Ticket) -> bool:
        return ticket.pk in self._seen.get(user_id, ())

    def way_back(self, user_id: int, ticket: Ticket) -> str:
        """Empty where nothing comes in, where they may not answer, and where an end customer takes part: then
        the writer has to say for whom an answer is, which a mail cannot."""
        mailbox = ticket.mailbox
        if mailbox is None or not mailbox.is_active or mailbox.source == Mailbox.Source.NONE:
            return ""
        if self._sides[ticket.pk] != [Side.PARTNER] or ticket.status == TicketStatus.CLOSED:
            return ""
        if ticket.pk not in self._answered.get(user_id, ()):
            return ""
        return reply_address(mailbox.address, ticket.pk, RecipientKey(Side.STAFF, user_id))


def _among(rows: QuerySet[Ticket], ids: Collection[int]) -> frozenset[int]:
    return frozenset(rows.filter(pk__in=ids).values_list("pk", flat=True))


def followed_among(ticket_ids: Sequence[int]) -> set[int]:
    return set(Follower.objects.filter(ticket_id__in=ticket_ids).values_list("ticket_id", flat=True))


def _concerned(event: DeliveredEvent, ticket: Ticket) -> frozenset[int]:
    doer = event.actor.id if event.actor.kind is ActorKind.PERSON else None
    return frozenset(_named(event, ticket)) - {doer}


def _named(event: DeliveredEvent, ticket: Ticket) -> Iterable[int]:
    data = event.data
    if event.kind == NOTE_WRITTEN:
        return data.get("mentions") or ()
    if event.kind == OWNER_CHANGED:
        return [data["after"]] if data.get("after") else ()
    if event.kind == SUB_REQUEST_ASKED:
        team = User.objects.filter(teams=data.get("team"), is_active=True)
        return team.values_list("pk", flat=True)
    if event.kind == SUB_REQUEST_ANSWERED:
        return [ticket.owner_id] if ticket.owner_id else ()
    if event.kind == MESSAGE_RECEIVED and data.get("verdict", Verdict.PERSON) == Verdict.PERSON:
        return Follower.objects.filter(ticket=ticket).values_list("user_id", flat=True)
    return ()


def _mail(news: _News, person: User, reach: _Reach) -> Mail:
    ticket, kind = news.ticket, news.event.kind
    link = settings.OTKLIK.public_url + reverse("ticket", args=[ticket.pk])
    back = reach.way_back(person.pk, ticket) if kind in _ANSWERABLE else ""
    parts = [f"{ticket.subject}\n{link}"]
    with translation.override(person.language):
        subject = str(SUBJECTS[kind]) % {"number": ticket.pk}
        if kind == MESSAGE_RECEIVED and news.said:
            parts.append(news.said)
        if back:
            parts.append(str(_("Answer this mail, and your answer goes to the partner.")))
    return Mail(to=person.email, subject=subject, text="\n\n".join(parts) + "\n", reply_to=back)
