"""What the keys that people outside hold open, and what may be told to somebody we only believe.

Three keys lead to a ticket's page. The partner's own is mailed to the address that asked: who has it can read
that mailbox. The end customer's is bound to the customer it was made for. The third is shown right after a
form was sent, to somebody who typed an address that may be anybody's; it shows how the matter stands and
their own words, and never an answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.core.signing import BadSignature, Signer
from django.db.models import Q

from otklik.desk.models import Message, Ticket, Topic, WebForm
from otklik.desk.queries.promises import current_calendars, read_promises
from otklik.desk.queries.sides import shown_ticket
from otklik.desk.rules.vocabulary import ClockKind, Priority, Side
from otklik.kit.calendar import BeyondTheTimetable, EmptyCalendar, add
from otklik.kit.rows import rows_by_id, rows_where
from otklik.partners.public import AddressKind, BadAddress, contacts_with_address, normalise_address

FORM_KEY, PAGE_KEY, SENDER_KEY = "form:", "page:", "sender:"
LONGEST_KEY = 120
_SIGNED = re.compile(r"c\.([0-9]{1,18})\.([0-9]{1,18})|s\.([0-9]{1,18})", re.ASCII)
_WITH = ("owner", "contact", "partner", "customer")


@dataclass(frozen=True, slots=True)
class Visit:
    """``ticket``: the one the key was made for. ``is_proved``: the key came by mail."""

    ticket: Ticket
    side: Side
    is_proved: bool

    @property
    def shown(self) -> Ticket:
        """The survivor of a merge where it is this side's too. An address that nobody proved follows no
        merge: what was joined later is not for whoever typed it."""
        return shown_ticket(self.side, self.ticket) if self.is_proved else self.ticket


def key_for(side: Side, ticket: Ticket) -> str:
    """For a mail to this side; "" where the ticket has nobody on it."""
    if side is Side.PARTNER:
        return str(ticket.public_key)
    if side is Side.CUSTOMER and ticket.customer_id is not None:
        return _signer().sign(f"c.{ticket.pk}.{ticket.customer_id}")
    return ""


def sender_key(ticket: Ticket) -> str:
    """For the page that follows a form."""
    return _signer().sign(f"s.{ticket.pk}")


def visit_by(key: str) -> Visit | None:
    """None for a key that opens nothing (any more). One query."""
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        return None
    rows = Ticket.objects.select_related(*_WITH)
    if "." not in key:
        ticket = rows.filter(public_key=key).first()
        return Visit(ticket, Side.PARTNER, is_proved=True) if ticket else None
    try:
        read = _SIGNED.fullmatch(_signer().unsign(key))
    except BadSignature:
        return None
    if read is None:
        return None
    if read[3]:
        ticket = rows.filter(pk=int(read[3])).first()
        return Visit(ticket, Side.PARTNER, is_proved=False) if ticket else None
    # Another customer in the same ticket is a stranger to the first one's link.
    ticket = rows.filter(pk=int(read[1]), customer_id=int(read[2])).first()
    return Visit(ticket, Side.CUSTOMER, is_proved=True) if ticket else None


def is_only_typed(message: Message) -> bool:
    """Whether nothing but a form says whose message it is."""
    return (message.key or "").removeprefix("first:").startswith((FORM_KEY, SENDER_KEY))


def senders_words(ticket: Ticket) -> list[Message]:
    """What came through the form and the page behind it: the sender's own, whoever else may be on their
    side. Files come with them, by name only."""
    own = Q(key__startswith=SENDER_KEY)
    for beginning in (FORM_KEY, SENDER_KEY):
        own |= Q(key__startswith=f"first:{beginning}")
    rows = Message.objects.filter(ticket=ticket).filter(own)
    return list(rows.prefetch_related("attachments").order_by("pk")[:50])


def topics_on(page: WebForm) -> list[Topic]:
    """What the form lets people choose from, in order."""
    chosen = rows_where(WebForm.topics.through, "webform_id", [page.pk])
    topics = rows_by_id(Topic, (row.topic_id for row in chosen)).values()
    return sorted((topic for topic in topics if topic.is_active), key=attrgetter("position", "pk"))


def contact_by_address(address: str, *, program_id: int) -> tuple[int | None, int | None]:
    """(contact, partner) whom a form's address belongs to, for routing. Nobody where several share it: a
    colleague chooses."""
    try:
        normalised = normalise_address(AddressKind.EMAIL, address)
    except BadAddress:
        return None, None
    people = contacts_with_address(normalised, program_id=program_id)
    return people[0] if len(people) == 1 else (None, None)


def promised_to_anybody(*, program_id: int, topic_id: int | None, at: datetime) -> datetime | None:
    """By when somebody unknown is answered. Shown after a form is sent in place of the ticket's own deadline:
    that one depends on the partner's tier and would tell whose address was typed."""
    promises = read_promises()
    for policy in promises.policies:
        if not policy.fits(program_id=program_id, tier="", topic_id=topic_id):
            continue
        promise = policy.promises(Priority.NORMAL).get(ClockKind.FIRST_RESPONSE)
        if promise is None:
            return None
        calendar = current_calendars([policy.calendar_id])[policy.calendar_id]
        try:
            return add(calendar, at, promise.minutes)
        except (EmptyCalendar, BeyondTheTimetable):
            return None
    return None


def _signer() -> Signer:
    return Signer(salt="otklik.desk.doors", sep=".")
