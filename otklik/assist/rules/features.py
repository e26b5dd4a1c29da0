"""From a text to what the classifier counts: stems of its words, pairs of them, and pieces of words.

Stems (Snowball, Russian or English by script) make forms of one word the same; pieces of three to five
letters make a word with a typing error nearly the same. Numbers, addresses and links say only that there is
one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import snowballstemmer

from otklik.assist.rules.asking import asks_something
from otklik.assist.rules.concepts import concepts_of

# Whoever writes more has more to say than one question, and gets a person.
MOST_WORDS = 90
_LONGEST = 4000
_URL = re.compile(r"https?://\S+|www\.\S+")
_EMAIL = re.compile(r"\S+@\S+\.\S+")
_TICKET_NUMBER = re.compile(r"[#№]\s*\d+")
_NUMBER = re.compile(r"\d[\d ,.\u00a0]*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][a-z]+)?|[#@?]|\b0\b")
# How people begin and end tells nothing of what they ask.
_GREETING = re.compile(
    r"""\A\s*(?:здравствуйте|добр(?:ый|ое|ого)\ (?:день|дня|утро|вечер)|день\ добрый|привет|коллеги|ребят[аы]?
    |уважаем\w+\ \w+|hello|hi|hey|yo|good\ (?:morning|day|afternoon|evening)|dear\ \w+|team|there|everyone)
    \b[\s,.!]*""",
    re.VERBOSE,
)
_CLOSING = re.compile(
    r"\n\s*(?:с уважением|спасибо|благодарю|заранее|best|(?:kind |warm )?regards|thanks|thank you|cheers"
    r"|sincerely)\b.*\Z",
    re.DOTALL,
)
_RUSSIAN = re.compile(r"[а-я]+")
_LATIN = re.compile(r"[a-z]+(?:'[a-z]+)?")
_PIECES = (3, 4, 5)


@dataclass(frozen=True, slots=True)
class Counted:
    """How often each stem, pair of stems and piece of a word occurs, and what they mean (``concepts``).
    ``shown``: a stem as it was written; ``length`` in words."""

    words: Counter[str]
    pieces: Counter[str]
    concepts: frozenset[str]
    shown: dict[str, str]
    length: int
    asks: bool


def fold(text: str) -> str:
    levelled = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold().replace("ё", "е").replace("’", "'")
    while greeted := _GREETING.match(levelled):
        levelled = levelled[greeted.end() :]
    levelled = _CLOSING.sub("", levelled)
    levelled = _EMAIL.sub(" @ ", _URL.sub(" @ ", levelled))
    levelled = levelled.replace("how much longer", "how long")
    return _NUMBER.sub(" 0 ", _TICKET_NUMBER.sub(" # ", levelled))


@lru_cache(maxsize=1024)
def counted(text: str) -> Counted:
    folded = fold(text)
    written, asks = _WORD.findall(folded), asks_something(folded)
    stems = [stem(word) for word in written]
    words = Counter(stems)
    words.update(f"{first} {second}" for first, second in pairwise(stems))
    pieces = Counter(piece for word in written for piece in _pieces(word))
    shown = {s: word for s, word in zip(stems, written, strict=True) if word.isalpha()}
    length = sum(word.isalpha() for word in written)
    return Counted(words, pieces, concepts_of(written, asks=asks), shown, length, asks)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    if _RUSSIAN.fullmatch(word):
        return str(_stemmer("russian").stemWord(word))
    if _LATIN.fullmatch(word):
        return str(_stemmer("english").stemWord(word))
    return word


def numbers_of_tickets(text: str) -> tuple[int, ...]:
    """Numbers written as those of tickets ("#1234", "№ 1234"), else any number of some length by itself."""
    marked = [int(found) for found in re.findall(r"[#№]\s*(\d{1,15})\b", text)]
    alone = [int(found) for found in re.findall(r"(?<![\w.,])(\d{1,15})(?![\w]|[.,]\d)", text)]
    return tuple(dict.fromkeys(marked or alone))


def _pieces(word: str) -> Iterable[str]:
    if not word.isalpha():
        return
    edged = f"_{word}_"
    for size in _PIECES:
        yield from _cut(edged, size)


def _cut(edged: str, size: int) -> Iterator[str]:
    yield from (edged[start : start + size] for start in range(len(edged) - size + 1))


@cache
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(language)
