"""What a picture is, by its first bytes: its name and what the browser calls it say nothing."""

from __future__ import annotations

import struct
from dataclasses import dataclass

# By the type: the ending of its file.
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_STARTS_OF_FRAME = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})


class NoPicture(ValueError):
    """Neither PNG nor JPEG nor WebP. SVG is none of them: it holds scripts."""


@dataclass(frozen=True, slots=True)
class Picture:
    type: str
    width: int
    height: int


def picture_of(data: bytes) -> Picture:
    """Raises NoPicture."""
    try:
        for read in (_png, _jpeg, _webp):
            found = read(data)
            if found is not None and found.width > 0 and found.height > 0:
                return found
    except (struct.error, IndexError) as error:
        raise NoPicture("cut off") from error
    raise NoPicture("unknown")


def _png(data: bytes) -> Picture | None:
    """Portable Network Graphics (W3C, 3rd edition), 5.2 and 11.2.1."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n") or data[12:16] != b"IHDR":
        return None
    return Picture("image/png", *struct.unpack(">II", data[16:24]))


def _jpeg(data: bytes) -> Picture | None:
    """ITU-T T.81, B.2.2: segments up to the start of a frame, which holds the size."""
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    place = 2
    while place < len(data):
        if data[place] != 0xFF:
            return None
        mark = data[place + 1]
        if mark == 0xFF:
            place += 1
            continue
        (length,) = struct.unpack(">H", data[place + 2 : place + 4])
        if mark in _STARTS_OF_FRAME:
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return Picture("image/jpeg", width, height)
        if length < 2:
            return None
        place += 2 + length
    return None


def _webp(data: bytes) -> Picture | None:
    """RFC 9649, 2.5 to 2.7."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    kind, body = data[12:16], data[20:]
    if kind == b"VP8X":
        wide, high = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7))
        return Picture("image/webp", wide, high) if len(body) >= 10 else None
    if kind == b"VP8L" and body[:1] == b"\x2f":
        (bits,) = struct.unpack("<I", body[1:5])
        return Picture("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", body[6:10])
        return Picture("image/webp", width & 0x3FFF, height & 0x3FFF)
    return None
