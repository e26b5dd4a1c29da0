"""Messages in other languages: each is asked for once, made by a job, and the message stays what it is.

The provider is called between two short transactions. What dies there is made again by the next run, under
the same row: a message is translated once for each language and version of the settings.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from otklik.desk.models import AgentProfile, Message, Translation
from otklik.desk.operations.events import tell
from otklik.desk.operations.translators import InUse, terms_for, translator_in_use
from otklik.desk.rules.languages import needs_translation, short_code
from otklik.desk.rules.vocabulary import MESSAGE_TRANSLATED, MessageKind, TranslationState, Verdict
from otklik.events.public import Actor, ActorKind
from otklik.identity.public import User
from otklik.jobs.public import queue_at
from otklik.kit.languages import find_language
from otklik.kit.secrets import SecretUnreadable
from otklik.kit.translation.protocol import TranslationFailed, TranslatorDown

log = logging.getLogger(__name__)
TRANSLATE = "otklik.desk.jobs.translate_message"
OFF, UNREADABLE_KEY = "off", "key"
_MOST_ATTEMPTS = 4
_FIRST_WAIT = timedelta(minutes=1)
# Longer than a provider is waited for.
_CLAIM = timedelta(minutes=3)
# Mail may come by the hundred; what a text says in its first lines is enough to know its language.
_AT_ONCE = 100


class NothingToTranslate(Exception):
    """The message has no words, or was erased."""


class TranslationOff(Exception):
    """The settings name nobody who translates."""


def find_languages(message_ids: Sequence[int]) -> None:
    """What their own words tell; a guess stays a guess where they tell too little."""
    for start in range(0, len(message_ids), _AT_ONCE):
        rows = Message.objects.filter(pk__in=message_ids[start : start + _AT_ONCE], language_probability=None)
        told = []
        for message in rows.only("text", "language", "ticket__language").select_related("ticket"):
            found = find_language(message.text, likely=[message.ticket.language])
            if found.language:
                message.language, message.language_probability = found.language, found.probability
                told.append(message)
        Message.objects.bulk_update(told, ["language", "language_probability"])


def want_translations(message_ids: Sequence[int], *, at: datetime) -> None:
    """Of those that whoever answers cannot read. Nothing happens while the settings do not ask for it."""
    active = _in_use_or_none()
    if active is None or not active.settings.translates_incoming:
        return
    rows = Message.objects.filter(
        pk__in=message_ids, kind=MessageKind.INCOMING, verdict=Verdict.PERSON
    ).select_related("ticket__owner")
    messages = list(rows)
    read = _languages_read({message.ticket.owner_id for message in messages if message.ticket.owner_id})
    for message in messages:
        owner = message.ticket.owner
        own = owner.language if owner is not None else active.settings.language
        reads = read.get(owner.pk, [own]) if owner is not None else [own]
        sure = message.language_probability is not None
        if needs_translation(language=message.language, is_sure=sure, text=message.text, reads=reads):
            with transaction.atomic():
                _want(message, short_code(own), active.version, by=Actor.system(), at=at)


def ask_translation(*, message_id: int, language: str, by: Actor, at: datetime) -> Translation:
    """By hand; one that failed is tried again. Raises TranslationOff, NothingToTranslate."""
    active = _in_use_or_none()
    if active is None:
        raise TranslationOff
    with transaction.atomic():
        message = Message.objects.get(pk=message_id)
        if not message.text.strip():
            raise NothingToTranslate(message_id)
        return _want(message, short_code(language), active.version, by=by, at=at)


def make_translation(*, translation_id: int, at: datetime, active: InUse | None = None) -> None:
    """The job. May be run at any time, also while another one does it."""
    waiting = Translation.objects.filter(
        Q(free_at=None) | Q(free_at__lte=at), pk=translation_id, state=TranslationState.WANTED
    )
    if not waiting.update(free_at=at + _CLAIM, attempts=F("attempts") + 1):
        return
    row = Translation.objects.select_related("message__ticket").get(pk=translation_id)
    try:
        active = active or translator_in_use()
        if active is None:
            _fail(row, OFF, at)
            return
        message = row.message
        source = short_code(message.language) if message.language_probability is not None else ""
        terms = terms_for(message.ticket.program_id)
        (text,) = active.translator.translate([message.text], source, row.language, terms)
    except SecretUnreadable:
        _fail(row, UNREADABLE_KEY, at)
    except TranslatorDown as failure:
        _try_later(row, failure, at)
    except TranslationFailed as failure:
        log.warning("translation %s failed: %s %s", row.pk, failure.word, failure)
        _fail(row, failure.word, at)
    else:
        _store(row, text, at)


def overdue_translations(*, at: datetime, limit: int = 200) -> list[int]:
    """Whose job was lost or whose worker died; an index answers this."""
    late = Translation.objects.filter(free_at__isnull=False, free_at__lte=at - timedelta(minutes=1))
    return list(late.order_by("free_at").values_list("pk", flat=True)[:limit])


def keep_original(message: Message, *, text: str, language: str, by: Actor, at: datetime) -> None:
    """What its writer wrote, of a message that went out as a translation. Inside the reply's transaction."""
    Translation.objects.create(
        message=message,
        language=short_code(language),
        version="original",
        is_original=True,
        text=text,
        state=TranslationState.MADE,
        asked_by_id=by.id if by.kind is ActorKind.PERSON else None,
        asked_at=at,
        made_at=at,
    )


def _want(message: Message, language: str, version: str, *, by: Actor, at: datetime) -> Translation:
    row, is_new = Translation.objects.get_or_create(
        message=message,
        language=language,
        version=version,
        defaults={
            "asked_by_id": by.id if by.kind is ActorKind.PERSON else None,
            "asked_at": at,
            "free_at": at,
        },
    )
    again = row.state == TranslationState.FAILED
    if again:
        row.state, row.failure, row.attempts, row.free_at = TranslationState.WANTED, "", 0, at
        row.save(update_fields=["state", "failure", "attempts", "free_at"])
    if is_new or again:
        queue_at(TRANSLATE, row.pk, at=at)
    return row


def _store(row: Translation, text: str, at: datetime) -> None:
    with transaction.atomic():
        # Erased meanwhile: there is no row any more, and nothing may come back.
        kept = Translation.objects.select_for_update().filter(pk=row.pk, state=TranslationState.WANTED)
        if (locked := kept.first()) is None:
            return
        locked.mark_made(text, at=at)
        locked.save(update_fields=["state", "text", "failure", "free_at", "made_at"])
        _tell(row, TranslationState.MADE, at)


def _fail(row: Translation, failure: str, at: datetime) -> None:
    with transaction.atomic():
        row.mark_failed(failure)
        Translation.objects.filter(pk=row.pk, state=TranslationState.WANTED).update(
            state=row.state, failure=failure, free_at=None
        )
        _tell(row, TranslationState.FAILED, at)


def _try_later(row: Translation, failure: TranslatorDown, at: datetime) -> None:
    if row.attempts >= _MOST_ATTEMPTS:
        _fail(row, failure.word, at)
        return
    again = at + _FIRST_WAIT * 3 ** (row.attempts - 1)
    with transaction.atomic():
        waiting = Translation.objects.filter(pk=row.pk, state=TranslationState.WANTED)
        if waiting.update(free_at=again, failure=failure.word):
            queue_at(TRANSLATE, row.pk, at=again)


def _tell(row: Translation, state: TranslationState, at: datetime) -> None:
    said = {
        "message": row.message_id,
        "translation": row.pk,
        "language": row.language,
        "state": state,
        "version": row.version,
    }
    tell(MESSAGE_TRANSLATED, row.message.ticket, by=Actor.system(), at=at, **said)


def _in_use_or_none() -> InUse | None:
    try:
        return translator_in_use()
    except SecretUnreadable:
        log.warning("the translator's key cannot be read: enter it again")
        return None


def _languages_read(owners: set[int]) -> Mapping[int, list[str]]:
    """By user: what they said they read, else the language of their own pages."""
    if not owners:
        return {}
    read = {
        pk: [language] for pk, language in User.objects.filter(pk__in=owners).values_list("pk", "language")
    }
    for user_id, languages in AgentProfile.objects.filter(user_id__in=owners).values_list(
        "user_id", "languages"
    ):
        read[user_id] = [*read.get(user_id, []), *languages]
    return read


def original_of(message: Message) -> Translation | None:
    return Translation.objects.filter(message=message, is_original=True).first()
