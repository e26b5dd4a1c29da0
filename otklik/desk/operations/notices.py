"""What the partner is told by the system: that a message arrived, and how the matter stands.

Every notice passes the same guard as any automatic answer (``rules/auto_reply.py``), so that no two machines
talk to each other; it goes out as a message of the ticket, by the way of all others.
"""

from __future__ import annotations

import zoneinfo
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.desk.models import AutoReplyCount, Mailbox, Message, Ticket
from otklik.desk.operations.delivery import queue_messages
from otklik.desk.operations.mailing import mailbox_of
from otklik.desk.operations.rows import insert
from otklik.desk.queries.guarding import Guarded
from otklik.desk.queries.links import rating_links, ticket_page
from otklik.desk.queries.sides import askers_of, subjects_for
from otklik.desk.rules.auto_reply import Allowed, Budget, decide
from otklik.desk.rules.statuses import PartnerWord
from otklik.desk.rules.vocabulary import Channel, Delivery, MessageKind, Side
from otklik.kit.bulk import add_to_rows

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


@dataclass(frozen=True, slots=True)
class _Told:
    ticket: Ticket
    mailbox: Mailbox | None
    addressee: _Addressee


def send_notice(*, ticket_id: int, notice: Notice, key: str, at: datetime) -> Message | None:
    """``key`` names what the partner is told of: told once. None where nobody is told, because there is no
    address, the guard refuses, or the mailbox sends no receipts."""
    return next(iter(send_notices({ticket_id: key}, notice=notice, at=at)), None)


@transaction.atomic
def send_notices(keys: Mapping[int, str], *, notice: Notice, at: datetime) -> list[Message]:
    """As ``send_notice``, keys by ticket; in the order of the tickets, those that were told of."""
    told = _whom_to_tell(keys, notice, at)
    if not told:
        return []
    is_receipt = notice is Notice.RECEIPT
    addresses = {one.ticket.pk: one.addressee.address for one in told}
    guarded = Guarded(addresses, at=at, counts_address=is_receipt)
    allowed = []
    for one in told:
        if isinstance(decide(guarded.facts(one.ticket), Budget() if is_receipt else _OF_STATUS), Allowed):
            guarded.promise(one.ticket)
            allowed.append(one)
    subjects = _subjects(allowed)
    messages = [_message(one, notice, subjects[one.ticket.pk], keys[one.ticket.pk], at) for one in allowed]
    insert(messages)
    if is_receipt:
        sent = Counter(one.addressee.address for one in allowed)
        rows = [(address, at.date(), count) for address, count in sent.items()]
        add_to_rows(AutoReplyCount, ("address", "day"), ("count",), rows)
    queue_messages([message.pk for message in messages], at=at)
    return messages


def _whom_to_tell(keys: Mapping[int, str], notice: Notice, at: datetime) -> list[_Told]:
    known = set(Message.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    related = ("partner", "contact", "customer", "owner", "mailbox")
    rows = Ticket.objects.select_related(*related).in_bulk(
        [pk for pk, key in keys.items() if key not in known]
    )
    tickets = [rows[pk] for pk in keys if pk in rows]
    askers = askers_of(tickets)
    mailboxes: dict[int, Mailbox | None] = {}
    told = []
    for ticket in tickets:
        mailbox = ticket.mailbox
        if mailbox is None or not mailbox.is_active:
            if ticket.program_id not in mailboxes:
                mailboxes[ticket.program_id] = mailbox_of(ticket)
            mailbox = mailboxes[ticket.program_id]
        addressee = _addressee(ticket, mailbox, askers[ticket.pk])
        if addressee is not None and _wanted(notice, ticket, mailbox):
            told.append(_Told(ticket, mailbox, addressee))
    return told


def _subjects(told: Sequence[_Told]) -> dict[int, str]:
    """Each as the side that is told knows the matter."""
    found: dict[int, str] = {}
    for side in {one.addressee.side for one in told}:
        found |= subjects_for(side, [one.ticket for one in told if one.addressee.side is side])
    return found


def _message(told: _Told, notice: Notice, subject: str, key: str, at: datetime) -> Message:
    addressee = told.addressee
    title, text, html = _written(told, notice, subject)
    return Message(
        ticket=told.ticket,
        kind=MessageKind.NOTICE,
        side=Side.SYSTEM,
        channel=Channel.EMAIL,
        visible_to_partner=addressee.side is Side.PARTNER,
        visible_to_customer=addressee.side is Side.CUSTOMER,
        to=[{"address": addressee.address, "name": addressee.name}],
        subject=title,
        text=text,
        html=html,
        language=addressee.language,
        delivery=Delivery.QUEUED,
        send_at=at,
        key=key,
        happened_at=at,
        created_at=at,
    )


def _wanted(notice: Notice, ticket: Ticket, mailbox: Mailbox | None) -> bool:
    if notice is not Notice.RECEIPT or mailbox is None:
        return True
    return mailbox.sends_receipts and not (mailbox.takes_old and _is_older(ticket, mailbox))


def _is_older(ticket: Ticket, mailbox: Mailbox) -> bool:
    """Written before we began to read the mailbox: who wrote last year waits for no receipt."""
    first = Message.objects.filter(ticket=ticket, kind=MessageKind.INCOMING).order_by("pk")
    written = first.values_list("happened_at", flat=True).first()
    return written is not None and written < mailbox.reads_since


def _addressee(ticket: Ticket, mailbox: Mailbox | None, asker: str) -> _Addressee | None:
    """Status is between the partner and us; an end customer is told where nobody else asked."""
    contact, customer, partner = ticket.contact, ticket.customer, ticket.partner
    language = mailbox.language if mailbox else ""
    zone = (contact.time_zone if contact else "") or (partner.time_zone if partner else "") or "UTC"
    if asker:
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


def _written(told: _Told, notice: Notice, subject: str) -> tuple[str, str, str]:
    """(subject, text, HTML) in the addressee's language and zone."""
    addressee = told.addressee
    with translation.override(addressee.language), timezone.override(_zone(addressee.zone)):
        context = _context(told, subject)
        title = str(_TITLES[notice])
        line = f"{title}: {context['subject']} [{context['number']}]"
        rendered = render_to_string(f"desk/mail/{notice}.txt", context)
        text = "\n".join(line.rstrip() for line in rendered.strip().splitlines()) + "\n"
        html = render_to_string(
            "desk/mail/notice.html", {"text": text, "title": title, "language": addressee.language}
        )
    return line[:400], text, html


def _context(told: _Told, subject: str) -> dict[str, Any]:
    ticket, mailbox, side = told.ticket, told.mailbox, told.addressee.side
    due = ticket.due_at
    return {
        "name": told.addressee.name,
        "number": f"#{ticket.pk}",
        "subject": subject,
        "owner": ticket.owner.name if ticket.owner else "",
        "due": date_format(timezone.localtime(due), "DATETIME_FORMAT") if due else "",
        "page": ticket_page(side, ticket),
        "ratings": rating_links(side, ticket),
        "signature": (mailbox.signature.strip() or mailbox.name if mailbox else "") or _("Partner support"),
    }


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
