"""A text as words, with sentences, clauses, and which words are denied. Bounded: what comes after the first
20,000 characters is not read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST_CHARACTERS = 20_000

_TOKEN = re.compile(
    r"[^\W_]{1,64}(?:['’][^\W_]{1,8})?"
    r"|[:;]-?[()D]|\){2,}|\({2,}"
    "|[\u2600-\u27bf\U0001f300-\U0001faff]"
)
_SENTENCE_END = re.compile(r"[.!?…\n]")
_CLAUSE_END = re.compile(r"[,;:—–()\"«»]")
# Shown as text they are harmless; as words they would say "script" and "href".
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,400}>|&[a-zA-Z]{2,8};|&#\d{1,6};")
_ADDRESS = re.compile(r"https?://\S{1,2000}|www\.\S{1,2000}|[^\s@<>]{1,64}@[^\s@<>]{1,255}")
_INVISIBLE = dict.fromkeys(
    [0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)]
)

_CONTRASTS = frozenset(["но", "однако", "зато", "хотя", "а", "but", "however", "although", "though", "yet"])
# How many of the following words a denial reaches; words that only strengthen do not count.
_DENIALS: dict[str, int] = {
    "не": 1, "ни": 1, "нет": 2, "без": 2, "никакой": 2, "никакого": 2, "никаких": 2, "нету": 2,
    "not": 3, "no": 2, "never": 4, "without": 2, "cannot": 3, "dont": 3, "doesnt": 3, "didnt": 3, "cant": 3,
    "wont": 3, "isnt": 3, "nobody": 2, "none": 2, "nothing": 3, "neither": 2, "nor": 2, "hardly": 2,
}  # fmt: skip
_DENIES_WHAT_STANDS_BEFORE = frozenset(("нет", "нету", "никакой", "никакого", "никаких"))
# "Проблем не было" denies the problems, not their being.
_BEING = frozenset(
    ("было", "будет", "бывает", "бывало", "возникало", "возникает", "случалось", "имею", "имеем")
)
_STRENGTHENERS: dict[str, float] = {
    "очень": 1.5, "крайне": 1.5, "совсем": 1.5, "абсолютно": 1.5, "полный": 1.5, "полное": 1.5, "просто": 1.2,
    "слишком": 1.3, "реально": 1.3, "постоянно": 1.3, "вечно": 1.3, "самый": 1.4, "самая": 1.4, "вообще": 1.3,
    "всегда": 1.2, "особо": 1.0, "довольно": 0.8, "немного": 0.6, "чуть": 0.6, "иногда": 0.6, "бы": 1.0,
    "very": 1.5, "extremely": 1.5, "really": 1.4, "totally": 1.4, "absolutely": 1.5, "so": 1.2, "always": 1.2,
    "super": 1.4, "too": 1.2, "quite": 0.9, "rather": 0.8, "slightly": 0.6, "somewhat": 0.6, "sometimes": 0.6,
    "constantly": 1.3, "any": 1.0, "been": 1.0, "be": 1.0, "the": 1.0, "a": 1.0, "to": 1.0, "had": 1.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """``word`` is folded; ``start`` and ``end`` are places in ``Reading.text``."""

    word: str
    start: int
    end: int
    sentence: int
    clause: int


@dataclass(frozen=True, slots=True)
class Reading:
    """``text``: as ``cleaned`` leaves it. ``denied``: numbers of tokens that a "not" reaches; ``reached``:
    the same by the number of the "not". ``after_contrast``: clauses that a "but" opens."""

    text: str
    tokens: tuple[Token, ...]
    denied: frozenset[int]
    reached: Mapping[int, tuple[int, ...]]
    after_contrast: frozenset[int]
    is_cut: bool

    def quote(self, tokens: Iterable[int]) -> str:
        """The text from the first of these tokens to the last."""
        places = sorted(tokens)
        return self.text[self.tokens[places[0]].start : self.tokens[places[-1]].end]


def cleaned(text: str) -> str:
    """The part that is read, composed, without invisible signs: what all places count in."""
    return unicodedata.normalize("NFC", text[:MOST_CHARACTERS]).translate(_INVISIBLE)


def read(text: str) -> Reading:
    clean = cleaned(text)
    visible = _ADDRESS.sub(_blank, _TAG.sub(_blank, clean))
    tokens: list[Token] = []
    contrasts: set[int] = set()
    sentence = clause = end = 0
    for match in _TOKEN.finditer(visible):
        between = visible[end : match.start()]
        word = fold(match.group())
        if tokens and _SENTENCE_END.search(between):
            sentence, clause = sentence + 1, clause + 1
        elif tokens and (_CLAUSE_END.search(between) or word in _CONTRASTS):
            clause += 1
        if word in _CONTRASTS:
            contrasts.add(clause)
        tokens.append(Token(word, match.start(), match.end(), sentence, clause))
        end = match.end()
    reached = _reached(tokens)
    denied = frozenset(place for places in reached.values() for place in places)
    return Reading(clean, tuple(tokens), denied, reached, frozenset(contrasts), len(text) > MOST_CHARACTERS)


def fold(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().replace("ё", "е").replace("’", "'")


def is_denial(word: str) -> bool:
    return word in _DENIALS or word.endswith("n't")


def strength(word: str) -> float | None:
    """By how much the word strengthens (or weakens, below 1) what follows; None: it does neither."""
    return _STRENGTHENERS.get(word)


def language_of(reading: Reading) -> str:
    """ "ru", "en", or "" where neither script leads."""
    russian = sum("а" <= token.word[0] <= "я" for token in reading.tokens)
    english = sum("a" <= token.word[0] <= "z" for token in reading.tokens)
    return "ru" if russian > english else "en" if english > russian else ""


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _reached(tokens: list[Token]) -> dict[int, tuple[int, ...]]:
    """Of each denial the words it denies."""
    found: dict[int, tuple[int, ...]] = {}
    for place, token in enumerate(tokens):
        if not is_denial(token.word):
            continue
        reach = _DENIALS.get(token.word, 3)
        places = []
        for following in range(place + 1, len(tokens)):
            if reach == 0 or tokens[following].clause != token.clause:
                break
            places.append(following)
            reach -= strength(tokens[following].word) is None
        being = token.word == "не" and place + 1 < len(tokens) and tokens[place + 1].word in _BEING
        if being or token.word in _DENIES_WHAT_STANDS_BEFORE:
            before = range(max(place - 2, 0), place)
            places += [other for other in before if tokens[other].clause == token.clause]
        found[place] = tuple(places)
    return found
