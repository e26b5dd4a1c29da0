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

from rapidfuzz.distance import OSA

from otklik.feedback.rules.texts.lemmas import is_known, is_russian, lemma_of
from otklik.feedback.rules.texts.reading import Reading, is_denial, strength

FEWEST_COMMENTS = 3
MOST_CLUSTERS = 12
# A comment of many pages would name hundreds of phrases and belong to all of them.
_MOST_WORDS = 200
_LEAST_LETTERS = 3
# Two words say more than one: a pair that nearly as many comments share is the better name.
_WORTH_OF_A_PAIR = 1.5
_MOST_MISSPELT = 2_000
# One small word may stand between the two of a pair.
_FURTHEST_PAIR = 2
_STOP_WORDS_RU = """
весь все всё который этот тот такой быть мочь свой наш ваш мой они она оно что как так уже еще ещё
для или при
это эти про над под раз год день если когда чтобы только очень можно надо нужно есть нет бы же ли
вот там тут
где него них нас вас вам нам мне меня тебя себя сам один два три другой сейчас потом просто
работать стать делать
сделать хотеть хотеться спасибо пожалуйста здравствуйте добрый добавить больше пока много
"""
_STOP_WORDS_EN = """
the and for you your our are was were have has had this that with from but not they them their what when
which who will would could should can been being its there here just very more some any all about into
than then too
also only how why get got make made use used we us i it is to of in on at by as an be do does did a my
me so if
please thank thanks hello work like
"""
_STOP_WORDS = frozenset((_STOP_WORDS_RU + _STOP_WORDS_EN).split())
_STOP_KEYS = frozenset(lemma for word in _STOP_WORDS for lemma in (word, "~" + word))

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """``name``: the phrase as it is written most often. ``members``: numbers of the texts given, the most
    typical first."""

    name: str
    members: tuple[int, ...]


def cluster(readings: Sequence[Reading]) -> list[Cluster]:
    """The largest first, 12 at most. Near-linear in the number of words."""
    phrases, written = _phrases_of(readings)
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
    while waiting and len(found) < MOST_CLUSTERS:
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


def content_words(reading: Reading) -> list[tuple[int, str]]:
    """(number of the token, its key) of the words that carry meaning."""
    return [
        (place, key)
        for place, token in enumerate(reading.tokens[:_MOST_WORDS])
        if len(token.word) >= _LEAST_LETTERS
        and token.word[0].isalpha()
        and not is_denial(token.word)
        and strength(token.word) is None
        and (key := lemma_of(token.word)) not in _STOP_KEYS
        and token.word not in _STOP_WORDS
    ]


def _worth(phrase: Phrase, count: int) -> float:
    return count * (_WORTH_OF_A_PAIR if len(phrase) > 1 else 1.0)


def _phrases_of(readings: Sequence[Reading]) -> tuple[list[set[Phrase]], dict[Phrase, Counter[str]]]:
    """Of each text, and how often each phrase is written in which way."""
    words = [content_words(reading) for reading in readings]
    meant = _spelt_right(key for own in words for _, key in own)
    phrases: list[set[Phrase]] = []
    written: dict[Phrase, Counter[str]] = defaultdict(Counter)
    for reading, own in zip(readings, words, strict=True):
        found: dict[Phrase, str] = {}
        keyed = [(place, meant.get(key, key)) for place, key in own]
        for place, key in keyed:
            found.setdefault((key,), reading.quote([place]).casefold())
        for (place, key), (after, other) in pairwise(keyed):
            near = after - place <= _FURTHEST_PAIR
            if near and other != key and reading.tokens[place].sentence == reading.tokens[after].sentence:
                pair = (min(key, other), max(key, other))
                found.setdefault(pair, reading.quote([place, after]).casefold())
        phrases.append(set(found))
        for phrase, text in found.items():
            written[phrase][text] += 1
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
    found = {}
    for key in rare[:_MOST_MISSPELT]:
        word = key[1:]
        if not is_russian(word) or is_known(word):
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
