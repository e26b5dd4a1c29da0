"""The coverage contract: how many people of each role a partner of this tier should have known and asked.

What is missing comes with a next step; who is known and cannot be heard is a blind spot by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from otklik.relationships.rules.vocabulary import Role

ASKED_WITHIN_DAYS = 183


@dataclass(frozen=True, slots=True)
class Wanted:
    """People of one role: so many known, and so many asked within `asked_within_days`."""

    known: int
    asked: int


@dataclass(frozen=True, slots=True)
class Contract:
    roles: Mapping[Role, Wanted]
    asked_within_days: int = ASKED_WITHIN_DAYS


STANDARD = Contract(
    {Role.DECISION_MAKER: Wanted(2, 2), Role.INFLUENCER: Wanted(1, 1), Role.END_USER: Wanted(3, 3)}
)


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the partner who is still there. `reachable`: a survey may be sent to them."""

    id: int
    role: Role
    asked_days_ago: int | None = None
    """None: never."""
    answered_ever: bool = False
    reachable: bool = True


class Step(StrEnum):
    FIND_PEOPLE = "find_people"
    """Of this role; the count says how many."""
    STATE_ROLES = "state_roles"
    """Of people already known, who may be the ones missing."""
    ASK_NEXT_WAVE = "ask_next_wave"
    FIND_ADDRESS = "find_address"
    """Of somebody no survey may be sent to."""
    REACH_PERSONALLY = "reach_personally"
    """Of somebody who was asked and never answered."""


@dataclass(frozen=True, slots=True)
class Todo:
    step: Step
    role: Role
    count: int
    people: tuple[int, ...] = ()
    """Whom it is about; empty where nobody is known yet."""


class State(StrEnum):
    MET = "met"
    MISSING_ASKED = "missing_asked"
    MISSING_KNOWN = "missing_known"


@dataclass(frozen=True, slots=True)
class RoleCover:
    role: Role
    wanted: Wanted
    known: int
    asked: int
    state: State
    todo: tuple[Todo, ...]


@dataclass(frozen=True, slots=True)
class BlindSpots:
    """`met`: nothing of the contract is missing. `never_heard`: people who were asked and never answered;
    they fulfil the contract, and still nobody knows what they think."""

    met: bool
    roles: tuple[RoleCover, ...]
    never_heard: tuple[int, ...]

    @property
    def todo(self) -> tuple[Todo, ...]:
        return tuple(one for role in self.roles for one in role.todo)


GAP_POINTS: Mapping[Role, float] = {Role.DECISION_MAKER: 4.0, Role.INFLUENCER: 2.0}
"""For each person of the role missing; others 1. Half of it for each one known and not asked, a quarter for
each of those who matter and never answered: the contract is met by them, and nobody knows what they think."""


def gap_points(spots: BlindSpots) -> float:
    """How much is missing of the contract, for the order of a list; 0 where nothing is to be done."""
    return sum(_gap(role) for role in spots.roles)


def _gap(one: RoleCover) -> float:
    unknown = max(0, one.wanted.known - one.known)
    # Whoever is not known cannot be asked: counted once.
    unasked = max(0, one.wanted.asked - one.asked - unknown)
    unheard = sum(todo.count for todo in one.todo if todo.step is Step.REACH_PERSONALLY)
    return GAP_POINTS.get(one.role, 1.0) * (unknown + unasked / 2 + unheard / 4)


def check_coverage(people: Iterable[Known], contract: Contract = STANDARD) -> BlindSpots:
    """Roles in the contract's order. A person more never makes a met contract unmet."""
    everybody = list(people)
    unknown = [one for one in everybody if one.role is Role.UNKNOWN]
    roles = tuple(
        _cover(role, wanted, [one for one in everybody if one.role is role], unknown, contract)
        for role, wanted in contract.roles.items()
    )
    never = tuple(
        sorted(one.id for one in everybody if one.asked_days_ago is not None and not one.answered_ever)
    )
    return BlindSpots(all(role.state is State.MET for role in roles), roles, never)


def _cover(
    role: Role, wanted: Wanted, people: Sequence[Known], unknown: Sequence[Known], contract: Contract
) -> RoleCover:
    asked = [one for one in people if _is_recent(one, contract)]
    missing, unasked = wanted.known - len(people), wanted.asked - len(asked)
    state = State.MET
    if unasked > 0:
        state = State.MISSING_ASKED
    if missing > 0:
        state = State.MISSING_KNOWN
    todo = [*_find(role, missing, unknown), *_ask(role, unasked, people, contract), *_reach(role, people)]
    return RoleCover(role, wanted, len(people), len(asked), state, tuple(todo))


def _is_recent(one: Known, contract: Contract) -> bool:
    return one.asked_days_ago is not None and one.asked_days_ago <= contract.asked_within_days


def _find(role: Role, missing: int, unknown: Sequence[Known]) -> Iterable[Todo]:
    if missing <= 0:
        return
    if unknown:
        yield Todo(Step.STATE_ROLES, role, len(unknown), tuple(sorted(one.id for one in unknown)))
    if missing > len(unknown):
        yield Todo(Step.FIND_PEOPLE, role, missing - len(unknown))


def _ask(role: Role, unasked: int, people: Sequence[Known], contract: Contract) -> Iterable[Todo]:
    """Never asked first, then those asked longest ago."""
    if unasked <= 0:
        return
    due = [one for one in people if not _is_recent(one, contract)]
    due.sort(key=lambda one: (one.asked_days_ago is not None, -(one.asked_days_ago or 0), one.id))
    ready = [one.id for one in due if one.reachable][:unasked]
    if ready:
        yield Todo(Step.ASK_NEXT_WAVE, role, len(ready), tuple(ready))
    lost = [one.id for one in due if not one.reachable][: unasked - len(ready)]
    if lost:
        yield Todo(Step.FIND_ADDRESS, role, len(lost), tuple(lost))


def _reach(role: Role, people: Sequence[Known]) -> Iterable[Todo]:
    silent = sorted(one.id for one in people if one.asked_days_ago is not None and not one.answered_ever)
    if silent and role is not Role.END_USER:
        yield Todo(Step.REACH_PERSONALLY, role, len(silent), tuple(silent))
