"""Content-Transfer-Encoding undone piece by piece: nothing here holds more than a line."""

from __future__ import annotations

import binascii
import re
from typing import Protocol

_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)
_PADDING = re.compile(rb"=+")
_JOINED_PIECES = 100  # in one block; more padding than that is noise
_PLAUSIBLE_BASE64 = re.compile(rb"\s*[A-Za-z0-9+/=]*[ \t]*(?:\r?\n|$)")
_IDENTITY = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit", "8bits", "7bits", "plain"})


class Decoder(Protocol):
    damaged: bool

    def feed(self, data: bytes) -> bytes: ...

    def finish(self) -> bytes: ...


class Identity:
    damaged = False

    def feed(self, data: bytes) -> bytes:
        return data

    def finish(self) -> bytes:
        return b""


class Base64:
    def __init__(self) -> None:
        self.damaged = False
        self._rest = b""
        self._plain: bool | None = None

    def feed(self, data: bytes) -> bytes:
        if self._plain is None:
            if not data.strip():
                return b""
            # Text that merely claims to be base64 is common; decoded it would be lost.
            match = _PLAUSIBLE_BASE64.match(data)
            self._plain = match is None
            self.damaged = self._plain
        if self._plain:
            return data
        clean = self._rest + data.translate(None, _NOT_BASE64)
        # Some senders join several encoded pieces, each with its own padding.
        *padded, clean = _PADDING.split(clean)
        if len(padded) > _JOINED_PIECES:
            self.damaged, padded, clean = True, [], b"".join((*padded, clean))
        whole = len(clean) & ~3
        self._rest = clean[whole:]
        self.damaged |= any(len(piece) % 4 == 1 for piece in padded)
        return b"".join(map(_quads, padded)) + binascii.a2b_base64(clean[:whole])

    def finish(self) -> bytes:
        self.damaged |= bool(self._rest)
        return _quads(self._rest)


def _quads(clean: bytes) -> bytes:
    """Base64 digits without their padding; a single digit left over holds nothing and is dropped."""
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


class QuotedPrintable:
    damaged = False

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> bytes:
        data = self._rest + data
        # An escape (or a soft line end) cut in two by the end of this piece waits for the next one.
        cut = data.rfind(b"=", max(0, len(data) - 3))
        if cut >= 0 and not data.endswith(b"\n"):
            data, self._rest = data[:cut], data[cut:]
        else:
            self._rest = b""
        return binascii.a2b_qp(data)

    def finish(self) -> bytes:
        return binascii.a2b_qp(self._rest)


class Uuencode:
    def __init__(self) -> None:
        self.damaged = False
        self._rest = b""
        self._begun = False
        self._ended = False

    def feed(self, data: bytes) -> bytes:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > 1_000:  # no line of this encoding is that long
            self._rest, self.damaged = b"", True
        return b"".join(map(self._line, lines))

    def finish(self) -> bytes:
        self.damaged |= not self._begun
        return self._line(self._rest)

    def _line(self, line: bytes) -> bytes:
        line = line.rstrip(b"\r")
        if not self._begun:
            self._begun = line.startswith(b"begin ")
            return b""
        if self._ended or not line:
            return b""
        if line == b"end":
            self._ended = True
            return b""
        try:
            return binascii.a2b_uu(line)
        except binascii.Error:
            # Writers differ in what they pad a line with: only the declared length counts.
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                return binascii.a2b_uu(line[:length])
            except binascii.Error:
                self.damaged = True
                return b""


def decoder_of(encoding: str) -> tuple[Decoder, bool]:
    """A fresh decoder, and whether the encoding was known by name. The unknown is taken as it stands."""
    name = re.sub(r"[\s;\"']|\(.*?\)", "", encoding.lower())
    if name == "base64":
        return Base64(), True
    if name in ("quoted-printable", "quotedprintable"):
        return QuotedPrintable(), name == "quoted-printable"
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return Uuencode(), True
    return Identity(), name in _IDENTITY


def decode_base64(data: bytes) -> bytes:
    """A short piece at once, whatever is wrong with it."""
    *padded, last = _PADDING.split(data.translate(None, _NOT_BASE64))
    return b"".join(map(_quads, (*padded, last)))
