"""Taking people out of a text before it leaves the house."""

from __future__ import annotations

import re
from collections.abc import Iterable

from otklik.kit.texts.lemmas import is_russian, is_somebody, keys_of
from otklik.kit.texts.reading import fold, read

SOMEBODY = "[…]"
_SHORTEST = 3
_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|[^\s@<>,;]{1,64}@[^\s@<>,;]{1,255}|@\w{3,}|\+?\d[\d\s().-]{6,}\d"
)
_WORD = re.compile(r"[^\W\d_]+")


def keys_of_names(names: Iterable[str]) -> frozenset[str]:
    """Of people and companies, for ``without_names``: every part of three letters or more."""
    parts = (fold(part) for name in names for part in _WORD.findall(name))
    return frozenset(key for part in parts if len(part) >= _SHORTEST for key in keys_of(part))


def without_names(text: str, known: frozenset[str]) -> str:
    """Addresses, telephone numbers, the names given in any form, and Russian words with a capital letter that
    the dictionary has as names of people. Names nobody told us of and of no dictionary stay."""
    reading = read(_ADDRESS.sub(SOMEBODY, text))
    found: list[str] = []
    at = 0
    for token in reading.tokens:
        is_capital = reading.text[token.start].isupper()
        if known.isdisjoint(keys_of(token.word)) and not (
            is_capital and is_russian(token.word) and is_somebody(token.word)
        ):
            continue
        found += [reading.text[at : token.start], SOMEBODY]
        at = token.end
    return "".join([*found, reading.text[at:]])
