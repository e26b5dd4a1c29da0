"""Which products a text names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

SHORTEST = 3
"""Letters: "ad" stands in every other sentence."""


def products_named(texts: Iterable[str], products: Iterable[str]) -> frozenset[str]:
    """Whole words only, in any case; the names as they were given. Endings are not known: "купоны" is not
    found by the name "купон"."""
    names = {_plain(name): name for name in products if len(name.strip()) >= SHORTEST}
    if not names:
        return frozenset()
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    return frozenset(names[found] for text in texts for found in pattern.findall(_plain(text)))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").split())
