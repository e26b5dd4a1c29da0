"""What changed in each person between waves: every move of category is listed, with its certainty apart.

Who dropped out, came back, recovered or is new is in the list too. A move within a person's usual scatter
stays a move: the list is of tasks, and certainty only says which comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from otklik.relationships.rules.scatter import FALSE_ALARMS, Certainty, Judged, judge_scores
from otklik.relationships.rules.vocabulary import Category, Role, category_of

WORTH_LISTING = 2
"""Points a score moves within its category before it is in the list."""


class MoveKind(StrEnum):
    FELL = "fell"
    """Into a lower category."""
    ROSE = "rose"
    RECOVERED = "recovered"
    """Rose, and was a detractor."""
    LOWER = "lower"
    """Within the category, by WORTH_LISTING or more, or beyond the usual scatter."""
    HIGHER = "higher"
    DROPPED_OUT = "dropped_out"
    """Asked and silent, after an answer last time."""
    CAME_BACK = "came_back"
    """Answered after having been silent, and with a score near the earlier one."""
    NEW = "new"
    """The first answer ever."""


class Task(StrEnum):
    """What the team does about it."""

    CALL_WITHIN_DEADLINE = "call_within_deadline"
    ASK_WHAT_CHANGED = "ask_what_changed"
    REACH_PERSONALLY = "reach_personally"
    TELL_TEAM_WHAT_HELPED = "tell_team_what_helped"
    THANK = "thank"
    GET_TO_KNOW = "get_to_know"


@dataclass(frozen=True, slots=True)
class Line:
    """A person's answers, one entry for each wave they were asked in, the oldest first; None: silent. The
    last entry is of the wave that closed. `chance`: of answering, by their habit before this wave."""

    id: int
    scores: tuple[int | None, ...]
    role: Role = Role.UNKNOWN
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """`p_value`: for scores, see `scatter`; for a drop-out, the chance that such a person skips a wave."""

    person: int
    kind: MoveKind
    before: int | None
    after: int | None
    certainty: Certainty
    p_value: float | None
    judged: Judged | None
    task: Task

    @property
    def delta(self) -> int | None:
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def categories(self) -> tuple[Category | None, Category | None]:
        before = None if self.before is None else category_of(self.before)
        return before, None if self.after is None else category_of(self.after)


def moves_of_wave(lines: Iterable[Line], *, false_alarms: float = FALSE_ALARMS) -> list[Move]:
    """Every move of the wave that closed, as a list of tasks: losses before gains, and the certain first.

    Everybody who was asked belongs in `lines`, for their answers are the yardstick of what is usual.
    """
    asked = [line for line in lines if line.scores]
    histories = {line.id: _answers(line) for line in asked if line.scores[-1] is not None}
    judged = judge_scores(histories, false_alarms=false_alarms)
    found = (_move(line, judged, false_alarms) for line in asked)
    roles = {line.id: line.role for line in asked}
    return sorted((move for move in found if move), key=lambda move: _place(move, roles))


def _answers(line: Line) -> Sequence[int]:
    return [score for score in line.scores if score is not None]


def _move(line: Line, judged: Mapping[int, Judged], false_alarms: float) -> Move | None:
    *earlier, after = line.scores
    known = [score for score in earlier if score is not None]
    if after is None:
        return _dropped_out(line, known, false_alarms) if earlier and earlier[-1] is not None else None
    found = judged[line.id]
    before = known[-1] if known else None
    kind = _kind(before, after, bool(earlier) and earlier[-1] is None, found)
    if kind is None:
        return None
    return Move(line.id, kind, before, after, found.certainty, found.p_value, found, _task(kind, after))


def _dropped_out(line: Line, known: Sequence[int], false_alarms: float) -> Move:
    silence = None if line.chance is None else 1 - line.chance
    if silence is None:
        certainty = Certainty.CANNOT_TELL
    else:
        certainty = Certainty.BEYOND if silence <= false_alarms else Certainty.WITHIN
    task = Task.REACH_PERSONALLY
    return Move(line.id, MoveKind.DROPPED_OUT, known[-1], None, certainty, silence, None, task)


def _kind(before: int | None, after: int, was_silent: bool, judged: Judged) -> MoveKind | None:
    if before is None:
        return MoveKind.NEW
    old, new = category_of(before), category_of(after)
    if old is not new:
        if after < before:
            return MoveKind.FELL
        return MoveKind.RECOVERED if old is Category.DETRACTOR else MoveKind.ROSE
    if abs(after - before) >= WORTH_LISTING:
        return MoveKind.LOWER if after < before else MoveKind.HIGHER
    if judged.certainty is Certainty.BEYOND and judged.distance:
        return MoveKind.LOWER if judged.distance < 0 else MoveKind.HIGHER
    return MoveKind.CAME_BACK if was_silent else None


def _task(kind: MoveKind, after: int) -> Task:
    if category_of(after) is Category.DETRACTOR and kind is not MoveKind.HIGHER:
        return Task.CALL_WITHIN_DEADLINE
    return {
        MoveKind.FELL: Task.ASK_WHAT_CHANGED,
        MoveKind.LOWER: Task.ASK_WHAT_CHANGED,
        MoveKind.RECOVERED: Task.TELL_TEAM_WHAT_HELPED,
        MoveKind.ROSE: Task.THANK,
        MoveKind.HIGHER: Task.THANK,
        MoveKind.CAME_BACK: Task.THANK,
        MoveKind.NEW: Task.GET_TO_KNOW,
    }[kind]


_ORDER = (
    MoveKind.FELL,
    MoveKind.DROPPED_OUT,
    MoveKind.LOWER,
    MoveKind.RECOVERED,
    MoveKind.ROSE,
    MoveKind.CAME_BACK,
    MoveKind.HIGHER,
    MoveKind.NEW,
)
_SURE = (Certainty.BEYOND, Certainty.CANNOT_TELL, Certainty.WITHIN)
_ROLES = (Role.DECISION_MAKER, Role.INFLUENCER, Role.UNKNOWN, Role.END_USER)


def _place(move: Move, roles: Mapping[int, Role]) -> tuple[float, ...]:
    fallen_to = move.after if move.after is not None else 11
    p_value = 1.0 if move.p_value is None else move.p_value
    return (
        _ORDER.index(move.kind),
        _SURE.index(move.certainty),
        _ROLES.index(roles[move.person]),
        p_value,
        fallen_to,
        move.person,
    )
