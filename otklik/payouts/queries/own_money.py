"""What a partner reads of its own money: what comes, what waits and why, what is free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from otklik.partners.public import Partner
from otklik.payouts.access import partner_holds, partner_payouts, partner_requests
from otklik.payouts.models import Balance, Hold, Payout, PayoutRequest
from otklik.payouts.queries.partner_money import pay_day
from otklik.payouts.queries.waiting import late_by
from otklik.payouts.rules.balance import available, owed
from otklik.payouts.rules.vocabulary import AWAITED, HoldState

MOST = 20
_DECIDED_SHOWN = timedelta(days=90)
_REQUESTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class OwnBalance:
    """``available = max(0, total - held - planned)``; ``owed = max(0, -total)``."""

    currency: str
    total: Decimal
    held: Decimal
    planned: Decimal
    available: Decimal
    owed: Decimal


@dataclass(frozen=True, slots=True)
class Coming:
    payout: Payout
    days_late: int


@dataclass(frozen=True, slots=True)
class Held:
    hold: Hold
    is_late: bool
    """The day of the decision is over."""


@dataclass(frozen=True, slots=True)
class OwnMoney:
    """``coming``: the next day first. ``pay_day``: by the terms; None: no terms are set. ``decided``: holds
    of the last ninety days."""

    balances: Sequence[OwnBalance]
    coming: Sequence[Coming]
    held: Sequence[Held]
    decided: Sequence[Hold]
    requests: Sequence[PayoutRequest]
    pay_day: date | None

    @property
    def free(self) -> Sequence[OwnBalance]:
        return [one for one in self.balances if one.available > 0]


def own_money(partner: Partner, *, on: date, at: datetime) -> OwnMoney:
    payouts = partner_payouts(partner.pk).filter(state__in=list(AWAITED)).order_by("expected_on", "pk")
    holds = partner_holds(partner.pk)
    opened = holds.filter(state=HoldState.OPEN).order_by("decide_by", "pk")[:MOST]
    decided = holds.exclude(state=HoldState.OPEN).filter(decided_at__gte=at - _DECIDED_SHOWN)
    return OwnMoney(
        balances=own_balances(partner.pk),
        coming=[Coming(payout, late_by(payout, on)) for payout in payouts[:MOST]],
        held=[Held(hold, hold.decide_by < on) for hold in opened],
        decided=list(decided.order_by("-decided_at", "-pk")[:_REQUESTS_SHOWN]),
        requests=list(partner_requests(partner.pk).order_by("-created_at", "-pk")[:_REQUESTS_SHOWN]),
        pay_day=pay_day(partner, on),
    )


def own_balances(partner_id: int) -> list[OwnBalance]:
    return [
        OwnBalance(
            currency=row.currency,
            total=row.total,
            held=row.held,
            planned=row.planned,
            available=available(row.total, row.held, row.planned),
            owed=owed(row.total),
        )
        for row in Balance.objects.filter(partner_id=partner_id).order_by("currency")
    ]
