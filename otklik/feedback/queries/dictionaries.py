"""The dictionaries of topics as they stand."""

from __future__ import annotations

from otklik.feedback.models import CommentTopic
from otklik.feedback.rules.texts.effective import Edited
from otklik.feedback.rules.texts.topics import Topic


def edited_topics() -> list[Edited]:
    """One query; what counts for a program follows from all of them (``effective``)."""
    return [
        Edited(row.program_id, topic_of(row), row.is_active, row.changed_at)
        for row in CommentTopic.objects.order_by("key", "pk")
    ]


def topic_of(row: CommentTopic) -> Topic:
    return Topic(row.key, row.name_ru, row.name_en, row.words)
