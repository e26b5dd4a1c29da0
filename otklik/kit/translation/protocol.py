from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

# What one text may hold: longer ones are not mails but files, and providers refuse them.
LONGEST_TEXT = 20_000
MOST_TEXTS = 50


class TranslationFailed(Exception):
    """No translation came of it. The text itself is as it was."""

    word = "failed"


class TranslatorDown(TranslationFailed):
    """Nobody answered, or with an error of their own: another try may help."""

    word = "down"


class TranslatorSlow(TranslatorDown):
    """Not in the time we wait."""

    word = "slow"


class TranslatorRefused(TranslationFailed):
    """The key, the quota, the address, a language or the text was not accepted: trying again helps nobody."""

    word = "refused"


class Wrong(StrEnum):
    """What was wrong with an answer."""

    UNREADABLE = "unreadable"
    NUMBER = "number"
    EMPTY = "empty"
    LANGUAGE = "language"
    PLACEHOLDERS = "placeholders"
    LENGTH = "length"


class WrongAnswer(TranslationFailed):
    """An answer came that is no translation of what was sent."""

    word = "wrong"

    def __init__(self, what: Wrong) -> None:
        super().__init__(what.value)
        self.what = what


class TextTooLong(TranslationFailed):
    """More than LONGEST_TEXT characters in a text, or more than MOST_TEXTS texts."""

    word = "too_long"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the program that is kept as it is. ``languages``: only in translations into these; none: into
    any."""

    text: str
    languages: tuple[str, ...] = ()


class Translator(Protocol):
    """Languages are codes such as "en", "pt-br". ``source`` "": the other side finds it out."""

    def translate(
        self, texts: Sequence[str], source: str, target: str, glossary: Sequence[Term] = ()
    ) -> list[str]:
        """One for each text, in order. Blocks up to half a minute: jobs only, never inside a transaction.
        Raises TranslationFailed and what is derived from it."""
        ...
