"""How a comment sounds: words of praise and of complaint, weighed; or that one cannot tell.

A denial turns a word ("не работает", "never helpful") at four fifths of its weight; strengthening words
before it raise or lower it; what follows a "but" weighs more than what precedes; in a wish ("хотелось бы
быстрее", "добавьте", "add ...") praise is not praise. A denied word that no list has is a hint of a complaint
("метки не доходят"). Nothing is guessed beyond that: without any of these the answer is "cannot tell". The
score of the answer is not looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from otklik.feedback.rules.texts.matching import Hit, Matcher, split_entries
from otklik.feedback.rules.texts.sentiment_words import GROUPS, PLAIN, REQUESTS, WISHES
from otklik.kit.texts.lemmas import is_request
from otklik.kit.texts.reading import Reading, is_denial, strength

WISH = 2
_DENIED = -0.8
_BEFORE_BUT, _AFTER_BUT = 0.8, 1.2
# Both praise and complaint are there once the smaller has this share of the larger.
_MIXED_FROM = 0.5
_WORDS_THAT_STRENGTHEN = 2
_HINT = 0.45
_WISHES, _PLAIN = len(GROUPS), len(GROUPS) + 1
_REQUESTS = frozenset(REQUESTS.split())
# "без очередей" praises, "без ответа" complains: what they deny has to be known.
_EITHER_WAY = frozenset(("без", "without"))


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
    """``value``: -1, 1, 0 for praise and complaint at once, WISH for a wish with neither; None: cannot tell.
    ``wishes``: clauses that ask for something."""

    value: int | None
    evidence: tuple[Weighed, ...]
    wishes: frozenset[int] = frozenset()


def sentiment(reading: Reading) -> Sentiment:
    hits = _matcher().find(reading)
    wishes = _wishes(reading, hits)
    evidence = _weigh(reading, hits, wishes)
    return Sentiment(_value(evidence, wishes), evidence, wishes)


def sentiment_in(found: Sentiment, clauses: Collection[int]) -> int | None:
    """Of some clauses only: how the text sounds where it speaks of a topic."""
    return _value(
        [one for one in found.evidence if one.clause in clauses], found.wishes.intersection(clauses)
    )


def _value(evidence: Iterable[Weighed], wishes: Collection[int]) -> int | None:
    praise = complaint = 0.0
    for one in evidence:
        if one.weight > 0:
            praise += one.weight
        else:
            complaint -= one.weight
    if not praise and not complaint:
        return WISH if wishes else None
    if min(praise, complaint) >= _MIXED_FROM * max(praise, complaint):
        return 0
    return 1 if praise > complaint else -1


def _wishes(reading: Reading, hits: Iterable[Hit]) -> frozenset[int]:
    """Clauses with a word of wishing or a Russian request ("добавьте"), or that begin with an English one."""
    found = {reading.tokens[hit.tokens[0]].clause for hit in hits if hit.group == _WISHES}
    before = -1
    for token in reading.tokens:
        begins = token.clause != before
        if is_request(token.word) or (begins and token.word in _REQUESTS):
            found.add(token.clause)
        before = token.clause
    return frozenset(found)


def _weigh(reading: Reading, hits: Iterable[Hit], wishes: Collection[int]) -> tuple[Weighed, ...]:
    asking = {token.sentence for token in reading.tokens if token.clause in wishes}
    taken: set[int] = set()
    found = []
    # Of overlapping entries the longer one knows better: "не работает" rather than "работает".
    for hit in sorted(hits, key=lambda hit: (-len(hit.tokens), -hit.asks_denial, hit.tokens)):
        if hit.group == _WISHES or taken.intersection(hit.tokens):
            continue
        taken.update(hit.tokens)
        if hit.group == _PLAIN:
            continue
        weight = _weight(reading, hit)
        first, last = hit.tokens[0], hit.tokens[-1]
        is_hint = abs(GROUPS[hit.group][0]) <= _HINT
        if is_hint and reading.tokens[first].sentence in asking:
            continue
        if weight < 0 or reading.tokens[first].clause not in wishes:
            found.append(_weighed(reading, first, last, weight))
    found += _unknown_denials(reading, taken)
    return tuple(sorted(found, key=lambda one: one.start))


def _weighed(reading: Reading, first: int, last: int, weight: float) -> Weighed:
    start, end = reading.tokens[first].start, reading.tokens[last].end
    return Weighed(start, end, reading.text[start:end], weight, reading.tokens[first].clause)


def _unknown_denials(reading: Reading, taken: set[int]) -> list[Weighed]:
    """Where none of the words a "not" reaches was weighed."""
    found = []
    for place, token in enumerate(reading.tokens):
        if not is_denial(token.word) or token.word in _EITHER_WAY or place in taken:
            continue
        reached = reading.reached.get(place, ())
        if taken.isdisjoint(reached):
            found.append(_weighed(reading, place, max((place, *reached[:1])), -_HINT))
    return found


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
    return Matcher(
        [*(split_entries(words) for _, words in GROUPS), split_entries(WISHES), split_entries(PLAIN)]
    )
