"""The subject without what mail programs put before it, so that "RE[2]: НА: Отв: Выплата" is "Выплата"."""

from __future__ import annotations

import re

_REPLY = (
    "re|ré|rép|aw|sv|vs|ha|antw|antwort|odp|od|res|resp|rif|r|ynt|cvp|отв|ответ|на|відп|відповідь|"
    "回复|答复|回覆|答覆|回信"
)
_FORWARD = (
    "fwd|fw|wg|tr|transf|rv|reenv|enc|encam|i|inoltro|doorst|vl|vb|pd|ilt|i\u0307lt|"
    "пер|перес|пересл|переслано|пересланное|转发|转寄|轉寄|轉發"
)
# "Re: ", "RE[2]:", "Re(3):", "Re^2:", "RE2:", "Rép. :", "回复:" with the wide colon.
_PREFIX = re.compile(
    rf"\s*(?:{_REPLY}|{_FORWARD})\.?\s*(?:\[\d+\]|\(\d+\)|\^\d+|\*\d+|\d{{1,3}})?\s*[:：]", re.IGNORECASE
)
# Marks that mail gateways add: "[EXTERNAL] ", "[SPAM?] "; and our own "[#1234] ".
_MARK = re.compile(
    r"\s*(?:\[\s*(?:ext(?:ernal)?|внешн\w*|spam\??|\*+spam\*+)\s*\]|\[?#\d+\]?)\s*:?", re.IGNORECASE
)
_TICKET_MARK = re.compile(r"\[#\d+\]")
_SPACE = re.compile(r"\s+")
_MOST_PREFIXES = 50


def plain_subject(subject: str) -> str:
    """Without prefixes and ticket marks, spaces single, case kept; "" where nothing else was there."""
    rest = _TICKET_MARK.sub(" ", subject)
    for _ in range(_MOST_PREFIXES):
        found = _PREFIX.match(rest) or _MARK.match(rest)
        if found is None or found.end() == 0:
            break
        rest = rest[found.end() :]
    return _SPACE.sub(" ", rest).strip()


def subject_key(subject: str) -> str:
    """For comparing: plain and without case."""
    return plain_subject(subject).casefold()
