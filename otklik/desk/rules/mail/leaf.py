"""One part that holds content: decoded as it streams by, kept as text or handed to the sink."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from otklik.desk.rules.mail.parsed import Defect, MailAttachment
from otklik.desk.rules.mail.reader import Reader
from otklik.desk.rules.mail.sinks import AttachmentSink, AttachmentWriter
from otklik.desk.rules.mail.transfer import Decoder

PREVIEW = 64 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """What a part says about itself as a file."""

    filename: str
    content_type: str
    content_id: str
    is_inline: bool


class Store:
    """Content on its way into the sink."""

    def __init__(self, sink: AttachmentSink, file: File) -> None:
        self._file = file
        self._writer: AttachmentWriter = sink.open(file.filename, file.content_type)
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> None:
        self._writer.write(data)
        self._hash.update(data)
        self._size += len(data)

    def close(self) -> MailAttachment:
        file, sha256 = self._file, self._hash.hexdigest()
        key = self._writer.close(sha256)
        return MailAttachment(
            file.filename, file.content_type, self._size, sha256, file.content_id, file.is_inline, key
        )

    def discard(self) -> None:
        self._writer.discard()


class Pieces:
    """The decoded content of the part ahead, piece by piece.

    The line end before a boundary belongs to the boundary, so every piece's last one waits for the next.
    """

    def __init__(self, reader: Reader, decoder: Decoder, defects: set[Defect]) -> None:
        self._reader = reader
        self._defects = defects
        self._decoder = decoder
        self._held = b""
        self._is_done = False

    def next(self) -> bytes:
        """b"" at the end, and never before it."""
        while run := self._reader.next_run():
            data = self._held + run if self._held else run
            ending = 2 if data.endswith(b"\r\n") else 1 if data.endswith(b"\n") else 0
            self._held = data[len(data) - ending :] if ending else b""
            if decoded := self._decoder.feed(data[: len(data) - ending] if ending else data):
                return decoded
        if self._is_done:
            return b""
        self._is_done = True
        left = self._held if self._reader.hit is None else b""
        last = self._decoder.feed(left) + self._decoder.finish()
        if self._decoder.damaged:
            self._defects.add(Defect.BAD_ENCODING)
        return last


def collect(pieces: Pieces, limit: int) -> tuple[bytes, bool]:
    """Content up to about `limit` bytes, and whether that is all of it."""
    kept, size = [], 0
    while data := pieces.next():
        kept.append(data)
        size += len(data)
        if size > limit:
            return b"".join(kept), False
    return b"".join(kept), True


def store(pieces: Pieces, begun: bytes, sink: AttachmentSink, file: File) -> tuple[MailAttachment, bytes]:
    """Everything into the sink, `begun` first; also returns the first `PREVIEW` bytes."""
    out = Store(sink, file)
    preview = begun[:PREVIEW]
    try:
        if begun:
            out.write(begun)
        while data := pieces.next():
            out.write(data)
            if len(preview) < PREVIEW:
                preview += data[: PREVIEW - len(preview)]
    except BaseException:
        out.discard()
        raise
    return out.close(), preview
