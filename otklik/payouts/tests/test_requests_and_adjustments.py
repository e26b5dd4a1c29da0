"""What a partner asks for, and what staff change by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.payouts.models import Entry, PayoutRequest
from otklik.payouts.operations.adjustments import (
    AdjustmentDecided,
    NeedsPerson,
    WhyMissing,
    decide_adjustment,
    propose_adjustment,
)
from otklik.payouts.operations.amounts import WrongAmount
from otklik.payouts.operations.holds import NeedsSecondPerson
from otklik.payouts.operations.requests import (
    AlreadyAsked,
    BelowMinimum,
    MoreThanAvailable,
    NotTheirContact,
    RequestClosed,
    ask_payout,
    decline_request,
    withdraw_request,
)
from otklik.payouts.operations.terms import set_terms
from otklik.payouts.rules.schedule import Terms
from otklik.payouts.rules.vocabulary import AdjustmentState, DeclineReason, EntryKind, RequestState, Schedule
from otklik.payouts.tests.office import AT, TODAY, Office, balance, by, calculated, earned, held
from tests.world import World

PORTAL = Actor.system()


def ask(world: World, amount: str | None = None) -> PayoutRequest:
    return ask_payout(
        partner_id=world.aurora.pk,
        currency="EUR",
        amount=None if amount is None else Decimal(amount),
        contact_id=world.vera.pk,
        by=PORTAL,
        at=AT,
    )


def test_a_partner_asks_for_what_is_free_and_no_more(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    held(world.aurora, "30", office.faina)
    with pytest.raises(MoreThanAvailable) as found:
        ask(world, "70.01")
    assert found.value.available == 70
    assert ask(world, "70").asked_by_contact == world.vera
    with pytest.raises(AlreadyAsked):
        ask(world)


def test_less_than_the_smallest_payout_is_not_asked_for_and_holds_nothing_up(
    world: World, office: Office
) -> None:
    """It would wait for ever, and keep all the rest from being paid."""

    def least(amount: str, partner_id: int | None = None) -> None:
        set_terms(
            program_id=world.program.pk,
            partner_id=partner_id,
            terms=Terms(Schedule.MONTHLY, 15),
            minimum={"EUR": Decimal(amount)},
            by=by(office.faina),
            at=AT,
        )

    earned(world.aurora, "100")
    least("50")
    with pytest.raises(BelowMinimum) as found:
        ask(world, "49.99")
    assert found.value.minimum == 50
    least("10", world.aurora.pk)
    assert ask(world, "49.99").state == RequestState.ASKED


def test_nothing_is_asked_for_where_there_is_nothing(world: World) -> None:
    with pytest.raises(MoreThanAvailable):
        ask(world)
    with pytest.raises(WrongAmount):
        ask(world, "-5")


def test_nobody_asks_for_another_partners_money(world: World) -> None:
    earned(world.borealis, "100")
    with pytest.raises(NotTheirContact):
        ask_payout(partner_id=world.borealis.pk, currency="EUR", contact_id=world.vera.pk, by=PORTAL, at=AT)


def test_a_request_is_withdrawn_or_declined_with_a_reason_and_then_over(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    first = withdraw_request(request_id=ask(world).pk, by=PORTAL, at=AT)
    assert first.state == RequestState.WITHDRAWN
    second = decline_request(
        request_id=ask(world).pk, reason=DeclineReason.DOCUMENTS_MISSING, by=by(office.faina), at=AT
    )
    assert (second.state, second.decline_reason) == (RequestState.DECLINED, "documents_missing")
    assert Event.objects.get(kind="payout.declined").data["reason"] == "documents_missing"
    with pytest.raises(RequestClosed):
        withdraw_request(request_id=second.pk, by=PORTAL, at=AT)
    planned = ask(world, "10")
    calculated(world, office.faina)
    with pytest.raises(RequestClosed):
        withdraw_request(request_id=planned.pk, by=PORTAL, at=AT)


def propose(world: World, by_whom: Actor, amount: str = "-25.50", why: str = "Paid twice in May") -> int:
    return propose_adjustment(
        partner_id=world.aurora.pk, currency="EUR", amount=Decimal(amount), why=why, by=by_whom, at=AT
    ).pk


def decide(pk: int, by_whom: Actor, *, approve: bool = True) -> str:
    decided = decide_adjustment(adjustment_id=pk, approve=approve, on=TODAY, by=by_whom, at=AT)
    return str(decided.state)


def test_a_balance_is_changed_by_hand_by_two_people(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    pk = propose(world, by(office.faina))
    assert balance(world.aurora)[0] == "100.00"
    with pytest.raises(NeedsSecondPerson):
        decide(pk, by(office.faina))
    with pytest.raises(NeedsPerson):
        decide(pk, Actor.system())
    assert decide(pk, by(office.pavel)) == AdjustmentState.APPROVED
    assert balance(world.aurora)[0] == "74.50"
    assert Entry.objects.get(kind=EntryKind.ADJUSTMENT).by_hand == office.faina
    with pytest.raises(AdjustmentDecided):
        decide(pk, by(world.anna))


def test_a_declined_change_changes_nothing(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    assert decide(propose(world, by(office.faina)), by(office.pavel), approve=False) == "declined"
    assert balance(world.aurora)[0] == "100.00"


def test_a_change_says_why_and_who_and_its_reason_stays_out_of_the_log(world: World, office: Office) -> None:
    with pytest.raises(WhyMissing):
        propose(world, by(office.faina), why="  ")
    with pytest.raises(NeedsPerson):
        propose(world, Actor.system())
    propose(world, by(office.faina))
    assert Event.objects.get(kind="adjustment.proposed").data == {"amount": "-25.50", "currency": "EUR"}
