"""How a ticket moves between statuses, and which of five words the partner is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from otklik.desk.rules.vocabulary import OPEN_STATUSES, MessageKind, Side, TicketStatus, Verdict

_NEW, _OPEN, _WAITING, _ON_HOLD = OPEN_STATUSES
_SOLVED, _CLOSED = TicketStatus.SOLVED, TicketStatus.CLOSED

# Nothing goes back to NEW: it says that nobody has looked yet. Out of CLOSED only a late reply leads, within
# the policy's days, and a person's own "reopen".
_BY_STAFF: dict[TicketStatus, frozenset[TicketStatus]] = {
    _NEW: frozenset({_OPEN, _WAITING, _ON_HOLD, _SOLVED, _CLOSED}),
    _OPEN: frozenset({_WAITING, _ON_HOLD, _SOLVED, _CLOSED}),
    _WAITING: frozenset({_OPEN, _ON_HOLD, _SOLVED, _CLOSED}),
    _ON_HOLD: frozenset({_OPEN, _WAITING, _SOLVED, _CLOSED}),
    _SOLVED: frozenset({_OPEN, _WAITING, _ON_HOLD, _CLOSED}),
    _CLOSED: frozenset({_OPEN}),
}
# "It is solved" and "no, it is not" are the partner's to say; an end customer only writes.
_BY_PARTNER: dict[TicketStatus, frozenset[TicketStatus]] = {
    **{status: frozenset({_SOLVED}) for status in OPEN_STATUSES},
    _SOLVED: frozenset({_OPEN, _CLOSED}),
    _CLOSED: frozenset(),
}


class PartnerWord(StrEnum):
    RECEIVED = "received"
    IN_WORK = "in_work"
    WAITING_FOR_YOU = "waiting_for_you"
    SOLVED = "solved"
    CLOSED = "closed"


_WORDS = {
    _NEW: PartnerWord.RECEIVED,
    _OPEN: PartnerWord.IN_WORK,
    _WAITING: PartnerWord.WAITING_FOR_YOU,
    # That we wait for another department is our own business.
    _ON_HOLD: PartnerWord.IN_WORK,
    _SOLVED: PartnerWord.SOLVED,
    _CLOSED: PartnerWord.CLOSED,
}


@dataclass(frozen=True, slots=True)
class AfterMessage:
    status: TicketStatus
    reopened: bool = False
    """An ended ticket is open again."""
    follow_up: bool = False
    """The ticket stays ended; the message begins a new one."""


def partner_word(status: TicketStatus) -> PartnerWord:
    return _WORDS[status]


def tells_partner(before: TicketStatus, after: TicketStatus) -> bool:
    """A change between two statuses that are one word to the partner is no news to him."""
    return _WORDS[before] is not _WORDS[after]


def may_change(before: TicketStatus, after: TicketStatus, by: Side) -> bool:
    """The system (rules, closing after the days) may what staff may."""
    if by is Side.PARTNER:
        return after in _BY_PARTNER[before]
    return by in (Side.STAFF, Side.SYSTEM) and after in _BY_STAFF[before]


def next_statuses(before: TicketStatus, by: Side) -> tuple[TicketStatus, ...]:
    return tuple(status for status in TicketStatus if may_change(before, status, by))


def reachable_statuses(by: Side) -> tuple[TicketStatus, ...]:
    """Those that some ticket may be moved to: for what is said of many tickets at once."""
    return tuple(
        after for after in TicketStatus if any(may_change(before, after, by) for before in TicketStatus)
    )


def after_incoming(
    status: TicketStatus, verdict: Verdict, *, ended_at: datetime | None, at: datetime, reopen_days: int
) -> AfterMessage:
    """A message from outside. Only a person moves a ticket: an out-of-office to our "solved" is no protest.

    ``ended_at``: when it was solved or closed; unknown counts as long ago.
    """
    if verdict is not Verdict.PERSON:
        return AfterMessage(status)
    if status in (_SOLVED, _CLOSED):
        if ended_at is None or at - ended_at > timedelta(days=reopen_days):
            return AfterMessage(status, follow_up=True)
        return AfterMessage(_OPEN, reopened=True)
    if status is _WAITING:
        return AfterMessage(_OPEN)
    # ON_HOLD stays: the other department still owes its answer, and the owner sees the new message anyway.
    return AfterMessage(status)


def after_outgoing(status: TicketStatus, kind: MessageKind, chosen: TicketStatus | None) -> TicketStatus:
    """What staff wrote: a reply may carry a status ("send and wait"); otherwise it only ends NEW.

    An answer into an ended ticket leaves it ended unless the writer chose otherwise.
    """
    if kind not in (MessageKind.REPLY, MessageKind.CALL):
        return status
    if chosen is not None and (chosen is status or may_change(status, chosen, Side.STAFF)):
        return chosen
    return _OPEN if status is _NEW else status


def closes_by_itself(status: TicketStatus, solved_at: datetime | None, *, at: datetime, days: int) -> bool:
    return status is _SOLVED and solved_at is not None and at - solved_at >= timedelta(days=days)
