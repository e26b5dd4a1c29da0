"""The words of a comment that carry meaning: what log-odds count and clusters are made of."""

from __future__ import annotations

from typing import NamedTuple

from otklik.feedback.rules.texts.lemmas import lemma_of
from otklik.feedback.rules.texts.reading import Reading, is_denial, strength

# A comment of many pages would name hundreds of phrases and belong to all of them.
_MOST_WORDS = 200
_LEAST_LETTERS = 3
_STOP_WORDS_RU = """
весь все всё который этот тот такой быть мочь свой наш ваш мой они она оно что как так уже еще ещё
для или при
это эти про над под раз год день если когда чтобы только очень можно надо нужно есть нет бы же ли
вот там тут
где него них нас вас вам нам мне меня тебя себя сам один два три другой сейчас потом просто
работать стать делать
сделать хотеть хотеться спасибо пожалуйста здравствуйте добрый добавить больше пока много
"""
_STOP_WORDS_EN = """
the and for you your our are was were have has had this that with from but not they them their what when
which who will would could should can been being its there here just very more some any all about into
than then too
also only how why get got make made use used we us i it is to of in on at by as an be do does did a my
me so if
please thank thanks hello work like
"""
_STOP_WORDS = frozenset((_STOP_WORDS_RU + _STOP_WORDS_EN).split())
_STOP_KEYS = frozenset(lemma for word in _STOP_WORDS for lemma in (word, "~" + word))


class ContentWord(NamedTuple):
    """``start`` and ``end``: the place in the cleaned text; ``place``: which word of the text it is."""

    key: str
    start: int
    end: int
    place: int
    sentence: int


def content_words(reading: Reading) -> list[ContentWord]:
    return [
        ContentWord(key, token.start, token.end, place, token.sentence)
        for place, token in enumerate(reading.tokens[:_MOST_WORDS])
        if len(token.word) >= _LEAST_LETTERS
        and token.word[0].isalpha()
        and not is_denial(token.word)
        and strength(token.word) is None
        and token.word not in _STOP_WORDS
        and (key := lemma_of(token.word)) not in _STOP_KEYS
    ]
