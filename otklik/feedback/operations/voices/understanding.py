"""What voices say: sentiment and topics, read when they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otklik.feedback.queries.dictionaries import edited_topics
from otklik.feedback.rules.texts.effective import effective
from otklik.feedback.rules.texts.sentiment import sentiment
from otklik.feedback.rules.texts.topics import TopicMatcher, matcher_of
from otklik.kit.texts.reading import read

LONGEST_TOPICS = 600


@dataclass(frozen=True, slots=True)
class Said:
    """``sentiment``: -1, 0, 1 or 2 (a wish), None where one cannot tell. ``topics``: " payouts support "."""

    sentiment: int | None
    topics: str


def said_in(program_id: int, texts: Sequence[str]) -> list[Said]:
    """One query, for the program's dictionaries; then processor time by the length of the texts: where one
    can, outside a transaction."""
    matcher = matcher_of(effective(edited_topics(), program_id).topics)
    return [_said(text, matcher) for text in texts]


def topic_column(keys: Sequence[str]) -> str:
    """Keys as the column holds them: each can be found with a space on either side."""
    column = f" {' '.join(keys)} " if keys else ""
    return column if len(column) <= LONGEST_TOPICS else column[:LONGEST_TOPICS].rpartition(" ")[0] + " "


def _said(text: str, matcher: TopicMatcher) -> Said:
    if not text.strip():
        return Said(None, "")
    reading = read(text)
    return Said(sentiment(reading).value, topic_column([found.key for found in matcher.find(reading)]))
