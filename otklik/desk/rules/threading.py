"""Where an incoming mail belongs. A wrong join shows one partner's words to another, a missed one costs a
click.

So every road into a ticket asks who writes: a token, a Message-ID and a number in the subject can all be
forwarded, leaked or guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from otklik.desk.rules.reply_token import Forged, GoodToken
from otklik.desk.rules.vocabulary import Side, TicketStatus

_MOST_SUGGESTIONS = 5


class How(StrEnum):
    TOKEN = "token"  # noqa: S105 - a word
    REFERENCE = "reference"
    FOLLOW_UP = "follow_up"
    """A new ticket, linked to the ended one."""
    NEW = "new"


class Flag(StrEnum):
    FORGED_TOKEN = "forged_token"  # noqa: S105 - a word
    FOREIGN_TOKEN = "foreign_token"  # noqa: S105 - a word
    """Signed by us, used by somebody who is not in the ticket."""
    OTHER_SIDE_TOKEN = "other_side_token"  # noqa: S105 - a word
    """Given to one side, used by the other: somebody forwarded what was not meant to be."""
    FOREIGN_REFERENCE = "foreign_reference"
    FOREIGN_NUMBER = "foreign_number"
    MERGED = "merged"
    """Was for a ticket merged away; lands in the survivor."""


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """Addresses in lower case: everybody outside who wrote in the ticket or was addressed in it (Cc too)."""

    id: int
    status: TicketStatus
    partner_id: int | None = None
    partner_addresses: frozenset[str] = frozenset()
    customer_addresses: frozenset[str] = frozenset()
    merged_into: int | None = None
    is_private: bool = False
    """Colleagues of who asked have no part in it, unless they were copied in."""
    ended_at: datetime | None = None
    """When it was solved or closed, whichever came last."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A message id in the memory of a ticket."""

    ticket_id: int
    own: bool
    """Of a message stored in the ticket. False: only referenced by one, such as a mail between other people,
    or a newsletter."""


@dataclass(frozen=True, slots=True)
class Sender:
    address: str
    partner_id: int | None = None
    known_addresses: frozenset[str] = frozenset()
    """All addresses of the recognised contact or customer."""
    is_staff: bool = False
    is_customer: bool = False
    """Known as an end customer of ``partner_id``."""
    is_doubtful: bool = False
    """The server that checks senders did not find that it was this one."""

    @property
    def addresses(self) -> frozenset[str]:
        return frozenset(a.lower() for a in (self.address, *self.known_addresses) if a)


@dataclass(frozen=True, slots=True)
class Headers:
    """In the order of the mail. Empty strings are allowed: some programs send an empty In-Reply-To."""

    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    tokens: tuple[GoodToken | Forged, ...] = ()
    """Reply addresses among To, Cc and Delivered-To, already read."""
    number_in_subject: int | None = None
    """Id of the ticket whose number stands in the subject, where there is one."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the queries found. ``tickets`` holds every ticket named elsewhere here, survivors too."""

    tickets: Mapping[int, TicketFacts] = field(default_factory=dict)
    by_message_id: Mapping[str, tuple[Remembered, ...]] = field(default_factory=dict)
    same_matter: tuple[int, ...] = ()
    """Open tickets of the sender's partner that look alike, best first (``duplicates.py``)."""


@dataclass(frozen=True, slots=True)
class Placement:
    ticket_id: int | None
    """None: a new ticket."""
    how: How
    side: Side
    """From which the sender writes in that ticket."""
    flags: tuple[Flag, ...] = ()
    suggestion: tuple[int, ...] = ()
    """Tickets that may be the same matter: a person decides."""
    follow_up_of: int | None = None


def place(headers: Headers, sender: Sender, known: Known, *, at: datetime, reopen_days: int) -> Placement:
    """``reopen_days``: how long an ended ticket takes replies; later ones begin a follow-up."""
    flags: list[Flag] = []
    refused: list[int] = []
    for how, ticket, origin in _roads(headers, sender, known, flags, refused):
        side = side_of(sender, origin)
        # A header that led nowhere says nothing once another road was right; a bad token still does.
        flags = [flag for flag in flags if flag is not Flag.FOREIGN_REFERENCE]
        if ticket.id != origin.id:
            flags.append(Flag.MERGED)
        if _other_side(headers, side):
            flags.append(Flag.OTHER_SIDE_TOKEN)
        if _ended(ticket, at, reopen_days):
            return Placement(None, How.FOLLOW_UP, side, _once(flags), follow_up_of=ticket.id)
        return Placement(ticket.id, how, side, _once(flags))
    if _number_of_a_stranger(headers, sender, known):
        flags.append(Flag.FOREIGN_NUMBER)
    return Placement(
        None,
        How.NEW,
        side_of(sender, None),
        _once(flags),
        _suggestion(headers, sender, known, refused),
    )


def side_of(sender: Sender, ticket: TicketFacts | None) -> Side:
    """A contact of the ticket's partner writes for the partner even where he stood in a customer's Cc."""
    if sender.is_staff:
        return Side.STAFF
    if sender.is_customer:
        return Side.CUSTOMER
    if ticket is None or (sender.partner_id is not None and sender.partner_id == ticket.partner_id):
        return Side.PARTNER
    if sender.addresses & ticket.customer_addresses and not sender.addresses & ticket.partner_addresses:
        return Side.CUSTOMER
    return Side.PARTNER


def survivor(ticket: TicketFacts, tickets: Mapping[int, TicketFacts]) -> TicketFacts:
    """The end of a chain of merges; a ring (a damaged backup may hold one) is left anywhere."""
    seen = {ticket.id}
    while ticket.merged_into is not None and ticket.merged_into not in seen:
        following = tickets.get(ticket.merged_into)
        if following is None:
            break
        ticket = following
        seen.add(ticket.id)
    return ticket


def _once(flags: list[Flag]) -> tuple[Flag, ...]:
    return tuple(dict.fromkeys(flags))


def _roads(
    headers: Headers, sender: Sender, known: Known, flags: list[Flag], refused: list[int]
) -> Iterator[tuple[How, TicketFacts, TicketFacts]]:
    """Ways in, the surest first: (how, survivor, ticket as it was named). What is refused is noted."""
    for token in headers.tokens:
        origin = None if isinstance(token, Forged) else known.tickets.get(token.ticket_id)
        if origin is None:
            flags.append(Flag.FORGED_TOKEN)
        elif _takes_part(sender, origin) or _same_partner(sender, origin):
            origin = _split_off(headers, sender, known, origin)
            yield How.TOKEN, survivor(origin, known.tickets), origin
        else:
            flags.append(Flag.FOREIGN_TOKEN)
            refused.append(origin.id)
    for message_id in (*headers.in_reply_to, *reversed(headers.references)):
        for origin in _by_reference(message_id, sender, known, flags):
            if sender.is_doubtful:
                # An id is known to more people than its writer, and From is all that speaks for this one.
                refused.append(origin.id)
                continue
            yield How.REFERENCE, survivor(origin, known.tickets), origin


def _split_off(headers: Headers, sender: Sender, known: Known, named: TicketFacts) -> TicketFacts:
    """The ticket that has the answered message now, where it was split off the one our mail named: the
    address that went out with it cannot change any more."""
    for message_id in headers.in_reply_to:
        holders = [r.ticket_id for r in known.by_message_id.get(message_id, ()) if r.own]
        if holders and named.id not in holders:
            found = known.tickets.get(holders[-1])
            if found is not None and _takes_part(sender, found):
                return found
    return named


def _by_reference(message_id: str, sender: Sender, known: Known, flags: list[Flag]) -> list[TicketFacts]:
    """Tickets that remember the id and are the sender's, open ones and younger ones first."""
    remembered = known.by_message_id.get(message_id, ()) if message_id.strip() else ()
    found = [(known.tickets[r.ticket_id], r.own) for r in remembered if r.ticket_id in known.tickets]
    # An id that several tickets merely refer to was sent to many people: it joins a person to his own
    # ticket, never a colleague to another's.
    spread = len({ticket.id for ticket, own in found if not own}) > 1
    mine = [
        ticket
        for ticket, own in found
        if _takes_part(sender, ticket) or (_same_partner(sender, ticket) and (own or not spread))
    ]
    if found and not mine:
        flags.append(Flag.FOREIGN_REFERENCE)
    return sorted(mine, key=lambda t: (t.status is TicketStatus.CLOSED, -t.id))


def _takes_part(sender: Sender, ticket: TicketFacts) -> bool:
    return sender.is_staff or bool(sender.addresses & (ticket.partner_addresses | ticket.customer_addresses))


def _same_partner(sender: Sender, ticket: TicketFacts) -> bool:
    """Not for end customers: two customers of one partner are strangers to each other. Nor where a matter is
    private: its mails may be forwarded, and whoever joins it gets all that follow."""
    if ticket.is_private or sender.is_customer:
        return False
    return sender.partner_id is not None and sender.partner_id == ticket.partner_id


def _other_side(headers: Headers, side: Side) -> bool:
    given = {token.recipient.side for token in headers.tokens if isinstance(token, GoodToken)}
    return side is not Side.STAFF and bool(given) and side not in given


def _ended(ticket: TicketFacts, at: datetime, reopen_days: int) -> bool:
    if ticket.status not in (TicketStatus.SOLVED, TicketStatus.CLOSED):
        return False
    return ticket.ended_at is None or at - ticket.ended_at > timedelta(days=reopen_days)


def _number_of_a_stranger(headers: Headers, sender: Sender, known: Known) -> bool:
    ticket = known.tickets.get(headers.number_in_subject or 0)
    return ticket is not None and not _takes_part(sender, ticket) and not _same_partner(sender, ticket)


def _suggestion(headers: Headers, sender: Sender, known: Known, refused: list[int]) -> tuple[int, ...]:
    """A number proves nothing, but from a person of the ticket it is a good guess; so is a token that was
    used from an address we do not know yet. The other side of a foreign partner is never suggested."""
    ids: list[int] = []
    named = known.tickets.get(headers.number_in_subject or 0)
    if named is not None and (_takes_part(sender, named) or _same_partner(sender, named)):
        ids.append(survivor(named, known.tickets).id)
    is_stranger = sender.partner_id is None and not sender.is_customer
    ids += [
        survivor(ticket, known.tickets).id
        for ticket in (known.tickets[ticket_id] for ticket_id in refused)
        if is_stranger or _takes_part(sender, ticket) or _same_partner(sender, ticket)
    ]
    return tuple(dict.fromkeys((*ids, *known.same_matter)))[:_MOST_SUGGESTIONS]
