"""Writing announcements, publishing them to people, and what these do with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from otklik.desk.public import Channel, create_ticket
from otklik.desk.public import Side as TicketSide
from otklik.dialogue.models import (
    Addressee,
    Announcement,
    AnnouncementQuestion,
    AnnouncementText,
)
from otklik.dialogue.operations.once import made_once, own_key
from otklik.dialogue.operations.sides import user_of
from otklik.dialogue.queries.audience import Audience, people_for
from otklik.dialogue.rules.vocabulary import NewsKind, NewsState
from otklik.events.public import Actor, Subject, record
from otklik.identity.public import User
from otklik.kit.bulk import insert_rows

_ADDRESSEE = ("announcement_id", "partner_id", "contact_id")


class NotADraft(Exception):
    """It was published or withdrawn meanwhile; what people have read is not rewritten."""


class AnnouncementChanged(Exception):
    """Somebody else saved the draft after it was opened; ``version`` is the number it has now."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class NobodyToTell(Exception):
    """The audience is empty."""


class NoText(Exception):
    """There is no language in which it says anything."""


class NotAddressed(Exception):
    """The announcement is not for this person, or not to be seen yet or any more."""


@dataclass(frozen=True, slots=True)
class Wording:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class NewsTerms:
    """``texts``: by language; one without title and body is left out."""

    kind: NewsKind
    texts: Mapping[str, Wording]
    audience: Audience = field(default_factory=Audience)
    needs_acknowledgement: bool = False
    mails_copy: bool = True

    def kept_texts(self) -> dict[str, Wording]:
        return {code: one for code, one in self.texts.items() if one.title.strip() and one.body.strip()}


@transaction.atomic
def write_announcement(
    *, program_id: int, terms: NewsTerms, key: str = "", by: Actor, at: datetime
) -> Announcement:
    """A draft. The same ``key`` is the same draft. Raises NoText."""
    made_by = own_key(by, key)

    def make() -> Announcement:
        return Announcement.objects.create(
            program_id=program_id,
            kind=terms.kind,
            audience=terms.audience.stored(),
            needs_acknowledgement=terms.needs_acknowledgement,
            mails_copy=terms.mails_copy,
            created_by_id=user_of(by),
            created_at=at,
            key=made_by,
        )

    announcement, is_new = made_once(Announcement, made_by, make)
    if is_new:
        _set_texts(announcement, terms)
        _tell("announcement.written", announcement, by, at)
    return announcement


@transaction.atomic
def change_announcement(
    *, announcement_id: int, terms: NewsTerms, version: int | None = None, by: Actor, at: datetime
) -> Announcement:
    """``version``: of the draft that was opened, None whichever it is. Raises NotADraft, AnnouncementChanged,
    NoText, Announcement.DoesNotExist."""
    announcement = _locked_draft(announcement_id, version)
    announcement.kind, announcement.audience = terms.kind, terms.audience.stored()
    announcement.needs_acknowledgement = terms.needs_acknowledgement
    announcement.mails_copy = terms.mails_copy
    announcement.version += 1
    announcement.save()
    _set_texts(announcement, terms)
    _tell("announcement.changed", announcement, by, at)
    return announcement


@transaction.atomic
def publish_announcement(
    *,
    announcement_id: int,
    author: User,
    visible_from: datetime | None = None,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> Announcement:
    """Freezes whom it is for: of the audience those whom ``author`` sees. ``visible_from``: None for now; a
    moment that is over counts as now. ``version``: of the draft that was looked at, None whichever it is.
    Raises NotADraft, AnnouncementChanged, NobodyToTell, Announcement.DoesNotExist."""
    announcement = _locked_draft(announcement_id, version)
    people = people_for(announcement.program_id, Audience.of(announcement), author)
    found = list(people.order_by("pk").values_list("partner_id", "pk"))
    if not found:
        raise NobodyToTell(announcement_id)
    insert_rows(Addressee, _ADDRESSEE, [(announcement.pk, partner, contact) for partner, contact in found])
    moment = at if visible_from is None or visible_from < at else visible_from
    announcement.publish(visible_from=moment, by_user=user_of(by), at=at)
    announcement.save()
    partners = sorted({partner for partner, _ in found})
    data = {"people": len(found), "partners": len(partners), "kind": str(announcement.kind)}
    # One line in the timeline of each, as long as these are few enough for one event.
    subjects = [Subject("partner", pk) for pk in partners[:_MOST_SUBJECTS]]
    _tell("announcement.published", announcement, by, at, data=data, others=subjects)
    return announcement


_MOST_SUBJECTS = 200


@transaction.atomic
def withdraw_announcement(*, announcement_id: int, by: Actor, at: datetime) -> Announcement:
    """Nobody sees it any more; who read it stays known. Raises NotADraft where it was not published."""
    announcement = _locked(announcement_id)
    if announcement.state != NewsState.PUBLISHED:
        raise NotADraft(announcement_id)
    announcement.withdraw()
    announcement.save()
    _tell("announcement.withdrawn", announcement, by, at)
    return announcement


@transaction.atomic
def mark_read(*, announcement_id: int, contact_id: int, by: Actor, at: datetime) -> None:
    """The first time counts; later ones change nothing. Raises NotAddressed."""
    addressee = _addressee(announcement_id, contact_id, at)
    if addressee.read_at is not None:
        return
    # Two pages opened at once: one of them is the first.
    if Addressee.objects.filter(pk=addressee.pk, read_at=None).update(read_at=at):
        _tell_of(addressee, "announcement.read", by, at)


@transaction.atomic
def acknowledge(*, announcement_id: int, contact_id: int, by: Actor, at: datetime) -> None:
    """Raises NotAddressed."""
    addressee = _addressee(announcement_id, contact_id, at)
    Addressee.objects.filter(pk=addressee.pk, read_at=None).update(read_at=at)
    if Addressee.objects.filter(pk=addressee.pk, acknowledged_at=None).update(acknowledged_at=at):
        _tell_of(addressee, "announcement.acknowledged", by, at)


@transaction.atomic
def ask_about(
    *,
    announcement_id: int,
    contact_id: int,
    subject: str,
    text: str,
    language: str,
    key: str,
    by: Actor,
    at: datetime,
) -> AnnouncementQuestion:
    """A ticket of the desk, linked to the announcement. The same ``key`` of one person is the same question.
    Raises NotAddressed."""
    addressee = _addressee(announcement_id, contact_id, at)
    own_key = f"{announcement_id}:{contact_id}:{key}"[:80]
    if known := AnnouncementQuestion.objects.filter(key=own_key).first():
        return known
    ticket = create_ticket(
        program_id=addressee.announcement.program_id,
        subject=subject[:400],
        channel=Channel.PORTAL,
        side=TicketSide.PARTNER,
        text=text,
        partner_id=addressee.partner_id,
        contact_id=contact_id,
        language=language,
        created_key=f"announcement:{own_key}",
        by=by,
        at=at,
    )
    question, is_new = AnnouncementQuestion.objects.get_or_create(
        ticket_id=ticket.pk,
        defaults={
            "announcement_id": announcement_id,
            "partner_id": addressee.partner_id,
            "contact_id": contact_id,
            "asked_at": at,
            "key": own_key,
        },
    )
    if is_new:
        _tell_of(addressee, "announcement.asked", by, at, others=[Subject("ticket", ticket.pk)])
    return question


@transaction.atomic
def show_answer(
    *, question_id: int, question: str, answer: str, by: Actor, at: datetime
) -> AnnouncementQuestion:
    """To everybody the announcement is for, in these words; two empty ones take it back. Raises NoText where
    one of them is missing, AnnouncementQuestion.DoesNotExist."""
    found = AnnouncementQuestion.objects.select_for_update().get(pk=question_id)
    if bool(question.strip()) != bool(answer.strip()):
        raise NoText
    found.shown_question, found.shown_answer = question.strip(), answer.strip()
    found.shown_at = at if found.shown_answer else None
    found.shown_by_id = user_of(by)
    found.save()
    kind = "announcement.answer_shown" if found.shown_at else "announcement.answer_hidden"
    subjects = [Subject("announcement", found.announcement_id)]
    record(kind, by=by, at=at, subjects=subjects, data={"question": found.pk})
    return found


def _set_texts(announcement: Announcement, terms: NewsTerms) -> None:
    kept = terms.kept_texts()
    if not kept:
        raise NoText
    announcement.texts.all().delete()
    AnnouncementText.objects.bulk_create(
        AnnouncementText(announcement=announcement, language=code, title=one.title.strip(), body=one.body)
        for code, one in sorted(kept.items())
    )


def _locked(announcement_id: int) -> Announcement:
    return Announcement.objects.select_for_update(of=("self",)).get(pk=announcement_id)


def _locked_draft(announcement_id: int, version: int | None) -> Announcement:
    announcement = _locked(announcement_id)
    if announcement.state != NewsState.DRAFT:
        raise NotADraft(announcement_id)
    if version not in (None, announcement.version):
        raise AnnouncementChanged(announcement.version)
    return announcement


def _addressee(announcement_id: int, contact_id: int, at: datetime) -> Addressee:
    rows = Addressee.objects.filter(announcement_id=announcement_id, contact_id=contact_id)
    found = rows.select_related("announcement").first()
    if found is None or not found.announcement.is_visible(at):
        raise NotAddressed(announcement_id)
    return found


def _tell(
    kind: str,
    announcement: Announcement,
    by: Actor,
    at: datetime,
    *,
    data: Mapping[str, object] | None = None,
    others: Sequence[Subject] = (),
) -> None:
    subjects = [Subject("announcement", announcement.pk), *others]
    record(kind, by=by, at=at, subjects=subjects, data=data or {})


def _tell_of(
    addressee: Addressee, kind: str, by: Actor, at: datetime, *, others: Sequence[Subject] = ()
) -> None:
    subjects = [
        Subject("announcement", addressee.announcement_id),
        Subject("partner", addressee.partner_id),
        Subject("contact", addressee.contact_id),
        *others,
    ]
    record(kind, by=by, at=at, subjects=subjects)
