"""Comments that speak of the same thing in nearly the same words, though no dictionary knows it.

The phrase (one or two words in their basic form) that most comments share names the first cluster; its
comments are taken out, and so on. Deterministic; each comment is in one cluster at most.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from otklik.kit.texts.lemmas import is_russian
from otklik.kit.texts.words import ContentWord

FEWEST_COMMENTS = 3
MOST_CLUSTERS = 12
# Two words say more than one: a pair that nearly as many comments share is the better name.
_WORTH_OF_A_PAIR = 1.5
_MOST_MISSPELT = 2_000
# One small word may stand between the two of a pair.
_FURTHEST_PAIR = 2

Phrase = tuple[str, ...]
# A cleaned text and its words.
Comment = tuple[str, Sequence[ContentWord]]


@dataclass(frozen=True, slots=True)
class Cluster:
    """``name``: the phrase as it is written most often. ``members``: numbers of the texts given, the most
    typical first."""

    name: str
    members: tuple[int, ...]


def cluster(comments: Sequence[Comment], *, most: int = MOST_CLUSTERS) -> list[Cluster]:
    """The largest first, ``most`` of them. Near-linear in the number of words."""
    phrases, written = _phrases_of(comments)
    holders: dict[Phrase, set[int]] = defaultdict(set)
    for number, own in enumerate(phrases):
        for phrase in own:
            holders[phrase].add(number)
    waiting = [
        (-_worth(phrase, len(texts)), phrase)
        for phrase, texts in holders.items()
        if len(texts) >= FEWEST_COMMENTS
    ]
    heapq.heapify(waiting)
    found: list[Cluster] = []
    while waiting and len(found) < most:
        worth, phrase = heapq.heappop(waiting)
        texts = holders[phrase]
        if len(texts) < FEWEST_COMMENTS:
            continue
        # Comments may have gone to another cluster since: the phrase waits again for its turn.
        if _worth(phrase, len(texts)) < -worth:
            heapq.heappush(waiting, (-_worth(phrase, len(texts)), phrase))
            continue
        members = sorted(texts)
        name = min(written[phrase].items(), key=lambda pair: (-pair[1], pair[0]))[0]
        found.append(Cluster(name, _typical_first(members, phrases)))
        for number in members:
            for other in phrases[number]:
                holders[other].discard(number)
    return sorted(found, key=lambda one: -len(one.members))


def _worth(phrase: Phrase, count: int) -> float:
    return count * (_WORTH_OF_A_PAIR if len(phrase) > 1 else 1.0)


def _phrases_of(comments: Sequence[Comment]) -> tuple[list[set[Phrase]], dict[Phrase, Counter[str]]]:
    """Of each text, and how often each phrase is written in which way."""
    meant = _spelt_right(word.key for _, words in comments for word in words)
    phrases: list[set[Phrase]] = []
    written: dict[Phrase, Counter[str]] = defaultdict(Counter)
    for text, words in comments:
        found: dict[Phrase, str] = {}
        for word in words:
            found.setdefault((meant.get(word.key, word.key),), text[word.start : word.end].casefold())
        for word, after in pairwise(words):
            first, second = (meant.get(one.key, one.key) for one in (word, after))
            near = after.place - word.place <= _FURTHEST_PAIR and word.sentence == after.sentence
            if near and first != second:
                pair = (min(first, second), max(first, second))
                found.setdefault(pair, text[word.start : after.end].casefold())
        phrases.append(set(found))
        for phrase, said in found.items():
            written[phrase][said] += 1
    return phrases, written


def _spelt_right(keys: Iterable[str]) -> dict[str, str]:
    """Russian words that no dictionary has and that came once or twice, with the frequent word one letter
    away that was meant."""
    counts = Counter(keys)
    by_beginning: dict[str, list[str]] = defaultdict(list)
    for key, count in counts.items():
        if count >= FEWEST_COMMENTS and len(key) > 5:
            by_beginning[key.lstrip("~")[:2]].append(key)
    rare = sorted(
        key
        for key, count in counts.items()
        if count < FEWEST_COMMENTS and key.startswith("~") and len(key) > 5
    )
    if not by_beginning:
        return {}
    from rapidfuzz.distance import OSA

    found = {}
    for key in rare[:_MOST_MISSPELT]:
        word = key[1:]
        if not is_russian(word):
            continue
        near = [
            other
            for other in by_beginning.get(word[:2], ())
            if OSA.distance(word, other.lstrip("~"), score_cutoff=2) <= 1 + (not other.startswith("~"))
        ]
        if near:
            found[key] = min(near, key=lambda other: (-counts[other], other))
    return found


def _typical_first(members: Sequence[int], phrases: Sequence[set[Phrase]]) -> tuple[int, ...]:
    """By the mean share of others that have the same phrases; the shorter of equals, then as given."""
    common = Counter(phrase for number in members for phrase in phrases[number])

    def typicality(number: int) -> tuple[float, int, int]:
        own = phrases[number]
        mean = sum(common[phrase] for phrase in own) / max(len(own), 1)
        return -mean, len(own), number

    return tuple(sorted(members, key=typicality))
