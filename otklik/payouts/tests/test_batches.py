"""Two people let money go, neither of whom reckoned it or changed it by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.identity.models import User
from otklik.identity.rules.roles import Role
from otklik.partners.models import Partner
from otklik.payouts.models import BatchApproval, Entry, Payout, PayoutBatch, PayoutRequest
from otklik.payouts.operations.adjustments import NeedsPerson, decide_adjustment, propose_adjustment
from otklik.payouts.operations.batches import (
    ApprovalRefused,
    BatchUnderWay,
    NotCovered,
    NothingToPay,
    approve_batch,
    cancel_batch,
)
from otklik.payouts.operations.ledger import reverse_entry
from otklik.payouts.operations.paying import cancel_payout, mark_failed, mark_sent
from otklik.payouts.operations.recounting import recount_balances
from otklik.payouts.operations.requests import ask_payout
from otklik.payouts.operations.terms import set_terms
from otklik.payouts.rules.schedule import Terms
from otklik.payouts.rules.vocabulary import (
    ApprovalRefusal,
    BatchState,
    PayoutProblem,
    PayoutState,
    RequestState,
    Schedule,
)
from otklik.payouts.tests.office import (
    AT,
    TODAY,
    UNTIL,
    Office,
    approved,
    balance,
    by,
    calculated,
    charged_back,
    earned,
    held,
)
from tests.world import NOW, World, make_user


@pytest.fixture
def extra(office: Office) -> User:
    return make_user("extra@example.com", "Extra Payer", Role.FINANCE)


def refusal(batch: PayoutBatch, who: User) -> ApprovalRefusal:
    with pytest.raises(ApprovalRefused) as found:
        approve_batch(batch_id=batch.pk, by=by(who), at=AT)
    return found.value.refusal


def test_a_batch_goes_after_the_second_of_two_other_people(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    batch = calculated(world, office.faina)
    assert refusal(batch, office.faina) is ApprovalRefusal.CALCULATED_IT
    assert approve_batch(batch_id=batch.pk, by=by(office.pavel), at=AT).state == BatchState.CALCULATED
    assert refusal(batch, office.pavel) is ApprovalRefusal.APPROVED_ALREADY
    with pytest.raises(NeedsPerson):
        approve_batch(batch_id=batch.pk, by=Actor.system(), at=AT)
    assert approve_batch(batch_id=batch.pk, by=by(world.anna), at=AT).state == BatchState.APPROVED
    assert refusal(batch, world.root) is ApprovalRefusal.NOT_OPEN
    assert Payout.objects.get().state == PayoutState.APPROVED
    assert BatchApproval.objects.count() == 2
    assert [event.data["missing"] for event in Event.objects.filter(kind="batch.approved")] == [1, 0]


def test_who_changed_a_balance_by_hand_does_not_approve_its_payout(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    adjustment = propose_adjustment(
        partner_id=world.aurora.pk,
        currency="EUR",
        amount=Decimal(50),
        why="Bonus that was promised",
        by=by(office.pavel),
        at=AT,
    )
    decide_adjustment(adjustment_id=adjustment.pk, approve=True, on=UNTIL, by=by(world.anna), at=AT)
    batch = calculated(world, office.faina)
    assert batch.total == 150
    assert refusal(batch, office.pavel) is ApprovalRefusal.ADJUSTED_IT
    assert refusal(batch, world.anna) is ApprovalRefusal.ADJUSTED_IT
    approve_batch(batch_id=batch.pk, by=by(world.root), at=AT)

    cancel_batch(batch_id=batch.pk, by=by(office.faina), at=AT)
    again = calculated(world, office.faina)
    assert refusal(again, office.pavel) is ApprovalRefusal.ADJUSTED_IT


def test_who_took_a_line_back_does_not_approve_its_payout(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    charged_back(world.aurora, "40")
    chargeback = Entry.objects.get(amount__lt=0)
    reverse_entry(entry_id=chargeback.pk, on=UNTIL, by=by(office.pavel), at=AT)
    assert refusal(calculated(world, office.faina), office.pavel) is ApprovalRefusal.ADJUSTED_IT


def changed_by_hand(world: World, office: Office, on: date = UNTIL) -> None:
    """By fifty: Pavel proposes, Root agrees."""
    adjustment = propose_adjustment(
        partner_id=world.aurora.pk,
        currency="EUR",
        amount=Decimal(50),
        why="Bonus that was promised",
        by=by(office.pavel),
        at=AT,
    )
    decide_adjustment(adjustment_id=adjustment.pk, approve=True, on=on, by=by(world.root), at=AT)


def test_who_changed_a_balance_does_not_approve_it_in_the_next_batch_either(
    world: World, office: Office, extra: User
) -> None:
    """A payout that was taken out, or failed, is paid by another batch."""
    earned(world.aurora, "100")
    changed_by_hand(world, office)
    first = calculated(world, office.faina)
    cancel_payout(payout_id=first.payouts.get().pk, by=by(office.faina), at=AT)
    second = calculated(world, office.faina)
    assert refusal(second, office.pavel) is ApprovalRefusal.ADJUSTED_IT
    for who in (world.anna, extra):
        approve_batch(batch_id=second.pk, by=by(who), at=AT)
    payout = second.payouts.get()
    mark_sent(payout_id=payout.pk, on=TODAY, by=by(office.faina), at=AT)
    mark_failed(
        payout_id=payout.pk, problem=PayoutProblem.DETAILS_WRONG, on=TODAY, by=by(office.faina), at=AT
    )
    third = calculated(world, office.faina)
    assert third.total == 150
    assert refusal(third, office.pavel) is ApprovalRefusal.ADJUSTED_IT


def test_a_change_of_later_days_counts_for_the_batch_that_pays_it(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    changed_by_hand(world, office, on=TODAY)
    assert calculated(world, office.faina).total == 100
    later = calculated(world, office.faina, until=TODAY)
    assert later.total == 50
    assert refusal(later, office.pavel) is ApprovalRefusal.ADJUSTED_IT


def test_a_change_that_was_paid_in_part_counts_for_the_rest_too(
    world: World, office: Office, extra: User
) -> None:
    earned(world.aurora, "100")
    changed_by_hand(world, office)
    ask_payout(partner_id=world.aurora.pk, currency="EUR", amount=Decimal(10), by=by(office.faina), at=AT)
    first = calculated(world, office.faina)
    assert first.total == 10
    for who in (world.anna, extra):
        approve_batch(batch_id=first.pk, by=by(who), at=AT)
    rest = calculated(world, office.faina)
    assert rest.total == 140
    assert refusal(rest, office.pavel) is ApprovalRefusal.ADJUSTED_IT


def test_money_in_one_batch_is_not_planned_by_another(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    calculated(world, office.faina)
    with pytest.raises(NothingToPay) as found:
        calculated(world, office.pavel)
    assert [left.reason for left in found.value.plan.left_out] == ["planned_already"]
    earned(world.aurora, "25")
    assert calculated(world, office.pavel).total == 25
    assert balance(world.aurora) == ("125.00", "0.00", "125.00")


def test_a_chargeback_or_a_hold_after_the_calculation_stops_the_approval(
    world: World, office: Office
) -> None:
    earned(world.aurora, "100")
    earned(world.borealis, "50")
    batch = calculated(world, office.faina)
    charged_back(world.aurora, "1")
    with pytest.raises(NotCovered) as found:
        approve_batch(batch_id=batch.pk, by=by(office.pavel), at=AT)
    assert found.value.partner_ids == [world.aurora.pk]
    assert not BatchApproval.objects.exists()
    earned(world.aurora, "1")
    held(world.borealis, "0.01", office.pavel)
    with pytest.raises(NotCovered):
        approve_batch(batch_id=batch.pk, by=by(office.pavel), at=AT)


def test_a_batch_called_off_frees_the_money_and_the_partner_need_not_ask_again(
    world: World, office: Office
) -> None:
    earned(world.aurora, "100")
    request = ask_payout(
        partner_id=world.aurora.pk,
        currency="EUR",
        amount=Decimal(60),
        contact_id=world.vera.pk,
        by=Actor.system(),
        at=AT,
    )
    batch = approved(world, office)
    assert (batch.total, balance(world.aurora)) == (60, ("100.00", "0.00", "60.00"))
    request.refresh_from_db()
    assert (request.state, request.payout) == (RequestState.PLANNED, Payout.objects.get())

    cancel_batch(batch_id=batch.pk, by=by(office.faina), at=AT)
    assert balance(world.aurora) == ("100.00", "0.00", "0.00")
    assert PayoutRequest.objects.get().state == RequestState.ASKED
    assert Payout.objects.get().state == PayoutState.CANCELLED
    with pytest.raises(BatchUnderWay):
        cancel_batch(batch_id=batch.pk, by=by(office.faina), at=AT)


def test_what_is_on_its_way_is_not_called_off(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    batch = approved(world, office)
    mark_sent(payout_id=batch.payouts.get().pk, on=TODAY, by=by(office.faina), at=AT)
    with pytest.raises(BatchUnderWay):
        cancel_batch(batch_id=batch.pk, by=by(office.faina), at=AT)


def test_one_payout_is_taken_out_before_the_approval_and_stays_out(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    earned(world.borealis, "50")
    batch = calculated(world, office.faina)
    cancel_payout(payout_id=batch.payouts.get(partner=world.aurora).pk, by=by(office.faina), at=AT)
    for who in (office.pavel, world.anna):
        approve_batch(batch_id=batch.pk, by=by(who), at=AT)
    states = dict(batch.payouts.values_list("partner__name", "state"))
    assert states == {"Aurora": PayoutState.CANCELLED, "Borealis": PayoutState.APPROVED}
    assert balance(world.aurora) == ("100.00", "0.00", "0.00")
    cancel_batch(batch_id=batch.pk, by=by(office.faina), at=AT)
    assert recount_balances(by=Actor.system(), at=AT) == 0


def test_the_smallest_payout_is_the_partners_own_where_there_is_one(world: World, office: Office) -> None:
    for partner_id, least in ((None, "60"), (world.borealis.pk, "20")):
        set_terms(
            program_id=world.program.pk,
            partner_id=partner_id,
            terms=Terms(Schedule.MONTHLY, 15, 10, 3),
            minimum={"EUR": Decimal(least)},
            by=by(office.faina),
            at=AT,
        )
    earned(world.aurora, "50")
    earned(world.borealis, "50")
    batch = calculated(world, office.faina)
    assert [payout.partner for payout in batch.payouts.all()] == [world.borealis]
    assert [(left.partner, left.reason) for left in batch.left_out.all()] == [(world.aurora, "below_minimum")]


def test_later_earnings_wait_and_later_chargebacks_do_not(world: World, office: Office) -> None:
    earned(world.aurora, "100", on="2026-02-28")
    earned(world.aurora, "40", on="2026-03-01")
    charged_back(world.aurora, "5", on="2026-03-02")
    assert calculated(world, office.faina).total == 95


def test_fractions_of_a_cent_stay_and_grow(world: World, office: Office) -> None:
    earned(world.aurora, "10.0099")
    assert calculated(world, office.faina).total == Decimal("10.00")
    assert calculated_rest(world) == [("too_fine", Decimal("0.0099"))]


def calculated_rest(world: World) -> list[tuple[str, Decimal]]:
    return list(PayoutBatch.objects.get().left_out.values_list("reason", "amount"))


def test_currencies_are_paid_apart(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    earned(world.aurora, "5000", currency="JPY")
    assert calculated(world, office.faina, currency="JPY").total == 5000
    assert balance(world.aurora) == ("100.00", "0.00", "0.00")


def test_a_batch_of_twice_as_many_takes_as_many_queries(world: World, office: Office) -> None:
    def queries(count: int, day: date) -> int:
        partners = [
            Partner(program=world.program, name=f"P{day}{number}", created_at=NOW) for number in range(count)
        ]
        for partner in Partner.objects.bulk_create(partners):
            earned(partner, "10")
        with CaptureQueriesContext(connection) as captured:
            calculated(world, office.faina)
        return len(captured)

    queries(1, date(2026, 1, 1))
    # From now on there is somebody to leave out as well.
    assert queries(5, date(2026, 1, 2)) == queries(10, date(2026, 1, 3))
