"""Which topics a comment speaks of, and by which words one can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from otklik.feedback.rules.texts.matching import WORDS_BETWEEN, BadEntry, Matcher, parse_entry, split_entries
from otklik.kit.texts.reading import Reading

MOST_ENTRIES = 400


@dataclass(frozen=True, slots=True)
class Topic:
    """``words``: entries separated by commas or line ends, Russian and English together. One that begins with
    "-" is an exclusion: where it is found, words of this topic inside it do not count."""

    key: str
    name_ru: str
    name_en: str
    words: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """``start`` and ``end``: the place in ``Reading.text``; ``entry``: what the dictionary says there."""

    start: int
    end: int
    words: str
    entry: str


@dataclass(frozen=True, slots=True)
class Found:
    """``clauses``: where in the text the topic is spoken of."""

    key: str
    evidence: tuple[Evidence, ...]
    clauses: frozenset[int]


class TooManyEntries(ValueError):
    """A dictionary holds 400 entries at most."""


def check_words(words: str) -> None:
    """Raises BadEntry or TooManyEntries."""
    entries = split_entries(words)
    if len(entries) > MOST_ENTRIES:
        raise TooManyEntries
    if not entries:
        raise BadEntry("")
    for entry in entries:
        parse_entry(entry.removeprefix("-"))


@lru_cache(maxsize=2)
def matcher_of(topics: tuple[Topic, ...]) -> TopicMatcher:
    """The same one while the topics are the same: to compile them takes longer than to read a long text."""
    return TopicMatcher(topics)


class TopicMatcher:
    """Compiled once for many comments."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        entries = [split_entries(topic.words) for topic in topics]
        self._keys = [topic.key for topic in topics]
        wanted = [[entry for entry in own if not entry.startswith("-")] for own in entries]
        refused = [[entry[1:] for entry in own if entry.startswith("-")] for own in entries]
        self._matcher = Matcher([*wanted, *refused])

    def find(self, reading: Reading) -> tuple[Found, ...]:
        """Topics in the order they were given."""
        hits = self._matcher.find(reading)
        count = len(self._keys)
        refused: dict[int, set[int]] = {}
        for hit in hits:
            if hit.group >= count:
                refused.setdefault(hit.group - count, set()).update(hit.tokens)
        found: dict[int, dict[tuple[int, ...], Evidence]] = {}
        clauses: dict[int, set[int]] = {}
        for hit in hits:
            if hit.group >= count or refused.get(hit.group, set()).issuperset(hit.tokens):
                continue
            for tokens in _together(hit.tokens):
                first, last = reading.tokens[tokens[0]], reading.tokens[tokens[-1]]
                words = reading.text[first.start : last.end]
                evidence = Evidence(first.start, last.end, words, hit.entry)
                found.setdefault(hit.group, {}).setdefault(tokens, evidence)
            clauses.setdefault(hit.group, set()).update(reading.tokens[one].clause for one in hit.tokens)
        return tuple(
            Found(self._keys[number], tuple(found[number].values()), frozenset(clauses[number]))
            for number in sorted(found)
        )


def _together(tokens: tuple[int, ...]) -> list[tuple[int, ...]]:
    """A wide phrase may span a whole sentence, of which only its words tell."""
    is_close = tokens[-1] - tokens[0] <= len(tokens) - 1 + WORDS_BETWEEN
    return [tokens] if is_close else [(token,) for token in tokens]
