"""Comments of partners with what they are about and how they sound: our own sentences, half Russian.

Every second one is held out: dictionaries and lexicons are written and mended by the errors of the first
half only. The same people wrote sentences and dictionaries, so the figures of the second half are still
kinder than those of a program that words things its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("labelled.tsv")


@dataclass(frozen=True, slots=True)
class Labelled:
    """``sentiment``: -1, 0 (neutral, a wish, or both at once), 1."""

    text: str
    topics: frozenset[str]
    sentiment: int


@cache
def labelled() -> tuple[Labelled, ...]:
    """Lines of the file: sentiment, topics with a space between, text; separated by tabs."""
    found = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        sentiment, topics, text = line.split("\t")
        found.append(Labelled(text, frozenset(topics.split()), int(sentiment)))
    return tuple(found)


def first_half() -> tuple[Labelled, ...]:
    return labelled()[0::2]


def held_out() -> tuple[Labelled, ...]:
    return labelled()[1::2]
