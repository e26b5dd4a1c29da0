"""A block of header lines, taken as senders write them rather than as they should."""

from __future__ import annotations

import re

from otklik.desk.rules.mail.parsed import Defect
from otklik.desk.rules.mail.reader import Reader

HEADERS_LIMIT = 512 * 1024

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_FOLD = re.compile(rb"\r?\n[ \t]?")
_LISTS = frozenset({b"to", b"cc", b"references", b"in-reply-to", b"message-id"})


class Headers:
    """Values are bytes as sent, unfolded and stripped; names are matched without regard to case."""

    def __init__(self) -> None:
        self._fields: dict[str, list[bytes]] = {}

    def add(self, name: str, value: bytes) -> None:
        self._fields.setdefault(name.lower(), []).append(value)

    def all(self, name: str) -> list[bytes]:
        return self._fields.get(name, [])

    def first(self, name: str) -> bytes:
        return self._fields.get(name, [b""])[0]

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def __bool__(self) -> bool:
        return bool(self._fields)


def read_headers(reader: Reader, defects: set[Defect], *, is_root: bool = False) -> Headers:
    """Reads to the empty line that ends the block, or to where the body plainly begins without one."""
    block = _Block(defects)
    if is_root:
        _skip_envelope(reader)
    while line := reader.peek_line():
        if not reader.is_line_start:
            block.extend(line)
        elif line in (b"\n", b"\r\n"):
            reader.skip(line)
            break
        elif match := _FIELD.match(line):
            block.begin(match[1], line[match.end() :])
        elif line[0] in b" \t" or _is_broken_fold(line, reader.peek_after(line), block.name):
            block.extend(line)
        else:
            defects.add(Defect.BAD_HEADER if block.name else Defect.NO_HEADERS)
            break
        reader.skip(line)
    return block.done()


class _Block:
    def __init__(self, defects: set[Defect]) -> None:
        self._headers = Headers()
        self._defects = defects
        self._pieces: list[bytes] = []
        self._size = 0
        self._count = 0
        self.name = b""

    def begin(self, name: bytes, rest: bytes) -> None:
        self._finish()
        self.name, self._pieces = name, []
        self._count += 1
        self.extend(rest)

    def extend(self, line: bytes) -> None:
        self._size += len(line) + 50
        if self._size > HEADERS_LIMIT:
            self._defects.add(Defect.HEADERS_TOO_LONG)
        elif self.name:
            self._pieces.append(line)

    def done(self) -> Headers:
        self._finish()
        return self._headers

    def _finish(self) -> None:
        if self.name and self._size <= HEADERS_LIMIT:
            value = b"".join(self._pieces).strip()
            if b"\n" in value:
                value = _FOLD.sub(b" ", value)
            self._headers.add(self.name.decode("ascii"), value)


def _skip_envelope(reader: Reader) -> None:
    """What stands before the first header: blank lines, the "From " line of an mbox file."""
    while (line := reader.peek_line()) in (b"\n", b"\r\n"):
        reader.skip(line)
    if line.startswith((b"From ", b">From ")) and not _FIELD.match(line):
        reader.skip(line)


def _is_broken_fold(line: bytes, after: bytes, name: bytes) -> bool:
    """Whether a line that is no header belongs to the one above (its indent was lost), not to the body."""
    if not name or not after:
        return False
    if after in (b"\n", b"\r\n"):
        return name.lower() in _LISTS and len(line.split()) == 1 and any(sign in line for sign in b"<>@")
    return after[0] in b" \t" or _FIELD.match(after) is not None
