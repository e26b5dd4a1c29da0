"""Does somebody ask for anything at all? "The payout came late again" is about a payout and asks nothing:
what is no question, no request and no heading of two or three words is for a person to read."""

from __future__ import annotations

import re

_FEW_WORDS = 3
_SENTENCE = re.compile(r"[^.!;\n]+")
_WORD = re.compile(r"[^\W\d_]+")
# Where one of these is among the first words of a sentence it is a question, with its mark or without.
_OPENING_WORDS = """
когда где почему зачем как какой какая какое какие каков какого какую каком сколько что кто куда откуда чем
when where why how what which who whom whose wheres whats
"""
_OPENING = frozenset(_OPENING_WORDS.split())
_OPENING_AMONG = 3
# These only as the very first.
_FIRST_WORDS = "is are do does did can could will would should have has may any"
_FIRST = frozenset(_FIRST_WORDS.split())
_ASKING = re.compile(
    r"""\b(?:ли|чего|подскаж\w*|скажите|уточн\w*|сообщ\w*|пришлите|скинь\w*|дайте|направьте|объясн\w*
    |поясн\w*|прошу|просим|просьба|нужен|нужна|нужно|нужны|хочу|хотел\w*|хотим|ищу|жду|ждем|обновите
    |проверьте|посмотри\w*|ответьте|напоминаю|напомните|разморозьте|снимите|подтвердите|добавьте|интересует
    |не\ понима\w+|не\ понял\w*
    |please|pls|kindly|let\ (?:me|us)\ know|tell\ (?:me|us)|(?<!no\ )need|want|wondering|looking\ for|explain
    |advise|await|waiting\ for|would\ like|'d\ like|remind|following\ up|link|how\ long|how\ much
    |(?:don't|didn't)\ understand|not\ clear|never\ replied|unfreeze|lift)\b""",
    re.VERBOSE,
)


def asks_something(folded: str) -> bool:
    """``folded``: see ``features.fold``."""
    if "?" in folded or _ASKING.search(folded):
        return True
    sentences = [_WORD.findall(sentence) for sentence in _SENTENCE.findall(folded)]
    if sum(map(len, sentences)) <= _FEW_WORDS:
        return True
    return any(
        words[0] in _FIRST or not _OPENING.isdisjoint(words[:_OPENING_AMONG]) for words in sentences if words
    )
