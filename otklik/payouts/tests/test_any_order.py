"""Whatever happens in whatever order, a balance is the sum of its lines and nothing is paid twice."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

import pytest

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.identity.models import User
from otklik.partners.models import Partner
from otklik.payouts.models import Balance, Entry, Hand, Hold, Payout, PayoutBatch, PayoutRequest
from otklik.payouts.operations.adjustments import decide_adjustment, propose_adjustment
from otklik.payouts.operations.batches import (
    ApprovalRefused,
    BatchUnderWay,
    NotCovered,
    NothingToPay,
    approve_batch,
    cancel_batch,
)
from otklik.payouts.operations.holds import HoldDecided, HoldRefused, keep_hold, release_hold
from otklik.payouts.operations.paying import (
    WrongMove,
    cancel_payout,
    mark_failed,
    mark_paid,
    mark_returned,
    mark_sent,
    send_batch,
)
from otklik.payouts.operations.recounting import recount_balances
from otklik.payouts.operations.requests import (
    AlreadyAsked,
    BelowMinimum,
    MoreThanAvailable,
    ask_payout,
    withdraw_request,
)
from otklik.payouts.rules.vocabulary import PayoutProblem
from otklik.payouts.tests.office import AT, TODAY, UNTIL, Office, by, calculated, charged_back, earned, held
from tests.world import World

# What may rightly be refused in a story that nobody planned.
REFUSALS = (
    AlreadyAsked,
    ApprovalRefused,
    BelowMinimum,
    BatchUnderWay,
    HoldDecided,
    HoldRefused,
    MoreThanAvailable,
    NotCovered,
    NothingToPay,
    WrongMove,
    IndexError,
)


def doings(world: World, office: Office, chance: random.Random) -> list[Callable[[], object]]:
    faina, pavel, bank = by(office.faina), by(office.pavel), PayoutProblem.BANK_REFUSED

    def partner() -> Partner:
        return chance.choice([world.aurora, world.borealis])

    def amount() -> str:
        return f"{chance.randint(1, 9999) / 100:.2f}"

    def payout() -> int:
        return chance.choice(
            list(Payout.objects.exclude(state="cancelled").order_by("-pk").values_list("pk", flat=True)[:4])
        )

    def batch() -> int:
        return chance.choice(list(PayoutBatch.objects.order_by("-pk").values_list("pk", flat=True)[:2]))

    def approve(who: User) -> None:
        done = approve_batch(batch_id=batch(), by=by(who), at=AT)
        theirs = Hand.objects.filter(batch=done, user=who)
        assert not theirs.exists()
        assert done.calculated_by_id != who.pk

    def change() -> object:
        proposal = {"partner_id": partner().pk, "currency": "EUR", "why": "Promised", "at": AT}
        who = by(chance.choice([office.pavel, world.anna]))
        one = propose_adjustment(amount=Decimal(amount()), by=who, **proposal)
        return decide_adjustment(
            adjustment_id=one.pk, approve=True, on=chance.choice([UNTIL, TODAY]), by=faina, at=AT
        )

    def ask() -> object:
        wanted = chance.choice([None, Decimal(amount())])
        return ask_payout(partner_id=partner().pk, currency="EUR", amount=wanted, by=faina, at=AT)

    def hold() -> int:
        return chance.choice(list(Hold.objects.order_by("-pk").values_list("pk", flat=True)[:3]))

    return [
        *[lambda: earned(partner(), amount())] * 5,
        lambda: charged_back(partner(), amount()),
        lambda: held(partner(), amount(), office.faina),
        lambda: release_hold(hold_id=hold(), by=pavel, at=AT),
        lambda: keep_hold(hold_id=hold(), outcome_note="Bots", on=TODAY, by=pavel, at=AT),
        lambda: calculated(world, office.faina, until=chance.choice([UNTIL, TODAY])),
        change,
        ask,
        *[lambda who=who: approve(who) for who in (world.anna, world.root, office.pavel)] * 3,
        lambda: cancel_batch(batch_id=batch(), by=faina, at=AT),
        lambda: cancel_payout(payout_id=payout(), by=faina, at=AT),
        *[lambda: mark_sent(payout_id=payout(), on=TODAY, by=faina, at=AT)] * 4,
        *[lambda: mark_paid(payout_id=payout(), on=TODAY, by=faina, at=AT)] * 5,
        lambda: mark_failed(payout_id=payout(), problem=bank, on=TODAY, by=faina, at=AT),
        lambda: mark_returned(payout_id=payout(), problem=bank, on=TODAY, by=faina, at=AT),
    ]


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2, 3))])
def test_every_story_adds_up(world: World, office: Office, seed: int) -> None:
    chance = random.Random(seed)
    choices, done = doings(world, office, chance), 0
    for _ in range(500 if seed else 350):
        try:
            chance.choice(choices)()
            done += 1
        except REFUSALS:
            pass
    assert done > 100
    assert recount_balances(by=Actor.system(), at=AT) == 0
    assert {"payout.sent", "payout.cancelled", "hold.kept"} <= set(
        Event.objects.values_list("kind", flat=True)
    )
    entries = Entry.objects.filter(payout__isnull=False)
    for payout in Payout.objects.all():
        moved = sum((entry.amount for entry in entries.filter(payout=payout)), Decimal(0))
        assert moved == (-payout.amount if payout.state in ("sent", "paid") else 0)
    assert sum((row.total for row in Balance.objects.all()), Decimal(0)) == sum(
        (entry.amount for entry in Entry.objects.all()), Decimal(0)
    )
    pay_out_all(world, office)
    assert recount_balances(by=Actor.system(), at=AT) == 0
    assert all(row.total <= 0 and not row.planned for row in Balance.objects.all())


def pay_out_all(world: World, office: Office) -> None:
    """Nothing was skipped on the way: all there is can be paid."""
    for hold in Hold.objects.filter(state="open"):
        release_hold(hold_id=hold.pk, by=by(office.pavel), at=AT)
    for payout in Payout.objects.filter(state__in=["planned", "approved"]):
        cancel_payout(payout_id=payout.pk, by=by(office.faina), at=AT)
    for request in PayoutRequest.objects.filter(state="asked"):
        withdraw_request(request_id=request.pk, by=by(office.faina), at=AT)
    batch = calculated(world, office.faina, until=TODAY)
    for who in (world.anna, world.root, office.pavel):
        with suppress(ApprovalRefused):
            approve_batch(batch_id=batch.pk, by=by(who), at=AT)
    assert not send_batch(batch_id=batch.pk, on=TODAY, by=by(office.faina), at=AT).short
