"""What becomes of a whole batch at once, and the file one pays from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.payouts.models import Payout
from otklik.payouts.operations.amounts import told
from otklik.payouts.operations.balances import locked_balances, person
from otklik.payouts.operations.batches import locked_batch, tell_batch
from otklik.payouts.operations.paying import NoNewDay, follow_batch, sorted_out
from otklik.payouts.rules.vocabulary import AWAITED, BatchState, PayoutProblem, PayoutState


class NotApproved(Exception):
    """Nobody pays from a batch that two people have not approved, or that was called off."""


@dataclass(frozen=True, slots=True)
class PayLine:
    """One transfer. ``holder`` and ``account`` are "" where the program keeps no accounts here."""

    payout_id: int
    partner: str
    external_id: str
    amount: str
    currency: str
    method: str
    holder: str
    account: str


@transaction.atomic
def mark_batch_paid(*, batch_id: int, on: date, by: Actor, at: datetime) -> int:
    """Everything of it that was sent arrived; how many. Raises PayoutBatch.DoesNotExist."""
    batch = locked_batch(batch_id)
    sent = batch.payouts.filter(state=PayoutState.SENT)
    events = [_news("payout.paid", payout, {"on": on.isoformat()}, at) for payout in sent.order_by("pk")]
    # Nobody else changes them: whoever does holds the batch.
    sent.update(state=PayoutState.PAID, paid_on=on, problem=PayoutProblem.NONE)
    record_many(events, by=by, at=at)
    follow_batch(batch)
    return len(events)


@transaction.atomic
def move_batch(*, batch_id: int, expected_on: date, problem: PayoutProblem, by: Actor, at: datetime) -> int:
    """Another day for everything that did not arrive yet; how many moved. Raises NoNewDay,
    PayoutBatch.DoesNotExist."""
    batch = locked_batch(batch_id)
    awaited = batch.payouts.filter(state__in=list(AWAITED)).exclude(expected_on=expected_on)
    more = {"to": expected_on.isoformat(), "problem": str(problem)}
    events = [
        _news("payout.moved", payout, {"from": payout.expected_on.isoformat(), **more}, at)
        for payout in awaited.order_by("pk")
    ]
    if not events:
        raise NoNewDay(batch_id)
    awaited.update(expected_on=expected_on, problem=problem)
    record_many(events, by=by, at=at)
    return len(events)


@transaction.atomic
def take_pay_file(*, batch_id: int, by: Actor, at: datetime) -> list[PayLine]:
    """What there is to transfer, with the accounts in the clear; that somebody took it is an event. What
    ``send_batch`` would not send is not in it, nor what was sent alone before the others: it would be paid
    twice. Of a batch that is sent as a whole it is what was sent. Raises NotApproved,
    PayoutBatch.DoesNotExist."""
    batch = locked_batch(batch_id)
    if batch.state not in (BatchState.APPROVED, BatchState.SENT):
        raise NotApproved(batch_id)
    is_sent = batch.state == BatchState.SENT
    rows = batch.payouts.filter(state=PayoutState.SENT if is_sent else PayoutState.APPROVED)
    payouts = list(rows.select_related("partner", "details").order_by("pk"))
    if not is_sent:
        balances = locked_balances((payout.partner_id, payout.currency) for payout in payouts)
        payouts, _short, _moved = sorted_out(payouts, balances)
    lines = list(_lines(sorted(payouts, key=lambda one: (one.partner.name_key, one.pk))))
    batch.exported_by_id, batch.exported_at = person(by), at
    batch.save(update_fields=["exported_by", "exported_at"])
    tell_batch("batch.exported", batch, {"payouts": len(lines)}, by, at)
    return lines


def _lines(payouts: Iterable[Payout]) -> Iterator[PayLine]:
    for payout in payouts:
        details = payout.details
        yield PayLine(
            payout.pk,
            payout.partner.name,
            payout.partner.external_id,
            told(payout.amount, payout.currency),
            payout.currency,
            details.method if details else "",
            details.holder.reveal() if details else "",
            details.account.reveal() if details else "",
        )


def _news(kind: str, payout: Payout, more: dict[str, str], at: datetime) -> NewEvent:
    data = {"amount": told(payout.amount, payout.currency), "currency": payout.currency}
    return NewEvent(
        kind, at, [Subject("payout", payout.pk), Subject("partner", payout.partner_id)], data | more
    )
