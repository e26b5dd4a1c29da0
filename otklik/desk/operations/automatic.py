"""What a machine writes to a partner: within the budget that ends every loop, never as somebody's answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from otklik.desk.models import AutoReplyCount, InboundMail, Mailbox, Message, Ticket
from otklik.desk.operations.delivery import SEND
from otklik.desk.operations.documents import message_documents
from otklik.desk.operations.events import subjects_of
from otklik.desk.operations.rows import clean_line, clean_text
from otklik.desk.queries.sides import addresses_for, subject_for
from otklik.desk.rules.auto_reply import Allowed, AutoReplyFacts, Refused, decide
from otklik.desk.rules.languages import language_of
from otklik.desk.rules.subjects import plain_subject
from otklik.desk.rules.visibility import Audience
from otklik.desk.rules.vocabulary import MESSAGE_SENT, Channel, Delivery, MessageKind, Side, Verdict
from otklik.events.public import Actor, record
from otklik.jobs.public import queue_at
from otklik.kit.bulk import add_to_rows
from otklik.search.public import put

BY_RULE = "desk:trigger:"
_DAY = timedelta(days=1)
# Automatic answers to one address in a day that are compared by subject: the budget ends far below.
_MOST_COMPARED = 50


def write_automatically(
    ticket: Ticket, *, text: str, key: str, about_money: bool = False, by: Actor, at: datetime
) -> Allowed | Refused:
    """To whoever asked at the partner; the ticket locked by the caller. No clock stops for it, and it moves
    no status. ``key`` begins with BY_RULE; the same is not sent twice. ``about_money``: only people who see
    the company's money may read it in the ticket."""
    address = partner_address(ticket)
    verdict = decide(_facts(ticket, address, at))
    if isinstance(verdict, Refused) or Message.objects.filter(key=key).exists():
        return verdict
    message = Message.objects.create(
        ticket=ticket,
        kind=MessageKind.NOTICE,
        side=Side.SYSTEM,
        channel=Channel.EMAIL,
        visible_to_partner=True,
        about_money=about_money,
        to=[{"name": ticket.requester_name, "address": address}],
        # As the partner knows it: staff may have renamed the ticket in words of their own.
        subject=clean_line(f"{subject_for(Side.PARTNER, ticket)} [#{ticket.pk}]", 400),
        text=clean_text(text),
        language=language_of(text) or ticket.language,
        delivery=Delivery.QUEUED,
        send_at=at,
        key=key,
        happened_at=at,
        created_at=at,
    )
    _count(address, at)
    said = {"message": message.pk, "to_partner": True, "to_customer": False, "first": False}
    data = {**said, "kind": MessageKind.NOTICE.value}
    record(MESSAGE_SENT, by=by, at=at, subjects=subjects_of(ticket), data=data)
    put(message_documents([message.pk]), at=at)
    queue_at(SEND, message.pk, at=at)
    return verdict


def partner_address(ticket: Ticket) -> str:
    """Of the one who asked, else of somebody else on that side; "" where nobody's is known."""
    known = addresses_for(Audience(partner=True, customer=False), ticket).get(Side.PARTNER, ())
    asked = ticket.requester_address.lower()
    return asked if asked in known else next(iter(known), "")


def _facts(ticket: Ticket, address: str, at: datetime) -> AutoReplyFacts:
    last = Message.objects.filter(ticket=ticket, side=Side.PARTNER).order_by("-pk").first()
    # Receipts count for the address; how a ticket stands the partner is told because a person moved it.
    written = Message.objects.filter(kind=MessageKind.NOTICE, key__startswith=BY_RULE)
    notices = written.filter(created_at__gt=at - _DAY)
    elsewhere = notices.filter(ticket__requester_address=address).order_by("-pk")
    subjects = elsewhere.values_list("ticket__subject", flat=True)[:_MOST_COMPARED]
    plain = plain_subject(ticket.subject)
    counted = AutoReplyCount.objects.filter(address=address, day=at.date()).first()
    return AutoReplyFacts(
        sender=address,
        verdict=Verdict(last.verdict) if last is not None else Verdict.PERSON,
        own_addresses=frozenset(Mailbox.objects.values_list("address", flat=True)),
        suppressed=last is not None and InboundMail.objects.filter(message=last, is_automatic=True).exists(),
        sent_to_address=counted.count if counted else 0,
        sent_in_ticket=notices.filter(ticket=ticket).count(),
        sent_about_subject=sum(plain_subject(subject) == plain for subject in subjects),
    )


def _count(address: str, at: datetime) -> None:
    add_to_rows(AutoReplyCount, ("address", "day"), ("count",), [(address, at.date(), 1)])
