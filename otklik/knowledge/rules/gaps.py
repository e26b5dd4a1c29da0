"""What the knowledge base lacks: what people ask about without an article, and articles that do not help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from otklik.kit.texts.clusters import cluster
from otklik.kit.texts.reading import fold, language_of, read
from otklik.kit.texts.words import content_words
from otklik.stats.intervals import Interval
from otklik.stats.share import wilson

# Of a ticket, what is read: its subject and the beginning of what was asked.
LONGEST_TEXT = 600
MOST_CLUSTERS = 60
MOST_EXAMPLES = 8
FEWEST_ANSWERS = 5
# More say no than yes.
_HALF = 0.5


class Help(StrEnum):
    """Whether an article helps its readers, by what they said."""

    HELPS = "helps"
    DOES_NOT = "does_not"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Asked:
    """A ticket as it came. ``partner_id``: None for somebody unknown."""

    id: int
    text: str
    topic_id: int | None
    partner_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Cluster:
    """``key``: by which it is known next time. ``topic_id``: of most of them, None where most have none."""

    key: str
    name: str
    language: str
    topic_id: int | None
    tickets: int
    partners: int
    examples: tuple[int, ...]
    last_at: datetime


def clusters_of(asked: Sequence[Asked]) -> list[Cluster]:
    """The largest first. Deterministic; each ticket is in one cluster at most."""
    readings = [read(one.text[:LONGEST_TEXT]) for one in asked]
    found = cluster([(one.text, content_words(one)) for one in readings], most=MOST_CLUSTERS)
    return [
        Cluster(
            key=" ".join(fold(group.name).split())[:200],
            name=" ".join(group.name.split())[:200],
            language=Counter(language_of(readings[n]) for n in group.members).most_common(1)[0][0],
            topic_id=Counter(asked[n].topic_id for n in group.members).most_common(1)[0][0],
            tickets=len(group.members),
            partners=len({asked[n].partner_id for n in group.members} - {None}),
            examples=tuple(asked[n].id for n in group.members[:MOST_EXAMPLES]),
            last_at=max(asked[n].at for n in group.members),
        )
        for group in found
    ]


@dataclass(frozen=True, slots=True)
class Helped:
    """``interval``: 95 % of the share of readers it helped; None under FEWEST_ANSWERS."""

    yes: int
    n: int
    interval: Interval | None
    verdict: Help


def helped(yes: int, n: int) -> Helped:
    """Wilson's interval (``stats.share``). Under FEWEST_ANSWERS answers, or where the interval holds one
    half, nobody can tell."""
    if n < FEWEST_ANSWERS:
        return Helped(yes, n, None, Help.CANNOT_TELL)
    interval = wilson(yes, n)
    verdict = Help.CANNOT_TELL
    if interval is not None and interval.high < _HALF:
        verdict = Help.DOES_NOT
    elif interval is not None and interval.low > _HALF:
        verdict = Help.HELPS
    return Helped(yes, n, interval, verdict)
