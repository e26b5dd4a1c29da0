"""Whatever happens in whatever order, a balance is the sum of its lines and nothing is paid twice."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

import pytest

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.partners.models import Partner
from otklik.payouts.models import Balance, Entry, Hold, Payout, PayoutBatch
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
)
from otklik.payouts.operations.recounting import recount_balances
from otklik.payouts.rules.vocabulary import PayoutProblem
from otklik.payouts.tests.office import AT, TODAY, Office, by, calculated, charged_back, earned, held
from tests.world import World

# What may rightly be refused in a story that nobody planned.
REFUSALS = (
    ApprovalRefused,
    BatchUnderWay,
    HoldDecided,
    HoldRefused,
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

    def hold() -> int:
        return chance.choice(list(Hold.objects.order_by("-pk").values_list("pk", flat=True)[:3]))

    return [
        *[lambda: earned(partner(), amount())] * 5,
        lambda: charged_back(partner(), amount()),
        lambda: held(partner(), amount(), office.faina),
        lambda: release_hold(hold_id=hold(), by=pavel, at=AT),
        lambda: keep_hold(hold_id=hold(), outcome_note="Bots", on=TODAY, by=pavel, at=AT),
        lambda: calculated(world, office.faina),
        *[
            lambda who=who: approve_batch(batch_id=batch(), by=by(who), at=AT)
            for who in (world.anna, world.root)
        ]
        * 3,
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
    for _ in range(500):
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
