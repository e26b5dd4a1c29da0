"""What the rules do about one event of one ticket, in order, and why they never run for ever.

Three brakes: an action that would change nothing is not planned; a rule fires once a ticket within the chain
of changes that began with one cause; and a chain ends at a depth nobody needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from otklik.desk.rules.automation import Action, ActionKind, Facts, Field, Rule, evaluate

DEEPEST = 5
_SETS = {
    ActionKind.SET_STATUS: Field.STATUS,
    ActionKind.SET_PRIORITY: Field.PRIORITY,
    ActionKind.SET_TOPIC: Field.TOPIC,
    ActionKind.SET_TEAM: Field.TEAM,
}
OUTWARD = frozenset({ActionKind.SEND_CANNED})
"""Actions the partner notices: each asks ``auto_reply.decide`` before it is carried out."""


class Stopped(StrEnum):
    FIRED_BEFORE = "fired_before"
    """The rule's own work, or that of a ring of rules, made its conditions true again."""
    TOO_DEEP = "too_deep"


@dataclass(frozen=True, slots=True)
class Chain:
    """Changes of one ticket that follow from one cause: a person's act, or for time-based rules the ticket's
    last event by a person, so that a reminder goes out once and not each hour."""

    depth: int = 0
    fired: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PlannedActions:
    actions: tuple[tuple[int, Action], ...] = ()
    """(rule id, action) in the order to be done."""
    stopped: tuple[tuple[int, Stopped], ...] = ()
    """Rules that would have fired again: to be reported where rules are kept, for they are a mistake."""
    chain: Chain = field(default_factory=Chain)
    """To be carried by the events that the actions write."""

    @property
    def fired(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(rule_id for rule_id, _ in self.actions))


@dataclass(frozen=True, slots=True)
class DryRun:
    tested: int
    matched: int
    examples: tuple[int, ...]
    """Ids of the first tickets that match."""
    would_do: tuple[tuple[ActionKind, int], ...]
    """How often each kind of action would have been done; what would change nothing is not counted."""


def plan(rules: Iterable[Rule], facts: Facts, event: str, chain: Chain | None = None) -> PlannedActions:
    """``rules``: those switched on. A later rule sees what the earlier ones have set."""
    chain = chain or Chain()
    now: dict[str, Any] = dict(facts)
    actions: list[tuple[int, Action]] = []
    stopped: list[tuple[int, Stopped]] = []
    fired = set(chain.fired)
    for rule in sorted(rules, key=lambda rule: (rule.order, rule.id)):
        if event not in rule.on or not evaluate(rule, now):
            continue
        wanted = _changing(rule, now)
        if not wanted:
            continue
        if rule.id in fired:
            stopped.append((rule.id, Stopped.FIRED_BEFORE))
        elif chain.depth >= DEEPEST:
            stopped.append((rule.id, Stopped.TOO_DEEP))
        else:
            fired.add(rule.id)
            for action in wanted:
                actions.append((rule.id, action))
                _apply(action, now)
    return PlannedActions(tuple(actions), tuple(stopped), Chain(chain.depth + 1, frozenset(fired)))


def dry_run(rule: Rule, tickets: Iterable[tuple[int, Facts]], *, examples: int = 20) -> DryRun:
    """On past tickets as (id, facts), before a rule is switched on; reads them one by one."""
    tested = matched = 0
    shown: list[int] = []
    would_do: Counter[ActionKind] = Counter()
    for ticket_id, facts in tickets:
        tested += 1
        if not evaluate(rule, facts):
            continue
        matched += 1
        if len(shown) < examples:
            shown.append(ticket_id)
        would_do.update(action.kind for action in _changing(rule, facts))
    return DryRun(tested, matched, tuple(shown), tuple(sorted(would_do.items())))


def _changing(rule: Rule, facts: Facts) -> list[Action]:
    """The actions that would change something, each seen after those before it."""
    now: dict[str, Any] = dict(facts)
    wanted = []
    for action in rule.actions:
        if _changes(action, now):
            wanted.append(action)
            _apply(action, now)
    return wanted


def _changes(action: Action, facts: Facts) -> bool:
    if action.kind in _SETS:
        return bool(facts.get(_SETS[action.kind]) != action.value)
    if action.kind is ActionKind.ADD_TAG:
        tags: Any = facts.get(Field.TAGS) or ()
        return action.value not in tags
    return True


def _apply(action: Action, facts: dict[str, Any]) -> None:
    if action.kind in _SETS:
        facts[_SETS[action.kind]] = action.value
    elif action.kind is ActionKind.ADD_TAG:
        facts[Field.TAGS] = {*(facts.get(Field.TAGS) or ()), action.value}
    elif action.kind is ActionKind.ASSIGN and action.value != "route":
        # Whether routing finds somebody is not known yet.
        facts[Field.OWNER_SET] = True
