"""A few words of a text: its beginning, or the place where what was looked for stands."""

from __future__ import annotations

from collections.abc import Callable

LONGEST = 220
_BEFORE = 60


def excerpt(text: str, longest: int = LONGEST) -> str:
    """The beginning of a plain text, up to the end of a word."""
    flat = " ".join(text[: longest * 4].split())
    return flat if len(flat) <= longest else _cut(flat, longest)


def excerpt_around(text: str, is_wanted: Callable[[str], bool], longest: int = LONGEST) -> str:
    """The place of the first word that ``is_wanted``; the beginning where there is none."""
    words = text.split()
    place = next((number for number, word in enumerate(words) if is_wanted(word)), 0)
    start, length = place, 0
    while start and length < _BEFORE:
        start -= 1
        length += len(words[start]) + 1
    flat = " ".join(words[start : start + longest])
    cut = flat if len(flat) <= longest else _cut(flat, longest)
    return f"… {cut}" if start else cut


def _cut(flat: str, longest: int) -> str:
    return flat[:longest].rpartition(" ")[0].rstrip(" ,;:–-") + " …"
