"""Goals and commitments: proposed by one side, agreed by the other, kept or late."""

from __future__ import annotations

from datetime import date

import pytest

from otklik.dialogue.models import Commitment, Goal
from otklik.dialogue.operations.goals import (
    DayOver,
    GoalTerms,
    NotTheirPerson,
    PromiseTerms,
    ReasonMissing,
    WrongStep,
    move_commitment,
    move_goal,
    propose_commitment,
    propose_goal,
)
from otklik.dialogue.queries.partner_side import agreements, promises_to, waiting_for
from otklik.dialogue.rules.promises import Record
from otklik.dialogue.rules.vocabulary import GoalState, PromiseState, Side, Standing
from otklik.dialogue.tests.stories import AT, DUE, TODAY, at_partner, by
from otklik.partners.operations.contacts import create_contact
from tests.world import World

LATER = date(2026, 3, 25)


def test_a_goal_goes_from_one_side_to_the_other(world: World) -> None:
    ours, theirs = by(world.boris), at_partner(world.vera)
    said = GoalTerms("Mobile share of 40 %", DUE)
    goal = propose_goal(partner_id=world.aurora.pk, terms=said, on=TODAY, by=ours, at=AT)
    assert goal.owner_id == world.boris.pk
    with pytest.raises(WrongStep):
        move_goal(goal_id=goal.pk, state=GoalState.AGREED, by=ours, at=AT)
    waits = waiting_for(world.aurora.pk, world.gleb.pk, language="en", today=TODAY, at=AT)
    assert [one.what for one in waits] == ["goal"]
    move_goal(goal_id=goal.pk, state=GoalState.AGREED, by=theirs, at=AT)
    with pytest.raises(WrongStep):
        move_goal(goal_id=goal.pk, state=GoalState.MET, by=theirs, at=AT)
    with pytest.raises(ReasonMissing):
        move_goal(goal_id=goal.pk, state=GoalState.MISSED, reason=" ", by=ours, at=AT)
    assert move_goal(goal_id=goal.pk, state=GoalState.MET, by=ours, at=AT).closed_at == AT


def test_a_form_sent_twice_is_one_goal_and_anothers_key_is_not_mine(world: World) -> None:
    said = GoalTerms("More traffic", DUE)
    asked = {"partner_id": world.aurora.pk, "terms": said, "on": TODAY, "at": AT, "key": "k"}
    for who in (world.vera, world.vera, world.gleb):
        propose_goal(**asked, by=at_partner(who))
    assert Goal.objects.count() == 2


def test_days_that_are_over_and_people_of_others_are_refused(world: World) -> None:
    foreign = create_contact(partner_id=world.borealis.pk, facts={"name": "B"}, by=by(world.anna), at=AT)
    asked = {"partner_id": world.aurora.pk, "on": TODAY, "by": by(world.anna), "at": AT}
    with pytest.raises(DayOver):
        propose_goal(**asked, terms=GoalTerms("x", date(2026, 3, 1)))
    with pytest.raises(NotTheirPerson):
        propose_goal(**asked, terms=GoalTerms("x", DUE, contact_id=foreign.pk))
    elsewhere = propose_goal(
        partner_id=world.borealis.pk, terms=GoalTerms("y", DUE), on=TODAY, by=by(world.anna), at=AT
    )
    with pytest.raises(Goal.DoesNotExist):
        propose_commitment(**asked, terms=PromiseTerms(Side.OURS, "z", DUE, goal_id=elsewhere.pk))


def test_promises_are_kept_late_or_forgiven(world: World) -> None:
    ours, theirs = by(world.boris), at_partner(world.vera)
    asked = {"partner_id": world.aurora.pk, "on": TODAY, "at": AT}
    mine = propose_commitment(**asked, terms=PromiseTerms(Side.OURS, "Banners", DUE), by=ours)
    assert mine.state == PromiseState.AGREED
    wished = propose_commitment(**asked, terms=PromiseTerms(Side.THEIRS, "A test site", DUE), by=ours)
    assert wished.state == PromiseState.PROPOSED
    move_commitment(commitment_id=wished.pk, state=PromiseState.AGREED, on=TODAY, by=theirs, at=AT)
    (line,) = promises_to(world.aurora.pk, today=LATER)
    assert (line.text, line.standing, line.owner) == ("Banners", Standing.OVERDUE, "Boris Manager")
    with pytest.raises(WrongStep):
        move_commitment(commitment_id=mine.pk, state=PromiseState.DROPPED, note="x", on=LATER, by=ours, at=AT)
    move_commitment(commitment_id=mine.pk, state=PromiseState.DONE, note="sent", on=LATER, by=ours, at=AT)
    move_commitment(commitment_id=wished.pk, state=PromiseState.DONE, on=DUE, by=theirs, at=AT)
    found = agreements(world.aurora.pk, side=Side.THEIRS, today=LATER)
    assert (found.our_record, found.their_record) == (Record(late=1), Record(kept=1))
    assert Commitment.objects.get(pk=mine.pk).done_on == LATER
