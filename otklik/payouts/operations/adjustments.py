"""Changing a balance by hand: one proposes, another decides."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.payouts.models import Adjustment, Entry
from otklik.payouts.operations.amounts import refuse_wrong, told
from otklik.payouts.operations.balances import keep_balance, locked_balance, person
from otklik.payouts.operations.hands import Line, note_hands
from otklik.payouts.operations.holds import NeedsSecondPerson
from otklik.payouts.operations.ledger import add_to_ledger
from otklik.payouts.rules.vocabulary import AdjustmentState, EntryKind, HandKind


class WhyMissing(Exception):
    """An adjustment without a reason cannot be decided about."""


class NeedsPerson(Exception):
    """Nobody proposes or decides by a job or a token: it has to be somebody with a name."""


class AdjustmentDecided(Exception):
    """Approved or declined already."""


@transaction.atomic
def propose_adjustment(
    *,
    partner_id: int,
    currency: str,
    amount: Decimal,
    why: str,
    form_key: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Adjustment:
    """Changes nothing yet; the same form twice is one proposal. Raises WrongAmount, WhyMissing,
    NeedsPerson, Partner.DoesNotExist."""
    refuse_wrong(amount, currency, signed=True)
    proposer = person(by)
    if proposer is None:
        raise NeedsPerson
    if not why.strip():
        raise WhyMissing
    locked_balance(partner_id, currency)
    if form_key and (before := Adjustment.objects.filter(form_key=form_key).first()):
        return before
    adjustment = Adjustment.objects.create(
        partner_id=partner_id,
        currency=currency,
        amount=amount,
        why=why.strip(),
        proposed_by_id=proposer,
        proposed_at=at,
        form_key=form_key,
    )
    _tell("adjustment.proposed", adjustment, by, at)
    return adjustment


@transaction.atomic
def decide_adjustment(*, adjustment_id: int, approve: bool, on: date, by: Actor, at: datetime) -> Adjustment:
    """``on``: the day of the line in the ledger. Raises NeedsSecondPerson for whoever proposed it,
    NeedsPerson, AdjustmentDecided, BalanceTooLarge, Adjustment.DoesNotExist."""
    known = Adjustment.objects.get(pk=adjustment_id)
    balance = locked_balance(known.partner_id, known.currency)
    adjustment = (
        Adjustment.objects.select_for_update(of=("self",)).select_related("partner").get(pk=adjustment_id)
    )
    if adjustment.state != AdjustmentState.PROPOSED:
        raise AdjustmentDecided(adjustment_id)
    decider = person(by)
    if decider is None:
        raise NeedsPerson
    if decider == adjustment.proposed_by_id:
        raise NeedsSecondPerson(adjustment_id)
    adjustment.decided_by_id, adjustment.decided_at = decider, at
    adjustment.state = AdjustmentState.APPROVED if approve else AdjustmentState.DECLINED
    if approve:
        adjustment.entry = Entry(
            program_id=adjustment.partner.program_id,
            partner_id=adjustment.partner_id,
            currency=adjustment.currency,
            kind=EntryKind.ADJUSTMENT,
            amount=adjustment.amount,
            earned_on=on,
            by_hand_id=adjustment.proposed_by_id,
            recorded_at=at,
        )
        key = adjustment.partner_id, adjustment.currency
        add_to_ledger([adjustment.entry], {key: balance})
        line = Line(key, on, adjustment.amount)
        note_hands([adjustment.proposed_by_id], HandKind.CHANGED, [line])
        note_hands([decider], HandKind.AGREED, [line])
        keep_balance(balance)
    adjustment.save()
    _tell(f"adjustment.{adjustment.state}", adjustment, by, at)
    return adjustment


def _tell(kind: str, adjustment: Adjustment, by: Actor, at: datetime) -> None:
    amount = told(adjustment.amount, adjustment.currency)
    subjects = [Subject("adjustment", adjustment.pk), Subject("partner", adjustment.partner_id)]
    data = {"amount": amount, "currency": adjustment.currency}
    record(kind, by=by, at=at, subjects=subjects, data=data)
