"""A mail as a stream: lines where structure is decided, whole blocks where it is not.

A block never ends inside a line, except where the line alone is longer than a block; so a boundary is always
seen whole.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import BinaryIO, NamedTuple

BLOCK = 64 * 1024


class Hit(NamedTuple):
    level: int
    is_last: bool


class Reader:
    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._block = b""
        self._is_first = True
        self._at = 0
        self._is_line_start = True
        self._boundaries: list[bytes] = []
        self._levels: dict[bytes, int] = {}
        self.hit: Hit | None = None
        """The boundary line the reader stands at, until `pass_boundary`."""

    @property
    def is_line_start(self) -> bool:
        return self._is_line_start

    def push(self, boundary: bytes) -> int:
        self._boundaries.append(boundary)
        self._levels = {name: level for level, name in enumerate(self._boundaries)}
        return len(self._boundaries) - 1

    def pop(self) -> None:
        self._boundaries.pop()
        self._levels = {name: level for level, name in enumerate(self._boundaries)}
        if self.hit is not None and self.hit.level >= len(self._boundaries):
            self.hit = None

    def replace(self, level: int, boundary: bytes) -> None:
        self._boundaries[level] = boundary
        self._levels = {name: level for level, name in enumerate(self._boundaries)}

    def ignore_boundaries(self) -> None:
        """What is left is one piece, to the end of the mail."""
        self._levels = {}
        self.hit = None

    def peek_line(self) -> bytes:
        """The line ahead without passing it, at most `BLOCK` of it; b"" at the end of the mail and before
        a boundary, which is then in `hit`.
        """
        if self.hit is not None or not self._fill():
            return b""
        end = self._block.find(b"\n", self._at) + 1 or len(self._block)
        line = self._block[self._at : end]
        if self._is_line_start and line.startswith(b"--") and self._found(line):
            return b""
        return line

    def peek_after(self, line: bytes) -> bytes:
        """The line after the one ahead, as far as it is at hand."""
        return self._line_at(self._at + len(line))

    def skip(self, line: bytes) -> None:
        """Passes what `peek_line` returned."""
        self._at += len(line)
        self._is_line_start = line.endswith(b"\n")

    def next_run(self) -> bytes:
        """As much as is at hand of what comes before the next boundary or the end of the mail; b"" there."""
        if self.hit is not None or not self._fill():
            return b""
        block, start = self._block, self._at
        if self._levels:
            if self._is_line_start and block.startswith(b"--", start) and self._found(self._line_at(start)):
                return b""
            dashes = block.find(b"\n--", start)
            while dashes >= 0:
                if self._found(self._line_at(dashes + 1)):
                    self._at = dashes + 1
                    self._is_line_start = True
                    return block[start : dashes + 1]
                dashes = block.find(b"\n--", dashes + 1)
        self._at = len(block)
        self._is_line_start = block.endswith(b"\n")
        return block[start:] if start else block

    def pass_boundary(self) -> None:
        line = self._line_at(self._at)
        self.hit = None
        self.skip(line)

    def _line_at(self, start: int) -> bytes:
        return self._block[start : self._block.find(b"\n", start) + 1 or len(self._block)]

    def _found(self, line: bytes) -> bool:
        """Sets `hit`. Only the whole line counts: one boundary may begin with another."""
        if len(line) > 1_000:
            return False
        name = line[2:].rstrip()
        level = self._levels.get(name)
        if level is not None:
            self.hit = Hit(level, False)
            return True
        for ending in (b"--", b"-"):  # a single dash at the end is a known fault of senders
            if name.endswith(ending):
                level = self._levels.get(name[: -len(ending)].rstrip())
                if level is not None:
                    self.hit = Hit(level, True)
                    return True
        return False

    def _fill(self) -> bool:
        if self._at < len(self._block):
            return True
        block = self._source.read(BLOCK)
        if self._is_first:
            block, self._is_first = block.removeprefix(BOM_UTF8), False
        while block and not block.endswith(b"\n") and len(block) < 2 * BLOCK:
            rest = self._source.readline(BLOCK)
            if not rest:
                break
            block += rest
        self._block, self._at = block, 0
        return bool(block)
