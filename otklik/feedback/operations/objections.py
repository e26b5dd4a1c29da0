"""Somebody does not want to be asked. Held by contact and by address, so that it holds for every contact who
has the address, and said once: what is in force already is not written again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from otklik.events.public import Actor, Subject, record
from otklik.feedback.models import Invitation, Objection
from otklik.feedback.queries.asking import address_of, rules_of
from otklik.feedback.rules.vocabulary import ObjectionKind


class OnlyThePerson(Exception):
    """What a person asked for themselves is taken back by nobody else."""


class NotInForce(Exception):
    """It was taken back before, or its time is over."""


class ReasonMissing(Exception):
    """A complaint is only called a mistake with a reason."""


@dataclass(frozen=True, slots=True)
class Objector:
    """Either part may be missing, not both. ``address`` as ``partners.rules.addresses`` levels it."""

    program_id: int
    contact_id: int | None
    address: str

    @classmethod
    def of(cls, invitation: Invitation) -> Objector:
        return cls(invitation.program_id, invitation.contact_id, address_of(invitation))


def in_force(who: Objector, *, at: datetime) -> QuerySet[Objection]:
    theirs = Q(pk__in=())
    if who.contact_id is not None:
        theirs |= Q(contact_id=who.contact_id)
    if who.address:
        theirs |= Q(address=who.address)
    lasting = Q(until=None) | Q(until__gt=at)
    return Objection.objects.filter(theirs, lasting, program_id=who.program_id, lifted_at=None)


@transaction.atomic
def unsubscribe(*, who: Objector, by: Actor, at: datetime) -> Objection:
    """For good, until the person takes it back."""
    return _object(who, ObjectionKind.UNSUBSCRIBED, None, "contact.unsubscribed", by=by, at=at)


@transaction.atomic
def complain(*, who: Objector, by: Actor, at: datetime) -> Objection:
    """Somebody called a mail of ours spam: silence for as long as the program's rules say."""
    until = at + timedelta(days=rules_of(who.program_id).quarantine_days)
    return _object(who, ObjectionKind.COMPLAINED, until, "contact.complained", by=by, at=at)


@transaction.atomic
def resubscribe(*, who: Objector, by: Actor, at: datetime) -> bool:
    """The person may be asked again; a complaint of theirs goes on. False where nothing was in force."""
    rows = in_force(who, at=at).filter(kind=ObjectionKind.UNSUBSCRIBED)
    lifted = list(rows.select_for_update().order_by("pk"))
    for objection in lifted:
        _lift(objection, by=by, at=at)
    return bool(lifted)


@transaction.atomic
def lift_complaint(*, objection_id: int, because: str, by: Actor, at: datetime) -> Objection:
    """By staff, for one that was a mistake. Raises Objection.DoesNotExist, OnlyThePerson, NotInForce,
    ReasonMissing."""
    objection = Objection.objects.select_for_update().get(pk=objection_id)
    if objection.kind != ObjectionKind.COMPLAINED:
        raise OnlyThePerson
    if objection.lifted_at is not None or (objection.until is not None and objection.until <= at):
        raise NotInForce
    if not because.strip():
        raise ReasonMissing
    objection.lifted_because, objection.lifted_by_id = because.strip()[:200], by.id
    _lift(objection, by=by, at=at)
    return objection


def _object(
    who: Objector, kind: ObjectionKind, until: datetime | None, event: str, *, by: Actor, at: datetime
) -> Objection:
    known = in_force(who, at=at).filter(kind=kind).order_by("pk")
    # Somebody else's objection by the same contact says nothing about a second address, nor the other way
    # round: only one that names both is the same.
    same = next(
        (one for one in known if (one.contact_id, one.address) == (who.contact_id, who.address)), None
    )
    if same is not None:
        return same
    objection = Objection.objects.create(
        program_id=who.program_id,
        contact_id=who.contact_id,
        address=who.address,
        kind=kind,
        at=at,
        until=until,
    )
    _forget_reminders(who)
    record(event, by=by, at=at, subjects=_subjects(who.contact_id), data={"objection": objection.pk})
    return objection


def _forget_reminders(who: Objector) -> None:
    theirs = Q(pk__in=())
    if who.contact_id is not None:
        theirs |= Q(contact_id=who.contact_id)
    if who.address:
        theirs |= Q(address=who.address)
    rows = Invitation.objects.filter(theirs, program_id=who.program_id, remind_at__isnull=False)
    rows.update(remind_at=None)


def _lift(objection: Objection, *, by: Actor, at: datetime) -> None:
    objection.lifted_at = at
    objection.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    data = {"objection": objection.pk, "kind": objection.kind}
    record("contact.resubscribed", by=by, at=at, subjects=_subjects(objection.contact_id), data=data)


def _subjects(contact_id: int | None) -> list[Subject]:
    return [] if contact_id is None else [Subject("contact", contact_id)]
