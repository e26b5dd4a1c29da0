"""When somebody is told before they ask: not at night, not too often, and only of what is still so."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from otklik.assist.rules.vocabulary import NoticeKind

MORNING, EVENING = time(9), time(20)
MOST_MAILS_A_DAY = 3
"""To one person. What is more stands on the portal only."""
_SATURDAY = 5

DAYS: dict[NoticeKind, int] = {
    NoticeKind.RENEWAL_NEAR: 30,
    NoticeKind.MATTER_SILENT: 3,
    NoticeKind.PARTNER_SILENT: 60,
}
"""Kinds that know a number of days, and what it is before anybody sets it: days before the renewal, working
days without a word in a matter, days without a word to a partner. Of payouts the terms say how many."""
MOST_DAYS = 365
PROMISE_MINUTES = 30
"""So long before the promised moment its partner is told that it may pass."""
ABOUT_MONEY = frozenset(
    {
        NoticeKind.PAYOUT_SOON,
        NoticeKind.PAYOUT_LATE,
        NoticeKind.PAYOUT_FAILED,
        NoticeKind.HOLD_OPENED,
        NoticeKind.HOLD_DECIDED,
    }
)


def waking_hour(at: datetime, zone: ZoneInfo) -> datetime:
    """``at``, or the next morning in the zone where it is early or late there."""
    local = at.astimezone(zone)
    if MORNING <= local.time() < EVENING:
        return at
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, tzinfo=zone).astimezone(at.tzinfo)


def working_days_before(at: datetime, days: int) -> datetime:
    """The same time so many days from Monday to Friday earlier. Holidays count as days of work: silence over
    a holiday is told of a day early at worst."""
    moment = at
    while days > 0:
        moment -= timedelta(days=1)
        days -= moment.weekday() < _SATURDAY
    return moment
