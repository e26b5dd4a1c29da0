"""How angry and how urgent a text sounds, from words we chose, in Russian and English.

Deliberately shy: it only raises a priority a little, its signs are shown to the agent, and a word under a
negation ("not urgent", "не срочно") counts nothing. Give it the new text without quoted history.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

MOST = 10
LONGEST = 6_000
"""Characters read: anger shows early, and a pasted log must cost nothing."""


class Sign(StrEnum):
    ANGRY = "angry_words"
    THREAT = "threat_to_leave"
    URGENT = "urgent_words"
    TIRED = "tired_of_waiting"
    CAPITALS = "capitals"
    EXCLAMATION = "exclamation"


_POINTS = {
    Sign.ANGRY: 3,
    Sign.THREAT: 4,
    Sign.URGENT: 2,
    Sign.TIRED: 3,
    Sign.CAPITALS: 2,
    Sign.EXCLAMATION: 1,
}
# The third angry word says little more than the second.
_COUNTED = 2

# Beginnings of words; a "=" at the end means the whole word.
_STEMS: dict[Sign, str] = {
    Sign.ANGRY: (
        "возмут возмущ безобраз ужас кошмар отвратит позор издеват издевательств обман мошенник хамств"
        " наплеват достал= достали= бред= бардак недопустим неприемлем разочарован терпение= раздраж"
        " злит злюсь= angry furious outrag unacceptable terrible horrible awful ridiculous disgust"
        " scam fraudst pathetic disappoint frustrat annoy incompetent shame= shameful joke="
    ),
    # A lawyer or a regulator alone is no threat: contracts and licences are everyday matters here.
    Sign.THREAT: "уйдем= уходим= ухожу= расторг претензи= претензию= иск= прокуратур lawsuit sue= litigat",
    Sign.URGENT: (
        "срочн немедленн горит= горим= критич экстренн аварийн незамедлительн urgent asap= immediately="
        " emergency= critical= blocker="
    ),
}
_PHRASES: dict[Sign, str] = {
    Sign.TIRED: (
        r"до сих пор|сколько (?:можно|ещ[её])|когда уже|в (?:третий|четв[её]ртый|десятый) раз|опять не "
        r"|снова не |никто не отвеча|уже (?:неделю|месяц|который день)|жд[уё]м? уже"
        r"|still (?:no|not|waiting|nothing)|how (?:long|many times)|(?:third|fourth|tenth) time"
        r"|nobody (?:answers|replies|cares)|for (?:weeks|months)"
        r"|no (?:answer|reply|response) (?:for|since)|sick of|fed up"
    ),
    Sign.THREAT: (
        r"(?:уйд[её]м|перейд[её]м|уходим) к (?:конкурент|друг)|снимем трафик|отключаем трафик"
        r"|подадим в суд|switch(?:ing)? to (?:a |another |your )?(?:competitor|network|program)"
        r"|pull (?:all )?(?:our|my) traffic|legal action|stop (?:all )?(?:our |the )?traffic"
    ),
    Sign.URGENT: r"как можно (?:скорее|быстрее)|прямо сейчас|right now|as soon as possible",
}
_NEGATIONS = re.compile(
    r"не|нет|ни|без|никакой|нисколько|совсем|not|no|never|without|nothing|hardly|isn't|aren't|wasn't|don't"
    r"|doesn't|didn't|isnt|dont"
)
# "not at all urgent", "совсем не так срочно": the negation may stand three words before, in the same clause.
_REACH = 3
_CLAUSE_END = re.compile(r"[.,;:!?\n()]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SHOUT = re.compile(r"!{2,}|(?:!\s*\?|\?\s*!)")


def _compiled(stems: str) -> re.Pattern[str]:
    parts = (re.escape(s[:-1]) if s.endswith("=") else re.escape(s) + r"\w*" for s in stems.split())
    return re.compile("|".join(parts))


_WORDS = {sign: _compiled(stems) for sign, stems in _STEMS.items()}
_TURNS = {sign: re.compile(rf"\b(?:{phrases})") for sign, phrases in _PHRASES.items()}
# Most texts hold none of them, which one look tells.
_ANY_TURN = re.compile(rf"\b(?:{'|'.join(_PHRASES.values())})")


@dataclass(frozen=True, slots=True)
class Mood:
    """``score`` 0 (calm) to 10; ``signs`` with how often each was met, the weightiest first."""

    score: int = 0
    signs: tuple[tuple[Sign, int], ...] = ()


def read_mood(text: str) -> Mood:
    text = text[:LONGEST]
    words = _WORD.findall(text)
    counts = _spoken(text.lower().replace("’", "'"), words)
    counts[Sign.CAPITALS] = _shouted_words(words)
    counts[Sign.EXCLAMATION] = len(_SHOUT.findall(text)) if "!" in text else 0
    signs = [(sign, count) for sign, count in counts.items() if count > 0]
    signs.sort(key=lambda pair: (-_worth(*pair), pair[0]))
    return Mood(min(MOST, sum(_worth(*pair) for pair in signs)), tuple(signs))


def _worth(sign: Sign, count: int) -> int:
    return _POINTS[sign] * min(count, _COUNTED if sign in _WORDS or sign in _TURNS else 1)


def _spoken(lowered: str, words: Sequence[str]) -> Counter[Sign]:
    """``words``: all there are, as written."""
    counts: Counter[Sign] = Counter()
    if _ANY_TURN.search(lowered):
        for sign, pattern in _TURNS.items():
            counts[sign] += len(pattern.findall(lowered))
    if any(map(_signs_in, map(str.lower, words))):
        counts.update(_signs_by_clause(lowered))
    return counts


def _signs_by_clause(lowered: str) -> Iterator[Sign]:
    """Of words that nothing before them in their clause denies."""
    for clause in _CLAUSE_END.split(lowered):
        words = _WORD.findall(clause)
        for position, word in enumerate(words):
            signs = _signs_in(word)
            if signs and not any(map(_NEGATIONS.fullmatch, words[max(0, position - _REACH) : position])):
                yield from signs


@lru_cache(maxsize=20_000)
def _signs_in(word: str) -> tuple[Sign, ...]:
    """Most words are those of the mail before, and few of them tell anything."""
    return tuple(sign for sign, pattern in _WORDS.items() if pattern.fullmatch(word))


def _shouted_words(words: Sequence[str]) -> int:
    """Long words in capitals, where they are the tone of the text and not names such as CPA or WEBMASTER."""
    if sum(map(str.isupper, words)) < 3:
        return 0
    words = [word for word in words if len(word) > 3]
    shouted = sum(word.isupper() for word in words)
    return shouted if shouted >= 3 and shouted * 2 > len(words) else 0
