"""The rules by which alerts are raised, and the tree of root causes: a program's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from otklik.events.public import Actor, Subject, record
from otklik.loop.models import AlertRule, RootCause
from otklik.loop.rules.conditions import ConditionProblem, Conditions, as_json, problems
from otklik.loop.rules.deadlines import DEFAULT_ESCALATION_HOURS, DEFAULT_HOURS, MOST_HOURS
from otklik.loop.rules.vocabulary import OwnerWay, RuleKind
from otklik.partners.public import Program

STEP = 10


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


class RuleRetired(Exception):
    """It is out of use for good: make a new one."""


class WrongBranch(Exception):
    """A cause of another program, or one that would hang below itself."""


class NameMissing(Exception):
    """Neither rules nor causes are nameless."""


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """``position`` None: where it stands, a new one last. ``owner_id``, ``fallback_id``, ``escalates_to_id``:
    users. Hours are business hours."""

    name: str
    kind: RuleKind
    conditions: Conditions = field(default_factory=Conditions)
    position: int | None = None
    owner_way: OwnerWay = OwnerWay.MANAGER
    owner_id: int | None = None
    team_id: int | None = None
    fallback_id: int | None = None
    deadline_hours: int = DEFAULT_HOURS
    escalation_hours: int = DEFAULT_ESCALATION_HOURS
    escalates_to_id: int | None = None
    by_mail: bool = True
    is_active: bool = True


@transaction.atomic
def create_rule(*, program_id: int, terms: RuleTerms, by: Actor, at: datetime) -> AlertRule:
    """Raises RuleRefused, HoursRefused, OwnerMissing, NameMissing, Program.DoesNotExist."""
    _check(terms)
    rule = AlertRule(program=Program.objects.get(pk=program_id), created_at=at)
    last = AlertRule.objects.filter(program_id=program_id).aggregate(last=Max("position"))["last"] or 0
    rule.position = last + STEP
    _fill(rule, terms)
    rule.save()
    _tell("alert_rule.created", rule, by, at)
    return rule


@transaction.atomic
def change_rule(
    *, rule_id: int, terms: RuleTerms, expected_version: int | None = None, by: Actor, at: datetime
) -> AlertRule:
    """Alerts that were raised stay as they are. Raises RuleChanged, RuleRetired, and as ``create_rule``."""
    rule = _locked(rule_id)
    if expected_version is not None and rule.version != expected_version:
        raise RuleChanged(rule.version)
    _check(terms)
    _fill(rule, terms)
    return _kept(rule, by, at)


@transaction.atomic
def switch_rule(*, rule_id: int, is_active: bool, by: Actor, at: datetime) -> AlertRule:
    """Raises RuleRetired, AlertRule.DoesNotExist."""
    rule = _locked(rule_id)
    if rule.is_active == is_active:
        return rule
    rule.is_active = is_active
    return _kept(rule, by, at)


@transaction.atomic
def retire_rule(*, rule_id: int, by: Actor, at: datetime) -> AlertRule:
    """Out of use for good; the alerts it raised still name it. Raises AlertRule.DoesNotExist."""
    rule = AlertRule.objects.select_for_update(of=("self",)).get(pk=rule_id)
    if rule.retired_at is not None:
        return rule
    rule.is_active, rule.retired_at = False, at
    return _kept(rule, by, at)


@transaction.atomic
def move_rule(*, rule_id: int, is_up: bool, by: Actor, at: datetime) -> None:
    """Past its neighbour: of two rules that fire the first makes the alert. Raises AlertRule.DoesNotExist."""
    program_id = AlertRule.objects.values_list("program_id", flat=True).get(pk=rule_id)
    # All of them, in one order: two who move at once would leave two rules in one place.
    rows = AlertRule.objects.select_for_update(of=("self",)).filter(program=program_id, retired_at=None)
    order = sorted(rows.order_by("pk"), key=lambda rule: (rule.position, rule.pk))
    if not _swapped(order, rule_id, is_up):
        return
    AlertRule.objects.bulk_update(order, ["position"])
    _tell("alert_rule.changed", next(one for one in order if one.pk == rule_id), by, at)


@transaction.atomic
def create_cause(
    *,
    program_id: int,
    names: Mapping[str, str],
    parent_id: int | None = None,
    position: int | None = None,
    by: Actor,
    at: datetime,
) -> RootCause:
    """``position`` None: last on its branch. Raises NameMissing, WrongBranch, Program.DoesNotExist."""
    cause = RootCause(program=Program.objects.get(pk=program_id), names=_named(names))
    _hang(cause, parent_id)
    cause.position = _last(cause) if position is None else position
    cause.save()
    _tell_cause("root_cause.created", cause, by, at)
    return cause


@transaction.atomic
def change_cause(
    *,
    cause_id: int,
    names: Mapping[str, str],
    parent_id: int | None,
    position: int | None = None,
    is_active: bool,
    by: Actor,
    at: datetime,
) -> RootCause:
    """One that is switched off is offered no more; what it was counted for stays. ``position`` None: where
    it stands, last on a new branch. Raises NameMissing, WrongBranch, RootCause.DoesNotExist."""
    known = RootCause.objects.values_list("program_id", flat=True).get(pk=cause_id)
    # The whole tree, in one order: two branches hung below each other at once would be a ring.
    tree = {c.pk: c for c in RootCause.objects.select_for_update().filter(program=known).order_by("pk")}
    cause = tree[cause_id]
    above = parent_id
    while above is not None:
        if above == cause_id or above not in tree:
            raise WrongBranch(parent_id)
        above = tree[above].parent_id
    moved, cause.parent_id = cause.parent_id != parent_id, parent_id
    cause.names, cause.is_active = _named(names), is_active
    if position is not None or moved:
        cause.position = _last(cause) if position is None else position
    cause.save()
    _tell_cause("root_cause.changed", cause, by, at)
    return cause


@transaction.atomic
def move_cause(*, cause_id: int, is_up: bool, by: Actor, at: datetime) -> None:
    """Past its neighbour on the same branch. Raises RootCause.DoesNotExist."""
    known = RootCause.objects.values("program_id", "parent_id").get(pk=cause_id)
    rows = RootCause.objects.select_for_update().filter(**known)
    order = sorted(rows.order_by("pk"), key=lambda cause: (cause.position, cause.pk))
    if not _swapped(order, cause_id, is_up):
        return
    RootCause.objects.bulk_update(order, ["position"])
    _tell_cause("root_cause.changed", next(one for one in order if one.pk == cause_id), by, at)


def _swapped(order: list[Any], pk: int, is_up: bool) -> bool:
    """Past its neighbour, and all of them numbered anew. False: it stands at the end already."""
    place = next((n for n, row in enumerate(order) if row.pk == pk), None)
    if place is None:
        return False
    other = place - 1 if is_up else place + 1
    if not 0 <= other < len(order):
        return False
    order[place], order[other] = order[other], order[place]
    for n, row in enumerate(order, 1):
        row.position = n * STEP
    return True


def _locked(rule_id: int) -> AlertRule:
    rule = AlertRule.objects.select_for_update(of=("self",)).get(pk=rule_id)
    if rule.retired_at is not None:
        raise RuleRetired(rule_id)
    return rule


def _kept(rule: AlertRule, by: Actor, at: datetime) -> AlertRule:
    rule.version += 1
    rule.save()
    _tell("alert_rule.changed", rule, by, at)
    return rule


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
    rule.position = rule.position if terms.position is None else terms.position
    rule.by_mail, rule.is_active, rule.owner_way = terms.by_mail, terms.is_active, terms.owner_way
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


def _last(cause: RootCause) -> int:
    """Behind all others of its branch."""
    others = RootCause.objects.filter(program=cause.program, parent=cause.parent_id).exclude(pk=cause.pk)
    return (others.aggregate(last=Max("position"))["last"] or 0) + STEP


def _tell(kind: str, rule: AlertRule, by: Actor, at: datetime) -> None:
    subjects = [Subject("alert_rule", rule.pk), Subject("program", rule.program_id)]
    data = {"kind": str(rule.kind), "is_active": rule.is_active, "hours": rule.deadline_hours}
    record(kind, by=by, at=at, subjects=subjects, data=data)


def _tell_cause(kind: str, cause: RootCause, by: Actor, at: datetime) -> None:
    subjects = [Subject("root_cause", cause.pk), Subject("program", cause.program_id)]
    record(kind, by=by, at=at, subjects=subjects, data={"is_active": cause.is_active})
