"""Payouts and holds: who is told what their events say."""

from __future__ import annotations

from datetime import datetime

from otklik.assist.news.money import OF_HOLDS, OF_PAYOUTS, HoldNews, PayoutNews
from otklik.assist.operations.notices import is_on, people_to_tell, tell_people
from otklik.assist.rules.vocabulary import NoticeKind
from otklik.payouts.public import Hold, Payout

FAILED = ("payout.failed", "payout.returned")


def tell_of_payout(*, kind: str, notice: str, payout_id: int, event_id: int, at: datetime) -> int:
    """``kind``: of the event; ``notice``: what ``payouts`` calls it. How many were told."""
    told = NoticeKind.PAYOUT_FAILED if kind in FAILED else OF_PAYOUTS.get(notice)
    payout = Payout.objects.filter(pk=payout_id).first()
    if told is None or payout is None or not is_on(told):
        return 0
    news = PayoutNews(told, f"e{event_id}:p{payout.pk}", payout)
    return tell_people(news, people_to_tell(payout.partner_id, told), at=at)


def tell_of_hold(*, notice: str, hold_id: int, event_id: int, at: datetime) -> int:
    told = OF_HOLDS.get(notice)
    hold = Hold.objects.filter(pk=hold_id).first()
    if told is None or hold is None or not is_on(told):
        return 0
    news = HoldNews(told, f"e{event_id}:h{hold.pk}", hold)
    return tell_people(news, people_to_tell(hold.partner_id, told), at=at)
