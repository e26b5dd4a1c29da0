"""The steps of an improvement, and whether it is late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from otklik.loop.rules.vocabulary import ImprovementState

OPEN_IMPROVEMENTS = (ImprovementState.IDEA, ImprovementState.PLANNED, ImprovementState.UNDER_WAY)


def is_overdue(state: ImprovementState, due_on: date | None, on: date) -> bool:
    return state in OPEN_IMPROVEMENTS and due_on is not None and due_on < on


def may_become(state: ImprovementState, *, was_told: bool) -> tuple[ImprovementState, ...]:
    """Any other state; what partners were told is done stays done."""
    if was_told:
        return ()
    return tuple(one for one in ImprovementState if one is not state)


def next_step(state: ImprovementState) -> ImprovementState | None:
    """What usually comes next; None: nothing does."""
    steps = {
        ImprovementState.IDEA: ImprovementState.PLANNED,
        ImprovementState.PLANNED: ImprovementState.UNDER_WAY,
        ImprovementState.UNDER_WAY: ImprovementState.DONE,
    }
    return steps.get(state)


def below(cause: int, parents: Mapping[int, int | None]) -> frozenset[int]:
    """A cause of the tree and all that hang below it. ``parents``: of each cause, None for a top."""
    found = {cause}
    while more := {one for one, above in parents.items() if above in found} - found:
        found |= more
    return frozenset(found)
