"""Which ideas say nearly the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# Below that two texts of one program have only its own words in common.
ALIKE = 62
_WORD = re.compile(r"[^\W_]{3,}")
# Endings of words change in Russian and English alike; the beginnings carry the meaning.
_BEGINNING = 5


def beginnings(text: str) -> str:
    return " ".join(word[:_BEGINNING] for word in _WORD.findall(text.lower().replace("ё", "е")))


def most_similar(
    text: str, others: Iterable[tuple[int, str]], *, most: int = 5
) -> Sequence[tuple[int, float]]:
    """(id, likeness 0–100), the most similar first. Few words against many count as alike when most of them
    are found there."""
    asked = beginnings(text)
    if not asked:
        return []
    found = ((pk, _likeness(asked, beginnings(other))) for pk, other in others)
    return sorted((one for one in found if one[1] >= ALIKE), key=lambda one: (-one[1], one[0]))[:most]


def _likeness(asked: str, other: str) -> float:
    if not other:
        return 0.0
    shared = set(asked.split()) & set(other.split())
    if not shared:
        return 0.0
    # Only whoever writes an idea needs it.
    from rapidfuzz import fuzz

    # One shared word is a coincidence, unless hardly more was asked.
    fewest = min(len(set(asked.split())), len(set(other.split())))
    if len(shared) < 2 and fewest > 2:
        return 0.0
    return max(fuzz.token_sort_ratio(asked, other), 100.0 * len(shared) / fewest * 0.9)
