"""The rules by which alerts are raised, and the tree of root causes: a program's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.loop.models import AlertRule, RootCause
from otklik.loop.rules.conditions import ConditionProblem, Conditions, as_json, problems
from otklik.loop.rules.deadlines import DEFAULT_ESCALATION_HOURS, DEFAULT_HOURS, MOST_HOURS
from otklik.loop.rules.vocabulary import OwnerWay, RuleKind
from otklik.partners.public import Program


class RuleRefused(Exception):
    """It would never fire, or for everything; ``problems`` say what is missing."""

    def __init__(self, found: Sequence[ConditionProblem]) -> None:
        super().__init__(", ".join(found))
        self.problems = tuple(found)


class HoursRefused(Exception):
    """A deadline of no hours, or of so many that nobody waits for it."""


class OwnerMissing(Exception):
    """The rule gives its alerts to a person or a team and names none."""


class RuleChanged(Exception):
    """Somebody else changed it after it was opened for editing; ``version`` is the one of now."""

    def __init__(self, version: int) -> None:
        super().__init__(str(version))
        self.version = version


class WrongBranch(Exception):
    """A cause of another program, or one that would hang below itself."""


class NameMissing(Exception):
    """Neither rules nor causes are nameless."""


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """``owner_id``, ``fallback_id``, ``escalates_to_id``: users. Hours are business hours."""

    name: str
    kind: RuleKind
    conditions: Conditions = field(default_factory=Conditions)
    position: int = 100
    owner_way: OwnerWay = OwnerWay.MANAGER
    owner_id: int | None = None
    team_id: int | None = None
    fallback_id: int | None = None
    deadline_hours: int = DEFAULT_HOURS
    escalation_hours: int = DEFAULT_ESCALATION_HOURS
    escalates_to_id: int | None = None
    is_active: bool = True


@transaction.atomic
def create_rule(*, program_id: int, terms: RuleTerms, by: Actor, at: datetime) -> AlertRule:
    """Raises RuleRefused, HoursRefused, OwnerMissing, NameMissing, Program.DoesNotExist."""
    _check(terms)
    rule = AlertRule(program=Program.objects.get(pk=program_id), created_at=at)
    _fill(rule, terms)
    rule.save()
    _tell("alert_rule.created", rule, by, at)
    return rule


@transaction.atomic
def change_rule(
    *, rule_id: int, terms: RuleTerms, expected_version: int | None = None, by: Actor, at: datetime
) -> AlertRule:
    """Alerts that were raised stay as they are. Raises RuleChanged, and as ``create_rule``."""
    rule = AlertRule.objects.select_for_update(of=("self",)).get(pk=rule_id)
    if expected_version is not None and rule.version != expected_version:
        raise RuleChanged(rule.version)
    _check(terms)
    _fill(rule, terms)
    rule.version += 1
    rule.save()
    _tell("alert_rule.changed", rule, by, at)
    return rule


@transaction.atomic
def create_cause(
    *,
    program_id: int,
    names: Mapping[str, str],
    parent_id: int | None = None,
    position: int = 100,
    by: Actor,
    at: datetime,
) -> RootCause:
    """Raises NameMissing, WrongBranch, Program.DoesNotExist."""
    cause = RootCause(program=Program.objects.get(pk=program_id), names=_named(names), position=position)
    _hang(cause, parent_id)
    cause.save()
    _tell_cause("root_cause.created", cause, by, at)
    return cause


@transaction.atomic
def change_cause(
    *,
    cause_id: int,
    names: Mapping[str, str],
    parent_id: int | None,
    position: int,
    is_active: bool,
    by: Actor,
    at: datetime,
) -> RootCause:
    """One that is switched off is offered no more; what it was counted for stays. Raises NameMissing,
    WrongBranch, RootCause.DoesNotExist."""
    known = RootCause.objects.values_list("program_id", flat=True).get(pk=cause_id)
    # The whole tree, in one order: two branches hung below each other at once would be a ring.
    tree = {c.pk: c for c in RootCause.objects.select_for_update().filter(program=known).order_by("pk")}
    cause = tree[cause_id]
    above = parent_id
    while above is not None:
        if above == cause_id or above not in tree:
            raise WrongBranch(parent_id)
        above = tree[above].parent_id
    cause.names, cause.position, cause.is_active = _named(names), position, is_active
    cause.parent_id = parent_id
    cause.save()
    _tell_cause("root_cause.changed", cause, by, at)
    return cause


def _check(terms: RuleTerms) -> None:
    if not terms.name.strip():
        raise NameMissing
    if found := problems(terms.kind, terms.conditions):
        raise RuleRefused(found)
    if not 1 <= terms.deadline_hours <= MOST_HOURS or not 0 <= terms.escalation_hours <= MOST_HOURS:
        raise HoursRefused
    missing = {OwnerWay.PERSON: terms.owner_id is None, OwnerWay.TEAM: terms.team_id is None}
    if missing.get(terms.owner_way, False):
        raise OwnerMissing(terms.owner_way)


def _fill(rule: AlertRule, terms: RuleTerms) -> None:
    rule.name, rule.kind, rule.conditions = terms.name.strip(), terms.kind, as_json(terms.conditions)
    rule.position, rule.is_active, rule.owner_way = terms.position, terms.is_active, terms.owner_way
    rule.owner_id, rule.team_id, rule.fallback_id = terms.owner_id, terms.team_id, terms.fallback_id
    rule.deadline_hours, rule.escalation_hours = terms.deadline_hours, terms.escalation_hours
    rule.escalates_to_id = terms.escalates_to_id


def _named(names: Mapping[str, str]) -> dict[str, str]:
    found = {language: name.strip()[:120] for language, name in names.items() if name.strip()}
    if not found:
        raise NameMissing
    return found


def _hang(cause: RootCause, parent_id: int | None) -> None:
    if parent_id is None:
        return
    if not RootCause.objects.filter(pk=parent_id, program=cause.program).exists():
        raise WrongBranch(parent_id)
    cause.parent_id = parent_id


def _tell(kind: str, rule: AlertRule, by: Actor, at: datetime) -> None:
    subjects = [Subject("alert_rule", rule.pk), Subject("program", rule.program_id)]
    data = {"kind": str(rule.kind), "is_active": rule.is_active, "hours": rule.deadline_hours}
    record(kind, by=by, at=at, subjects=subjects, data=data)


def _tell_cause(kind: str, cause: RootCause, by: Actor, at: datetime) -> None:
    subjects = [Subject("root_cause", cause.pk), Subject("program", cause.program_id)]
    record(kind, by=by, at=at, subjects=subjects, data={"is_active": cause.is_active})
