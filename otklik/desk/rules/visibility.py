"""Three sides of a ticket and what each may see. What is not said to be visible is not.

A staff member sees everything. An outside side sees a message only where the message names it, and a note
never, whatever is stored beside it: one wrong flag must not be enough for a leak.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from otklik.desk.rules.vocabulary import MessageKind, Side

OUTSIDE = (Side.PARTNER, Side.CUSTOMER)


@dataclass(frozen=True, slots=True)
class Audience:
    """Which outside sides see a message; staff always does."""

    partner: bool = False
    customer: bool = False

    @property
    def sides(self) -> frozenset[Side]:
        named = ((Side.PARTNER, self.partner), (Side.CUSTOMER, self.customer))
        return frozenset(side for side, seen in named if seen)

    def within(self, other: Audience) -> bool:
        """Nobody here who is not there."""
        return self.sides <= other.sides


STAFF_ONLY = Audience()
TO_PARTNER = Audience(partner=True)
TO_CUSTOMER = Audience(customer=True)
TO_BOTH = Audience(partner=True, customer=True)
_TO = {Side.PARTNER: TO_PARTNER, Side.CUSTOMER: TO_CUSTOMER}


class NoteLeavesTheHouse(Exception):
    """A note, or an automatic mail that arrived, was to be shown outside."""


class SideNotInTicket(Exception):
    """The audience names a side that has nobody in this ticket."""


class AudienceEmpty(Exception):
    """A reply to nobody: the writer has to choose a side."""


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """``audience`` as stored with the message. Files have none of their own but their message's."""

    id: int
    kind: MessageKind
    audience: Audience


@dataclass(frozen=True, slots=True)
class Participant:
    address: str
    side: Side


def default_audience(
    kind: MessageKind, author: Side, *, present: Collection[Side], answering: Side | None = None
) -> Audience:
    """``present``: outside sides of the ticket. ``answering``: the side of the message being answered.

    A reply in a ticket with two outside sides that answers nobody in particular starts with no side
    chosen: a guess would be right half the time.
    """
    if kind in (MessageKind.NOTE, MessageKind.AUTO):
        # A bounce or out-of-office quotes what we wrote to somebody: not for the other side to read.
        return STAFF_ONLY
    if kind is MessageKind.INCOMING and author not in OUTSIDE:
        # A colleague's mail to the ticket may be meant for us alone, and From is easily forged.
        return STAFF_ONLY
    if author in OUTSIDE:
        return _TO[author]
    if answering in OUTSIDE and answering in present:
        return _TO[answering]
    outside = [side for side in OUTSIDE if side in present]
    if len(outside) == 1:
        return _TO[outside[0]]
    if kind is MessageKind.NOTICE and Side.PARTNER in present:
        # Status changes are told to the partner: the ticket is between him and us.
        return TO_PARTNER
    return STAFF_ONLY


def check_audience(kind: MessageKind, audience: Audience, *, present: Collection[Side]) -> None:
    """At the moment of sending. Raises NoteLeavesTheHouse, SideNotInTicket, AudienceEmpty."""
    if kind in (MessageKind.NOTE, MessageKind.AUTO):
        if audience != STAFF_ONLY:
            raise NoteLeavesTheHouse
        return
    if kind in (MessageKind.REPLY, MessageKind.NOTICE) and not audience.sides:
        raise AudienceEmpty
    if missing := audience.sides - set(present):
        raise SideNotInTicket(*sorted(missing))


def may_see(side: Side, message: MessageFacts) -> bool:
    if side is Side.STAFF:
        return True
    if message.kind in (MessageKind.NOTE, MessageKind.AUTO):
        return False
    return side in message.audience.sides


def recipients(participants: Sequence[Participant], audience: Audience) -> dict[Side, tuple[str, ...]]:
    """Addresses by side: each side gets a mail of its own, so that neither reads the other's addresses.

    Somebody who stands on both sides is written to as the partner only, and once.
    """
    result: dict[Side, tuple[str, ...]] = {}
    taken: set[str] = set()
    for side in OUTSIDE:
        own = dict.fromkeys(p.address.strip().lower() for p in participants if p.side is side)
        if side in audience.sides and (addresses := tuple(a for a in own if a and a not in taken)):
            result[side] = addresses
        if side is Side.PARTNER:
            taken.update(own)
    return result


def quote_allowed(message: MessageFacts, audience: Audience) -> bool:
    """Whether a message may stand below a reply: everybody the reply goes to may see it already."""
    return all(may_see(side, message) for side in audience.sides)
