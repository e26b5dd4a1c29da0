"""What the partner is told by the system: that a message arrived, and how the matter stands.

Every notice passes the same guard as any automatic answer (``rules/auto_reply.py``), so that no two machines
talk to each other; it goes out as a message of the ticket, by the way of all others.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.desk.models import AutoReplyCount, InboundMail, Mailbox, Message, Ticket
from otklik.desk.operations.delivery import SEND
from otklik.desk.operations.mailing import mailbox_of
from otklik.desk.queries.links import rating_links, ticket_page
from otklik.desk.queries.sides import asker_of, subject_for
from otklik.desk.queries.threading import own_addresses
from otklik.desk.rules.auto_reply import Allowed, AutoReplyFacts, Budget, decide
from otklik.desk.rules.statuses import PartnerWord
from otklik.desk.rules.subjects import subject_key
from otklik.desk.rules.vocabulary import Channel, Delivery, MessageKind, Side, Verdict
from otklik.jobs.public import queue_at
from otklik.kit.bulk import add_to_rows

_DAY = timedelta(days=1)
_LANGUAGES = ("ru", "en")
# A person moves a ticket before a notice of how it stands; a dozen a day is more than anybody does.
_OF_STATUS = Budget(per_address=40, per_ticket=12, per_subject=12)


class Notice(StrEnum):
    """Also the name of its template."""

    RECEIPT = "receipt"
    IN_WORK = "in_work"
    NEW_OWNER = "new_owner"
    WAITING = "waiting_for_you"
    SOLVED = "solved"
    CLOSED = "closed"


BY_WORD: Mapping[PartnerWord, Notice] = {
    PartnerWord.IN_WORK: Notice.IN_WORK,
    PartnerWord.WAITING_FOR_YOU: Notice.WAITING,
    PartnerWord.SOLVED: Notice.SOLVED,
    PartnerWord.CLOSED: Notice.CLOSED,
}
_TITLES = {
    Notice.RECEIPT: gettext_lazy("We have received your message"),
    Notice.IN_WORK: gettext_lazy("Your request is in work"),
    Notice.NEW_OWNER: gettext_lazy("Somebody else takes care of your request"),
    Notice.WAITING: gettext_lazy("We need an answer from you"),
    Notice.SOLVED: gettext_lazy("Your request is solved"),
    Notice.CLOSED: gettext_lazy("Your request is closed"),
}


@dataclass(frozen=True, slots=True)
class _Addressee:
    address: str
    name: str
    side: Side
    language: str
    zone: str


def send_notice(*, ticket_id: int, notice: Notice, key: str, at: datetime) -> Message | None:
    """``key`` names what the partner is told of: told once. None where nobody is told, because there is no
    address, the guard refuses, or the mailbox sends no receipts."""
    ticket = _ticket(ticket_id)
    if Message.objects.filter(key=key).exists():
        return None
    mailbox = mailbox_of(ticket)
    addressee = _addressee(ticket, mailbox)
    if addressee is None or not _wanted(notice, ticket, mailbox):
        return None
    budget = Budget() if notice is Notice.RECEIPT else _OF_STATUS
    if not isinstance(decide(_facts(ticket, addressee, notice, at), budget), Allowed):
        return None
    subject, text, html = _written(ticket, notice, addressee, mailbox)
    with transaction.atomic():
        message = Message.objects.create(
            ticket=ticket,
            kind=MessageKind.NOTICE,
            side=Side.SYSTEM,
            channel=Channel.EMAIL,
            visible_to_partner=addressee.side is Side.PARTNER,
            visible_to_customer=addressee.side is Side.CUSTOMER,
            to=[{"address": addressee.address, "name": addressee.name}],
            subject=subject,
            text=text,
            html=html,
            language=addressee.language,
            delivery=Delivery.QUEUED,
            send_at=at,
            key=key,
            happened_at=at,
            created_at=at,
        )
        if notice is Notice.RECEIPT:
            add_to_rows(AutoReplyCount, ("address", "day"), ("count",), [(addressee.address, at.date(), 1)])
        queue_at(SEND, message.pk, at=at)
    return message


def _ticket(ticket_id: int) -> Ticket:
    related = ("partner", "contact", "customer", "owner", "mailbox")
    return Ticket.objects.select_related(*related).get(pk=ticket_id)


def _wanted(notice: Notice, ticket: Ticket, mailbox: Mailbox | None) -> bool:
    if notice is not Notice.RECEIPT or mailbox is None:
        return True
    return mailbox.sends_receipts and not (mailbox.takes_old and _is_older(ticket, mailbox))


def _is_older(ticket: Ticket, mailbox: Mailbox) -> bool:
    """Written before we began to read the mailbox: who wrote last year waits for no receipt."""
    first = Message.objects.filter(ticket=ticket, kind=MessageKind.INCOMING).order_by("pk")
    written = first.values_list("happened_at", flat=True).first()
    return written is not None and written < mailbox.reads_since


def _addressee(ticket: Ticket, mailbox: Mailbox | None) -> _Addressee | None:
    """Status is between the partner and us; an end customer is told where nobody else asked."""
    contact, customer, partner = ticket.contact, ticket.customer, ticket.partner
    language = mailbox.language if mailbox else ""
    zone = (contact.time_zone if contact else "") or (partner.time_zone if partner else "") or "UTC"
    if asker := asker_of(ticket):
        known = (contact.languages[:1] if contact else []) + ([partner.language] if partner else [])
        name = contact.name if contact else ticket.requester_name
        spoken = _language(*known, ticket.language, language)
        return _Addressee(asker, name, Side.PARTNER, spoken, zone)
    if customer is not None and customer.address:
        spoken = _language(customer.language, ticket.language, language)
        return _Addressee(customer.address.lower(), customer.name, Side.CUSTOMER, spoken, zone)
    return None


def _language(*known: str) -> str:
    """The first that we speak."""
    return next((code[:2] for code in known if code[:2] in _LANGUAGES), "en")


def _facts(ticket: Ticket, addressee: _Addressee, notice: Notice, at: datetime) -> AutoReplyFacts:
    last = (
        Message.objects.filter(ticket=ticket, kind=MessageKind.INCOMING)
        .order_by("-pk")
        .values_list("pk", "verdict")
        .first()
    )
    told = Message.objects.filter(ticket=ticket, kind=MessageKind.NOTICE, created_at__gt=at - _DAY)
    counted = AutoReplyCount.objects.filter(address=addressee.address, day=at.date())
    is_receipt = notice is Notice.RECEIPT
    return AutoReplyFacts(
        sender=addressee.address,
        verdict=Verdict(last[1]) if last else Verdict.PERSON,
        own_addresses=own_addresses(),
        suppressed=last is not None and _forbids_answers(last[0]),
        sent_to_address=(counted.values_list("count", flat=True).first() or 0) if is_receipt else 0,
        sent_in_ticket=told.count(),
        sent_about_subject=_same_subject(ticket, addressee, at) if is_receipt else 0,
    )


def _forbids_answers(message_id: int) -> bool:
    return InboundMail.objects.filter(message_id=message_id, is_automatic=True).exists()


def _same_subject(ticket: Ticket, addressee: _Addressee, at: datetime) -> int:
    """Other tickets of this address with this subject that were told of within a day: a loop that opens a
    ticket each turn keeps its subject."""
    recent = Ticket.objects.filter(requester_address=addressee.address, created_at__gt=at - _DAY)
    same = [
        pk
        for pk, subject in recent.exclude(pk=ticket.pk).values_list("pk", "subject")[:200]
        if subject_key(subject) == subject_key(ticket.subject)
    ]
    return Message.objects.filter(ticket_id__in=same, kind=MessageKind.NOTICE).count()


def _written(
    ticket: Ticket, notice: Notice, addressee: _Addressee, mailbox: Mailbox | None
) -> tuple[str, str, str]:
    """(subject, text, HTML) in the addressee's language and zone."""
    with translation.override(addressee.language), timezone.override(_zone(addressee.zone)):
        context = _context(ticket, addressee, mailbox)
        title = str(_TITLES[notice])
        subject = f"{title}: {context['subject']} [{context['number']}]"
        rendered = render_to_string(f"desk/mail/{notice}.txt", context)
        text = "\n".join(line.rstrip() for line in rendered.strip().splitlines()) + "\n"
        html = render_to_string(
            "desk/mail/notice.html", {"text": text, "title": title, "language": addressee.language}
        )
    return subject[:400], text, html


def _context(ticket: Ticket, addressee: _Addressee, mailbox: Mailbox | None) -> dict[str, Any]:
    due = ticket.due_at
    return {
        "name": addressee.name,
        "number": f"#{ticket.pk}",
        "subject": subject_for(addressee.side, ticket),
        "owner": ticket.owner.name if ticket.owner else "",
        "due": date_format(timezone.localtime(due), "DATETIME_FORMAT") if due else "",
        "page": ticket_page(addressee.side, ticket),
        "ratings": rating_links(addressee.side, ticket),
        "signature": (mailbox.signature.strip() or mailbox.name if mailbox else "") or _("Partner support"),
    }


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
