"""A hold freezes its own part, says what is checked and until when, and ends by a decision."""

from __future__ import annotations

import pytest

from otklik.events.models import Event
from otklik.payouts.models import Entry, Hold
from otklik.payouts.operations.amounts import WrongAmount
from otklik.payouts.operations.holds import (
    HoldDecided,
    HoldRefused,
    NeedsSecondPerson,
    change_hold,
    keep_hold,
    open_hold,
    release_hold,
)
from otklik.payouts.rules.holds import HoldProblem
from otklik.payouts.rules.vocabulary import EntryKind, HoldState
from otklik.payouts.tests.office import (
    AT,
    TODAY,
    Office,
    balance,
    by,
    calculated,
    charged_back,
    earned,
    held,
    hold_terms,
)
from tests.world import World


def test_a_hold_freezes_its_part_and_the_rest_is_paid(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    held(world.aurora, "30", office.pavel)
    assert balance(world.aurora) == ("100.00", "30.00", "0.00")
    batch = calculated(world, office.faina)
    assert [payout.amount for payout in batch.payouts.all()] == [70]
    assert [(left.reason, left.amount) for left in batch.left_out.all()] == [("held", 30)]


def test_a_smaller_hold_frees_the_difference_at_once_and_tells_both_amounts(
    world: World, office: Office
) -> None:
    earned(world.aurora, "100")
    hold = held(world.aurora, "30", office.pavel)
    terms = hold_terms("12.50", until="2026-03-25")
    change_hold(hold_id=hold.pk, terms=terms, by=by(office.faina), at=AT)
    change_hold(hold_id=hold.pk, terms=terms, by=by(office.faina), at=AT)
    assert balance(world.aurora) == ("100.00", "12.50", "0.00")
    [event] = Event.objects.filter(kind="hold.changed")
    assert (event.data["amount"], event.data["before"]["amount"]) == ("12.50", "30.00")
    assert "checking" not in event.data
    assert Hold.objects.get().version == 1


def test_a_hold_that_a_chargeback_left_uncovered_is_made_smaller_and_not_larger(
    world: World, office: Office
) -> None:
    earned(world.aurora, "100")
    hold = held(world.aurora, "80", office.pavel)
    charged_back(world.aurora, "90")
    change_hold(hold_id=hold.pk, terms=hold_terms("50"), by=by(office.faina), at=AT)
    assert balance(world.aurora) == ("10.00", "50.00", "0.00")
    with pytest.raises(HoldRefused, match="more_than_there_is"):
        change_hold(hold_id=hold.pk, terms=hold_terms("60"), by=by(office.faina), at=AT)


def test_a_released_amount_is_free_again_and_decided_once(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    hold = held(world.aurora, "30", office.pavel)
    release_hold(hold_id=hold.pk, outcome_note="All clicks are real", by=by(office.pavel), at=AT)
    assert balance(world.aurora) == ("100.00", "0.00", "0.00")
    for again in (release_hold, change_hold):
        more = {"terms": hold_terms("1")} if again is change_hold else {}
        with pytest.raises(HoldDecided):
            again(hold_id=hold.pk, by=by(office.pavel), at=AT, **more)  # type: ignore[operator]


def test_an_amount_is_kept_for_good_by_a_second_person_with_a_word_for_the_partner(
    world: World, office: Office
) -> None:
    earned(world.aurora, "100")
    hold = held(world.aurora, "30", office.pavel)

    def keep(who: object, note: str) -> None:
        keep_hold(hold_id=hold.pk, outcome_note=note, on=TODAY, by=by(who), at=AT)  # type: ignore[arg-type]

    with pytest.raises(NeedsSecondPerson):
        keep(office.pavel, "Bots")
    with pytest.raises(HoldRefused, match="nothing_said"):
        keep(office.faina, " ")
    keep(office.faina, "Bots")
    assert balance(world.aurora) == ("70.00", "0.00", "0.00")
    hold.refresh_from_db()
    assert hold.state == HoldState.KEPT
    assert hold.entry == Entry.objects.get(kind=EntryKind.ADJUSTMENT)
    assert hold.entry.amount == -30


def test_who_made_a_hold_larger_does_not_keep_it_alone(world: World, office: Office) -> None:
    earned(world.aurora, "1000")
    hold = held(world.aurora, "1", office.pavel)
    change_hold(hold_id=hold.pk, terms=hold_terms("1000"), by=by(office.faina), at=AT)
    change_hold(hold_id=hold.pk, terms=hold_terms("900"), by=by(world.anna), at=AT)
    for who in (office.pavel, office.faina):
        with pytest.raises(NeedsSecondPerson):
            keep_hold(hold_id=hold.pk, outcome_note="Bots", on=TODAY, by=by(who), at=AT)
    keep_hold(hold_id=hold.pk, outcome_note="Bots", on=TODAY, by=by(world.anna), at=AT)
    assert balance(world.aurora) == ("100.00", "0.00", "0.00")


@pytest.mark.parametrize(
    ("amount", "checking", "until", "problem"),
    [
        ("100.01", "Clicks", "2026-03-20", HoldProblem.MORE_THAN_THERE_IS),
        ("10", " ", "2026-03-20", HoldProblem.NOTHING_SAID),
        ("10", "Clicks", "2026-03-01", HoldProblem.DECIDED_IN_THE_PAST),
        ("10", "Clicks", "2027-03-01", HoldProblem.TOO_LONG),
    ],
)
def test_no_hold_without_money_a_reason_or_a_day(
    world: World, office: Office, amount: str, checking: str, until: str, problem: HoldProblem
) -> None:
    earned(world.aurora, "100")
    terms = hold_terms(amount, checking=checking, until=until)
    with pytest.raises(HoldRefused) as found:
        open_hold(partner_id=world.aurora.pk, currency="EUR", terms=terms, by=by(office.faina), at=AT)
    assert found.value.problem is problem
    assert balance(world.aurora) == ("100.00", "0.00", "0.00")


@pytest.mark.parametrize("amount", ["0", "-5", "10.001", "NaN"])
def test_a_hold_is_of_an_amount_a_bank_knows(world: World, office: Office, amount: str) -> None:
    earned(world.aurora, "100")
    with pytest.raises(WrongAmount):
        held(world.aurora, amount, office.faina)
