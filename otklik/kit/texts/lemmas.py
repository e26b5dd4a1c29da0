"""Under which keys a word is known, so that its forms find one another.

A Russian word of the dictionary: its lemmas (pymorphy3), all of them, since one form may belong to several
words. A Russian word it does not know ("апрув", "шейвят") and an English one: the Snowball stem, with a mark
that keeps a stem from being taken for a lemma. Other scripts: the word itself.
"""

from __future__ import annotations

import logging
import re
from functools import cache, lru_cache
from typing import Any

import snowballstemmer

_RUSSIAN = re.compile(r"[а-я]+")
_ENGLISH = re.compile(r"[a-z]+(?:'[a-z]+)?")
# Rarer readings of a form are hardly ever meant and find words of another meaning.
_LEAST_PROBABLE = 0.05
_MARK_OF_A_STEM = "~"


@lru_cache(maxsize=20_000)
def keys_of(word: str) -> frozenset[str]:
    """``word``: folded (see ``reading.fold``)."""
    if _RUSSIAN.fullmatch(word):
        if not is_known(word):
            return frozenset((russian_stem(word),))
        parses = _analyzer().parse(word)
        likely = [parse for parse in parses if parse.score >= _LEAST_PROBABLE]
        return frozenset(_levelled(parse.normal_form) for parse in likely or parses)
    if _ENGLISH.fullmatch(word):
        return frozenset((_MARK_OF_A_STEM + _stemmer("english").stemWord(word.partition("'")[0]),))
    return frozenset((word,))


@lru_cache(maxsize=20_000)
def lemma_of(word: str) -> str:
    """The one key to count a word by."""
    if _RUSSIAN.fullmatch(word):
        return _levelled(_analyzer().parse(word)[0].normal_form) if is_known(word) else russian_stem(word)
    return next(iter(keys_of(word)))


def russian_stem(word: str) -> str:
    return _MARK_OF_A_STEM + str(_stemmer("russian").stemWord(word))


def is_russian(word: str) -> bool:
    return _RUSSIAN.fullmatch(word) is not None


@lru_cache(maxsize=20_000)
def is_known(word: str) -> bool:
    """Whether the Russian dictionary has it; what it has not may be jargon or misspelt."""
    return bool(_analyzer().word_is_known(word))


@lru_cache(maxsize=20_000)
def is_somebody(word: str) -> bool:
    """Whether a Russian word is, in its likeliest reading, the name of a person."""
    return any(kind in _analyzer().parse(word)[0].tag for kind in ("Name", "Surn", "Patr"))


@lru_cache(maxsize=20_000)
def is_request(word: str) -> bool:
    """Whether a Russian word asks several people to do something ("добавьте") and can mean nothing else."""
    if not word.endswith(("те", "тесь")) or not is_russian(word):
        return False
    return all("impr" in parse.tag for parse in _analyzer().parse(word)) and is_known(word)


@cache
def _analyzer() -> Any:
    # 30 MB and a tenth of a second, which only processes that read comments pay.
    import pymorphy3

    # It tells from which folder it loads, each time.
    logging.getLogger("pymorphy3").setLevel(logging.WARNING)
    return pymorphy3.MorphAnalyzer()


@cache
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(language)


def _levelled(lemma: str) -> str:
    return lemma.replace("ё", "е")
