"""Which dictionaries count for a program: those of all programs stand in for the defaults, its own for
both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from otklik.feedback.rules.texts.default_topics import DEFAULT_TOPICS
from otklik.feedback.rules.texts.topics import Topic

# Raise it whenever what is read in the same words changes: default words, lexicon, rules.
RULES = 3
NEVER_EDITED = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Edited:
    """``program_id``: None for all programs."""

    program_id: int | None
    topic: Topic
    is_active: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Dictionaries:
    """``version``: when one of them was edited last."""

    topics: tuple[Topic, ...]
    version: datetime


def effective(edited: Iterable[Edited], program_id: int | None) -> Dictionaries:
    """Defaults keep their order; topics that somebody added follow by key."""
    chosen: dict[str, Edited] = {}
    version = NEVER_EDITED
    for one in sorted(edited, key=lambda one: (one.program_id is not None, one.topic.key)):
        if one.program_id not in (None, program_id):
            continue
        chosen[one.topic.key] = one
        version = max(version, one.changed_at)
    defaults = {topic.key: topic for topic in DEFAULT_TOPICS}
    topics = [defaults[key] if key not in chosen else chosen[key].topic for key in defaults]
    topics += [one.topic for key, one in chosen.items() if key not in defaults]
    active = (one for one in topics if one.key not in chosen or chosen[one.key].is_active)
    return Dictionaries(tuple(active), version)
