"""The words that articles are written in: how a word may go on, and what a mistyped one may have been.

What comes out of here may stand in articles that somebody may not read; ``searching`` lets out only what
finds something for them.
"""

from __future__ import annotations

from functools import lru_cache

from django.db.models import Count, Max, Sum

from otklik.knowledge.models import Word
from otklik.knowledge.rules.queries import allowed_mistakes

_MOST_ENDINGS = 30
_MOST_GUESSES = 3
_SHORTEST_BEGINNING = 2


def begun_with(beginning: str) -> list[str]:
    """The most used words that begin so, itself left out. One query."""
    if len(beginning) < _SHORTEST_BEGINNING:
        return []
    rows = Word.objects.filter(text__startswith=beginning, texts__gt=0).exclude(text=beginning)
    return list(rows.order_by("-texts", "text").values_list("text", flat=True)[:_MOST_ENDINGS])


def guesses(word: str) -> list[str]:
    """Words that may have been meant: the nearest first, of these such as begin alike, then the most used."""
    most = allowed_mistakes(word)
    if not most:
        return []
    # Read by the few queries that find nothing as they stand.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    used = _known_words()
    near = process.extract(word, used.keys(), scorer=OSA.distance, score_cutoff=most, limit=20)
    near.sort(key=lambda one: (one[1], one[0][0] != word[0], -used[one[0]], one[0]))
    return [str(one[0]) for one in near[:_MOST_GUESSES]]


def _known_words() -> dict[str, int]:
    stamp = Word.objects.aggregate(count=Count("pk"), last=Max("pk"), used=Sum("texts"))
    return _words_as_of(stamp["count"], stamp["last"], stamp["used"])


@lru_cache(maxsize=1)
def _words_as_of(count: int, last: int | None, used: int | None) -> dict[str, int]:
    """Each process keeps them until an article changes."""
    return dict(Word.objects.values_list("text", "texts"))
