"""The words of a mail, and what stands in them for whom it goes to: "{name}", "{program}", "{manager}"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum


class Variable(StrEnum):
    NAME = "name"
    PROGRAM = "program"
    MANAGER = "manager"


# Of all words of a form those that only a mail shows.
MAIL_WORDS = ("subject", "intro", "reminder_subject", "reminder_intro")
_KNOWN = frozenset(Variable)
_PART = re.compile(r"\{([^{}]*)\}|[{}]")


class BrokenWords(ValueError):
    """``variable`` as it was written: unknown, or a brace without its other half."""

    def __init__(self, language: str, word: str, variable: str) -> None:
        super().__init__(f"{language} {word}: {variable}")
        self.language, self.word, self.variable = language, word, variable


def check_words(wording: Mapping[str, Mapping[str, str]]) -> None:
    """Raises BrokenWords."""
    for language, texts in wording.items():
        for word in MAIL_WORDS:
            for match in _PART.finditer(texts.get(word, "")):
                if match[1] is None or match[1] not in _KNOWN:
                    raise BrokenWords(language, word, match[0])


def parts_of(text: str) -> list[str | Variable]:
    """Checked words, taken apart; what is no variable stays as it was written."""
    parts: list[str | Variable] = []
    end = 0
    for match in _PART.finditer(text):
        if match[1] in _KNOWN:
            parts += [text[end : match.start()], Variable(match[1])]
            end = match.end()
    return [part for part in (*parts, text[end:]) if part]
