"""Storing what was said in public: one door for feeds, files and people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from otklik.events.public import Actor, NewEvent, Subject, record, record_many
from otklik.feedback.models import Mention
from otklik.feedback.operations.voices.understanding import Said, said_in
from otklik.feedback.rules.voices.naming import PartnerNames
from otklik.feedback.rules.voices.vocabulary import MentionSource
from otklik.kit.bulk import insert_missing
from otklik.partners.public import Partner


class PartnerElsewhere(Exception):
    """The partner belongs to another program, or was erased."""


@dataclass(frozen=True, slots=True)
class NewMention:
    """``key`` names it once in a program (``rules/voices/addresses``). Texts are plain and bounded."""

    key: str
    published_at: datetime | None
    author: str = ""
    url: str = ""
    title: str = ""
    text: str = ""
    partner_id: int | None = None


class MentionFate(StrEnum):
    STORED = "stored"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class ReadMention:
    mention: NewMention
    said: Said
    suggested_id: int | None


def read_mentions(program_id: int, mentions: Sequence[NewMention]) -> list[ReadMention]:
    """Their words are read and a partner looked for: processor time, so outside a transaction where one can.
    Two queries, for the dictionaries and the partners' names."""
    words = [f"{one.title}\n{one.text}" for one in mentions]
    names: PartnerNames | None = None
    if any(one.partner_id is None for one in mentions):
        rows = Partner.objects.filter(program_id=program_id, erased_at=None).values_list("pk", "name")
        names = PartnerNames(rows.iterator(chunk_size=5000))
    return [
        ReadMention(one, said, names.suggest(text) if names and one.partner_id is None else None)
        for one, said, text in zip(mentions, said_in(program_id, words), words, strict=True)
    ]


_COLUMNS = (
    "key", "program_id", "source", "feed_id", "partner_id", "suggested_id", "author", "url", "title", "text",
    "published_at", "recorded_at", "recorded_by_id", "sentiment", "topics",
)  # fmt: skip


def store_mentions(
    program_id: int,
    mentions: Sequence[ReadMention],
    *,
    source: MentionSource,
    feed_id: int | None = None,
    recorded_by_id: int | None = None,
    by: Actor,
    at: datetime,
) -> list[MentionFate]:
    """A chunk with its events, in the order of ``mentions``; a key that is known, in the chunk too, is stored
    once. The number of queries does not grow with the chunk."""
    fresh = {one.mention.key: one for one in reversed(mentions)}
    rows = [
        (
            key,
            program_id,
            source.value,
            feed_id,
            one.mention.partner_id,
            one.suggested_id,
            one.mention.author,
            one.mention.url,
            one.mention.title,
            one.mention.text,
            # Nobody has said anything tomorrow.
            min(one.mention.published_at or at, at),
            at,
            recorded_by_id,
            one.said.sentiment,
            one.said.topics,
        )
        for key, one in fresh.items()
    ]
    with transaction.atomic():
        stored = insert_missing(Mention, _COLUMNS, rows) if rows else set()
        ids = dict(Mention.objects.filter(program_id=program_id, key__in=stored).values_list("key", "pk"))
        record_many(
            [_event(ids[key], program_id, source, feed_id, fresh[key], at) for key in fresh if key in stored],
            by=by,
            at=at,
        )
    fates = []
    left = set(stored)
    for one in mentions:
        fates.append(MentionFate.STORED if one.mention.key in left else MentionFate.KNOWN)
        left.discard(one.mention.key)
    return fates


def record_mention(
    *, program_id: int, mention: NewMention, user_id: int | None, by: Actor, at: datetime
) -> tuple[int, MentionFate]:
    """One by hand: its id and whether it was there already. Raises PartnerElsewhere."""
    if mention.partner_id is not None:
        _check_partner(program_id, mention.partner_id)
    found = read_mentions(program_id, [mention])
    with transaction.atomic():
        fate = store_mentions(
            program_id, found, source=MentionSource.HAND, recorded_by_id=user_id, by=by, at=at
        )[0]
        return Mention.objects.get(program_id=program_id, key=mention.key).pk, fate


def attach_mention(*, mention_id: int, partner_id: int | None, by: Actor, at: datetime) -> None:
    """To a partner of its program, or to none: a suggestion that was wrong goes too. Raises
    Mention.DoesNotExist, PartnerElsewhere."""
    with transaction.atomic():
        mention = Mention.objects.select_for_update().get(pk=mention_id)
        if partner_id is not None:
            _check_partner(mention.program_id, partner_id)
        before, mention.partner_id, mention.suggested_id = mention.partner_id, partner_id, None
        mention.save(update_fields=["partner", "suggested"])
        if before == partner_id:
            return
        subjects = [Subject("mention", mention.pk), Subject("program", mention.program_id)]
        subjects += [Subject("partner", pk) for pk in (before, partner_id) if pk is not None]
        data = {"from": before, "to": partner_id, "sentiment": mention.sentiment}
        record("mention.attached", by=by, at=at, subjects=subjects, data=data)


def set_aside_mention(*, mention_id: int, by: Actor, at: datetime) -> None:
    """It is not about us. Raises Mention.DoesNotExist."""
    with transaction.atomic():
        mention = Mention.objects.select_for_update().get(pk=mention_id)
        if mention.set_aside_at is not None:
            return
        mention.set_aside_at = at
        mention.save(update_fields=["set_aside_at"])
        subjects = [Subject("mention", mention.pk), Subject("program", mention.program_id)]
        record("mention.set_aside", by=by, at=at, subjects=subjects)


def _check_partner(program_id: int, partner_id: int) -> None:
    if not Partner.objects.filter(pk=partner_id, program_id=program_id, erased_at=None).exists():
        raise PartnerElsewhere(partner_id)


def _event(
    mention_id: int,
    program_id: int,
    source: MentionSource,
    feed_id: int | None,
    one: ReadMention,
    at: datetime,
) -> NewEvent:
    subjects = [Subject("mention", mention_id), Subject("program", program_id)]
    if one.mention.partner_id is not None:
        subjects.append(Subject("partner", one.mention.partner_id))
    data = {"source": source.value, "sentiment": one.said.sentiment, "feed": feed_id}
    return NewEvent("mention.recorded", min(one.mention.published_at or at, at), subjects, data)
