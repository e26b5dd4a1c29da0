"""Copies of announcements by mail, reminders, and word that an idea is done: each to each person once.

May run twice, or beside itself: a mail of a key that was queued before is not queued again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from otklik.dialogue.letters import queue_done, queue_news
from otklik.dialogue.models import Addressee, Announcement, Idea, NoNewsMails, Vote
from otklik.dialogue.rules.vocabulary import IdeaState, Moderation, NewsState
from otklik.events.public import Actor, Subject, record
from otklik.kit.chunks import in_chunks
from otklik.partners.public import Consent, Contact, PartnerStatus, first_mail_addresses

CHUNK = 100
REMIND_AFTER = timedelta(days=3)
TAKEN_BACK = timedelta(minutes=10)
"""So long a slip of the hand can be taken back before voters hear of it."""


def mail_news(*, at: datetime) -> int:
    """Of everything that is to be seen by now; how many mails."""
    due = Announcement.objects.filter(state=NewsState.PUBLISHED, mailed_at=None, visible_from__lte=at)
    return sum(_mail_one(pk, at) for pk in list(due.order_by("pk").values_list("pk", flat=True)))


def _mail_one(announcement_id: int, at: datetime) -> int:
    rows = Addressee.objects.filter(announcement_id=announcement_id, mailed_at=None)
    rows = rows.filter(announcement__mails_copy=True)
    queued = sum(_send(chunk, reminder=False, at=at) for chunk in _chunks(rows))
    # Those who cannot or will not be written to have no mark of their own, and are not tried again.
    Announcement.objects.filter(pk=announcement_id).update(mailed_at=at)
    return queued


def remind(*, at: datetime) -> int:
    """Once each, of what has to be acknowledged and goes by mail; how many mails."""
    rows = Addressee.objects.filter(
        announcement__state=NewsState.PUBLISHED,
        announcement__needs_acknowledgement=True,
        announcement__mails_copy=True,
        announcement__visible_from__lte=at - REMIND_AFTER,
        acknowledged_at=None,
        reminded_at=None,
    )
    return sum(_send(chunk, reminder=True, at=at) for chunk in _chunks(rows))


def tell_done(*, at: datetime) -> int:
    """To whoever voted for it, the author among them; how many mails."""
    told = 0
    done = Idea.objects.filter(state=IdeaState.DONE, moderation=Moderation.SHOWN, told_at=None)
    done = done.filter(state_changed_at__lte=at - TAKEN_BACK)
    for idea in done.select_related("program").order_by("pk"):
        voters = Vote.objects.filter(idea=idea).order_by("pk").values_list("contact_id", flat=True)
        for ids in in_chunks(list(voters), CHUNK):
            people = Contact.objects.filter(pk__in=ids).select_related("partner")
            told += queue_done(idea, _with_addresses(people), at=at)
        Idea.objects.filter(pk=idea.pk, told_at=None).update(told_at=at)
    return told


@transaction.atomic
def set_news_mails(*, contact_id: int, wanted: bool, by: Actor, at: datetime) -> None:
    """What it was already stays as it is. Raises Contact.DoesNotExist."""
    contact = Contact.objects.get(pk=contact_id, erased_at=None)
    if wanted:
        changed = bool(NoNewsMails.objects.filter(contact=contact).delete()[0])
    else:
        _, changed = NoNewsMails.objects.get_or_create(contact=contact, defaults={"since": at})
    if changed:
        subjects = [Subject("contact", contact.pk), Subject("partner", contact.partner_id)]
        record("news_mails.wanted" if wanted else "news_mails.refused", by=by, at=at, subjects=subjects)


def _chunks(rows: QuerySet[Addressee]) -> Iterator[Sequence[Addressee]]:
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for part in in_chunks(ids, CHUNK):
        # Withdrawn while the first of many were queued: the others hear nothing of it.
        found = Addressee.objects.filter(pk__in=part, announcement__state=NewsState.PUBLISHED)
        yield list(
            found.select_related("contact__partner", "announcement__program")
            .prefetch_related("announcement__texts")
            .order_by("pk")
        )


@transaction.atomic
def _send(chunk: Sequence[Addressee], *, reminder: bool, at: datetime) -> int:
    addresses = {contact.pk: address for contact, address in _with_addresses(one.contact for one in chunk)}
    reached = [(one, addresses[one.contact_id]) for one in chunk if one.contact_id in addresses]
    queued = queue_news(reached, reminder=reminder, at=at)
    if reminder:
        # Whoever cannot be written to is not looked up every hour either.
        Addressee.objects.filter(pk__in=[one.pk for one in chunk]).update(reminded_at=at)
    else:
        Addressee.objects.filter(pk__in=[one.pk for one, _ in reached]).update(mailed_at=at)
    return queued


def _with_addresses(people: Iterable[Contact]) -> list[tuple[Contact, str]]:
    """Those who may be written to, with where; nobody at a partner who left meanwhile. Needs ``partner``. Two
    queries."""
    here = [
        one
        for one in people
        if one.erased_at is None
        and one.is_active
        and one.consent != Consent.WITHDRAWN
        and one.partner.status != PartnerStatus.LEFT
    ]
    ids = [one.pk for one in here]
    refused = set(NoNewsMails.objects.filter(contact_id__in=ids).values_list("contact_id", flat=True))
    addresses = first_mail_addresses(pk for pk in ids if pk not in refused)
    return [(one, addresses[one.pk]) for one in here if one.pk in addresses]
