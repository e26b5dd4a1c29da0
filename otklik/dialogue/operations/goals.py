"""Goals and commitments: either side proposes, the other agrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from otklik.dialogue.models import Commitment, Goal
from otklik.dialogue.operations.once import made_once, own_key
from otklik.dialogue.operations.sides import side_of, user_of
from otklik.dialogue.rules.promises import NEEDS_REASON, goal_steps, promise_steps
from otklik.dialogue.rules.vocabulary import GoalState, PromiseState, Side
from otklik.events.public import Actor, Subject, record
from otklik.partners.public import Contact, Partner


class NotTheirPerson(Exception):
    """The person belongs to another partner, or was erased."""


class WrongStep(Exception):
    """This side cannot make that of it: it was answered meanwhile, or it is the other's turn."""


class ReasonMissing(Exception):
    """Declined, missed or dropped without a word why."""


class DayOver(Exception):
    """The day lies in the past."""


@dataclass(frozen=True, slots=True)
class GoalTerms:
    """``owner_id``: ours, a user; ``contact_id``: theirs."""

    text: str
    due_on: date
    measure: str = ""
    target: str = ""
    owner_id: int | None = None
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class PromiseTerms:
    """``side``: who promises."""

    side: Side
    text: str
    due_on: date
    goal_id: int | None = None
    owner_id: int | None = None
    contact_id: int | None = None


@transaction.atomic
def propose_goal(
    *, partner_id: int, terms: GoalTerms, on: date, key: str = "", by: Actor, at: datetime
) -> Goal:
    """Without an owner of ours it is the account manager's. Raises DayOver, NotTheirPerson,
    Partner.DoesNotExist."""
    partner = _partner(partner_id, terms.due_on, terms.contact_id, on)
    made_by = own_key(by, key)

    def make() -> Goal:
        return Goal.objects.create(
            partner=partner,
            text=terms.text.strip(),
            measure=terms.measure.strip(),
            target=terms.target.strip(),
            due_on=terms.due_on,
            owner_id=terms.owner_id or partner.manager_id or user_of(by),
            contact_id=terms.contact_id or _contact_of(by),
            proposed_by=side_of(by),
            created_at=at,
            key=made_by,
        )

    goal, is_new = made_once(Goal, made_by, make)
    if is_new:
        _tell("goal.proposed", "goal", goal, by, at)
    return goal


@transaction.atomic
def move_goal(*, goal_id: int, state: GoalState, reason: str = "", by: Actor, at: datetime) -> Goal:
    """Agree to it, decline it, close it. Raises WrongStep, ReasonMissing, Goal.DoesNotExist."""
    goal = Goal.objects.select_for_update(of=("self",)).get(pk=goal_id)
    steps = goal_steps(GoalState(goal.state), proposed_by=Side(goal.proposed_by), side=side_of(by))
    if state not in steps:
        raise WrongStep(state)
    if state in NEEDS_REASON and not reason.strip():
        raise ReasonMissing(state)
    goal.move(state, reason=reason.strip(), at=at)
    goal.save()
    _tell(f"goal.{state}", "goal", goal, by, at)
    return goal


@transaction.atomic
def propose_commitment(
    *, partner_id: int, terms: PromiseTerms, on: date, key: str = "", by: Actor, at: datetime
) -> Commitment:
    """What the proposing side promises itself is agreed at once: nobody has to allow a promise. Raises
    DayOver, NotTheirPerson, Goal.DoesNotExist, Partner.DoesNotExist."""
    partner = _partner(partner_id, terms.due_on, terms.contact_id, on)
    if terms.goal_id is not None:
        Goal.objects.get(pk=terms.goal_id, partner=partner)
    side = side_of(by)
    is_own = side is terms.side
    made_by = own_key(by, key)

    def make() -> Commitment:
        return Commitment.objects.create(
            partner=partner,
            goal_id=terms.goal_id,
            side=terms.side,
            text=terms.text.strip(),
            due_on=terms.due_on,
            owner_id=terms.owner_id or partner.manager_id or user_of(by),
            contact_id=terms.contact_id or _contact_of(by),
            state=PromiseState.AGREED if is_own else PromiseState.PROPOSED,
            proposed_by=side,
            created_at=at,
            answered_at=at if is_own else None,
            key=made_by,
        )

    promise, is_new = made_once(Commitment, made_by, make)
    if is_new:
        _tell("commitment.made" if is_own else "commitment.proposed", "commitment", promise, by, at)
    return promise


@transaction.atomic
def move_commitment(
    *, commitment_id: int, state: PromiseState, note: str = "", on: date, by: Actor, at: datetime
) -> Commitment:
    """``note``: what shows that it is done, or why it is not. Raises WrongStep, ReasonMissing,
    Commitment.DoesNotExist."""
    promise = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment_id)
    steps = promise_steps(
        PromiseState(promise.state),
        proposed_by=Side(promise.proposed_by),
        of=Side(promise.side),
        side=side_of(by),
    )
    if state not in steps:
        raise WrongStep(state)
    if state in NEEDS_REASON and not note.strip():
        raise ReasonMissing(state)
    promise.move(state, note=note.strip(), on=on, at=at)
    promise.save()
    _tell(f"commitment.{state}", "commitment", promise, by, at)
    return promise


def _partner(partner_id: int, due_on: date, contact_id: int | None, on: date) -> Partner:
    if due_on < on:
        raise DayOver(due_on)
    partner = Partner.objects.get(pk=partner_id, erased_at=None)
    if contact_id is not None:
        theirs = Contact.objects.filter(pk=contact_id, partner_id=partner_id, erased_at=None)
        if not theirs.exists():
            raise NotTheirPerson(contact_id)
    return partner


def _contact_of(by: Actor) -> int | None:
    return by.id if side_of(by) is Side.THEIRS else None


def _tell(kind: str, noun: str, row: Goal | Commitment, by: Actor, at: datetime) -> None:
    subjects = [Subject(noun, row.pk), Subject("partner", row.partner_id)]
    data = {"due_on": row.due_on.isoformat(), "side": str(getattr(row, "side", row.proposed_by))}
    record(kind, by=by, at=at, subjects=subjects, data=data)
