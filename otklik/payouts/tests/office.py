"""The people who pay in these stories, and what they do in every other one.

Faina keeps the books, Pavel pays with her; Anna heads the program, Root administers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from otklik.events.public import Actor
from otklik.identity.models import User
from otklik.identity.rules.roles import Role
from otklik.partners.models import Partner
from otklik.payouts.models import AccountDetails, Balance, Hold, PayoutBatch
from otklik.payouts.operations.batches import approve_batch, calculate_batch
from otklik.payouts.operations.holds import HoldTerms, open_hold
from otklik.payouts.operations.ledger import NewEntry, Recorded, record_entries
from otklik.payouts.rules.vocabulary import DetailsState, EntryKind, HoldReason, PayMethod
from tests.world import NOW, World, make_user

AT = NOW + timedelta(hours=1)
TODAY = AT.date()
PAY_ON = date(2026, 3, 16)
UNTIL = date(2026, 2, 28)


@dataclass(frozen=True, slots=True)
class Office:
    faina: User
    pavel: User


def open_office() -> Office:
    return Office(
        make_user("faina@example.com", "Faina Books", Role.FINANCE),
        make_user("pavel@example.com", "Pavel Payer", Role.FINANCE),
    )


def by(user: User) -> Actor:
    return Actor.person(user.pk)


def line(
    partner: Partner,
    amount: str,
    *,
    currency: str = "EUR",
    kind: EntryKind = EntryKind.EARNED,
    on: str = "2026-02-10",
    key: str = "",
    note: str = "",
) -> NewEntry:
    return NewEntry(
        partner.pk, currency, kind, Decimal(amount), date.fromisoformat(on), source_key=key, note=note
    )


def record(*lines: NewEntry, program_id: int, at: datetime = AT) -> Recorded:
    return record_entries(program_id=program_id, entries=lines, by=Actor.system(), at=at)


def earned(partner: Partner, amount: str, *, currency: str = "EUR", on: str = "2026-02-10") -> None:
    record(line(partner, amount, currency=currency, on=on), program_id=partner.program_id)


def charged_back(partner: Partner, amount: str, *, on: str = "2026-02-20") -> None:
    entry = line(partner, f"-{amount}", kind=EntryKind.CHARGEBACK, on=on)
    record(entry, program_id=partner.program_id)


def balance(partner: Partner, currency: str = "EUR") -> tuple[str, str, str]:
    """Total, held, planned."""
    row = Balance.objects.get(partner=partner, currency=currency)
    return tuple(f"{amount:.2f}" for amount in (row.total, row.held, row.planned))  # type: ignore[return-value]


def hold_terms(
    amount: str, *, checking: str = "Clicks from one address", until: str = "2026-03-20"
) -> HoldTerms:
    return HoldTerms(Decimal(amount), HoldReason.TRAFFIC_CHECK, checking, date.fromisoformat(until))


def held(partner: Partner, amount: str, who: User) -> Hold:
    return open_hold(partner_id=partner.pk, currency="EUR", terms=hold_terms(amount), by=by(who), at=AT)


def accounts_known() -> None:
    """Everybody who has money has said where it goes, and it was confirmed."""
    known = AccountDetails.objects.filter(state=DetailsState.CONFIRMED).values("partner")
    partners = Balance.objects.exclude(partner__in=known).values_list("partner", flat=True).distinct()
    AccountDetails.objects.bulk_create(
        AccountDetails(
            partner_id=pk,
            method=PayMethod.WALLET,
            holder="Aurora Media",
            account=f"pay{pk}@example.com",
            hint=".com",
            state=DetailsState.CONFIRMED,
            proposed_at=AT,
            decided_at=AT,
        )
        for pk in partners
    )


def calculated(world: World, who: User, *, until: date = UNTIL, currency: str = "EUR") -> PayoutBatch:
    accounts_known()
    return calculate_batch(
        program_id=world.program.pk, currency=currency, pay_on=PAY_ON, earned_until=until, by=by(who), at=AT
    )


def approved(world: World, office: Office) -> PayoutBatch:
    """Calculated by Faina, approved by Pavel and Anna."""
    batch = calculated(world, office.faina)
    for who in (office.pavel, world.anna):
        batch = approve_batch(batch_id=batch.pk, by=by(who), at=AT)
    return batch
