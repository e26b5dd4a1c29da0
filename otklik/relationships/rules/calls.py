"""Which of a wave's judgements become tasks, and by when. One person gets one task of a kind at most, and no
second one for the same silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from otklik.relationships.rules.moves import Move, MoveKind, Task
from otklik.relationships.rules.scatter import Certainty
from otklik.relationships.rules.silence import Silence, Silent
from otklik.relationships.rules.surprises import Direction, Next, Surprise
from otklik.relationships.rules.vocabulary import KEY_ROLES, CallKind, Points, Role

CALLED = frozenset({Silence.REGULAR, Silence.GAP})
"""Silences that are tasks by themselves; all others stand in the list of the silent."""
ASKED_BY_ALERTS = frozenset({Task.CALL_WITHIN_DEADLINE, Task.ASK_WHAT_CHANGED, Task.REACH_PERSONALLY})
"""What an alert about the same answer or silence asks as well: to speak with that person. What we missed is
another question, to ourselves, and stays a task of its own."""
WORKING_DAYS: Mapping[str, int] = {
    Task.CALL_WITHIN_DEADLINE: 2,
    Task.ASK_WHAT_CHANGED: 5,
    Task.REACH_PERSONALLY: 5,
    Task.TELL_TEAM_WHAT_HELPED: 10,
    Task.THANK: 10,
    Task.GET_TO_KNOW: 10,
    Next.ASK_WHAT_WE_MISSED: 5,
    Next.FIND_OUT_WHAT_HELPED: 10,
    Next.REACH_PERSONALLY: 5,
}
_WORDS: Mapping[Silence, Task] = {
    Silence.REGULAR: Task.REACH_PERSONALLY,
    Silence.GAP: Task.REACH_PERSONALLY,
}


@dataclass(frozen=True, slots=True)
class Planned:
    """A task before it is one. `facts`: values of the judgement, and its reasons as [word, points, value]."""

    person: int
    kind: CallKind
    what: str
    task: str
    place: int
    certainty: Certainty | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def due_on(task: str, day: date) -> date:
    """So many days from Monday to Friday after `day`."""
    left = WORKING_DAYS[task]
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def calls_of_wave(
    moves: Iterable[Move],
    silent: Iterable[Silent],
    surprises: Iterable[Surprise],
    roles: Mapping[int, Role],
) -> list[Planned]:
    """Moves and silences in the order they come in; surprises, where there is something to do about them. A
    first answer is a task only where the person matters for the decision."""
    moved = [one for one in moves if one.kind is not MoveKind.NEW or _is_worth_a_look(one, roles)]
    gone = {one.person for one in moved if one.kind is MoveKind.DROPPED_OUT}
    called = [one for one in silent if one.kind in CALLED and one.id not in gone]
    # A person who was expected to answer and fell silent is called once, whoever expected it.
    told = gone | {one.id for one in called}
    asked = [
        one
        for one in surprises
        if one.next and not (one.direction is Direction.SILENT and one.person in told)
    ]
    return [
        *(_move(place, one) for place, one in enumerate(moved)),
        *(_silence(place, one) for place, one in enumerate(called)),
        *(_surprise(place, one) for place, one in enumerate(asked)),
    ]


def _is_worth_a_look(move: Move, roles: Mapping[int, Role]) -> bool:
    return move.task is Task.CALL_WITHIN_DEADLINE or roles.get(move.person) in KEY_ROLES


def _move(place: int, one: Move) -> Planned:
    facts: dict[str, object] = {"before": one.before, "after": one.after, "p": _short(one.p_value)}
    if one.judged is not None:
        facts |= {"usual": one.judged.usual, "scatter": _short(one.judged.scatter)}
        if one.judged.doubtful:
            facts["doubtful"] = one.judged.doubtful.value
    return Planned(
        one.person, CallKind.MOVE, one.kind.value, one.task.value, place, one.certainty, _said(facts)
    )


def _silence(place: int, one: Silent) -> Planned:
    facts = {"chance": _short(one.chance), "points": one.points, "reasons": reasons_of(one.reasons)}
    task = _WORDS[one.kind]
    return Planned(one.id, CallKind.SILENCE, one.kind.value, task.value, place, None, _said(facts))


def _surprise(place: int, one: Surprise) -> Planned:
    facts = {
        "expected": one.expected,
        "lowest": one.lowest,
        "highest": one.highest,
        "score": one.score,
        "points": one.points,
        "reasons": reasons_of(one.reasons),
    }
    assert one.next is not None
    return Planned(
        one.person, CallKind.SURPRISE, one.direction.value, one.next.value, place, None, _said(facts)
    )


def reasons_of(reasons: Iterable[Points]) -> list[list[object]]:
    return [[str(one.reason), round(one.points, 2), one.value] for one in reasons]


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _said(facts: Mapping[str, object]) -> dict[str, object]:
    """Plain values only: JSON knows no enums."""
    return {name: value.value if isinstance(value, StrEnum) else value for name, value in facts.items()}
