"""Letters with places that are filled in: ``{name}``. What is not known stays open, and such a letter does
not go."""

from __future__ import annotations

import re
from collections.abc import Mapping

from otklik.loop.rules.vocabulary import Flow, LetterKind

PLACES = ("name", "partner", "program", "sender", "score", "done")
"""Who is written to, their company, our program, who writes, their score, what was done."""
LONGEST_SUBJECT, LONGEST_TEXT = 200, 10_000
_PLACE = re.compile(r"\{([^{}\s]*)\}")


def unknown_places(text: str) -> tuple[str, ...]:
    """What stands in braces and cannot be filled in, and braces without a pair."""
    unknown = [match[0] for match in _PLACE.finditer(text) if match[1] not in PLACES]
    rest = _PLACE.sub("", text)
    return tuple(dict.fromkeys([*unknown, *(brace for brace in "{}" if brace in rest)]))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Places without a value stay as they are. What a value says in braces is no place."""
    return _PLACE.sub(lambda match: values.get(match[1]) or match[0], text)


def open_places(text: str) -> tuple[str, ...]:
    """Known places that nobody has filled in."""
    return tuple(dict.fromkeys(match[0] for match in _PLACE.finditer(text) if match[1] in PLACES))


def kind_for(flow: Flow, *, owes_word: bool) -> LetterKind:
    """What is written first about an alert."""
    if owes_word:
        return LetterKind.DONE
    return {
        Flow.DETRACTOR: LetterKind.DETRACTOR,
        Flow.PASSIVE: LetterKind.PASSIVE,
        Flow.PROMOTER: LetterKind.PROMOTER,
        Flow.SILENT: LetterKind.SILENT,
        Flow.MENTION: LetterKind.DETRACTOR,
    }[flow]
