"""What the program changes because many said the same: whom it concerns, and how far it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.identity.public import User
from otklik.kit.bulk import insert_missing
from otklik.loop.access import dialogue_partners
from otklik.loop.models import FollowUp, Improvement, ImprovementCause, ImprovementPartner, RootCause
from otklik.loop.operations.actors import own_key, user_of
from otklik.loop.queries.improvements import partners_behind
from otklik.loop.rules.vocabulary import ImprovementState
from otklik.partners.public import Program

LONGEST_CHANGE = 10_000
LONGEST_REASON = 300
_AFFECTED = ("improvement_id", "partner_id", "alerts", "linked_at", "people")


class TitleMissing(Exception):
    """An improvement that nobody can name."""


class ReasonMissing(Exception):
    """Dropped without a word why."""


class WrongStep(Exception):
    """It is in this state already, or partners were told that it is done."""


class NotTheirCause(Exception):
    """A root cause of another program."""


class ImprovementChanged(Exception):
    """Somebody else changed it after it was opened; ``version`` is the one of now."""

    def __init__(self, version: int) -> None:
        super().__init__(str(version))
        self.version = version


class ToldAlready(Exception):
    """Who heard that it is done stays on the list."""


@dataclass(frozen=True, slots=True)
class ImprovementTerms:
    """``owner_id``: a user."""

    title: str
    change: str = ""
    cause_ids: Collection[int] = ()
    owner_id: int | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """Alerts opened from ``start`` up to and without ``end``, and closed since."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an improvement comes from: alerts of a time whose partners it concerns, or a passive's wish."""

    heard: Heard | None = None
    follow_up_ids: Collection[int] = field(default_factory=tuple)


@transaction.atomic
def create_improvement(
    *,
    program_id: int,
    terms: ImprovementTerms,
    origin: Origin = Origin(),
    author: User,
    key: str = "",
    by: Actor,
    at: datetime,
) -> Improvement:
    """The partners behind its causes are linked, those whom ``author`` sees. The same ``key`` twice is one.
    Raises TitleMissing, NotTheirCause, Program.DoesNotExist."""
    program = Program.objects.select_for_update(no_key=True).get(pk=program_id)
    made_by = own_key(by, key)
    if made_by is not None and (known := Improvement.objects.filter(key=made_by).first()):
        return known
    improvement = Improvement(program=program, created_by_id=user_of(by), created_at=at, key=made_by)
    _fill(improvement, terms)
    improvement.save()
    _name(improvement, terms.cause_ids)
    _tell("improvement.created", improvement, {"owner": improvement.owner_id}, by=by, at=at)
    if origin.heard is not None:
        _link(improvement, partners_behind(improvement, author, origin.heard.start, origin.heard.end), by, at)
    wishes = FollowUp.objects.filter(pk__in=list(origin.follow_up_ids), alert__program=program)
    # Of two who begin with one wish at once the first takes it up.
    _take_up(improvement, wishes.filter(improvement=None).exclude(nine=""), by, at)
    return improvement


@transaction.atomic
def change_improvement(
    *,
    improvement_id: int,
    terms: ImprovementTerms,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Improvement:
    """Raises ImprovementChanged, TitleMissing, NotTheirCause, Improvement.DoesNotExist."""
    improvement = locked(improvement_id, expected_version)
    _fill(improvement, terms)
    _name(improvement, terms.cause_ids)
    keep(improvement)
    _tell("improvement.changed", improvement, {"owner": improvement.owner_id}, by=by, at=at)
    return improvement


@transaction.atomic
def move_improvement(
    *, improvement_id: int, state: ImprovementState, reason: str = "", by: Actor, at: datetime
) -> Improvement:
    """Raises WrongStep, ReasonMissing, Improvement.DoesNotExist."""
    improvement = locked(improvement_id)
    if state not in improvement.next_states:
        raise WrongStep(state)
    if state is ImprovementState.DROPPED and not reason.strip():
        raise ReasonMissing
    before = improvement.state
    improvement.move(state, reason.strip()[:LONGEST_REASON], at)
    keep(improvement)
    _tell("improvement.moved", improvement, {"before_state": str(before)}, by=by, at=at)
    return improvement


@transaction.atomic
def link_affected(*, improvement_id: int, heard: Heard, author: User, by: Actor, at: datetime) -> int:
    """The partners whose alerts of that time name a cause of it, those whom ``author`` sees; who is on the
    list already stays as they are. How many came. Raises Improvement.DoesNotExist."""
    improvement = locked(improvement_id)
    return _link(improvement, partners_behind(improvement, author, heard.start, heard.end), by, at)


@transaction.atomic
def add_affected(
    *, improvement_id: int, partner_ids: Collection[int], author: User, by: Actor, at: datetime
) -> int:
    """By hand; ids that ``author`` does not see, or of another program, are left out. How many came. Raises
    Improvement.DoesNotExist."""
    improvement = locked(improvement_id)
    rows = dialogue_partners(author).filter(pk__in=list(partner_ids), program_id=improvement.program_id)
    return _link(improvement, dict.fromkeys(rows.values_list("pk", flat=True), 0), by, at)


@transaction.atomic
def remove_affected(
    *, improvement_id: int, partner_ids: Collection[int], author: User, by: Actor, at: datetime
) -> int:
    """How many went. Raises ToldAlready, Improvement.DoesNotExist."""
    improvement = locked(improvement_id)
    seen = dialogue_partners(author).filter(pk__in=list(partner_ids)).values("pk")
    rows = ImprovementPartner.objects.filter(improvement=improvement, partner__in=seen)
    if rows.filter(told_at__isnull=False).exists():
        raise ToldAlready
    removed, _ = rows.delete()
    if removed:
        _tell("improvement.unlinked", improvement, {"partners": removed}, by=by, at=at)
    return removed


def locked(improvement_id: int, expected_version: int | None = None) -> Improvement:
    """Raises ImprovementChanged, Improvement.DoesNotExist."""
    improvement = Improvement.objects.select_for_update(of=("self",)).get(pk=improvement_id)
    if expected_version is not None and improvement.version != expected_version:
        raise ImprovementChanged(improvement.version)
    return improvement


def keep(improvement: Improvement) -> None:
    improvement.version += 1
    improvement.save()


def _fill(improvement: Improvement, terms: ImprovementTerms) -> None:
    if not terms.title.strip():
        raise TitleMissing
    improvement.title, improvement.change = terms.title.strip()[:200], terms.change.strip()[:LONGEST_CHANGE]
    improvement.owner_id, improvement.due_on = terms.owner_id, terms.due_on


def _name(improvement: Improvement, cause_ids: Collection[int]) -> None:
    wanted = set(cause_ids)
    theirs = RootCause.objects.filter(pk__in=wanted, program_id=improvement.program_id)
    if wanted - set(theirs.values_list("pk", flat=True)):
        raise NotTheirCause(sorted(wanted))
    improvement.causes.exclude(cause_id__in=wanted).delete()
    known = set(improvement.causes.values_list("cause_id", flat=True))
    new = [ImprovementCause(improvement=improvement, cause_id=pk) for pk in sorted(wanted - known)]
    ImprovementCause.objects.bulk_create(new)


def _link(improvement: Improvement, alerts: Mapping[int, int], by: Actor, at: datetime) -> int:
    """``alerts``: how many, by partner."""
    rows = [(improvement.pk, partner, number, at, 0) for partner, number in sorted(alerts.items())]
    came = len(insert_missing(ImprovementPartner, _AFFECTED, rows, told="partner_id"))
    if came:
        _tell("improvement.linked", improvement, {"partners": came}, by=by, at=at)
    return came


def _take_up(improvement: Improvement, wishes: Any, by: Actor, at: datetime) -> int:
    found = list(wishes.values_list("pk", "alert__partner_id"))
    FollowUp.objects.filter(pk__in=[pk for pk, _ in found]).update(improvement=improvement)
    _link(improvement, {partner: 0 for _, partner in found if partner is not None}, by, at)
    return len(found)


def _tell(kind: str, improvement: Improvement, data: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    subjects = [Subject("improvement", improvement.pk), Subject("program", improvement.program_id)]
    told = {"improvement": str(improvement.state), **data}
    record(kind, by=by, at=at, subjects=subjects, data=told)
