"""When an alert may end, what state it is in until then, and whether the partner still has to be told."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.loop.rules.vocabulary import AlertState, ClosingProblem, Flow, Outcome

# Nobody has to have spoken to them, and there is nothing to tell.
WITHOUT_A_WORD = frozenset({Outcome.NOT_REACHED, Outcome.NOT_OURS})


@dataclass(frozen=True, slots=True)
class Work:
    """What was done so far. ``follow_ups``: how often somebody spoke or wrote to them."""

    follow_ups: int = 0
    open_promises: int = 0


def closing_problems(outcome: Outcome | None, root_causes: int, work: Work) -> tuple[ClosingProblem, ...]:
    """Nothing closes without an outcome and a root cause, nor while we owe what we promised."""
    found = []
    if outcome is None:
        found.append(ClosingProblem.NO_OUTCOME)
    if not root_causes:
        found.append(ClosingProblem.NO_ROOT_CAUSE)
    if outcome is not None and outcome not in WITHOUT_A_WORD and not work.follow_ups:
        found.append(ClosingProblem.NOBODY_SPOKE)
    if work.open_promises:
        found.append(ClosingProblem.PROMISE_OPEN)
    return tuple(found)


def state_of(work: Work) -> AlertState:
    """Of an alert that is not closed."""
    if work.open_promises:
        return AlertState.WAITING
    return AlertState.CONTACTED if work.follow_ups else AlertState.OPEN


def owes_word(outcome: Outcome | None, flow: Flow, *, has_partner: bool, was_told: bool) -> bool:
    """Closed is not the end where something came of it: they hear what was done. A mention by nobody we know
    has nobody to tell."""
    if outcome is None or outcome in WITHOUT_A_WORD or was_told:
        return False
    if flow in (Flow.PROMOTER, Flow.SILENT) and outcome is Outcome.THANKED:
        return False
    return has_partner
