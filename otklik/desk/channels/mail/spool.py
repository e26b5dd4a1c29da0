"""A mail on its way in: kept in memory while small, on disk beyond, hashed as it passes."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from otklik.desk.channels.mail.protocol import Cursor, FetchedMail

IN_MEMORY = 1024 * 1024
# Headers are kept in memory to be looked at; what is longer is not a header block anybody needs whole.
LONGEST_HEAD = 256 * 1024
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
# The same in every copy of a mail, while trace headers tell which way each of them came.
_IDENTITY = ("Message-ID", "Date", "From", "Subject")
_RECIPIENT = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


class Spool:
    """``write`` what arrives, then ``finish`` once, or ``close`` to throw it away."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by whoever gets it
        self._whole = hashlib.sha256()
        self._body = hashlib.sha256()
        self._head = b""
        self._in_body = False
        self.size = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._whole.update(data)
        self.size += len(data)
        if self._in_body:
            self._body.update(data)
            return
        self._head += data
        end = _END_OF_HEAD.search(self._head, 0, LONGEST_HEAD)  # the same however the mail is cut in pieces
        if end or len(self._head) > LONGEST_HEAD:
            cut = end.end() if end else LONGEST_HEAD
            self._body.update(self._head[cut:])
            self._head = self._head[:cut]
            self._in_body = True

    def finish(
        self,
        *,
        key: str = "",
        envelope: tuple[str | None, tuple[str, ...]] | None = None,
        received_at: datetime | None,
        cursor: Cursor | None = None,
    ) -> FetchedMail:
        """An empty key becomes one of the content and the recipients; an unknown envelope is looked for in
        the headers a delivering server leaves."""
        headers = BytesHeaderParser(policy=compat32).parsebytes(self._head)
        said = [str(headers.get(name) or "").strip() for name in _IDENTITY]
        sender, recipients = envelope or _envelope_in(headers)
        content = self._whole.hexdigest()
        fingerprint = content
        if said[0]:
            identity = "\0".join(said).encode("utf-8", "surrogateescape")
            fingerprint = hashlib.sha256(identity + b"\0" + self._body.digest()).hexdigest()
        if not key:
            to = "\0".join(sorted(recipients)).encode("utf-8", "surrogateescape")
            key = hashlib.sha256(content.encode() + b"\0" + to).hexdigest()
        self._file.seek(0)
        return FetchedMail(
            key=key,
            sha256=content,
            fingerprint=fingerprint,
            envelope_from=sender,
            envelope_to=recipients,
            content=cast(BinaryIO, self._file),
            size=self.size,
            received_at=received_at,
            cursor=cursor or Cursor(),
        )

    def close(self) -> None:
        self._file.close()


def _envelope_in(headers: object) -> tuple[str | None, tuple[str, ...]]:
    # Only the topmost of each was written by the server that delivered; the rest came with the mail.
    get = headers.get  # type: ignore[attr-defined]
    path = get("Return-Path")
    sender = None if path is None else str(path).strip().strip("<>").strip()
    recipients = (str(get(name) or "").strip().strip("<>") for name in _RECIPIENT)
    return sender, tuple(dict.fromkeys(address for address in recipients if "@" in address))
