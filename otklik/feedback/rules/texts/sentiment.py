"""How a comment sounds: words of praise and of complaint, weighed; or that one cannot tell.

A denial turns a word ("не работает", "never helpful") at four fifths of its weight; strengthening words
before it raise or lower it; what follows a "but" weighs more than what precedes; in a wish ("хотелось бы
быстрее") praise is not praise. Nothing is guessed: without a word of the lexicon the answer is "cannot tell".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from otklik.feedback.rules.texts.matching import Hit, Matcher, split_entries
from otklik.feedback.rules.texts.reading import Reading, strength
from otklik.feedback.rules.texts.sentiment_words import GROUPS, WISHES

_DENIED = -0.8
_BEFORE_BUT, _AFTER_BUT = 0.8, 1.2
# Both praise and complaint are there once the smaller has this share of the larger.
_MIXED_FROM = 0.5
_WORDS_THAT_STRENGTHEN = 2


@dataclass(frozen=True, slots=True)
class Weighed:
    """A place in the text that was counted; ``weight`` below 0 is a complaint."""

    start: int
    end: int
    words: str
    weight: float
    clause: int


@dataclass(frozen=True, slots=True)
class Sentiment:
    """``value``: -1, 1, 0 for praise and complaint at once; None: cannot tell."""

    value: int | None
    evidence: tuple[Weighed, ...]


def sentiment(reading: Reading) -> Sentiment:
    evidence = _weigh(reading)
    return Sentiment(_value(evidence), evidence)


def sentiment_in(found: Sentiment, clauses: Collection[int]) -> int | None:
    """Of some clauses only: how the text sounds where it speaks of a topic."""
    return _value([one for one in found.evidence if one.clause in clauses])


def _value(evidence: Iterable[Weighed]) -> int | None:
    praise = complaint = 0.0
    for one in evidence:
        if one.weight > 0:
            praise += one.weight
        else:
            complaint -= one.weight
    if not praise and not complaint:
        return None
    if min(praise, complaint) >= _MIXED_FROM * max(praise, complaint):
        return 0
    return 1 if praise > complaint else -1


def _weigh(reading: Reading) -> tuple[Weighed, ...]:
    hits = _matcher().find(reading)
    wishes = {reading.tokens[hit.tokens[0]].clause for hit in hits if hit.group == len(GROUPS)}
    taken: set[int] = set()
    found = []
    # Of overlapping entries the longer one knows better: "не работает" rather than "работает".
    for hit in sorted(hits, key=lambda hit: (-len(hit.tokens), -hit.asks_denial, hit.tokens)):
        if hit.group == len(GROUPS) or taken.intersection(hit.tokens):
            continue
        taken.update(hit.tokens)
        first, last = reading.tokens[hit.tokens[0]], reading.tokens[hit.tokens[-1]]
        weight = _weight(reading, hit)
        if weight > 0 and first.clause in wishes:
            continue
        found.append(
            Weighed(first.start, last.end, reading.text[first.start : last.end], weight, first.clause)
        )
    return tuple(sorted(found, key=lambda one: one.start))


def _weight(reading: Reading, hit: Hit) -> float:
    first = hit.tokens[0]
    clause = reading.tokens[first].clause
    weight = GROUPS[hit.group][0]
    if not hit.asks_denial and first in reading.denied:
        weight *= _DENIED
    for place in range(max(first - _WORDS_THAT_STRENGTHEN, 0), first):
        if reading.tokens[place].clause == clause:
            weight *= strength(reading.tokens[place].word) or 1.0
    if clause in reading.after_contrast:
        weight *= _AFTER_BUT
    elif clause + 1 in reading.after_contrast:
        weight *= _BEFORE_BUT
    return weight


@cache
def _matcher() -> Matcher:
    return Matcher([*(split_entries(words) for _, words in GROUPS), split_entries(WISHES)])
