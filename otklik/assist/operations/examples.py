"""The sentences the classifier learns from."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction

from otklik.assist.models import Example
from otklik.assist.rules.features import fold
from otklik.assist.rules.sentences import LANGUAGES, TEACH, sentences
from otklik.assist.rules.vocabulary import Intent
from otklik.events.public import Actor, ActorKind, Subject, record
from otklik.kit.bulk import insert_missing

LONGEST = 1000
_COLUMNS = ("key", "intent", "language", "text", "is_active", "is_ours", "created_at")


class NoText(Exception):
    """Nothing a sentence could be made of."""


class KnownAlready(Exception):
    """The same sentence is there, maybe for another intent."""

    def __init__(self, example: Example) -> None:
        super().__init__(example.pk)
        self.example = example


def key_of(text: str) -> str:
    return hashlib.sha256(" ".join(fold(text).split()).encode()).hexdigest()


@transaction.atomic
def begin_with_examples(*, at: datetime) -> int:
    """Those that come with the product and are not there yet; how many. One that was moved or switched off
    here stays as it is."""
    rows = [
        (key_of(one.text), one.intent.value, one.language, one.text, True, True, at)
        for one in sentences(TEACH)
    ]
    return len(insert_missing(Example, _COLUMNS, rows))


@transaction.atomic
def add_example(*, intent: Intent, language: str, text: str, by: Actor, at: datetime) -> Example:
    """Raises NoText, KnownAlready."""
    tidy = "\n".join(line.strip() for line in text.replace("\x00", "").strip().splitlines())[:LONGEST]
    if not any(sign.isalpha() for sign in tidy):
        raise NoText
    key = key_of(tidy)
    if (known := Example.objects.filter(key=key).first()) is not None:
        raise KnownAlready(known)
    try:
        with transaction.atomic():
            example = Example.objects.create(
                key=key,
                intent=intent,
                language=language if language in LANGUAGES else LANGUAGES[-1],
                text=tidy,
                added_by_id=by.id if by.kind is ActorKind.PERSON else None,
                created_at=at,
            )
    except IntegrityError:
        raise KnownAlready(Example.objects.get(key=key)) from None
    _tell("example.added", example, by, at, intent=intent.value)
    return example


@transaction.atomic
def move_example(*, example_id: int, intent: Intent, by: Actor, at: datetime) -> Example:
    example = Example.objects.select_for_update().get(pk=example_id)
    if example.intent != intent:
        before, example.intent = example.intent, intent
        example.save(update_fields=["intent"])
        _tell("example.moved", example, by, at, before=before, after=intent.value)
    return example


@transaction.atomic
def switch_example(*, example_id: int, is_active: bool, by: Actor, at: datetime) -> Example:
    example = Example.objects.select_for_update().get(pk=example_id)
    if example.is_active != is_active:
        example.is_active = is_active
        example.save(update_fields=["is_active"])
        _tell("example.switched", example, by, at, is_active=is_active)
    return example


def _tell(kind: str, example: Example, by: Actor, at: datetime, **data: object) -> None:
    record(kind, by=by, at=at, subjects=[Subject("example", example.pk)], data=data)
