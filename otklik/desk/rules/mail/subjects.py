"""Subjects without the words that mail programs put before them: "RE[2]: НА: Fwd: x" is a letter about "x".

Only words that programs write are known here. "Ref: 40017" and "Срочно: ..." are a person's own and stay.
"""

from __future__ import annotations

import re
import unicodedata

MAX_PREFIXES = 30
MAX_SUBJECT = 2_000

_REPLY = frozenset(
    {
        *("re", "reply", "aw", "antw", "antwort", "ré", "rép", "réf", "res", "resp", "r", "rif", "odp", "od"),
        *("sv", "vs", "ynt", "cvp", "yan", "vá", "на", "отв", "ответ", "відп", "відповідь"),
        *("答复", "答覆", "回复", "回覆", "回信"),
    }
)
_FORWARD = frozenset(
    {
        *("fw", "fwd", "wg", "weitergeleitet", "tr", "transf", "rv", "reenv", "enc", "encam", "pd"),
        *("i", "inoltro", "inoltrato", "doorst", "vb", "vl", "ilt", "i̇lt", "ilet", "i̇let"),
        *("пер", "перес", "пересл", "переслано", "пересланное", "转发", "转寄", "轉寄", "轉發"),
    }
)
_PREFIX = re.compile(
    r"\s{0,20}(?P<word>[^\W\d_]{1,16})\.?\s{0,3}(?:\[\d{1,4}\]|\(\d{1,4}\)|\^\d{1,4}|\d{1,3})?\s{0,3}[:：]"
)


def plain_subject(subject: str) -> str:
    """The words the first letter of a thread was sent with."""
    return _parse(subject)[0]


def is_forward(subject: str) -> bool:
    """Whether the outermost word says "forwarded": "Re: Fwd: x" is a reply to a forwarded letter."""
    words = _parse(subject)[1]
    return bool(words) and words[0] in _FORWARD


def _parse(subject: str) -> tuple[str, list[str]]:
    rest = unicodedata.normalize("NFC", subject[:MAX_SUBJECT])
    words: list[str] = []
    while len(words) < MAX_PREFIXES and (match := _PREFIX.match(rest)):
        word = unicodedata.normalize("NFC", match["word"]).casefold()
        if word not in _REPLY | _FORWARD:
            break
        words.append(word)
        rest = rest[match.end() :]
    return " ".join(rest.split()), words
