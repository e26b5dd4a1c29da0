"""What the team states of people: ties to us, and who has a say with whom."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, ActorKind, Subject, record
from otklik.identity.public import User
from otklik.partners.public import Contact
from otklik.relationships.models import InfluenceLine, Tie
from otklik.relationships.rules.vocabulary import InfluenceKind, TieKind, TieLevel


class NotTheirPerson(Exception):
    """The person was erased, or the two are not of one partner."""


class NotOnStaff(Exception):
    """A tie leads to somebody who works here."""


def person_of(by: Actor) -> int | None:
    return by.id if by.kind is ActorKind.PERSON else None


@transaction.atomic
def state_tie(
    *, contact_id: int, user_id: int, kind: TieKind, level: TieLevel, by: Actor, at: datetime
) -> Tie:
    """Stated again it holds from now on, even where nothing changed: somebody looked at it. Raises
    NotTheirPerson, NotOnStaff."""
    contact = _locked(contact_id)
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        raise NotOnStaff(user_id)
    tie = Tie.objects.filter(contact=contact, user_id=user_id).first() or Tie(
        contact=contact, user_id=user_id
    )
    before = str(tie.level)
    tie.state(kind, level, by_user=person_of(by), at=at)
    tie.save()
    data = {"user": user_id, "kind": kind.value, "before": before, "after": level.value}
    record("tie.stated", by=by, at=at, subjects=_subjects(contact), data=data)
    return tie


@transaction.atomic
def remove_tie(*, tie_id: int, by: Actor, at: datetime) -> None:
    """Raises Tie.DoesNotExist."""
    # Locked: of two who take it off at once one does.
    tie = Tie.objects.select_for_update(of=("self",)).select_related("contact").get(pk=tie_id)
    tie.delete()
    data = {"user": tie.user_id, "before": str(tie.level)}
    record("tie.removed", by=by, at=at, subjects=_subjects(tie.contact), data=data)


@transaction.atomic
def state_influence_line(
    *, source_id: int, target_id: int, kind: InfluenceKind, by: Actor, at: datetime
) -> InfluenceLine:
    """Raises NotTheirPerson."""
    # In order of their ids, so that two who draw the line both ways do not wait for each other for ever.
    people = {pk: _locked(pk) for pk in sorted({source_id, target_id})}
    source, target = people[source_id], people[target_id]
    if source_id == target_id or source.partner_id != target.partner_id:
        raise NotTheirPerson(target_id)
    line, _ = InfluenceLine.objects.update_or_create(
        source=source,
        target=target,
        defaults={"kind": kind, "stated_by_id": person_of(by), "stated_at": at},
    )
    subjects = [*_subjects(source), Subject("contact", target_id)]
    record("influence_line.stated", by=by, at=at, subjects=subjects, data={"kind": kind.value})
    return line


@transaction.atomic
def remove_influence_line(*, line_id: int, by: Actor, at: datetime) -> None:
    """Raises InfluenceLine.DoesNotExist."""
    rows = InfluenceLine.objects.select_for_update(of=("self",))
    line = rows.select_related("source").get(pk=line_id)
    line.delete()
    subjects = [*_subjects(line.source), Subject("contact", line.target_id)]
    record("influence_line.removed", by=by, at=at, subjects=subjects, data={"kind": str(line.kind)})


def _locked(contact_id: int) -> Contact:
    rows = Contact.objects.select_for_update(of=("self",))
    contact = rows.filter(pk=contact_id, erased_at=None).first()
    if contact is None:
        raise NotTheirPerson(contact_id)
    return contact


def _subjects(contact: Contact) -> list[Subject]:
    return [Subject("contact", contact.pk), Subject("partner", contact.partner_id)]
