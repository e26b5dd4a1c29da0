"""What a machine told about money, said again: quoted in an answer, it would be read by everybody who reads
the answer. Whole lines are known again, also where a mail program broke them anew; a sum that somebody
writes in words of their own is not."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARKS = re.compile(r"^[\s>|]+")
# Shorter ones that are not marked as a quote may be anybody's: "Thank you", a name.
_LEAST = 20


def without_told(text: str, told: Sequence[str]) -> tuple[str, str]:
    """The text without the lines of ``told`` in it, and those lines. A number that stands on a quoted line of
    its own counts as well."""
    known = [_plain(one) for one in told]
    kept: list[str] = []
    taken: list[str] = []
    for line in text.splitlines():
        (taken if _repeats(line, known) else kept).append(line)
    if not taken:
        return text, ""
    return "\n".join(kept).strip(), "\n".join(taken)


def _repeats(line: str, known: Sequence[str]) -> bool:
    marks = _MARKS.match(line)
    is_quoted = marks is not None and any(sign in marks[0] for sign in ">|")
    plain = _plain(_MARKS.sub("", line))
    if not plain or (not is_quoted and len(plain) < _LEAST):
        return False
    return any(plain in one for one in known)


def _plain(text: str) -> str:
    """Spaces of every kind are one: sums are written with narrow ones, which mail programs change."""
    return " ".join(text.split()).casefold()
