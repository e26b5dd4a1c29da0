"""In which language somebody is answered, where nothing better is known than the alphabet they write in."""

from __future__ import annotations

import re

_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_LATIN = re.compile(r"[A-Za-z]")
_LONGEST = 2_000


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
