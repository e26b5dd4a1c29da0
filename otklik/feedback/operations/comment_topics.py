"""Editing the dictionaries of topics."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django_q.tasks import async_task

from otklik.events.public import Actor, ActorKind, Subject, record
from otklik.feedback.models import CommentTopic
from otklik.feedback.operations.comment_readings import READ_AGAIN
from otklik.feedback.rules.texts.topics import Topic, check_words


class TopicChangedMeanwhile(Exception):
    """Somebody else saved the same topic at the same moment."""


def save_comment_topic(
    topic: Topic, *, program_id: int | None, is_active: bool, by: Actor, at: datetime
) -> CommentTopic:
    """The topic under its key, for one program or (None) for all; comments are read again afterwards, in a
    job. Raises BadEntry, TooManyEntries, TopicChangedMeanwhile."""
    check_words(topic.words)
    try:
        with transaction.atomic():
            row, is_new = CommentTopic.objects.update_or_create(
                program_id=program_id,  # type: ignore[misc]  # None is looked for as NULL
                key=topic.key,
                defaults={
                    "name_ru": topic.name_ru,
                    "name_en": topic.name_en,
                    "words": topic.words,
                    "is_active": is_active,
                    "changed_at": at,
                    "changed_by_id": by.id if by.kind is ActorKind.PERSON else None,
                },
            )
            record(
                "comment_topic.saved",
                by=by,
                at=at,
                subjects=[Subject("comment_topic", row.pk)]
                + ([Subject("program", program_id)] if program_id is not None else []),
                data={"key": topic.key, "is_active": is_active, "is_new": is_new},
            )
            async_task(READ_AGAIN)
    except IntegrityError as error:
        raise TopicChangedMeanwhile(topic.key) from error
    return row
