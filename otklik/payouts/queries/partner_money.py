"""What a partner's page and a ticket's side tell about money: the next payout, and what is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from otklik.partners.public import Partner
from otklik.payouts.models import Balance, Hold, PaymentTerms, Payout
from otklik.payouts.rules.balance import available
from otklik.payouts.rules.schedule import Terms, next_payout
from otklik.payouts.rules.vocabulary import AWAITED, HoldState, Schedule

MOST = 5


@dataclass(frozen=True, slots=True)
class PartnerMoney:
    """``pay_day``: by the terms, where no payout is on its way; None: no terms are set."""

    payouts: list[Payout]
    holds: list[Hold]
    balances: list[Balance]
    pay_day: date | None

    @property
    def is_empty(self) -> bool:
        return not (self.payouts or self.holds or self.balances)

    @property
    def has_available(self) -> bool:
        return any(available(row.total, row.held, row.planned) > 0 for row in self.balances)


def partner_money(partner: Partner, on: date) -> PartnerMoney:
    payouts = Payout.objects.filter(partner=partner, state__in=list(AWAITED)).order_by("expected_on", "pk")
    holds = Hold.objects.filter(partner=partner, state=HoldState.OPEN).order_by("decide_by", "pk")
    return PartnerMoney(
        payouts=list(payouts[:MOST]),
        holds=list(holds[:MOST]),
        balances=list(Balance.objects.filter(partner=partner).order_by("currency")),
        pay_day=pay_day(partner, on),
    )


def pay_day(partner: Partner, on: date) -> date | None:
    rows = PaymentTerms.objects.filter(program_id=partner.program_id)
    found = {row.partner_id: row for row in rows.filter(Q(partner=None) | Q(partner=partner))}
    terms = found.get(partner.pk) or found.get(None)
    if terms is None:
        return None
    return next_payout(Terms(Schedule(terms.schedule), terms.day, terms.net_days, terms.notice_days), on)
