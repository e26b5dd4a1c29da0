"""A partner hears of a payout before its day, of a delay and of a hold, each once and without asking."""

from __future__ import annotations

from datetime import date

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.payouts.models import ToldNotice
from otklik.payouts.operations.holds import change_hold, release_hold
from otklik.payouts.operations.notices import tell_due
from otklik.payouts.operations.paying import mark_paid, mark_sent, move_payout
from otklik.payouts.rules.vocabulary import PayoutProblem
from otklik.payouts.tests.office import AT, Office, approved, by, earned, held, hold_terms
from tests.world import World


def told(on: str) -> list[str]:
    """What is told on this day, once, however often somebody looks."""
    day, system = date.fromisoformat(on), Actor.system()
    before = ToldNotice.objects.count()
    count = tell_due(on=day, by=system, at=AT)
    assert tell_due(on=day, by=system, at=AT) == 0
    new = ToldNotice.objects.order_by("pk")[before:]
    assert count == len(new)
    return [row.notice for row in new]


def test_a_payout_is_announced_and_its_delay_told_once_for_each_day(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    payout = approved(world, office).payouts.get()  # expected on Monday the 16th
    assert told("2026-03-12") == []
    assert told("2026-03-13") == ["soon"]
    assert told("2026-03-14") == []
    assert told("2026-03-17") == ["delayed"]
    assert told("2026-03-18") == []
    move_payout(
        payout_id=payout.pk,
        expected_on=date(2026, 3, 30),
        problem=PayoutProblem.FUNDS,
        by=by(office.faina),
        at=AT,
    )
    assert told("2026-03-18") == ["moved"]
    assert told("2026-03-31") == ["delayed"]
    [first, second] = Event.objects.filter(kind="payout.delayed").order_by("pk")
    assert (first.data["expected_on"], second.data["expected_on"]) == ("2026-03-16", "2026-03-30")
    mark_sent(payout_id=payout.pk, on=date(2026, 4, 1), by=by(office.faina), at=AT)
    mark_paid(payout_id=payout.pk, on=date(2026, 4, 2), by=by(office.faina), at=AT)
    assert told("2026-04-20") == []


def test_a_hold_is_told_of_from_its_beginning_to_its_end(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    hold = held(world.aurora, "30", office.faina)
    assert told("2026-03-02") == ["held"]
    change_hold(hold_id=hold.pk, terms=hold_terms("10"), by=by(office.faina), at=AT)
    assert told("2026-03-03") == ["hold_changed"]
    assert told("2026-03-21") == ["hold_late"]
    release_hold(hold_id=hold.pk, by=by(office.faina), at=AT)
    assert told("2026-03-22") == ["hold_decided"]
    assert told("2026-03-23") == []
    assert Event.objects.filter(kind="hold.notice_due").count() == 4
