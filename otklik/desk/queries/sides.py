"""What each side of a ticket may read. Mails, the status page and the portal show and send nothing but what
comes from here: an outside side never gets a ``Message`` row, only the parts of it that are meant for it.

A ticket that was merged away keeps its messages. Staff read them in the survivor; an outside side does only
where both tickets are that same side's, so that a merge never shows anybody what they could not read before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from otklik.desk.models import Attachment, MailCopy, Message, Participant, Ticket
from otklik.desk.operations.locking import survivor_of
from otklik.desk.rules.statuses import PartnerWord, partner_word
from otklik.desk.rules.subjects import plain_subject
from otklik.desk.rules.visibility import Audience, MessageFacts, may_see, quote_allowed, recipients
from otklik.desk.rules.visibility import Participant as Addressee
from otklik.desk.rules.vocabulary import Delivery, MessageKind, Side, TicketStatus

PAGE_SIZE = 100
_MOST_REFERENCES = 20
_PEOPLE = ("partner", "contact", "customer", "requester_address", "is_private")
# Not sent, perhaps never: nobody outside has seen it.
_STILL_OURS = (Delivery.HELD, Delivery.TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class SharedFile:
    id: int
    filename: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Said:
    """A message as a side may read it: no addresses, no history, no raw mail. ``html`` is unsafe still.
    ``about_money``: its text tells of money, or says that it does to a reader who may not know more."""

    id: int
    kind: MessageKind
    side: Side
    name: str
    text: str
    html: str
    at: datetime
    files: tuple[SharedFile, ...]
    about_money: bool = False


@dataclass(frozen=True, slots=True)
class SidePage:
    """A ticket as its outside side is told of it. ``owner`` is "" while nobody has taken it."""

    ticket_id: int
    subject: str
    word: PartnerWord
    owner: str
    messages: tuple[Said, ...]


def page_for(side: Side, ticket: Ticket) -> SidePage:
    """For ``shown_ticket(side, ticket)``. Six queries."""
    shown = shown_ticket(side, ticket)
    return SidePage(
        ticket_id=shown.pk,
        subject=subject_for(side, shown),
        word=partner_word(TicketStatus(shown.status)),
        owner=shown.owner.name if shown.owner else "",
        messages=tuple(conversation_for(side, shown)),
    )


def shown_ticket(side: Side, ticket: Ticket) -> Ticket:
    """What a link to this ticket opens: where it was merged away its survivor, if that is this side's too."""
    survivor = survivor_of(ticket)
    return survivor if side is Side.STAFF or _same_people(side, ticket, survivor) else ticket


def family_ids(ticket_id: int) -> list[int]:
    """The ticket and those merged into it, whose messages staff read as one conversation.

    Messages are not moved by a merge. It takes one row whatever the length of the thread (50,000 messages
    would hold SQLite's only write lock for seconds), the log stays true about where something was said, and
    each message keeps the people it was written for: those of its own ticket.
    """
    return [ticket_id, *Ticket.objects.filter(merged_into_id=ticket_id).values_list("pk", flat=True)]


def newest_messages(family: Sequence[int], *, limit: int, before: int | None = None) -> list[int]:
    """Ids in a whole family, newest first. Each ticket gives its own newest by the index (ticket, id): one
    query over several tickets would have to sort a thread of any length."""
    found: list[int] = []
    for member in family:
        rows = Message.objects.filter(ticket_id=member)
        if before is not None:
            rows = rows.filter(pk__lt=before)
        found += rows.order_by("-pk").values_list("pk", flat=True)[:limit]
    return sorted(found, reverse=True)[:limit]


def messages_for(side: Side, ticket: Ticket) -> QuerySet[Message]:
    """Rows behind ``conversation_for``, for counting and filtering. Never hand them to a template."""
    if side is Side.STAFF:
        return Message.objects.filter(ticket_id__in=family_ids(ticket.pk))
    return readable(side).filter(ticket_id__in=_open_to(side, ticket))


def conversation_for(
    side: Side,
    ticket: Ticket,
    *,
    limit: int = PAGE_SIZE,
    before: int | None = None,
    sees_money: bool = False,
) -> list[Said]:
    """The newest messages, or those before one of them, oldest first. Three or four queries. ``sees_money``:
    of an outside reader; whoever holds a link to a ticket is not known to."""
    rows = messages_for(side, ticket).select_related("author", "contact", "customer")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = rows.prefetch_related("attachments__blob").order_by("-pk")[:limit]
    return [
        _said(side, message, sees_money=sees_money)
        for message in reversed(found)
        if may_see(side, facts_of(message))
    ]


def files_for(side: Side, ticket: Ticket) -> list[Attachment]:
    """Everything of the ticket that this side may download."""
    rows = messages_for(side, ticket).prefetch_related("attachments__blob").order_by("pk")
    seen = (message for message in rows if may_see(side, facts_of(message)))
    return [file for message in seen for file in _files(side, message)]


def file_for(side: Side, ticket: Ticket, attachment_id: int) -> Attachment | None:
    """None where there is no such file for this side, which must look the same as no such file at all."""
    found = Attachment.objects.select_related("message", "blob").filter(
        pk=attachment_id, message__in=messages_for(side, ticket)
    )
    file = found.first()
    if file is None or file.message is None or not may_see(side, facts_of(file.message)):
        return None
    return file if _file_is_for(side, file, file.message) else None


def subject_for(side: Side, ticket: Ticket) -> str:
    """The subject this side knows the matter by: its own, or that of the message the ticket began with, if it
    may read that. Staff rename tickets in words meant for staff, one side may change the subject in a mail
    the other never got; besides, mail programs sort by it.

    "" for a side to which no subject was ever told.
    """
    if side is Side.STAFF:
        return ticket.subject
    first = Message.objects.filter(ticket=ticket).order_by("pk").values_list("pk", "side").first()
    own = messages_for(side, ticket).filter(Q(side=side) | Q(pk=first[0] if first else 0))
    known = own.exclude(subject="").order_by("pk").values_list("subject", flat=True).first()
    if known is not None:
        return plain_subject(known) or known
    return ticket.subject if side is Side.PARTNER and (not first or first[1] != Side.CUSTOMER) else ""


def subjects_for(side: Side, tickets: Sequence[Ticket]) -> dict[int, str]:
    """As ``subject_for``, by ticket. Three queries for all that began with a message that this side reads."""
    ids = [ticket.pk for ticket in tickets] if side is not Side.STAFF else []
    merged = set(Ticket.objects.filter(merged_into_id__in=ids).values_list("merged_into_id", flat=True))
    begun = Message.objects.filter(ticket=OuterRef("pk")).order_by("pk").values("pk")[:1]
    plain = Ticket.objects.filter(pk__in=set(ids) - merged).annotate(begun=Subquery(begun))
    firsts = list(plain.values_list("begun", flat=True))
    known = dict(readable(side).filter(pk__in=firsts).exclude(subject="").values_list("ticket_id", "subject"))
    return {
        ticket.pk: plain_subject(known[ticket.pk]) or known[ticket.pk]
        if ticket.pk in known
        else subject_for(side, ticket)
        for ticket in tickets
    }


def references_for(side: Side, ticket: Ticket, *, limit: int = _MOST_REFERENCES) -> list[str]:
    """Message-IDs for the References of the next mail to this side, the oldest first: only of mails this side
    wrote or was sent. An id of any other says when, and from whose server, we heard from somebody else."""
    rows = messages_for(side, ticket)
    theirs = rows.filter(side=side).exclude(message_id="").order_by("-pk")
    ours = MailCopy.objects.filter(side=side, message__in=rows).order_by("-message_id")
    found = [(pk, message_id) for pk, message_id in theirs.values_list("pk", "message_id")[:limit]]
    for pk, provider_id, sent_id in ours.values_list("message_id", "provider_id", "sent_id")[:limit]:
        found.append((pk, provider_id or sent_id))
    return [message_id for _, message_id in sorted(found)[-limit:]]


def history_for(audience: Audience, ticket: Ticket, *, limit: int = 5) -> list[Said]:
    """What may be quoted below a reply, the newest first: every side it goes to may read it already."""
    sides = sorted(audience.sides)
    if not sides:
        return []
    first, *others = sides
    rows = messages_for(first, ticket)
    for side in others:
        rows = rows.filter(pk__in=messages_for(side, ticket).values("pk"))
    found = rows.select_related("author", "contact", "customer").order_by("-pk")[:limit]
    # The queries above say the same as the rule; one wrong filter among them must not be enough for a leak.
    fit = (message for message in found if quote_allowed(facts_of(message), audience))
    return [_said(first, message, with_files=False) for message in fit]


def addresses_for(audience: Audience, ticket: Ticket) -> dict[Side, tuple[str, ...]]:
    """Whom a mail of this audience goes to: a mail for each side, none naming the other's addresses."""
    people = [
        Addressee(address, Side.PARTNER if side is None else side) for side, address in _everybody(ticket)
    ]
    return recipients(people, audience)


def asker_of(ticket: Ticket) -> str:
    """Address of the one at the partner who asked; "" where that was the end customer, or nobody known."""
    return next(iter(_asker(ticket)), "").lower()


def askers_of(tickets: Sequence[Ticket]) -> dict[int, str]:
    """As ``asker_of``, by ticket. One query for all that no end customer takes part in."""
    customers = Participant.objects.filter(ticket__in=tickets, side=Side.CUSTOMER)
    shared = set(customers.values_list("ticket_id", flat=True))
    return {
        ticket.pk: asker_of(ticket)
        if ticket.pk in shared or ticket.customer_id is not None or not ticket.requester_address
        else ticket.requester_address.lower()
        for ticket in tickets
    }


def people_of(side: Side, ticket: Ticket) -> frozenset[str]:
    """Addresses of everybody on one side, copied or not; a customer without an address counts by number."""
    found = {p.address for p in _participants(ticket).filter(side=side)}
    match side:
        case Side.CUSTOMER:
            if ticket.customer is not None:
                found.add(ticket.customer.address or f"#{ticket.customer_id}")
        case Side.PARTNER:
            found.update(_asker(ticket))
        case Side.STAFF | Side.SYSTEM:
            pass
        case _:
            assert_never(side)
    return frozenset(address.lower() for address in found if address)


def facts_of(message: Message) -> MessageFacts:
    audience = Audience(partner=message.visible_to_partner, customer=message.visible_to_customer)
    return MessageFacts(message.pk, MessageKind(message.kind), audience)


def _everybody(ticket: Ticket) -> list[tuple[Side | None, str]]:
    found: list[tuple[Side | None, str]] = [(Side.PARTNER, address) for address in _asker(ticket)]
    if ticket.customer is not None and ticket.customer.address:
        found.append((Side.CUSTOMER, ticket.customer.address))
    copied = _participants(ticket).filter(is_copied=True).order_by("pk")
    return found + [(Side(p.side), p.address) for p in copied]


def _asker(ticket: Ticket) -> list[str]:
    """The address of the one who asked, where that was not the end customer."""
    address = ticket.requester_address
    if address and not _is_of_customer(address, ticket):
        return [address]
    if ticket.contact is None:
        return []
    mails = ticket.contact.addresses.filter(kind="email").order_by("-is_primary", "pk")
    return list(mails.values_list("normalised", flat=True)[:1])


def _is_of_customer(address: str, ticket: Ticket) -> bool:
    if ticket.customer is not None and ticket.customer.address == address:
        return True
    return _participants(ticket).filter(side=Side.CUSTOMER, address=address).exists()


def _participants(ticket: Ticket) -> QuerySet[Participant]:
    return Participant.objects.filter(ticket=ticket)


def readable(side: Side) -> QuerySet[Message]:
    """What an outside side may read at all, in whatever ticket."""
    seen = Message.objects.filter(_named(side)).exclude(kind__in=(MessageKind.NOTE, MessageKind.AUTO))
    return seen.exclude(delivery__in=_STILL_OURS)


def _named(side: Side) -> Q:
    return Q(visible_to_partner=True) if side is Side.PARTNER else Q(visible_to_customer=True)


def _open_to(side: Side, ticket: Ticket) -> list[int]:
    merged = Ticket.objects.filter(merged_into=ticket).only(*_PEOPLE)
    return [ticket.pk, *(other.pk for other in merged if _same_people(side, other, ticket))]


def _same_people(side: Side, one: Ticket, other: Ticket) -> bool:
    """The colleagues at one partner are one side. Two customers are strangers to each other, and so are two
    people of whom we know no more than an address."""
    if one.pk == other.pk:
        return True
    if one.is_private != other.is_private or (one.is_private and one.contact_id != other.contact_id):
        return False
    if side is Side.CUSTOMER:
        return one.customer_id is not None and one.customer_id == other.customer_id
    if one.partner_id is not None or other.partner_id is not None:
        return one.partner_id == other.partner_id
    return one.requester_address != "" and one.requester_address == other.requester_address


def _said(side: Side, message: Message, *, with_files: bool = True, sees_money: bool = False) -> Said:
    files: Sequence[Attachment] = _files(side, message) if with_files else ()
    # The HTML of a mail repeats its history, which may be words that this side never got. What we write
    # ourselves has none, unless it came by mail.
    plain = side is not Side.STAFF and (message.side != Side.STAFF or message.quote != "")
    return Said(
        id=message.pk,
        kind=MessageKind(message.kind),
        side=Side(message.side),
        name=_name(message),
        text=money_hidden(message) if message.about_money and not sees_money else message.text,
        html="" if plain else message.html,
        at=message.happened_at,
        files=tuple(SharedFile(file.pk, file.filename, file.content_type, file.blob.size) for file in files),
        about_money=message.about_money,
    )


def money_hidden(message: Message) -> str:
    """What stands in the place of a message about money."""
    told = {"name": next((one.get("name") or one.get("address") for one in message.to), "")}
    return _("%(name)s got an automatic answer about money. Only those who may see money read it.") % told


def _name(message: Message) -> str:
    if message.side == Side.STAFF:
        return message.author.name if message.author else ""
    known = message.contact or message.customer
    return known.name if known is not None else message.from_name


def _files(side: Side, message: Message) -> list[Attachment]:
    return [file for file in _all_files(message) if _file_is_for(side, file, message)]


def _all_files(message: Message) -> Iterable[Attachment]:
    # Sorted here: an order_by would ask the database again for each message.
    return sorted(message.attachments.all(), key=lambda file: file.pk)


def _file_is_for(side: Side, file: Attachment, message: Message) -> bool:
    """Pictures inside a mail may belong to the history it quotes: only its writer surely has them."""
    if side is Side.STAFF or not file.is_inline or message.side == side:
        return True
    return message.side == Side.STAFF and message.quote == ""
