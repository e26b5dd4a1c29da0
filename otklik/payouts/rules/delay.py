"""Which payouts and decisions are late, and who has to hear of what today without asking."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from otklik.payouts.rules.holds import HeldPart
from otklik.payouts.rules.schedule import after_business_days
from otklik.payouts.rules.vocabulary import AWAITED, HoldState, Notice, PayoutState

_HOLD = "hold"
TRANSFER_DAYS = 3
"""Business days a bank takes. Money that left in time is late only after them."""


@dataclass(frozen=True, slots=True)
class Awaited:
    key: int
    state: PayoutState
    expected_on: date
    original_expected_on: date
    """The day first told."""
    notice_days: int
    """By the partner's terms."""
    sent_on: date | None = None


class Due(NamedTuple):
    key: str
    """Says what was told once and for all; who is told of another day is told anew."""
    notice: Notice
    subject: int
    """Key of the payout or of the hold."""


def due_by(payout: Awaited, holidays: Container[date] = ()) -> date:
    """The last day on which nobody has to wonder where the money is."""
    return last_day(payout.expected_on, payout.sent_on, holidays)


def last_day(expected_on: date, sent_on: date | None, holidays: Container[date] = ()) -> date:
    """On which it is not late yet, whatever becomes of it."""
    if sent_on is not None and sent_on <= expected_on:
        return max(expected_on, after_business_days(sent_on, TRANSFER_DAYS, holidays))
    return expected_on


def days_late(payout: Awaited, on: date, holidays: Container[date] = ()) -> int:
    """Calendar days since the expected day; 0: not late, paid, or out of question."""
    if payout.state not in AWAITED or on <= due_by(payout, holidays):
        return 0
    return (on - payout.expected_on).days


def late_from(payout: Awaited, paid_on: date | None, holidays: Container[date] = ()) -> date:
    """The first day on which it is, or will be, late; ``date.max``: it came in time."""
    last = due_by(payout, holidays)
    return date.max if paid_on is not None and paid_on <= last else last + timedelta(days=1)


def late_payouts(payouts: Iterable[Awaited], on: date, holidays: Container[date] = ()) -> list[Awaited]:
    """The longest late first."""
    late = [payout for payout in payouts if days_late(payout, on, holidays)]
    return sorted(late, key=lambda payout: (payout.expected_on, payout.key))


def payout_notices(
    payouts: Iterable[Awaited], on: date, *, told: Container[str], holidays: Container[date] = ()
) -> list[Due]:
    """At most one a payout, the worst news first. ``told``: keys of the notices that went out."""
    found = ((payout.key, _notice_of(payout, on, holidays), payout.expected_on) for payout in payouts)
    dues = [Due(f"{notice}:{key}:{day}", notice, key) for key, notice, day in found if notice]
    return [due for due in dues if due.key not in told]


def _notice_of(payout: Awaited, on: date, holidays: Container[date]) -> Notice | None:
    if payout.state not in AWAITED:
        return None
    if days_late(payout, on, holidays):
        return Notice.DELAYED
    if on > payout.expected_on:
        return None  # on its way, within the days a bank takes
    days = (payout.expected_on - on).days
    if payout.expected_on > payout.original_expected_on and days > payout.notice_days:
        return Notice.MOVED
    return Notice.SOON if days <= payout.notice_days and payout.state is not PayoutState.SENT else None


def hold_notices(holds: Iterable[HeldPart], on: date, *, told: Container[str]) -> list[Due]:
    """Of a hold: that it is there, that it changed, that the decision is late, how it ended."""
    dues = [due for hold in holds if (due := _hold_notice(hold, on, told))]
    return [due for due in dues if due.key not in told]


def _hold_notice(hold: HeldPart, on: date, told: Container[str]) -> Due | None:
    """Who was told of an older version hears that it changed; who was told of none, that there is a hold. The
    decision is told in any case."""
    if hold.state is not HoldState.OPEN:
        return Due(f"{_HOLD}:{hold.key}:decided", Notice.HOLD_DECIDED, hold.key)
    version = f"{_HOLD}:{hold.key}:{hold.version}"
    if version not in told:
        older = (f"{_HOLD}:{hold.key}:{number}" for number in range(hold.version))
        changed = any(key in told for key in older)
        return Due(version, Notice.HOLD_CHANGED if changed else Notice.HELD, hold.key)
    if hold.decide_by < on:
        return Due(f"{_HOLD}:{hold.key}:late:{hold.decide_by}", Notice.HOLD_LATE, hold.key)
    return None
