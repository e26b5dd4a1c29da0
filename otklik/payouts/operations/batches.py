"""Calculating who is paid, approving it by two people, and calling it off."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from otklik.events.public import Actor, ActorKind, NewEvent, Subject, record, record_many, timeline
from otklik.kit.among import Among
from otklik.kit.money import digits_of
from otklik.payouts.models import (
    AccountDetails,
    Balance,
    BatchApproval,
    Entry,
    LeftOut,
    PaymentTerms,
    Payout,
    PayoutBatch,
    PayoutRequest,
)
from otklik.payouts.operations.adjustments import NeedsPerson
from otklik.payouts.operations.amounts import told
from otklik.payouts.operations.balances import Key, keep_balances, locked_balances, person
from otklik.payouts.operations.hands import free_hands, take_hands
from otklik.payouts.queries.approvals import approvals_of
from otklik.payouts.rules.balance import LARGEST_SUM, is_covered
from otklik.payouts.rules.batch import LeftOut as LeftOutLine
from otklik.payouts.rules.batch import Line, Plan, Planned, plan_batch
from otklik.payouts.rules.vocabulary import (
    RESERVED,
    TRANSFERS,
    ApprovalRefusal,
    BatchState,
    DetailsState,
    PayoutState,
    RequestState,
)

ZERO = Decimal(0)
_OPEN = (BatchState.CALCULATED, BatchState.APPROVED)
_MOST_TAKEN = 500


class NothingToPay(Exception):
    """No partner has an amount that could be paid; ``plan`` says why of each."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"{len(plan.left_out)} left out")
        self.plan = plan


class BatchTooLarge(Exception):
    """All payouts together pass LARGEST_SUM."""


class ApprovalRefused(Exception):
    def __init__(self, refusal: ApprovalRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class NotCovered(Exception):
    """A chargeback or a hold came after the calculation: what is planned for these is no longer there."""

    def __init__(self, partner_ids: Sequence[int]) -> None:
        super().__init__(f"{len(partner_ids)} partners")
        self.partner_ids = list(partner_ids)


class BatchUnderWay(Exception):
    """Sent in part, or at an end: it cannot be called off any more."""


class FileTaken(Exception):
    """Whoever took the file to pay from does not call off what may be on its way by it: the next batch would
    pay the same money once more."""


@transaction.atomic
def calculate_batch(
    *,
    program_id: int,
    currency: str,
    pay_on: date,
    earned_until: date,
    note: str = "",
    form_key: UUID | None = None,
    by: Actor,
    at: datetime,
) -> PayoutBatch:
    """Sets aside on each balance what is planned, so that no other batch plans it again. The same form twice
    is one batch. Raises NothingToPay, BatchTooLarge, UnknownCurrency."""
    digits_of(currency)
    # Who has money is looked at first and locked then; whoever gets some in between waits for the next one.
    rows = Balance.objects.filter(partner__program_id=program_id, currency=currency).exclude(total=0)
    balances = locked_balances((pk, currency) for pk in rows.values_list("partner_id", flat=True))
    if form_key and (before := PayoutBatch.objects.filter(form_key=form_key).first()):
        return before
    requests = _open_requests(balances)
    minimum, minimums = _minimums(program_id, currency)
    too_new = _earned_after(earned_until, balances)
    accounts, needs_details = _accounts(balances), _needs_details(program_id)
    lines = [
        Line(
            partner=pk,
            total=row.total - too_new.get(pk, ZERO),
            held=row.held,
            planned=row.planned,
            requested=requests[pk].amount if pk in requests else None,
            has_details=pk in accounts or not needs_details,
            minimum=minimums.get(pk),
        )
        for (pk, _), row in balances.items()
    ]
    plan = plan_batch(lines, currency=currency, minimum=minimum)
    if not plan.planned:
        raise NothingToPay(plan)
    if plan.total > LARGEST_SUM:
        raise BatchTooLarge(plan.total)
    batch = PayoutBatch.objects.create(
        program_id=program_id,
        currency=currency,
        pay_on=pay_on,
        earned_until=earned_until,
        payouts_count=len(plan.planned),
        total=plan.total,
        note=note.strip()[:200],
        calculated_by_id=person(by),
        calculated_at=at,
        form_key=form_key,
    )
    payouts = _store(batch, plan, balances, accounts, at)
    _plan_requests(requests, payouts, at)
    take_hands(batch, [payout.partner_id for payout in payouts])
    data = {"payouts": len(payouts), "amount": told(plan.total, currency), "currency": currency}
    tell_batch("batch.calculated", batch, data, by, at)
    tell_payouts("payout.planned", payouts, by, at)
    return batch


@transaction.atomic
def approve_batch(*, batch_id: int, by: Actor, at: datetime) -> PayoutBatch:
    """The second approval lets the money go; the first one where nobody is left for a second. Raises
    ApprovalRefused, NotCovered, NeedsPerson, PayoutBatch.DoesNotExist."""
    batch = locked_batch(batch_id)
    user = person(by)
    if user is None:
        raise NeedsPerson
    approvals = approvals_of([batch])[batch_id]
    if refusal := approvals.refusal_for(user):
        raise ApprovalRefused(refusal)
    payouts = list(batch.payouts.filter(state=PayoutState.PLANNED).order_by("pk"))
    balances = locked_balances((payout.partner_id, batch.currency) for payout in payouts)
    short = [pk for (pk, _), row in balances.items() if not is_covered(row.total, row.held, row.planned)]
    if short:
        raise NotCovered(short)
    BatchApproval.objects.create(batch=batch, user_id=user, at=at)
    missing = approvals.missing_after(user)
    tell_batch("batch.approved", batch, {"missing": missing}, by, at)
    if not missing:
        batch.state = BatchState.APPROVED
        batch.save(update_fields=["state"])
        batch.payouts.filter(state=PayoutState.PLANNED).update(state=PayoutState.APPROVED)
        tell_payouts("payout.approved", payouts, by, at)
    return batch


@transaction.atomic
def cancel_batch(*, batch_id: int, by: Actor, at: datetime) -> PayoutBatch:
    """The money is free again and requests wait for the next batch. Raises BatchUnderWay, FileTaken,
    PayoutBatch.DoesNotExist."""
    batch = locked_batch(batch_id)
    payouts = list(batch.payouts.exclude(state=PayoutState.CANCELLED).order_by("pk"))
    if any(payout.state not in RESERVED for payout in payouts) or batch.state not in _OPEN:
        raise BatchUnderWay(batch_id)
    refuse_who_took_file(batch, by)
    balances = locked_balances((payout.partner_id, payout.currency) for payout in payouts)
    for payout in payouts:
        balances[payout.partner_id, payout.currency].planned -= payout.amount
    keep_balances(balances)
    batch.payouts.update(state=PayoutState.CANCELLED)
    batch.state = BatchState.CANCELLED
    batch.save(update_fields=["state"])
    free_hands(batch_id)
    ask_again([payout.pk for payout in payouts], at)
    tell_batch("batch.cancelled", batch, {}, by, at)
    tell_payouts("payout.cancelled", payouts, by, at)
    return batch


def refuse_who_took_file(batch: PayoutBatch, by: Actor) -> None:
    """Also where somebody else has taken it since: the batch itself remembers only the last one."""
    user = person(by)
    if batch.exported_at is None or user is None:
        return
    taken = timeline("batch", batch.pk, kinds=["batch.exported"], limit=_MOST_TAKEN)
    if any((line.actor_kind, line.actor_id) == (ActorKind.PERSON, user) for line in taken):
        raise FileTaken(batch.pk)


def locked_batch(batch_id: int) -> PayoutBatch:
    return PayoutBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)


def ask_again(payout_ids: Collection[int], at: datetime) -> None:
    """Requests whose payout came to nothing are open again, unless there is a newer one."""
    rows = PayoutRequest.objects.filter(payout_id__in=Among(payout_ids), state=RequestState.PLANNED)
    for request in rows.order_by("pk"):
        newer = PayoutRequest.objects.filter(
            partner_id=request.partner_id, currency=request.currency, state=RequestState.ASKED
        )
        request.state = RequestState.WITHDRAWN if newer.exists() else RequestState.ASKED
        request.payout, request.decided_at = None, at if newer.exists() else None
        request.save()


def tell_payouts(kind: str, payouts: Sequence[Payout], by: Actor, at: datetime) -> None:
    events = [
        NewEvent(
            kind,
            at,
            [Subject("payout", payout.pk), Subject("partner", payout.partner_id)],
            {
                "amount": told(payout.amount, payout.currency),
                "currency": payout.currency,
                "expected_on": payout.expected_on.isoformat(),
            },
        )
        for payout in payouts
    ]
    record_many(events, by=by, at=at)


def tell_batch(kind: str, batch: PayoutBatch, data: dict[str, object], by: Actor, at: datetime) -> None:
    subjects = [Subject("batch", batch.pk), Subject("program", batch.program_id)]
    record(kind, by=by, at=at, subjects=subjects, data=data)


def _open_requests(balances: Mapping[Key, Balance]) -> dict[int, PayoutRequest]:
    rows = PayoutRequest.objects.filter(
        partner_id__in=Among({pk for pk, _ in balances}),
        currency__in={currency for _, currency in balances},
        state=RequestState.ASKED,
    )
    return {row.partner_id: row for row in rows}


def _minimums(program_id: int, currency: str) -> tuple[Decimal, dict[int, Decimal]]:
    """The program's, and those of partners with terms of their own."""
    rows = PaymentTerms.objects.filter(program_id=program_id).values_list("partner_id", "minimum")
    found: dict[int | None, Decimal] = {pk: Decimal(minimum.get(currency, "0")) for pk, minimum in rows}
    general = found.pop(None, ZERO)
    return general, {pk: least for pk, least in found.items() if pk is not None}


def _earned_after(day: date, balances: Mapping[Key, Balance]) -> dict[int, Decimal]:
    rows = Entry.objects.filter(
        partner_id__in=Among({pk for pk, _ in balances}),
        currency__in={currency for _, currency in balances},
        earned_on__gt=day,
        amount__gt=0,
    ).exclude(kind__in=list(TRANSFERS))
    return dict(rows.values_list("partner_id").annotate(Sum("amount")))


def _accounts(balances: Mapping[Key, Balance]) -> dict[int, int]:
    """The details in force, by partner."""
    rows = AccountDetails.objects.filter(
        partner_id__in=Among({pk for pk, _ in balances}), state=DetailsState.CONFIRMED
    )
    return dict(rows.values_list("partner_id", "pk"))


def _needs_details(program_id: int) -> bool:
    rows = PaymentTerms.objects.filter(program_id=program_id, partner=None)
    return rows.values_list("needs_details", flat=True).first() is not False


def _store(
    batch: PayoutBatch,
    plan: Plan,
    balances: Mapping[Key, Balance],
    accounts: Mapping[int, int],
    at: datetime,
) -> list[Payout]:
    payouts = [
        Payout(
            batch=batch,
            program_id=batch.program_id,
            partner_id=planned.partner,
            amount=planned.amount,
            currency=batch.currency,
            details_id=accounts.get(planned.partner),
            expected_on=batch.pay_on,
            original_expected_on=batch.pay_on,
            created_at=at,
        )
        for planned in plan.planned
    ]
    Payout.objects.bulk_create(payouts, batch_size=500)
    lines: list[Planned | LeftOutLine] = [*plan.planned, *plan.left_out]
    rests = [
        LeftOut(batch=batch, partner_id=line.partner, reason=rest.reason, amount=rest.amount)
        for line in lines
        for rest in line.rests
    ]
    LeftOut.objects.bulk_create(rests, batch_size=500)
    for payout in payouts:
        balances[payout.partner_id, payout.currency].planned += payout.amount
    keep_balances({(one.partner_id, one.currency): balances[one.partner_id, one.currency] for one in payouts})
    return payouts


def _plan_requests(requests: Mapping[int, PayoutRequest], payouts: Sequence[Payout], at: datetime) -> None:
    for payout in payouts:
        if request := requests.get(payout.partner_id):
            request.state, request.payout, request.decided_at = RequestState.PLANNED, payout, at
            request.save()
