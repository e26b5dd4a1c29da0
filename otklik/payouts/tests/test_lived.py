"""Held and late money, each at the moment it was felt."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from otklik.events.public import Actor
from otklik.payouts.models import Hold, Payout
from otklik.payouts.operations.paying import cancel_payout, mark_failed, mark_returned
from otklik.payouts.queries.lived import money_lived_through
from otklik.payouts.rules.vocabulary import PayoutProblem, PayoutState
from otklik.payouts.tests.office import earned
from tests.world import World

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
LATER = datetime(2026, 5, 1, tzinfo=UTC)


def march(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def a_payout(world: World, state: PayoutState, **facts: Any) -> Payout:
    """Told for Thursday the 5th."""
    given = {"expected_on": date(2026, 3, 5), "original_expected_on": date(2026, 3, 5), **facts}
    return Payout.objects.create(
        program=world.program,
        partner=world.aurora,
        amount=Decimal(10),
        currency="EUR",
        state=state,
        created_at=march(1),
        **given,
    )


def went_wrong(world: World, until: datetime = LATER) -> list[datetime]:
    return sorted(money_lived_through([world.aurora.pk], until=until)[world.aurora.pk].went_wrong)


@pytest.mark.parametrize(
    ("state", "facts", "wrong"),
    [
        (PayoutState.PAID, {"paid_on": date(2026, 3, 5)}, []),
        (PayoutState.PAID, {"paid_on": date(2026, 3, 6)}, [march(6)]),
        # It left in time: a bank takes three business days.
        (PayoutState.PAID, {"paid_on": date(2026, 3, 10), "sent_at": march(5, 9)}, []),
        (PayoutState.PAID, {"paid_on": date(2026, 3, 11), "sent_at": march(5, 9)}, [march(11)]),
        (PayoutState.APPROVED, {}, [march(6)]),
        # Moved later, and come on the later day: the first day was told first.
        (PayoutState.PAID, {"paid_on": date(2026, 3, 20), "expected_on": date(2026, 3, 20)}, [march(6)]),
        (PayoutState.PLANNED, {"original_expected_on": date(2026, 6, 1)}, []),
    ],
)
def test_a_payout_is_late_from_the_day_after_the_one_first_told(
    world: World, state: PayoutState, facts: dict[str, Any], wrong: list[datetime]
) -> None:
    a_payout(world, state, **facts)
    assert went_wrong(world) == wrong


def test_one_that_failed_or_came_back_went_wrong_then_and_once(world: World) -> None:
    earned(world.aurora, "100")
    failed = a_payout(world, PayoutState.SENT, sent_at=march(3, 9))
    why = {"problem": PayoutProblem.BANK_REFUSED, "by": SYSTEM}
    mark_failed(payout_id=failed.pk, on=march(4).date(), at=march(4, 9), **why)
    back = a_payout(world, PayoutState.PAID, paid_on=date(2026, 3, 5))
    mark_returned(payout_id=back.pk, on=march(20).date(), at=march(20, 9), **why)
    assert went_wrong(world) == [march(4, 9), march(20, 9)]
    assert went_wrong(world, until=march(19)) == [march(4, 9)]


@pytest.mark.parametrize(("day", "wrong"), [(4, []), (6, [march(6)])])
def test_one_called_off_before_its_day_was_not_awaited(world: World, day: int, wrong: list[datetime]) -> None:
    earned(world.aurora, "100")
    payout = a_payout(world, PayoutState.APPROVED)
    cancel_payout(payout_id=payout.pk, by=SYSTEM, at=march(day, 9))
    assert went_wrong(world) == wrong


def test_holds_are_told_with_their_ends(world: World) -> None:
    given = {"partner": world.aurora, "currency": "EUR", "amount": 1, "decide_by": date(2026, 4, 1)}
    Hold.objects.create(opened_at=march(2), decided_at=march(4), **given)
    Hold.objects.create(opened_at=march(6), **given)
    Hold.objects.create(opened_at=march(9), **given)
    found = money_lived_through([world.aurora.pk], until=march(8))
    assert found[world.aurora.pk].held == [(march(2), march(4)), (march(6), None)]
