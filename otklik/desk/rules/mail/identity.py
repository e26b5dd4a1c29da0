"""Who and what a header names: addresses, message ids, times."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_tz

from otklik.desk.rules.mail.parsed import Defect, MailPerson
from otklik.desk.rules.mail.words import decode_words

ADDRESS_LIMIT = 320
NAME_LIMIT = 300
DATE_LIMIT = 200
ID_LIMIT = 500
IDS_KEPT = 1_000
PEOPLE_KEPT = 2_000

_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"?|(\()|<([^>]*)>?|([,;:])|([^\s"(<,;:)]+)|\s+|\)', re.DOTALL)
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_UNUSABLE = re.compile(r"[\s\x00-\x1f\x7f<>(),;:\"\[\]\\]")
_TURNING = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")  # hides how a name is spelt
_ANGLE = re.compile(r"<([^<>]*)>")
_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")


def parse_people(values: Iterable[bytes], hint: str, defects: set[Defect]) -> tuple[MailPerson, ...]:
    """Everybody in address headers, in order, each address once. Groups are opened."""
    people: dict[tuple[str, str], MailPerson] = {}
    for value in values:
        for person in _List(hint, defects).read(value):
            people.setdefault((person.address.lower(), "" if person.address else person.name), person)
            if len(people) >= PEOPLE_KEPT:
                return tuple(people.values())
    return tuple(people.values())


class _List:
    """One header's worth of addresses."""

    def __init__(self, hint: str, defects: set[Defect]) -> None:
        self._hint = hint
        self._defects = defects
        self._found: list[MailPerson] = []
        self._clear()

    def _clear(self) -> None:
        self._words: list[bytes] = []
        self._angle: bytes | None = None
        self._comment = b""

    def read(self, value: bytes) -> list[MailPerson]:
        at = 0
        while (match := _TOKEN.match(value, at)) and len(self._found) < PEOPLE_KEPT:
            at = match.end()
            quoted, opening, angle, mark, word = match.groups()
            if opening:
                end = _comment_end(value, at)
                self._comment, at = value[at : end - 1], end
            elif quoted is not None:
                self._words.append(_ESCAPE.sub(rb"\1", quoted))
            elif angle is not None:
                self._take_angle(angle)
            elif mark == b":":
                self._clear()  # what stood before was a group's name
            elif mark:
                self._flush()
            elif word:
                self._words.append(word)
        self._flush()
        return self._found

    def _take_angle(self, angle: bytes) -> None:
        if self._angle is not None:  # two people with no comma between them
            self._flush()
        self._angle = angle

    def _flush(self) -> None:
        words, angle, comment = self._words, self._angle, self._comment
        self._clear()
        if angle is not None:
            self._add(b" ".join(words) or comment, angle)
            return
        with_at = [word for word in words if b"@" in word]
        if not with_at or any(word.strip() == b"@" for word in with_at):
            if words:
                self._add(comment, b"".join(words)) if with_at else self._add(b" ".join(words), b"")
        elif len(with_at) == 1 and words[-1] is with_at[0]:
            self._add(b" ".join(words[:-1]) or comment, words[-1])
        elif len(with_at) == len(words):  # commas forgotten
            for word in words:
                self._add(b"", word)
        else:
            self._add(comment, b"".join(words))

    def _add(self, name: bytes, address: bytes) -> None:
        usable = _address(address.decode("utf-8", "replace"))
        shown = _TURNING.sub("", decode_words(name, self._hint))[:NAME_LIMIT].strip().strip("'").strip()
        if not usable:
            self._defects.add(Defect.BAD_ADDRESS)
        if usable or shown:
            self._found.append(MailPerson("" if shown == usable else shown, usable))


def _comment_end(value: bytes, at: int) -> int:
    depth = 1
    while at < len(value) and depth:
        sign = value[at : at + 1]
        depth += (sign == b"(") - (sign == b")")
        at += 2 if sign == b"\\" else 1
    return at if not depth else at + 1


def _address(text: str) -> str:
    """An address mail can be sent to, or "". The domain in lower case: it alone is known not to matter."""
    if len(text) > 4 * ADDRESS_LIMIT:
        return ""
    text = _without_comments(text)
    text = "".join(text.split()).removeprefix("mailto:").strip("'.,")
    if text.startswith("@") and ":" in text:
        text = text.partition(":")[2]  # a route, as in 1982
    local, at, domain = text.rpartition("@")
    quoted = len(local) > 1 and local.startswith('"') and local.endswith('"')
    if not at or not local or not domain or len(text) > ADDRESS_LIMIT or "\ufffd" in text:
        return ""
    if (not quoted and ("@" in local or _UNUSABLE.search(local))) or _UNUSABLE.search(domain.strip("[]")):
        return ""
    return f"{local}@{domain.lower()}"


def _without_comments(text: str) -> str:
    while (bare := _COMMENT.sub("", text)) != text:  # comments may nest
        text = bare
    return text


def parse_address(value: bytes) -> str:
    """The one address of an envelope header such as Return-Path; "" for <> and for what is no address."""
    people = _List("", set()).read(value)
    return people[0].address if people else ""


def parse_ids(values: Iterable[bytes], defects: set[Defect]) -> tuple[str, ...]:
    """Message ids without brackets and white space, in order, each once. A bad one hides no other."""
    ids: dict[str, None] = {}
    for value in values:
        text = value.decode("utf-8", "replace").replace("\x00", "")
        found = _ANGLE.findall(text) or [word.strip("<>,;") for word in text.split() if "@" in word]
        for raw in found:
            identifier = "".join(_COMMENT.sub("", raw).split())
            if 0 < len(identifier) <= ID_LIMIT:
                ids[identifier] = None
            else:
                defects.add(Defect.BAD_REFERENCE)
    return tuple(ids)[-IDS_KEPT:]


def parse_message_id(value: bytes) -> str:
    """Also taken without brackets or "@": what counts is that it comes back in References."""
    found = parse_ids([value], set())
    if found:
        return found[0]
    text = "".join(value.decode("utf-8", "replace").replace("\x00", "").split()).strip("<>")
    return text if len(text) <= ID_LIMIT else ""


def parse_date(value: bytes) -> datetime | None:
    """In UTC; a time without a zone is taken as UTC. None for what is no time at all."""
    text = _without_comments(value[:DATE_LIMIT].decode("ascii", "replace"))
    text = re.sub(r"\s*:\s*", ":", text)
    try:
        parts = parsedate_tz(text)
        if parts is None:
            return None
        seconds = parts[9] or 0
        moment = datetime(*parts[:6], tzinfo=UTC).timestamp() - seconds
        return datetime.fromtimestamp(moment, UTC)
    except (ValueError, TypeError, OverflowError, OSError, IndexError):
        return None
