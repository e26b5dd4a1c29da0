"""What topics are called in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language

from otklik.feedback.queries.dictionaries import edited_topics
from otklik.feedback.rules.texts.default_topics import DEFAULT_TOPICS


def topic_names() -> dict[str, str]:
    """By key, of all programs together and of those switched off too, for old voices speak of them. One
    query."""
    topics = [*DEFAULT_TOPICS, *(one.topic for one in edited_topics())]
    is_russian = (get_language() or "en").startswith("ru")
    return {topic.key: topic.name_ru if is_russian else topic.name_en for topic in topics}
