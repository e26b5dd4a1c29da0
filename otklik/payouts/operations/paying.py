"""What becomes of a payout: sent, paid, failed, returned, moved to another day, called off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.kit.among import Among
from otklik.kit.bulk import update_rows
from otklik.payouts.models import AccountDetails, Balance, Entry, Payout, PayoutBatch
from otklik.payouts.operations.amounts import told
from otklik.payouts.operations.balances import (
    Key,
    keep_balance,
    keep_balances,
    locked_balance,
    locked_balances,
    person,
)
from otklik.payouts.operations.batches import (
    NotCovered,
    ask_again,
    locked_batch,
    refuse_who_took_file,
    tell_batch,
    tell_payouts,
)
from otklik.payouts.operations.hands import AT_ONCE, Line, free_hands, note_hands
from otklik.payouts.operations.ledger import add_to_ledger
from otklik.payouts.rules.vocabulary import (
    AWAITED,
    PAYOUT_MOVES,
    RESERVED,
    BatchState,
    DetailsState,
    EntryKind,
    HandKind,
    PayoutProblem,
    PayoutState,
)

LONGEST_REFERENCE = 120


class WrongMove(Exception):
    """A payout in ``state`` does not become this."""

    def __init__(self, state: PayoutState) -> None:
        super().__init__(state.value)
        self.state = state


class NoNewDay(Exception):
    """The payout is expected on this very day already, or waits for nothing more."""


class DetailsChanged(Exception):
    """Two people approved the payout to an account that is no longer the partner's: call it off, and the next
    batch pays to the new one."""


@dataclass(frozen=True, slots=True)
class SentBatch:
    """Partners whose payouts stay approved: ``short``, because a hold or a chargeback came in between;
    ``moved``, because their account is another one by now."""

    sent: int
    short: list[int]
    moved: list[int]


@transaction.atomic
def mark_sent(
    *,
    payout_id: int,
    on: date,
    reference: str = "",
    already_left: bool = False,
    by: Actor,
    at: datetime,
) -> Payout:
    """The money leaves the balance. ``already_left``: somebody else sent it, so that a hold or a chargeback
    meanwhile changes nothing any more; what is missing then is owed. A second time changes nothing.

    Raises WrongMove, NotCovered, DetailsChanged, Payout.DoesNotExist.
    """
    payout, balance, batch = _locked(payout_id)
    if not _moves(payout, PayoutState.SENT):
        return payout
    if not already_left and balance.total - balance.held < payout.amount:
        raise NotCovered([payout.partner_id])
    if not already_left and _to_old_accounts([payout]):
        raise DetailsChanged(payout_id)
    _send([payout], {(payout.partner_id, payout.currency): balance}, on, reference, at)
    follow_batch(batch)
    tell_payouts("payout.sent", [payout], by, at)
    return payout


@transaction.atomic
def send_batch(*, batch_id: int, on: date, by: Actor, at: datetime) -> SentBatch:
    """All approved payouts that are still covered and still go to the account they were approved for.
    Raises WrongMove, PayoutBatch.DoesNotExist."""
    batch = locked_batch(batch_id)
    if batch.state != BatchState.APPROVED:
        raise WrongMove(PayoutState.PLANNED)
    payouts = list(batch.payouts.filter(state=PayoutState.APPROVED).order_by("pk"))
    balances = locked_balances((payout.partner_id, payout.currency) for payout in payouts)
    covered, short, moved = sorted_out(payouts, balances)
    _send(covered, balances, on, "", at)
    follow_batch(batch)
    tell_payouts("payout.sent", covered, by, at)
    if covered:
        tell_batch("batch.sent", batch, {"payouts": len(covered)}, by, at)
    return SentBatch(len(covered), short, sorted(moved))


def sorted_out(
    payouts: Sequence[Payout], balances: Mapping[Key, Balance]
) -> tuple[list[Payout], list[int], set[int]]:
    """Payouts that may leave; partners that are short, and partners whose account is another one by now."""
    covered, short = [], []
    moved = _to_old_accounts(payouts)
    left = {key: row.total - row.held for key, row in balances.items()}
    for payout in payouts:
        key = payout.partner_id, payout.currency
        if payout.partner_id in moved:
            continue
        if left[key] < payout.amount:
            short.append(payout.partner_id)
            continue
        left[key] -= payout.amount
        covered.append(payout)
    return covered, short, moved


@transaction.atomic
def mark_paid(*, payout_id: int, on: date, reference: str = "", by: Actor, at: datetime) -> Payout:
    """It arrived. A second time changes nothing. Raises WrongMove, Payout.DoesNotExist."""
    payout, _balance, batch = _locked(payout_id)
    if not _moves(payout, PayoutState.PAID):
        return payout
    payout.state, payout.paid_on, payout.problem = PayoutState.PAID, on, PayoutProblem.NONE
    payout.reference = reference.strip()[:LONGEST_REFERENCE] or payout.reference
    payout.save()
    follow_batch(batch)
    _tell("payout.paid", payout, {"on": on.isoformat()}, by, at)
    return payout


@transaction.atomic
def mark_failed(*, payout_id: int, problem: PayoutProblem, on: date, by: Actor, at: datetime) -> Payout:
    """The transfer never went through: the money is on the balance again. Raises WrongMove,
    Payout.DoesNotExist."""
    return _came_back(payout_id, PayoutState.FAILED, problem, on, by, at)


@transaction.atomic
def mark_returned(*, payout_id: int, problem: PayoutProblem, on: date, by: Actor, at: datetime) -> Payout:
    """It went through and came back, also weeks later. Raises WrongMove, Payout.DoesNotExist."""
    return _came_back(payout_id, PayoutState.RETURNED, problem, on, by, at)


@transaction.atomic
def move_payout(
    *, payout_id: int, expected_on: date, problem: PayoutProblem, by: Actor, at: datetime
) -> Payout:
    """Another day, and why. What was told first stays known. Raises NoNewDay, Payout.DoesNotExist."""
    payout, _balance, _batch = _locked(payout_id)
    if payout.state not in AWAITED or payout.expected_on == expected_on:
        raise NoNewDay(payout_id)
    before, payout.expected_on, payout.problem = payout.expected_on, expected_on, problem
    payout.save()
    data = {"from": before.isoformat(), "to": expected_on.isoformat(), "problem": str(problem)}
    _tell("payout.moved", payout, data, by, at)
    return payout


@transaction.atomic
def cancel_payout(*, payout_id: int, by: Actor, at: datetime) -> Payout:
    """One payout out of a batch, before it is sent: its money is free again. Raises WrongMove, FileTaken,
    Payout.DoesNotExist."""
    payout, balance, batch = _locked(payout_id)
    if not _moves(payout, PayoutState.CANCELLED):
        return payout
    if batch is not None:
        refuse_who_took_file(batch, by)
    payout.state = PayoutState.CANCELLED
    payout.save()
    balance.planned -= payout.amount
    keep_balance(balance)
    ask_again([payout_id], at)
    if batch is not None:
        free_hands(batch.pk, payout.partner_id)
        batch.total, batch.payouts_count = batch.total - payout.amount, batch.payouts_count - 1
        batch.save(update_fields=["total", "payouts_count"])
    follow_batch(batch)
    tell_payouts("payout.cancelled", [payout], by, at)
    return payout


def _locked(payout_id: int) -> tuple[Payout, Balance, PayoutBatch | None]:
    known = Payout.objects.get(pk=payout_id)
    batch = locked_batch(known.batch_id) if known.batch_id else None
    balance = locked_balance(known.partner_id, known.currency)
    return Payout.objects.select_for_update(of=("self",)).get(pk=payout_id), balance, batch


def _moves(payout: Payout, to: PayoutState) -> bool:
    """False where it is there already."""
    if payout.state == to:
        return False
    state = PayoutState(payout.state)
    if to not in PAYOUT_MOVES[state]:
        raise WrongMove(state)
    return True


def _to_old_accounts(payouts: Sequence[Payout]) -> set[int]:
    """Partners."""
    ids = {payout.details_id for payout in payouts if payout.details_id is not None}
    rows = AccountDetails.objects.filter(pk__in=Among(ids)).exclude(state=DetailsState.CONFIRMED)
    old = set(rows.values_list("pk", flat=True))
    return {payout.partner_id for payout in payouts if payout.details_id in old}


def _send(
    payouts: Sequence[Payout], balances: Mapping[Key, Balance], on: date, reference: str, at: datetime
) -> None:
    # Noted days later it is not late for that. Noon is on the same day nearly everywhere.
    sent_at = at if on >= at.date() else datetime.combine(on, time(12), UTC)
    for payout in payouts:
        payout.state, payout.sent_at = PayoutState.SENT.value, sent_at
        payout.reference = reference.strip()[:LONGEST_REFERENCE]
        balances[payout.partner_id, payout.currency].planned -= payout.amount
    rows = [(payout.state, payout.sent_at, payout.reference, payout.pk) for payout in payouts]
    update_rows(Payout, ("state", "sent_at", "reference"), rows)
    add_to_ledger([_line(payout, EntryKind.PAYOUT, on, at) for payout in payouts], balances)
    keep_balances(balances)


def _line(payout: Payout, kind: EntryKind, on: date, at: datetime) -> Entry:
    return Entry(
        program_id=payout.program_id,
        partner_id=payout.partner_id,
        currency=payout.currency,
        kind=kind,
        amount=payout.amount if kind is EntryKind.RETURN else -payout.amount,
        earned_on=on,
        payout=payout,
        recorded_at=at,
    )


def _came_back(
    payout_id: int, state: PayoutState, problem: PayoutProblem, on: date, by: Actor, at: datetime
) -> Payout:
    payout, balance, batch = _locked(payout_id)
    if not _moves(payout, state):
        return payout
    payout.state, payout.problem = state, problem
    payout.save()
    balances = {(payout.partner_id, payout.currency): balance}
    line = _line(payout, EntryKind.RETURN, on, at)
    add_to_ledger([line], balances)
    keep_balances(balances)
    if batch is not None:
        free_hands(batch.pk, payout.partner_id)
    # Whoever says so is believed, and the next batch pays it once more: by the word of others.
    back = Line((payout.partner_id, payout.currency), AT_ONCE, line.amount)
    note_hands([person(by)], HandKind.CHANGED, [back])
    follow_batch(batch)
    _tell(f"payout.{state.value}", payout, {"problem": str(problem)}, by, at)
    return payout


def follow_batch(batch: PayoutBatch | None) -> None:
    """The batch is where its payouts are."""
    if batch is None or batch.state not in (BatchState.APPROVED, BatchState.SENT):
        return
    states = {PayoutState(state) for state in batch.payouts.values_list("state", flat=True).distinct()}
    if not states & RESERVED:
        batch.state = BatchState.SENT if states & AWAITED else BatchState.SETTLED
        batch.save(update_fields=["state"])


def _tell(kind: str, payout: Payout, more: dict[str, Any], by: Actor, at: datetime) -> None:
    data = {"amount": told(payout.amount, payout.currency), "currency": payout.currency}
    subjects = [Subject("payout", payout.pk), Subject("partner", payout.partner_id)]
    record(kind, by=by, at=at, subjects=subjects, data=data | more)
