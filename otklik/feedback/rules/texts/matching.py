"""Words and phrases looked for in a text: one engine for topics and for sentiment.

An entry is a word or a phrase. Every form of a word is found; ``шейв*`` finds whatever begins so. The words
of a phrase may stand in any order with two others between, within one sentence. "не", "нет", "без", "not",
"no" or "without" before a word ("нет" also after it) asks for it to be denied. A misspelt Russian word (one
the dictionary of the language does not have) is found at a distance of one letter.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from otklik.feedback.rules.texts.lemmas import is_known, is_russian, keys_of, russian_stem
from otklik.feedback.rules.texts.reading import Reading, is_denial, read

MOST_WORDS_OF_A_PHRASE = 6
LONGEST_ENTRY = 80
_WORDS_BETWEEN = 2
_LEAST_LETTERS_TO_BE_MISSPELT = 6
_MOST_REMEMBERED = 20_000


class BadEntry(ValueError):
    """An entry without a word, or too long; ``entry`` is what was written."""

    def __init__(self, entry: str) -> None:
        super().__init__(entry)
        self.entry = entry


@dataclass(frozen=True, slots=True)
class Item:
    """One word of an entry."""

    word: str
    is_beginning: bool = False
    is_denied: bool = False


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


def parse_entry(entry: str) -> tuple[Item, ...]:
    """Raises BadEntry."""
    items: list[Item] = []
    denied = False
    parts = entry.split()
    for number, part in enumerate(parts, 1):
        beginning = part.endswith("*")
        words = [token.word for token in read(part.rstrip("*")).tokens]
        if len(words) == 1 and is_denial(words[0]) and not beginning and len(parts) > 1:
            if number == len(parts):
                items[-1:] = [Item(item.word, item.is_beginning, True) for item in items[-1:]]
            denied = True
            continue
        items += [Item(word, beginning, denied) for word in words]
        denied = False
    if not items or len(items) > MOST_WORDS_OF_A_PHRASE or len(entry) > LONGEST_ENTRY:
        raise BadEntry(entry)
    return tuple(items)


class Matcher:
    """Compiled once for many texts. ``groups``: the entries of each group, as written."""

    def __init__(self, groups: Sequence[Iterable[str]]) -> None:
        self._entries: list[tuple[int, str, tuple[Item, ...]]] = []
        self._by_key: dict[str, set[tuple[str, bool]]] = defaultdict(set)
        self._beginnings: set[str] = set()
        self._by_first: dict[tuple[str, bool], list[int]] = defaultdict(list)
        self._stems: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._remembered: dict[str, frozenset[tuple[str, bool]]] = {}
        for group, entries in enumerate(groups):
            for entry in entries:
                self._add(group, entry)
        self._lengths = sorted({len(word) for word in self._beginnings})

    def _add(self, group: int, entry: str) -> None:
        items = parse_entry(entry)
        self._by_first[items[0].word, items[0].is_beginning].append(len(self._entries))
        self._entries.append((group, entry, items))
        for item in items:
            if item.is_beginning:
                self._beginnings.add(item.word)
                continue
            for key in _keys_of_entry(item.word):
                self._by_key[key].add((item.word, False))
            stem = russian_stem(item.word)
            if is_russian(item.word) and len(item.word) >= _LEAST_LETTERS_TO_BE_MISSPELT:
                self._stems[stem[:2]].append((stem, item.word))

    def find(self, reading: Reading) -> list[Hit]:
        """In the order of the text; entries may overlap."""
        places: dict[tuple[str, bool], list[int]] = defaultdict(list)
        for place, token in enumerate(reading.tokens):
            for name in self._names_of(token.word):
                places[name].append(place)
        found = []
        for name, starts in list(places.items()):
            for number in self._by_first.get(name, ()):
                group, entry, items = self._entries[number]
                asks = any(item.is_denied for item in items)
                for start in starts:
                    tokens = self._around(reading, items, start, places)
                    if tokens:
                        found.append(Hit(group, entry, tokens, asks))
        return sorted(found, key=lambda hit: (hit.tokens, hit.group, hit.entry))

    def _names_of(self, word: str) -> frozenset[tuple[str, bool]]:
        """Which words of entries this word of a text stands for."""
        if word not in self._remembered:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            found = {name for key in keys_of(word) for name in self._by_key.get(key, ())}
            found |= {(word[:n], True) for n in self._lengths if word[:n] in self._beginnings}
            self._remembered[word] = frozenset(found or self._misspelt(word))
        return self._remembered[word]

    def _misspelt(self, word: str) -> set[tuple[str, bool]]:
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
        self,
        reading: Reading,
        items: tuple[Item, ...],
        start: int,
        places: dict[tuple[str, bool], list[int]],
    ) -> tuple[int, ...]:
        """The tokens of a phrase whose first word stands at ``start``; empty where one is missing."""
        reach = len(items) - 1 + _WORDS_BETWEEN
        taken: list[int] = []
        for number, item in enumerate(items):
            near = (
                [start]
                if number == 0
                else _near(places.get((item.word, item.is_beginning), []), start, reach)
            )
            fitting = (
                place
                for place in near
                if place not in taken
                and reading.tokens[place].sentence == reading.tokens[start].sentence
                and (not item.is_denied or place in reading.denied)
            )
            place = next(fitting, None)
            if place is None:
                return ()
            taken.append(place)
        return tuple(sorted(taken)) if max(taken) - min(taken) <= reach else ()


def _near(places: Sequence[int], start: int, reach: int) -> list[int]:
    """Those within reach, the next ones first; of equals the one that follows."""
    close = places[bisect_left(places, start - reach) : bisect_right(places, start + reach)]
    return sorted(close, key=lambda place: (abs(place - start), place < start))


def _keys_of_entry(word: str) -> frozenset[str]:
    """An entry means the word it is written as where that is a lemma: "слив" is not "слить"."""
    keys = keys_of(word)
    return frozenset((word,)) if word in keys else keys
