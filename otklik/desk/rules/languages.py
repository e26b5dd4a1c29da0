"""In which language somebody is answered where nothing better is known than the alphabet they write in, and
who needs a translation. What a text tells is found by ``kit.languages``, in a job: it reads a model."""

from __future__ import annotations

import re
from collections.abc import Collection

_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_LATIN = re.compile(r"[A-Za-z]")
_LONGEST = 2_000
_CYRILLIC_NAME, _LATIN_NAME = "cyrillic", "latin"
_CYRILLIC_LANGUAGES = frozenset({"ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"})
_OTHER_ALPHABETS = frozenset({"ar", "el", "fa", "he", "hi", "hy", "ja", "ka", "ko", "th", "zh"})


def language_of(text: str) -> str:
    """Russian, English, or "" where the text tells nothing.

    A Russian mail is full of Latin words (CPA, postback, addresses of pages), an English one hardly ever
    holds Cyrillic ones: a fifth is enough.
    """
    start = text[:_LONGEST]
    cyrillic, latin = len(_CYRILLIC.findall(start)), len(_LATIN.findall(start))
    if cyrillic + latin < 3:
        return ""
    return "ru" if cyrillic * 5 >= cyrillic + latin else "en"


def chosen_language(*known: str, text: str) -> str:
    """The first known (the writer's choice, the contact's own, the company's), else by the alphabet."""
    return next((language for language in known if language), "") or language_of(text)


def short_code(language: str) -> str:
    """Without its region: "pt" of "pt-BR"."""
    return language.lower().replace("_", "-").partition("-")[0]


def needs_translation(*, language: str, is_sure: bool, text: str, reads: Collection[str]) -> bool:
    """Whether somebody who reads these languages cannot read the text. Where its language is a guess, only an
    alphabet none of theirs is written in says so: a short "OK" needs nobody."""
    known = {short_code(one) for one in reads}
    if not known or not text.strip():
        return False
    if is_sure:
        return short_code(language) not in known
    return bool(told := alphabet_of(text)) and told not in {_alphabet_of_language(one) for one in known}


def alphabet_of(text: str) -> str:
    """The word "cyrillic" or "latin", or "" where there are too few letters of both."""
    guessed = language_of(text)
    return {"ru": _CYRILLIC_NAME, "en": _LATIN_NAME}.get(guessed, "")


def _alphabet_of_language(language: str) -> str:
    if language in _CYRILLIC_LANGUAGES:
        return _CYRILLIC_NAME
    return "" if language in _OTHER_ALPHABETS else _LATIN_NAME
