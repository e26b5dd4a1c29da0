"""Whom a mention may be about: the partner whose name stands in it, as a suggestion to confirm.

Russian names are inflected ("у Авроры"), so words are compared by what they begin with and then as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# A name this alike is the name, in another case or with a slip.
ALIKE = 82.0
_SHORTEST_NAME = 4
# In words; of a longer name the rest is not compared.
_LONGEST_NAME = 6
_HEAD = 4
_WORD = re.compile(r"[^\W_]+")
# fmt: off
_FORMS = frozenset((
    "ооо", "оао", "зао", "пао", "ао", "ип", "тоо", "нко", "компания", "группа", "фирма", "llc", "ltd", "inc",
    "gmbh", "corp", "co", "company", "limited", "plc", "oy", "ab", "sa", "sarl", "bv", "kg", "the", "group",
))
# fmt: on
_LONGEST_READ = 20_000


class PartnerNames:
    """Built once for many texts. ``names``: (id, name); of fewer than four letters they are never guessed."""

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        self._by_head: dict[str, list[tuple[int, str, int]]] = {}
        for pk, name in names:
            words = core_words(name)[:_LONGEST_NAME]
            core = " ".join(words)
            if len(core) >= _SHORTEST_NAME and not core.isdigit():
                self._by_head.setdefault(words[0][:_HEAD], []).append((pk, core, len(words)))

    def suggest(self, text: str) -> int | None:
        """The one partner that is named; None where there is none, or where two fit equally well."""
        from rapidfuzz import fuzz  # a compiled library that most processes never need

        words = _words(text[:_LONGEST_READ])
        best: dict[int, tuple[float, int]] = {}
        # Each stretch of words once: a text that says one word a thousand times is compared once.
        for stretch in {tuple(words[place : place + _LONGEST_NAME]) for place in range(len(words))}:
            for pk, core, length in self._by_head.get(stretch[0][:_HEAD], ()):
                found = " ".join(stretch[:length])
                alike = fuzz.ratio(core, found, score_cutoff=ALIKE)
                if alike:
                    best[pk] = max(best.get(pk, (0.0, 0)), (alike, len(core)))
        return _only_best(best)


def core_words(name: str) -> Sequence[str]:
    """A name without its legal form."""
    words = _words(name)
    return [word for word in words if word not in _FORMS] or words


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("ё", "е"))


def _only_best(best: dict[int, tuple[float, int]]) -> int | None:
    ranked = sorted(best.items(), key=lambda one: one[1], reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def mentions_any(text: str, keywords: Sequence[str]) -> bool:
    """Whether a word of the text begins with one of these; without any, every text does."""
    if not keywords:
        return True
    levelled = " ".join(_words(text[:_LONGEST_READ]))
    wanted = (" ".join(_words(keyword)) for keyword in keywords)
    return any(one and re.search(rf"(?<!\w){re.escape(one)}", levelled) for one in wanted)
