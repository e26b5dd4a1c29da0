"""Nobody approves the payout of lines that they brought in or changed, however small the house is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from otklik.events.public import Actor
from otklik.identity.models import User
from otklik.identity.rules.roles import Role
from otklik.payouts.models import Hand, PayoutBatch
from otklik.payouts.operations.adjustments import decide_adjustment, propose_adjustment
from otklik.payouts.operations.batches import (
    ApprovalRefused,
    FileTaken,
    approve_batch,
    cancel_batch,
)
from otklik.payouts.operations.ledger import record_entries
from otklik.payouts.operations.paying import cancel_payout, mark_returned, mark_sent
from otklik.payouts.operations.requests import ask_payout
from otklik.payouts.operations.settling import mark_batch_paid, take_pay_file
from otklik.payouts.queries.approvals import approvals_of, never_paid_to
from otklik.payouts.rules.vocabulary import ApprovalRefusal, BatchState, PayoutProblem
from otklik.payouts.tests.office import (
    AT,
    TODAY,
    UNTIL,
    Office,
    approved,
    balance,
    by,
    calculated,
    earned,
    line,
)
from tests.world import World, make_user


@pytest.fixture
def two(world: World, office: Office) -> Office:
    """Faina and Pavel are all who pay."""
    User.objects.filter(pk__in=[world.anna.pk, world.root.pk]).update(is_active=False)
    return office


def brought_in(world: World, who: User, amount: str = "100", on: str = "2026-02-10") -> None:
    entry = line(world.aurora, amount, on=on)
    record_entries(program_id=world.program.pk, entries=[entry], by=by(who), at=AT)


def refusal(batch: PayoutBatch, who: User) -> ApprovalRefusal:
    with pytest.raises(ApprovalRefused) as found:
        approve_batch(batch_id=batch.pk, by=by(who), at=AT)
    return found.value.refusal


def test_of_two_people_one_brings_in_and_calculates_and_the_other_approves(world: World, two: Office) -> None:
    brought_in(world, two.faina)
    batch = calculated(world, two.faina)
    assert refusal(batch, two.faina) is ApprovalRefusal.CALCULATED_IT
    assert approve_batch(batch_id=batch.pk, by=by(two.pavel), at=AT).state == BatchState.APPROVED


def test_of_two_people_whoever_agreed_to_a_change_approves_its_payout(world: World, two: Office) -> None:
    """Each step has had both of them. In a larger house somebody else does it."""
    earned(world.aurora, "100")
    one = propose_adjustment(
        partner_id=world.aurora.pk,
        currency="EUR",
        amount=Decimal(50),
        why="Promised",
        by=by(two.faina),
        at=AT,
    )
    decide_adjustment(adjustment_id=one.pk, approve=True, on=UNTIL, by=by(two.pavel), at=AT)
    batch = calculated(world, two.faina)
    User.objects.filter(pk=world.root.pk).update(is_active=True)
    assert refusal(batch, two.pavel) is ApprovalRefusal.ADJUSTED_IT
    User.objects.filter(pk=world.root.pk).update(is_active=False)
    assert approve_batch(batch_id=batch.pk, by=by(two.pavel), at=AT).state == BatchState.APPROVED


def test_what_one_brought_in_and_the_other_calculated_waits_for_a_third(world: World, two: Office) -> None:
    brought_in(world, two.faina)
    batch = calculated(world, two.pavel)
    assert refusal(batch, two.faina) is ApprovalRefusal.BROUGHT_IT_IN
    assert refusal(batch, two.pavel) is ApprovalRefusal.CALCULATED_IT
    found = approvals_of([batch])[batch.pk]
    assert (found.nobody_is_left, found.missing) == (True, 1)
    # Calculated anew by whoever brought the lines in, it may be approved by the other.
    cancel_batch(batch_id=batch.pk, by=by(two.pavel), at=AT)
    again = calculated(world, two.faina)
    cancel_batch(batch_id=again.pk, by=by(two.faina), at=AT)
    once_more = calculated(world, two.pavel)
    assert refusal(once_more, two.faina) is ApprovalRefusal.BROUGHT_IT_IN
    # Or somebody else gets the right: even the administrator has to be a third person.
    User.objects.filter(pk=world.root.pk).update(is_active=True)
    assert approve_batch(batch_id=once_more.pk, by=by(world.root), at=AT).state == BatchState.APPROVED


def test_the_administrator_is_no_exception_and_nobody_is_barred_for_a_feed(
    world: World, office: Office
) -> None:
    service = make_user("feed@example.com", "Feed", Role.FINANCE)
    brought_in(world, service)
    batch = calculated(world, office.faina)
    assert refusal(batch, service) is ApprovalRefusal.BROUGHT_IT_IN
    for who in (office.pavel, world.root):
        batch = approve_batch(batch_id=batch.pk, by=by(who), at=AT)
    assert batch.state == BatchState.APPROVED
    brought_in(world, world.root, "5")
    assert refusal(calculated(world, office.faina), world.root) is ApprovalRefusal.BROUGHT_IT_IN


def test_lines_of_later_days_bar_from_the_batch_that_pays_them(world: World, office: Office) -> None:
    earned(world.aurora, "10")
    brought_in(world, office.pavel, "7", on="2026-03-02")
    first = calculated(world, office.faina)
    assert not first.hands.exists()
    later = calculated(world, office.faina, until=TODAY)
    assert (later.total, refusal(later, office.pavel)) == (7, ApprovalRefusal.BROUGHT_IT_IN)


def test_an_adjustment_paid_in_parts_bars_from_each_batch_that_is_open(world: World, office: Office) -> None:
    """The first takes ten and still waits when the second takes the rest."""
    earned(world.aurora, "100")
    proposal = {"partner_id": world.aurora.pk, "currency": "EUR", "amount": Decimal(50), "why": "Promised"}
    one = propose_adjustment(**proposal, by=by(office.pavel), at=AT)
    ask_payout(partner_id=world.aurora.pk, currency="EUR", amount=Decimal(10), by=Actor.system(), at=AT)
    before = calculated(world, office.faina)
    decide_adjustment(adjustment_id=one.pk, approve=True, on=UNTIL, by=by(world.root), at=AT)
    assert not before.hands.exists()
    second = calculated(world, office.faina)
    assert (before.total, second.total, balance(world.aurora)) == (10, 140, ("150.00", "0.00", "150.00"))
    assert refusal(second, office.pavel) is refusal(second, world.root) is ApprovalRefusal.ADJUSTED_IT

    cancel_batch(batch_id=second.pk, by=by(office.faina), at=AT)
    ask_payout(partner_id=world.aurora.pk, currency="EUR", amount=Decimal(20), by=Actor.system(), at=AT)
    part, rest = calculated(world, office.faina), calculated(world, office.faina)
    assert (part.total, rest.total) == (20, 120)
    for batch in (part, rest):
        assert refusal(batch, office.pavel) is ApprovalRefusal.ADJUSTED_IT
    earned(world.aurora, "3")
    assert not calculated(world, office.faina).hands.exists()


def test_who_says_that_a_payout_came_back_does_not_approve_paying_it_again(
    world: World, office: Office
) -> None:
    earned(world.aurora, "100")
    payout = approved(world, office).payouts.get()
    mark_sent(payout_id=payout.pk, on=TODAY, by=by(office.faina), at=AT)
    bank = PayoutProblem.BANK_REFUSED
    # Today: the batch pays it once more whatever day its earnings end with.
    mark_returned(payout_id=payout.pk, problem=bank, on=TODAY, by=by(office.pavel), at=AT)
    again = calculated(world, office.faina)
    assert (again.total, refusal(again, office.pavel)) == (100, ApprovalRefusal.ADJUSTED_IT)


def test_what_was_taken_to_the_bank_is_called_off_by_somebody_else(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    batch = approved(world, office)
    take_pay_file(batch_id=batch.pk, by=by(office.faina), at=AT)
    payout = batch.payouts.get()
    with pytest.raises(FileTaken):
        cancel_batch(batch_id=batch.pk, by=by(office.faina), at=AT)
    take_pay_file(batch_id=batch.pk, by=by(office.pavel), at=AT)
    with pytest.raises(FileTaken):
        cancel_payout(payout_id=payout.pk, by=by(office.faina), at=AT)
    assert never_paid_to([payout.details_id]) == {payout.details_id}
    mark_sent(payout_id=payout.pk, on=TODAY, by=by(office.faina), at=AT)
    mark_batch_paid(batch_id=batch.pk, on=TODAY, by=by(office.faina), at=AT)
    assert never_paid_to([payout.details_id, None]) == set()
    earned(world.borealis, "100")
    other = approved(world, office)
    take_pay_file(batch_id=other.pk, by=by(office.faina), at=AT)
    assert cancel_batch(batch_id=other.pk, by=by(office.pavel), at=AT).state == BatchState.CANCELLED


def test_a_person_has_one_row_of_a_partner_however_often_they_send(world: World, office: Office) -> None:
    for day in ("2026-02-20", "2026-02-10", "2026-03-05"):
        brought_in(world, office.pavel, "1", on=day)
    hand = Hand.objects.get()
    assert (str(hand.first_on), str(hand.last_on), hand.batch) == ("2026-02-10", "2026-03-05", None)
