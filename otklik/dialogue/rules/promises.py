"""How goals and commitments stand on a day, and which steps they may take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from otklik.dialogue.rules.vocabulary import GoalState, PromiseState, Side, Standing

SOON = timedelta(days=7)
_GOAL_STEPS: dict[GoalState, frozenset[GoalState]] = {
    GoalState.PROPOSED: frozenset({GoalState.AGREED, GoalState.DECLINED, GoalState.DROPPED}),
    GoalState.AGREED: frozenset({GoalState.MET, GoalState.MISSED, GoalState.DROPPED}),
}
_PROMISE_STEPS: dict[PromiseState, frozenset[PromiseState]] = {
    PromiseState.PROPOSED: frozenset({PromiseState.AGREED, PromiseState.DECLINED, PromiseState.DROPPED}),
    PromiseState.AGREED: frozenset({PromiseState.DONE, PromiseState.DROPPED}),
}
# What the reader on the other side would ask about at once.
NEEDS_REASON = frozenset({"declined", "missed", "dropped"})


def goal_steps(state: GoalState, *, proposed_by: Side, side: Side) -> frozenset[GoalState]:
    """What this side may make of a goal. Nobody agrees to their own proposal, or declines it; what is agreed
    the program closes, which keeps the figures."""
    steps = _GOAL_STEPS.get(state, frozenset())
    if state is GoalState.PROPOSED:
        own = proposed_by is side
        return steps & ({GoalState.DROPPED} if own else {GoalState.AGREED, GoalState.DECLINED})
    return steps if side is Side.OURS else frozenset()


def promise_steps(state: PromiseState, *, proposed_by: Side, of: Side, side: Side) -> frozenset[PromiseState]:
    """As for goals; ``of``: who promised. Either side says that it is done; only whom it was promised to lets
    the other off."""
    steps = _PROMISE_STEPS.get(state, frozenset())
    if state is PromiseState.PROPOSED:
        own = proposed_by is side
        return steps & ({PromiseState.DROPPED} if own else {PromiseState.AGREED, PromiseState.DECLINED})
    if side is of:
        return steps & {PromiseState.DONE}
    return steps


def standing(state: str, due_on: date, done_on: date | None, today: date) -> Standing:
    """Of a goal or a commitment. What is only proposed has no deadline that could be missed."""
    if state in (PromiseState.DONE, GoalState.MET):
        return Standing.KEPT if done_on is None or done_on <= due_on else Standing.LATE
    if state == GoalState.MISSED:
        return Standing.LATE
    if state != PromiseState.AGREED:
        return Standing.OPEN if state == PromiseState.PROPOSED else Standing.ENDED
    if due_on < today:
        return Standing.OVERDUE
    return Standing.SOON if due_on - today <= SOON else Standing.OPEN


@dataclass(frozen=True, slots=True)
class Record:
    """What became of the promises of one side."""

    kept: int = 0
    late: int = 0
    overdue: int = 0

    @property
    def ended(self) -> int:
        return self.kept + self.late


def record_of(standings: Iterable[Standing]) -> Record:
    all_of = list(standings)
    return Record(*(all_of.count(one) for one in (Standing.KEPT, Standing.LATE, Standing.OVERDUE)))
