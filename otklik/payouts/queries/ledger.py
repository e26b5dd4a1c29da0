"""A partner's money on one page: balances, lines of the ledger by what is asked for, what else there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from otklik.partners.public import Partner
from otklik.payouts.models import (
    AccountDetails,
    Balance,
    Entry,
    Hold,
    PaymentTerms,
    Payout,
    PayoutRequest,
    Statement,
)
from otklik.payouts.rules.balance import available
from otklik.payouts.rules.vocabulary import DetailsState, EntryKind, HoldState

MOST = 6


@dataclass(frozen=True, slots=True)
class BalanceLine:
    currency: str
    total: Decimal
    held: Decimal
    planned: Decimal
    available: Decimal


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """ "" and None: any."""

    currency: str = ""
    kind: str = ""
    source: str = ""
    start: date | None = None
    end: date | None = None

    @property
    def is_set(self) -> bool:
        return bool(self.currency or self.kind or self.source or self.start or self.end)


@dataclass(frozen=True, slots=True)
class MoneyPage:
    """``terms``: the partner's own or those of the program; None: none are set."""

    balances: list[BalanceLine]
    statements: list[Statement]
    holds: list[Hold]
    payouts: list[Payout]
    requests: list[PayoutRequest]
    terms: PaymentTerms | None
    details: Mapping[str, AccountDetails] = field(default_factory=dict)

    @property
    def has_available(self) -> bool:
        return any(one.available > 0 for one in self.balances)


@dataclass(frozen=True, slots=True)
class KindSum:
    kind: str
    lines: int
    amount: Decimal


def money_page(partner: Partner) -> MoneyPage:
    of_partner = {"partner": partner}
    known = PaymentTerms.objects.filter(Q(partner=partner) | Q(partner=None), program=partner.program_id)
    terms = {row.partner_id: row for row in known}
    states = (DetailsState.CONFIRMED, DetailsState.PROPOSED)
    return MoneyPage(
        balances=[
            BalanceLine(
                row.currency, row.total, row.held, row.planned, available(row.total, row.held, row.planned)
            )
            for row in Balance.objects.filter(**of_partner).order_by("currency")
        ],
        statements=list(Statement.objects.filter(**of_partner).order_by("-end", "-pk")[:MOST]),
        holds=list(
            Hold.objects.filter(**of_partner, state=HoldState.OPEN).order_by("decide_by", "pk")[:MOST]
        ),
        payouts=list(Payout.objects.filter(**of_partner).order_by("-expected_on", "-pk")[:MOST]),
        requests=list(PayoutRequest.objects.filter(**of_partner).order_by("-created_at", "-pk")[:MOST]),
        terms=terms.get(partner.pk) or terms.get(None),
        details={row.state: row for row in AccountDetails.objects.filter(**of_partner, state__in=states)},
    )


def ledger_lines(partner: Partner, wanted: EntryFilter) -> QuerySet[Entry]:
    """The latest day first."""
    rows = Entry.objects.filter(partner=partner)
    if wanted.currency:
        rows = rows.filter(currency=wanted.currency)
    if wanted.kind in set(EntryKind):
        rows = rows.filter(kind=wanted.kind)
    if wanted.source:
        rows = rows.filter(source__icontains=wanted.source)
    if wanted.start:
        rows = rows.filter(earned_on__gte=wanted.start)
    if wanted.end:
        rows = rows.filter(earned_on__lte=wanted.end)
    return rows.order_by("-earned_on", "-pk")


def sums_of(rows: QuerySet[Entry]) -> list[tuple[str, Decimal]]:
    """By currency: amounts of different ones have no sum."""
    found = rows.order_by().values_list("currency").annotate(Sum("amount"))
    return sorted((currency, amount) for currency, amount in found)


def statement_lines(statement: Statement) -> QuerySet[Entry]:
    return Entry.objects.filter(statement=statement).order_by("earned_on", "pk")


def statement_sums(statement: Statement) -> list[KindSum]:
    found = statement_lines(statement).order_by().values_list("kind").annotate(Count("pk"), Sum("amount"))
    by_kind = {kind: (count, amount) for kind, count, amount in found}
    return [KindSum(kind.value, *by_kind[kind]) for kind in EntryKind if kind in by_kind]
