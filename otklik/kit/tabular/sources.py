"""Where a table comes from: a path, a stream, or `-` for standard input; and what kind of file it is."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from otklik.kit.tabular.encodings import marked
from otklik.kit.tabular.errors import (
    CannotOpen,
    EmptyFile,
    EncryptedWorkbook,
    NotATable,
    OldExcel,
    SuspiciousWorkbook,
)

Source = str | Path | BinaryIO

CHUNK = 1 << 16

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "document"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"SQLite format 3", "database"),
    (b"PAR1", "parquet"),
)


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """A readable binary stream. Streams given by the caller stay open."""
    if source == "-":
        if sys.stdin is None:  # started with standard input closed
            raise CannotOpen(reason="Standard input is closed")
        yield sys.stdin.buffer
    elif isinstance(source, str | Path):
        try:
            stream = Path(source).open("rb")  # noqa: SIM115  # closed by the `with` below
        except OSError as error:
            raise CannotOpen(reason=error.strerror or str(error)) from error
        with stream:
            yield stream
    else:
        yield source


def chunks(head: bytes, rest: BinaryIO) -> Iterator[bytes]:
    """The stream from its start, when `head` was read already (standard input cannot go back)."""
    if head:
        yield head
    while chunk := rest.read(CHUNK):
        yield chunk


@contextmanager
def seekable(head: bytes, rest: BinaryIO, limit: int) -> Iterator[BinaryIO]:
    """The same bytes as a stream that can seek: itself, or a copy on disk of at most `limit` bytes."""
    if rest.seekable():
        rest.seek(-len(head), io.SEEK_CUR)
        yield rest
        return
    with tempfile.SpooledTemporaryFile(max_size=8 << 20) as copy:
        size = copy.write(head)
        while chunk := rest.read(CHUNK):
            size += copy.write(chunk)
            if size > limit:
                raise SuspiciousWorkbook(fact=f"{limit >> 20} MB")
        copy.seek(0)
        yield copy  # type: ignore[misc]  # a SpooledTemporaryFile is a BinaryIO in all but name


def kind_of(head: bytes, rest: BinaryIO) -> str:
    """ "csv" or "zip", or the error that says what was given instead."""
    if not head:
        raise EmptyFile
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(_OLE):
        raise EncryptedWorkbook if _is_encrypted(head, rest) else OldExcel
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            raise NotATable(kind=kind)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")) or b"<html" in start:
        raise NotATable(kind="html")
    if start.startswith(b"<?xml"):
        raise NotATable(kind="xml")
    if start.startswith((b'{"', b"[{", b"{\n", b"{\r\n", b"{ ")):
        raise NotATable(kind="json")
    if marked(head) is None and _is_binary(head):
        raise NotATable(kind="binary")
    return "csv"


def _is_encrypted(head: bytes, rest: BinaryIO) -> bool:
    """An encrypted workbook wears the old format as its coat; the directory of that format names the parcel
    inside.
    """
    name = "EncryptedPackage".encode("utf-16-le")
    before = b""
    for chunk in islice(chunks(head, rest), (64 << 20) // CHUNK):
        if name in before[-len(name) :] + chunk:
            return True
        before = chunk
    return False


def _is_binary(head: bytes) -> bool:
    controls = sum(byte < 32 and byte not in b"\t\n\r\x0b\x0c\x1a\x1c\x1d\x1e\x1f\x00" for byte in head)
    return controls > len(head) * 0.05
