"""Telling people before they ask. A notice is a row, once for each person and occasion; a job sends it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from otklik.assist.models import Notice, NoticeSetting, NoticeStop
from otklik.assist.operations.composing import language_for, zone_for
from otklik.assist.queries.permission import who_see_money
from otklik.assist.rules.notices import ABOUT_MONEY, DAYS, waking_hour
from otklik.assist.rules.vocabulary import NoticeKind, NoticeState
from otklik.events.public import Actor, NewEvent, Subject, record, record_many
from otklik.identity.public import User
from otklik.kit.bulk import insert_missing
from otklik.kit.one_line import one_line
from otklik.partners.public import Contact

# Of one company. Where there are more, the first ones were there longest.
MOST_PEOPLE = 20
_COLUMNS = (
    "key",
    "kind",
    "contact_id",
    "user_id",
    "partner_id",
    "language",
    "title",
    "lines",
    "why",
    "link",
    "state",
    "send_at",
    "created_at",
)


@dataclass(frozen=True, slots=True)
class Words:
    """``lines``: paragraphs of plain text. ``link``: name and arguments of a page."""

    title: str
    lines: Sequence[str]
    why: str
    link: tuple[str, tuple[Any, ...]] | None = None


class News:
    """What is told. ``occasion`` names it: nobody is told of the same twice. ``words`` writes it in the
    active language and zone."""

    kind: NoticeKind
    occasion: str

    def words(self) -> Words:
        raise NotImplementedError


def people_to_tell(partner_id: int, kind: NoticeKind) -> list[Contact]:
    """Active people of the partner who may know it and have not said that they do not want to."""
    stopped = NoticeStop.objects.filter(kind=kind).values("contact_id")
    rows = Contact.objects.filter(partner_id=partner_id, is_active=True, erased_at=None)
    rows = rows.filter(partner__erased_at=None).exclude(pk__in=stopped).select_related("partner__program")
    people = list(rows.order_by("pk")[: MOST_PEOPLE * 5])
    if kind in ABOUT_MONEY:
        seeing = who_see_money([contact.pk for contact in people])
        people = [contact for contact in people if contact.pk in seeing]
    return people[:MOST_PEOPLE]


def is_on(kind: NoticeKind) -> bool:
    kept = NoticeSetting.objects.filter(kind=kind).first()
    return kept is None or kept.is_on


def days_of(kind: NoticeKind) -> int:
    kept = NoticeSetting.objects.filter(kind=kind).first()
    return kept.days if kept is not None else DAYS[kind]


@transaction.atomic
def tell_people(news: News, people: Iterable[Contact], *, at: datetime) -> int:
    """A row for each, to be sent by day; how many were not told of it before. Runs twice without harm."""
    rows = []
    for contact in people:
        language, zone = language_for(contact), zone_for(contact)
        with translation.override(language), timezone.override(zone):
            words = news.words()
        key = f"{news.kind}:c{contact.pk}:{news.occasion}"
        send_at = waking_hour(at, zone)
        rows.append(_row(news, words, key, language, send_at, at, contact=contact))
    return _stored(rows, at)


@transaction.atomic
def tell_user(news: News, user: User, partner_id: int, *, at: datetime) -> int:
    with translation.override(user.language):
        words = news.words()
    key = f"{news.kind}:u{user.pk}:{news.occasion}"
    return _stored([_row(news, words, key, user.language, at, at, user=user, partner_id=partner_id)], at)


@transaction.atomic
def set_notice(*, kind: NoticeKind, is_on: bool, days: int, by: Actor, at: datetime) -> NoticeSetting:
    kept, _made = NoticeSetting.objects.select_for_update().get_or_create(
        kind=kind, defaults={"days": DAYS.get(kind, 0)}
    )
    days = days if kind in DAYS else 0
    if (kept.is_on, kept.days) != (is_on, days):
        kept.is_on, kept.days = is_on, days
        kept.save()
        data = {"kind": kind.value, "is_on": is_on, "days": days}
        record("notice.set", by=by, at=at, subjects=[Subject("notice_setting", kept.pk)], data=data)
    return kept


@transaction.atomic
def stop_notices(*, contact_id: int, kind: NoticeKind, is_stopped: bool, at: datetime) -> None:
    """Somebody's own wish, from the link in a mail: no more of this kind, or again."""
    chosen = {"contact_id": contact_id, "kind": kind.value}
    if is_stopped:
        changed = bool(
            insert_missing(NoticeStop, ("contact_id", "kind", "at"), [(contact_id, kind.value, at)])
        )
    else:
        changed = bool(NoticeStop.objects.filter(**chosen).delete()[0])
    if changed:
        subjects = [Subject("contact", contact_id)]
        data = {"kind": kind.value, "is_stopped": is_stopped}
        record("notice.stopped", by=Actor.contact(contact_id), at=at, subjects=subjects, data=data)


def _row(
    news: News,
    words: Words,
    key: str,
    language: str,
    send_at: datetime,
    at: datetime,
    *,
    contact: Contact | None = None,
    user: User | None = None,
    partner_id: int = 0,
) -> tuple[Any, ...]:
    link = {"name": words.link[0], "args": list(words.link[1])} if words.link else {}
    return (
        key,
        news.kind.value,
        contact.pk if contact else None,
        user.pk if user else None,
        contact.partner_id if contact else partner_id,
        language,
        one_line(words.title)[:300],
        [str(line) for line in words.lines],
        words.why[:300],
        link,
        NoticeState.WAITING.value,
        send_at,
        at,
    )


def _stored(rows: Sequence[tuple[Any, ...]], at: datetime) -> int:
    """``rows`` as ``_COLUMNS``: those of them that are new, with an event each."""
    new = insert_missing(Notice, _COLUMNS, rows) if rows else set()
    events = []
    for row in rows:
        if row[0] in new:
            subjects = [Subject("partner", row[4])]
            subjects += [Subject("contact", row[2])] if row[2] else []
            events.append(NewEvent("notice.made", at, subjects, {"kind": row[1]}))
    record_many(events, by=Actor.system(), at=at)
    return len(new)
