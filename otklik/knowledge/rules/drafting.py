"""An article in parts that a translator takes, and what of its Markdown has to come back as it was."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Fences of code, code in a line, and where links and pictures lead. Lengths are bounded: brackets by the
# thousand that nobody closes would take minutes.
_KEPT = re.compile(r"```.*?```|`[^`\n]+`|\]\([^)\n]{0,1000}\)", re.DOTALL)
_BETWEEN = re.compile(r"(\n\s*\n)")


def parts_of(body: str) -> list[str]:
    """Paragraphs and what stands between them, in turn: joined they are the body again."""
    return _BETWEEN.split(body)


def kept_in(body: str) -> list[str]:
    return list(dict.fromkeys(_KEPT.findall(body)))


def batches(texts: Sequence[str], *, most: int, longest: int) -> list[list[str]]:
    """In order; none with more texts, and none longer in all unless a single text is."""
    found: list[list[str]] = []
    for text in texts:
        full = not found or len(found[-1]) >= most or sum(map(len, found[-1])) + len(text) > longest
        if full:
            found.append([])
        found[-1].append(text)
    return found
