"""Money leaves the balance when it is sent and is there again when it comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.payouts.models import Entry, Payout, PayoutBatch
from otklik.payouts.operations.batches import NotCovered, cancel_batch
from otklik.payouts.operations.holds import release_hold
from otklik.payouts.operations.notices import tell_due
from otklik.payouts.operations.paying import (
    NoNewDay,
    WrongMove,
    mark_failed,
    mark_paid,
    mark_returned,
    mark_sent,
    move_payout,
    send_batch,
)
from otklik.payouts.operations.recounting import recount_balances
from otklik.payouts.operations.settling import take_pay_file
from otklik.payouts.rules.vocabulary import BatchState, PayoutProblem, PayoutState
from otklik.payouts.tests.office import (
    AT,
    PAY_ON,
    TODAY,
    Office,
    approved,
    balance,
    by,
    calculated,
    charged_back,
    earned,
    held,
)
from tests.world import World


@pytest.fixture
def payout(world: World, office: Office) -> Payout:
    """Of 100 EUR, approved."""
    earned(world.aurora, "100")
    return approved(world, office).payouts.get()


def test_a_payout_is_sent_and_arrives_and_its_batch_with_it(
    world: World, office: Office, payout: Payout
) -> None:
    sent = mark_sent(payout_id=payout.pk, on=TODAY, reference="SEPA 17", by=by(office.faina), at=AT)
    assert (sent.state, sent.reference) == (PayoutState.SENT, "SEPA 17")
    assert balance(world.aurora) == ("0.00", "0.00", "0.00")
    assert PayoutBatch.objects.get().state == BatchState.SENT
    paid = mark_paid(payout_id=payout.pk, on=date(2026, 3, 4), by=by(office.faina), at=AT)
    assert (paid.state, paid.paid_on, paid.reference) == (PayoutState.PAID, date(2026, 3, 4), "SEPA 17")
    assert PayoutBatch.objects.get().state == BatchState.SETTLED
    assert recount_balances(by=Actor.system(), at=AT) == 0


def test_what_left_days_before_it_was_noted_is_not_late_and_stands_on_one_day(
    world: World, office: Office, payout: Payout
) -> None:
    noted = datetime.combine(PAY_ON + timedelta(days=2), time(9), UTC)
    sent = mark_sent(payout_id=payout.pk, on=PAY_ON, by=by(office.faina), at=noted)
    assert sent.sent_at
    assert sent.sent_at.date() == Entry.objects.get(payout=payout).earned_on == PAY_ON
    assert tell_due(on=noted.date(), by=Actor.system(), at=noted) == 0


def test_what_is_said_twice_happens_once(world: World, office: Office, payout: Payout) -> None:
    for _ in range(2):
        mark_sent(payout_id=payout.pk, on=TODAY, by=by(office.faina), at=AT)
    for _ in range(2):
        mark_paid(payout_id=payout.pk, on=TODAY, by=by(office.faina), at=AT)
    for _ in range(2):
        mark_returned(
            payout_id=payout.pk, problem=PayoutProblem.ACCOUNT_CLOSED, on=TODAY, by=by(office.faina), at=AT
        )
    assert balance(world.aurora) == ("100.00", "0.00", "0.00")
    assert [entry.amount for entry in Entry.objects.filter(payout=payout).order_by("pk")] == [-100, 100]
    kinds = Event.objects.filter(kind__in=["payout.sent", "payout.paid", "payout.returned"])
    assert kinds.count() == 3


def test_a_failed_transfer_is_on_the_balance_again_and_can_be_paid_anew(
    world: World, office: Office, payout: Payout
) -> None:
    mark_sent(payout_id=payout.pk, on=TODAY, by=by(office.faina), at=AT)
    failed = mark_failed(
        payout_id=payout.pk, problem=PayoutProblem.DETAILS_WRONG, on=TODAY, by=by(office.faina), at=AT
    )
    assert (failed.state, failed.problem) == (PayoutState.FAILED, "details_wrong")
    assert balance(world.aurora) == ("100.00", "0.00", "0.00")
    assert calculated(world, office.faina).total == 100


def test_no_step_is_left_out(office: Office, payout: Payout) -> None:
    with pytest.raises(WrongMove) as found:
        mark_paid(payout_id=payout.pk, on=TODAY, by=by(office.faina), at=AT)
    assert found.value.state is PayoutState.APPROVED
    with pytest.raises(WrongMove):
        mark_failed(payout_id=payout.pk, problem=PayoutProblem.LIMIT, on=TODAY, by=by(office.faina), at=AT)


def test_nothing_unapproved_is_sent(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    batch = calculated(world, office.faina)
    with pytest.raises(WrongMove):
        mark_sent(payout_id=batch.payouts.get().pk, on=TODAY, by=by(office.faina), at=AT)
    with pytest.raises(WrongMove):
        send_batch(batch_id=batch.pk, on=TODAY, by=by(office.faina), at=AT)


def test_a_hold_after_the_approval_stops_the_money_unless_it_has_left_already(
    world: World, office: Office, payout: Payout
) -> None:
    held(world.aurora, "30", office.pavel)
    with pytest.raises(NotCovered):
        mark_sent(payout_id=payout.pk, on=TODAY, by=by(office.faina), at=AT)
    mark_sent(payout_id=payout.pk, on=TODAY, already_left=True, by=by(office.faina), at=AT)
    assert balance(world.aurora) == ("0.00", "30.00", "0.00")


def test_a_batch_is_sent_without_those_who_are_short_by_now(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    earned(world.borealis, "50")
    batch = approved(world, office)
    charged_back(world.aurora, "1")
    outcome = send_batch(batch_id=batch.pk, on=TODAY, by=by(office.faina), at=AT)
    assert (outcome.sent, outcome.short) == (1, [world.aurora.pk])
    batch.refresh_from_db()
    assert batch.state == BatchState.APPROVED
    earned(world.aurora, "1")
    assert send_batch(batch_id=batch.pk, on=TODAY, by=by(office.faina), at=AT).sent == 1
    batch.refresh_from_db()
    assert batch.state == BatchState.SENT
    assert Entry.objects.filter(kind="payout", amount__in=[Decimal(-100), Decimal(-50)]).count() == 2


def test_the_file_to_pay_from_leaves_out_what_may_not_leave_and_what_left_alone(
    world: World, office: Office
) -> None:
    def in_file(batch: PayoutBatch) -> list[str]:
        return [one.partner for one in take_pay_file(batch_id=batch.pk, by=by(office.faina), at=AT)]

    earned(world.aurora, "100")
    earned(world.borealis, "50")
    batch = approved(world, office)
    hold = held(world.aurora, "30", office.pavel)
    assert in_file(batch) == ["Borealis"]
    alone = batch.payouts.get(partner=world.borealis)
    mark_sent(payout_id=alone.pk, on=TODAY, by=by(office.faina), at=AT)
    release_hold(hold_id=hold.pk, by=by(office.pavel), at=AT)
    assert in_file(batch) == ["Aurora"]
    send_batch(batch_id=batch.pk, on=TODAY, by=by(office.faina), at=AT)
    assert in_file(batch) == ["Aurora", "Borealis"]


def test_a_payout_moves_to_another_day_and_the_first_one_stays_known(office: Office, payout: Payout) -> None:
    def move(day: date) -> Payout:
        return move_payout(
            payout_id=payout.pk,
            expected_on=day,
            problem=PayoutProblem.BANK_HOLIDAY,
            by=by(office.faina),
            at=AT,
        )

    moved = move(date(2026, 3, 18))
    assert (moved.expected_on, moved.original_expected_on) == (date(2026, 3, 18), PAY_ON)
    with pytest.raises(NoNewDay):
        move(date(2026, 3, 18))
    cancel_batch(batch_id=payout.batch_id or 0, by=by(office.faina), at=AT)
    with pytest.raises(NoNewDay):
        move(date(2026, 3, 19))
