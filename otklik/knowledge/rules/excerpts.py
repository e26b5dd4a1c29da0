"""A few words of a text: its beginning, or the place where what was looked for stands."""

from __future__ import annotations

import re
from collections.abc import Callable

LONGEST = 220
_SIGNS = re.compile(r"^[\s|:-]+$|^\s*(?:[-*+]|\d{1,3}[.)])\s+|\s*\|\s*", re.MULTILINE)
_BEFORE = 60


def flat(text: str) -> str:
    """Without the marks of lists and tables, which mean nothing in one line."""
    return " ".join(_SIGNS.sub(" ", text).split())


def excerpt(text: str, longest: int = LONGEST) -> str:
    """The beginning of a plain text, up to the end of a word."""
    line = flat(text[: longest * 4])
    return line if len(line) <= longest else _cut(line, longest)


def excerpt_around(text: str, is_wanted: Callable[[str], bool], longest: int = LONGEST) -> str:
    """The place of the first word that ``is_wanted``; the beginning where there is none."""
    words = flat(text).split()
    place = next((number for number, word in enumerate(words) if is_wanted(word)), 0)
    start, length = place, 0
    while start and length < _BEFORE:
        start -= 1
        length += len(words[start]) + 1
    line = " ".join(words[start : start + longest])
    cut = line if len(line) <= longest else _cut(line, longest)
    return f"… {cut}" if start else cut


def _cut(line: str, longest: int) -> str:
    return line[:longest].rpartition(" ")[0].rstrip(" ,;:–-") + " …"
