"""Words and phrases looked for in a text: one engine for topics and for sentiment.

An entry is a word or a phrase. Every form of a word is found; ``шейв*`` finds whatever begins so, ``=needs``
this form only, ``support/helpdesk`` either of the two. The words of a phrase may stand in any order with two
others between, within one sentence; with a "+" among them (``support + answer``) however many, though no
"but". "не", "нет", "без", "not", "no" or "without" before a word ("нет" also after it) asks for it to be
denied. A misspelt Russian word (one the dictionary of the language does not have) is found at a distance of
one letter.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from otklik.kit.texts.lemmas import is_known, is_russian, keys_of, russian_stem
from otklik.kit.texts.reading import Reading, is_denial, read

MOST_WORDS_OF_A_PHRASE = 6
LONGEST_ENTRY = 200
WORDS_BETWEEN = 2
_LEAST_LETTERS_TO_BE_MISSPELT = 6
_MOST_REMEMBERED = 20_000
_ANYWHERE = "+"
_EXACTLY = "="
# "24/7" is one thing, "support/helpdesk" are two.
_EITHER = re.compile(r"(?<=[^\W\d_*])\*?/(?==?[^\W\d_])")

Name = tuple[str, bool]


class BadEntry(ValueError):
    """An entry without a word, or too long; ``entry`` is what was written."""

    def __init__(self, entry: str) -> None:
        super().__init__(entry)
        self.entry = entry


@dataclass(frozen=True, slots=True)
class Item:
    """One place of an entry: ``names`` are the words that may stand there, each with whether it is only a
    beginning."""

    names: tuple[Name, ...]
    is_denied: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """``is_wide``: its words may stand anywhere in the sentence."""

    items: tuple[Item, ...]
    is_wide: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """``tokens``: the numbers of the words that matched, in order; ``group`` is whose entry it was."""

    group: int
    entry: str
    tokens: tuple[int, ...]
    asks_denial: bool


def split_entries(words: str) -> list[str]:
    """Entries are separated by commas or line ends."""
    parts = (" ".join(part.split()) for line in words.splitlines() for part in line.split(","))
    return [part for part in parts if part]


def parse_entry(entry: str) -> Phrase:
    """Raises BadEntry."""
    items: list[Item] = []
    denied = False
    parts = [part for part in entry.split() if part != _ANYWHERE]
    for number, part in enumerate(parts, 1):
        words = _words(part)
        if len(parts) > 1 and len(words) == 1 and is_denial(words[0][0]) and not words[0][1]:
            if number == len(parts):
                items[-1:] = [Item(item.names, True) for item in items[-1:]]
            denied = True
            continue
        if _EITHER.search(part):
            items.append(Item(tuple(words), denied))
        else:
            items += [Item((word,), denied) for word in words]
        denied = False
    if not items or len(items) > MOST_WORDS_OF_A_PHRASE or len(entry) > LONGEST_ENTRY:
        raise BadEntry(entry)
    return Phrase(tuple(items), _ANYWHERE in entry.split())


def _words(part: str) -> list[Name]:
    """A form that is meant exactly keeps its "="."""
    return [
        (_EXACTLY * one.startswith(_EXACTLY) + token.word, one.endswith("*"))
        for one in _EITHER.sub(lambda found: found.group().replace("/", " "), part).split()
        for token in read(one.rstrip("*")).tokens
    ]


class Matcher:
    """Compiled once for many texts. ``groups``: the entries of each group, as written."""

    def __init__(self, groups: Sequence[Iterable[str]]) -> None:
        self._entries: list[tuple[int, str, Phrase, bool]] = []
        self._by_key: dict[str, set[Name]] = defaultdict(set)
        self._by_form: set[str] = set()
        self._beginnings: set[str] = set()
        self._by_first: dict[Name, list[int]] = defaultdict(list)
        self._stems: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._remembered: dict[str, frozenset[Name]] = {}
        phrases = [
            (group, entry, parse_entry(entry)) for group, entries in enumerate(groups) for entry in entries
        ]
        common = Counter(name for _, _, phrase in phrases for item in phrase.items for name in item.names)
        for group, entry, phrase in phrases:
            self._add(group, entry, _rarest_first(phrase, common) if phrase.is_wide else phrase)
        self._lengths = sorted({len(word) for word in self._beginnings})

    def _add(self, group: int, entry: str, phrase: Phrase) -> None:
        for name in phrase.items[0].names:
            self._by_first[name].append(len(self._entries))
        asks_denial = any(item.is_denied for item in phrase.items)
        self._entries.append((group, entry, phrase, asks_denial))
        for item in phrase.items:
            for word, is_beginning in item.names:
                self._know(word, is_beginning)

    def _know(self, word: str, is_beginning: bool) -> None:
        if is_beginning:
            self._beginnings.add(word)
            return
        if word.startswith(_EXACTLY):
            self._by_form.add(word)
            return
        for key in _keys_of_entry(word):
            self._by_key[key].add((word, False))
        if is_russian(word) and len(word) >= _LEAST_LETTERS_TO_BE_MISSPELT:
            stem = russian_stem(word)
            self._stems[stem[:2]].append((stem, word))

    def find(self, reading: Reading) -> list[Hit]:
        """In the order of the text; entries may overlap."""
        places: dict[Name, list[int]] = defaultdict(list)
        for place, token in enumerate(reading.tokens):
            for name in self._names_of(token.word):
                places[name].append(place)
        found = []
        for name, starts in list(places.items()):
            for number in self._by_first.get(name, ()):
                group, entry, phrase, asks_denial = self._entries[number]
                if len(phrase.items) > 1 and places.keys().isdisjoint(phrase.items[1].names):
                    continue
                for start in starts:
                    tokens = _around(reading, phrase, start, places)
                    if tokens:
                        found.append(Hit(group, entry, tokens, asks_denial))
        return sorted(found, key=lambda hit: (hit.tokens, hit.group, hit.entry))

    def _names_of(self, word: str) -> frozenset[Name]:
        """Which words of entries this word of a text stands for."""
        # One matcher serves several threads, so what another of them forgets must not be missed here.
        known = self._remembered.get(word)
        if known is not None:
            return known
        if len(self._remembered) >= _MOST_REMEMBERED:
            self._remembered.clear()
        found = {
            name for key in keys_of(word) for name in self._by_key.get(key, ()) if _may_mean(word, name[0])
        }
        found |= {(word[:n], True) for n in self._lengths if word[:n] in self._beginnings}
        if (form := _EXACTLY + word) in self._by_form:
            found.add((form, False))
        names = self._remembered[word] = frozenset(found or self._misspelt(word))
        return names

    def _misspelt(self, word: str) -> set[Name]:
        if len(word) < _LEAST_LETTERS_TO_BE_MISSPELT or not is_russian(word) or is_known(word):
            return set()
        # Loaded where comments are read, which most processes never do.
        from rapidfuzz.distance import OSA

        stem = russian_stem(word)
        return {
            (meant, False)
            for known, meant in self._stems.get(stem[:2], ())
            if OSA.distance(stem, known, score_cutoff=1) <= 1
            or OSA.distance(word, meant, score_cutoff=1) <= 1
        }


def _around(
    reading: Reading, phrase: Phrase, start: int, places: Mapping[Name, Sequence[int]]
) -> tuple[int, ...]:
    """The tokens of a phrase whose first word stands at ``start``; empty where one is missing."""
    tokens, items = reading.tokens, phrase.items
    reach = len(tokens) if phrase.is_wide else len(items) - 1 + WORDS_BETWEEN
    taken: list[int] = []
    for number, item in enumerate(items):
        near = [start] if number == 0 else _near(item, places, start, reach)
        fitting = (
            place
            for place in near
            if place not in taken
            and tokens[place].sentence == tokens[start].sentence
            and not (phrase.is_wide and _is_but_between(reading, place, start))
            and (not item.is_denied or place in reading.denied)
        )
        place = next(fitting, None)
        if place is None:
            return ()
        taken.append(place)
    return tuple(sorted(taken)) if max(taken) - min(taken) <= reach else ()


def _rarest_first(phrase: Phrase, common: Mapping[Name, int]) -> Phrase:
    """A phrase is looked for from its first word on, and "support" begins hundreds of them."""
    items = sorted(phrase.items, key=lambda item: max(common[name] for name in item.names))
    return Phrase(tuple(items), phrase.is_wide)


def _is_but_between(reading: Reading, one: int, other: int) -> bool:
    first, last = sorted((reading.tokens[one].clause, reading.tokens[other].clause))
    return any(clause in reading.after_contrast for clause in range(first + 1, last + 1))


def _near(item: Item, places: Mapping[Name, Sequence[int]], start: int, reach: int) -> list[int]:
    """Those within reach, the next ones first; of equals the one that follows."""
    close: list[int] = []
    for name in item.names:
        own = places.get(name, ())
        close += own[bisect_left(own, start - reach) : bisect_right(own, start + reach)]
    return sorted(close, key=lambda place: (abs(place - start), place < start))


def _may_mean(word: str, entry: str) -> bool:
    """The English stemmer cuts too much: "helpful" is no "help", nor "canned" a "can". So a form shorter than
    what is written is not meant, but for the singular."""
    return len(word) >= len(entry) or is_russian(word) or entry in (f"{word}s", f"{word[:-1]}ies")


def _keys_of_entry(word: str) -> frozenset[str]:
    """An entry means the word it is written as where that is a lemma: "слив" is not "слить"."""
    keys = keys_of(word)
    return frozenset((word,)) if word in keys else keys
