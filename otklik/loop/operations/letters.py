"""Letters: their templates, and one that goes to a partner's person through the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from otklik.desk.public import Channel, Side, create_ticket
from otklik.events.public import Actor, Subject, record
from otklik.loop.models import Alert, FollowUp, LetterTemplate
from otklik.loop.operations.actors import own_key, user_of
from otklik.loop.operations.locking import AlertClosed, kept, locked, subjects_of, tell, work_on
from otklik.loop.operations.working import NotTheirPerson
from otklik.loop.queries.letters import refusal_of
from otklik.loop.rules.letters import LONGEST_SUBJECT, LONGEST_TEXT, open_places, unknown_places
from otklik.loop.rules.vocabulary import LetterKind, LetterRefusal, Way
from otklik.partners.public import Contact


class UnknownPlaces(Exception):
    """``places`` stand in braces and cannot be filled in."""

    def __init__(self, places: tuple[str, ...]) -> None:
        super().__init__(", ".join(places))
        self.places = places


class OpenPlaces(UnknownPlaces):
    """``places`` that nobody has filled in: the letter would be read as it stands."""


class TextMissing(Exception):
    """A letter without a subject or without a text."""


class TemplateChanged(Exception):
    """Somebody else changed it after it was opened for editing."""


class CannotWrite(Exception):
    """Nobody may be written to; ``refusal`` says why."""

    def __init__(self, refusal: LetterRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Letter:
    kind: LetterKind
    contact_id: int | None
    subject: str
    text: str
    language: str = ""


@transaction.atomic
def change_template(
    *, template_id: int, subject: str, text: str, expected_version: int | None, by: Actor, at: datetime
) -> LetterTemplate:
    """Raises TextMissing, UnknownPlaces, TemplateChanged, LetterTemplate.DoesNotExist."""
    template = LetterTemplate.objects.select_for_update(of=("self",)).get(pk=template_id)
    if expected_version is not None and template.version != expected_version:
        raise TemplateChanged(template_id)
    subject, text = _written(subject, text)
    if places := unknown_places(f"{subject}\n{text}"):
        raise UnknownPlaces(places)
    template.subject, template.text = subject, text
    template.version += 1
    template.save()
    subjects = [Subject("letter_template", template.pk), Subject("program", template.program_id)]
    data = {"kind": str(template.kind), "language": template.language}
    record("letter_template.changed", by=by, at=at, subjects=subjects, data=data)
    return template


@transaction.atomic
def write_letter(*, alert_id: int, letter: Letter, key: str, by: Actor, at: datetime) -> FollowUp:
    """A ticket of the desk, whose first message is the letter, noted as a follow-up with it; the same ``key``
    of one alert twice is one. What was done (LetterKind.DONE) may be told of a closed alert, and is told by
    it. Raises CannotWrite, NotTheirPerson, TextMissing, OpenPlaces, AlertClosed, Alert.DoesNotExist."""
    alert = locked(alert_id, may_be_closed=True)
    made_by = own_key(by, f"{alert_id}:{key}" if key else "")
    if made_by is not None and (known := FollowUp.objects.filter(key=made_by).first()):
        return known
    if alert.is_closed and letter.kind is not LetterKind.DONE:
        raise AlertClosed(alert_id)
    subject, text = _written(letter.subject, letter.text)
    if places := open_places(f"{subject}\n{text}"):
        raise OpenPlaces(places)
    contact = _reader(alert, letter, at)
    ticket = create_ticket(
        program_id=alert.program_id,
        subject=subject,
        channel=Channel.STAFF,
        side=Side.STAFF,
        text=text,
        partner_id=contact.partner_id,
        contact_id=contact.pk,
        owner_id=user_of(by),
        language=letter.language,
        created_key=f"loop:{made_by}" if made_by else None,
        by=by,
        at=at,
    )
    follow_up = FollowUp.objects.create(
        alert=alert,
        contact=contact,
        way=Way.LETTER,
        at=at,
        by_id=user_of(by),
        text=text,
        ticket_id=ticket.pk,
        created_at=at,
        key=made_by,
    )
    if not alert.is_closed:
        alert.note_contact(at)
        alert.follow(work_on(alert))
    is_told = letter.kind is LetterKind.DONE and alert.told_at is None
    if is_told:
        alert.tell(Way.LETTER, by_user=user_of(by), at=at)
    kept(alert)
    subjects = [Subject("follow_up", follow_up.pk), *subjects_of(alert), Subject("ticket", ticket.pk)]
    data = {"flow": str(alert.flow), "way": Way.LETTER.value, "letter": letter.kind.value}
    record("follow_up.noted", by=by, at=at, subjects=subjects, data=data)
    if is_told:
        tell("alert.partner_told", alert, {"how": Way.LETTER.value}, by=by, at=at)
    return follow_up


def _written(subject: str, text: str) -> tuple[str, str]:
    subject, text = " ".join(subject.split())[:LONGEST_SUBJECT], text.strip()[:LONGEST_TEXT]
    if not subject or not text:
        raise TextMissing
    return subject, text


def _reader(alert: Alert, letter: Letter, at: datetime) -> Contact:
    contact_id = letter.contact_id or alert.contact_id
    if contact_id is None or alert.partner_id is None:
        raise CannotWrite(LetterRefusal.NOBODY)
    contact = (
        Contact.objects.filter(pk=contact_id, partner=alert.partner_id).select_related("partner").first()
    )
    if contact is None:
        raise NotTheirPerson(contact_id)
    if (refusal := refusal_of(contact, letter.kind, at=at)) is not None:
        raise CannotWrite(refusal)
    return contact
