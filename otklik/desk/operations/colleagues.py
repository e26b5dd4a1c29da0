"""Telling colleagues by mail that something concerns them: named in a note, given a ticket, asked, following.

A mail has the ticket's subject and the way there; to whoever may answer, also what the partner wrote, and an
address at which their own mail program answers the partner. The text is forgotten here once it was sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from otklik.desk.access import answerable_tickets, visible_tickets
from otklik.desk.models import Follower, Mailbox, Message, Ticket
from otklik.desk.operations.mailing import reply_address
from otklik.desk.operations.presence import sides_present
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
from otklik.jobs.public import queue_mail
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


def tell_colleagues(event: DeliveredEvent, *, at: datetime) -> int:
    """How many were told. Whoever did it themselves, has left, or may not see the ticket is not."""
    tickets = Ticket.objects.select_related("mailbox").defer("mailbox__password", "mailbox__smtp_url")
    ticket = tickets.filter(pk=event.subject("ticket"), merged_into=None).first()
    if ticket is None:
        return 0
    doer = event.actor.id if event.actor.kind is ActorKind.PERSON else None
    ids = set(_concerned(event, ticket)) - {doer}
    people = User.objects.filter(pk__in=ids, is_active=True).prefetch_related("grants", "teams")
    told = 0
    for person in people[:_MOST_TOLD]:
        if visible_tickets(person).filter(pk=ticket.pk).exists():
            key = f"desk-colleague:{event.id}:{person.pk}"
            told += queue_mail(key=key, message=_mail(event, ticket, person), at=at)
    return told


def followed_among(ticket_ids: Sequence[int]) -> set[int]:
    return set(Follower.objects.filter(ticket_id__in=ticket_ids).values_list("ticket_id", flat=True))


def _concerned(event: DeliveredEvent, ticket: Ticket) -> Iterable[int]:
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


def _mail(event: DeliveredEvent, ticket: Ticket, person: User) -> Mail:
    link = settings.OTKLIK.public_url + reverse("ticket", args=[ticket.pk])
    back = _way_back(ticket, person) if event.kind in _ANSWERABLE else ""
    parts = [f"{ticket.subject}\n{link}"]
    with translation.override(person.language):
        subject = str(SUBJECTS[event.kind]) % {"number": ticket.pk}
        if event.kind == MESSAGE_RECEIVED and (said := _said(event.data["message"])):
            parts.append(said)
        if back:
            parts.append(str(_("Answer this mail, and your answer goes to the partner.")))
    return Mail(to=person.email, subject=subject, text="\n\n".join(parts) + "\n", reply_to=back)


def _said(message_id: int) -> str:
    text = Message.objects.values_list("text", flat=True).filter(pk=message_id).first() or ""
    return text[:_LONGEST_TEXT].rstrip() + (" […]" if len(text) > _LONGEST_TEXT else "")


def _way_back(ticket: Ticket, person: User) -> str:
    """Empty where nothing comes in, where they may not answer, and where an end customer takes part: then the
    writer has to say for whom an answer is, which a mail cannot."""
    mailbox = ticket.mailbox
    if mailbox is None or not mailbox.is_active or mailbox.source == Mailbox.Source.NONE:
        return ""
    if sides_present(ticket) != [Side.PARTNER] or ticket.status == TicketStatus.CLOSED:
        return ""
    if not answerable_tickets(person).filter(pk=ticket.pk).exists():
        return ""
    return reply_address(mailbox.address, ticket.pk, RecipientKey(Side.STAFF, person.pk))
