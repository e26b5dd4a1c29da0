"""The words of a comment that carry meaning: what log-odds count and clusters are made of."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from otklik.kit.texts.lemmas import is_russian, is_somebody, lemma_of
from otklik.kit.texts.reading import Reading, Token, is_denial, strength

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
среди между после перед через около кроме вместо вокруг против ради хоть чтоб либо затем тогда
снова опять уже каждый любой некоторый иной какой никакой всего более менее лишь даже ведь якобы
четыре пять шесть семь восемь девять десять двое трое второй третий первый несколько половина
лето зима осень весна понедельник вторник среда четверг пятница суббота воскресенье
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
"""
_STOP_WORDS_EN = """
the and for you your our are was were have has had this that with from but not they them their what when
which who will would could should can been being its there here just very more some any all about into
than then too
also only how why get got make made use used we us i it is to of in on at by as an be do does did a my
me so if
please thank thanks hello work like
among within over under after before through during between against without again already still yet
same each every other another both either neither such own few many much most least half
one two three four five six seven eight nine ten first second third
let put take took set come came give given went goes say says said
summer winter autumn spring monday tuesday wednesday thursday friday saturday sunday
january february march april june july august september october november december
"""
_STOP_WORDS = frozenset((_STOP_WORDS_RU + _STOP_WORDS_EN).split())
_STOP_KEYS = frozenset(lemma for word in _STOP_WORDS for lemma in (word, "~" + word))


@cache
def _stop_keys() -> frozenset[str]:
    """Every form of a stop word is one: "said" as well as "says"."""
    return _STOP_KEYS | {lemma_of(word) for word in _STOP_WORDS}


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
        and (key := lemma_of(token.word)) not in _stop_keys()
        and not _is_name(reading, token)
    ]


def _is_name(reading: Reading, token: Token) -> bool:
    """A person is no reason, and nobody should stand on a page of reasons."""
    return reading.text[token.start].isupper() and is_russian(token.word) and is_somebody(token.word)
