"""Open tickets of one partner that may be the same matter (D7): a suggestion with its reasons, never a merge.

People of one firm write alike ("Добрый день, подскажите…"), so greetings and signatures count nothing, and
two letters in the same words about two payouts are two matters: numbers weigh more than words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from otklik.desk.rules.subjects import plain_subject
from otklik.desk.rules.vocabulary import Channel

WINDOW = timedelta(days=14)
ENOUGH = 45
"""Score from which a suggestion is shown."""
MOST_COMPARED = 50
MOST_SHOWN = 5
_LONGEST = 4_000


class Likeness(StrEnum):
    NUMBERS = "numbers"
    SUBJECT = "subject"
    TEXT = "text"
    TIME = "time"
    OTHER_PERSON = "other_person"
    OTHER_CHANNEL = "other_channel"


_POINTS = {
    Likeness.NUMBERS: 45,
    Likeness.SUBJECT: 25,
    Likeness.TEXT: 35,
    Likeness.TIME: 10,
}
_DIFFERENT_NUMBERS = 0.4
"""Both name ids and none is common: what is left of the score."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A ticket as it was begun: ``text`` is its first message without quoted history."""

    ticket_id: int
    partner_id: int
    at: datetime
    subject: str = ""
    text: str = ""
    channel: Channel = Channel.EMAIL
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    ticket_id: int
    score: int
    """0 to 100."""
    why: tuple[tuple[Likeness, int], ...]
    """With points, the weightiest first; the last two are facts worth showing and have none."""
    shared_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Content:
    subject: str
    words: frozenset[str]
    numbers: frozenset[str]


# Whole lines (or their beginnings) that say nothing of the matter.
_BOILERPLATE = re.compile(
    r"\b(?:добр(?:ый|ое|ого)\s+(?:день|вечер|утро|дня|времени)(?:\s+суток)?|здравствуйте|приветствую|привет"
    r"|коллеги|уважаем\w+(?:[^\S\n]+\w+){0,2}|(?:заранее\s+)?(?:большое\s+)?спасибо(?:\s+за\s+\w+)?"
    r"|благодарю|подскажите|пожалуйста|помогите|прошу|hello|hi|hey|dear(?:[^\S\n]+\w+){0,2}"
    r"|good\s+(?:morning|day|afternoon)|thank\s+you|thanks|please|could\s+you|can\s+you(?:\s+help)?"
    r"|hope\s+you\s+are\s+well)\b",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"^[^\S\n]*(?:--[^\S\n]*$|с\s+уважением|с\s+наилучшими|всего\s+доброго|хорошего\s+дня|(?:best|kind|warm)\s+regards"
    r"|regards|sincerely|best\s+wishes|cheers|отправлено\s+(?:с|из)|sent\s+from).*",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_NUMBER = re.compile(r"(?<![\w.,:/-])#?(?=[a-z\d_-]*\d)[a-z\d][a-z\d_-]{3,63}(?![\w])", re.IGNORECASE)
_DATE_OR_YEAR = re.compile(
    r"(?:19|20)\d\d|\d{4}-\d\d-\d\d|\d{1,2}-\d{1,2}-\d{2,4}|[a-z]{1,2}\d{0,3}", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_EMPTY = """как что это для при или так уже еще нас вас нам вам наш ваш мне меня есть был была было были если
чтобы когда где почему очень вопрос просьба можно нужно который после того тоже только проблема помощь срочно
the and for you your our are was were has have had with this that not but can from will would what when where
why how question help issue problem urgent"""
_EMPTY_WORDS = frozenset(_EMPTY.split())
# Short enough to drop Russian endings and running vowels (кошелёк, кошельке), long enough to keep a sense.
_STEM = 5
_FEWEST_WORDS = 3
_ENOUGH_COMMON = 3


def suggest(new: Matter, candidates: Iterable[Matter]) -> tuple[Suggestion, ...]:
    """Best first, at most MOST_SHOWN. Only the same partner within WINDOW; of many the MOST_COMPARED nearest
    in time, so that a partner with thousands of open tickets costs no more than one with fifty."""
    near = [
        other
        for other in candidates
        if other.partner_id == new.partner_id
        and other.ticket_id != new.ticket_id
        and abs(other.at - new.at) <= WINDOW
    ]
    near.sort(key=lambda other: (abs(other.at - new.at), -other.ticket_id))
    content = _content(new)
    found = [_compare(new, content, other) for other in near[:MOST_COMPARED]]
    shown = [suggestion for suggestion in found if suggestion.score >= ENOUGH]
    shown.sort(key=lambda suggestion: (-suggestion.score, -suggestion.ticket_id))
    return tuple(shown[:MOST_SHOWN])


def identifiers(text: str) -> frozenset[str]:
    """Payout, click and order ids in a text: what has digits and is no year, date or short mark."""
    found = (match[0].lstrip("#").lower() for match in _NUMBER.finditer(text))
    return frozenset(number for number in found if not _DATE_OR_YEAR.fullmatch(number))


def _compare(new: Matter, content: _Content, other: Matter) -> Suggestion:
    theirs = _content(other)
    shared = content.numbers & theirs.numbers
    shares = {
        Likeness.NUMBERS: 1.0 if shared else 0.0,
        Likeness.SUBJECT: _subjects_alike(content.subject, theirs.subject),
        Likeness.TEXT: _words_alike(content.words, theirs.words),
    }
    points = {kind: round(_POINTS[kind] * share) for kind, share in shares.items()}
    if any(points.values()):
        # Nearness in time strengthens a likeness and is none by itself.
        points[Likeness.TIME] = round(_POINTS[Likeness.TIME] * (1 - abs(other.at - new.at) / WINDOW))
    score = min(100, sum(points.values()))
    if content.numbers and theirs.numbers and not shared:
        score = round(score * _DIFFERENT_NUMBERS)
    why = sorted(((kind, given) for kind, given in points.items() if given), key=lambda p: (-p[1], p[0]))
    if new.contact_id != other.contact_id:
        why.append((Likeness.OTHER_PERSON, 0))
    if new.channel != other.channel:
        why.append((Likeness.OTHER_CHANNEL, 0))
    return Suggestion(other.ticket_id, score, tuple(why), tuple(sorted(shared)))


def _content(matter: Matter) -> _Content:
    subject = plain_subject(matter.subject[:_LONGEST])
    text = _SIGNATURE.sub("", matter.text[:_LONGEST])
    whole = _BOILERPLATE.sub(" ", f"{subject}\n{text}")
    words = _words(whole)
    return _Content(
        " ".join(_words(_BOILERPLATE.sub(" ", subject))),
        frozenset(words) if len(set(words)) >= _FEWEST_WORDS else frozenset(),
        identifiers(f"{subject}\n{text}"),
    )


def _words(text: str) -> list[str]:
    plain = text.lower().replace("ё", "е")
    return [word[:_STEM] for word in _WORD.findall(plain) if word not in _EMPTY_WORDS]


def _subjects_alike(one: str, other: str) -> float:
    """Typing errors forgiven; from barely alike (60 of 100) up, for any two subjects share letters."""
    if not one or not other:
        return 0.0
    from rapidfuzz import fuzz  # a compiled library that most processes never need

    return max(0.0, (fuzz.token_sort_ratio(one, other) - 60) / 40)


def _words_alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of common words (Dice), scaled so that six of ten are already a full likeness; less where the
    texts are so short that the few common words are those of any request ("прошу сменить…")."""
    if not one or not other:
        return 0.0
    common = len(one & other)
    return min(1.0, 2 * common / (len(one) + len(other)) / 0.6) * min(1.0, common / _ENOUGH_COMMON)
