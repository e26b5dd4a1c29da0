"""Looks through a workbook before it is opened: is it one, and is it an honest one?

A ZIP file of some kilobytes can unpack to terabytes. Sizes in its directory are what Python's zipfile will
give out at most, so they can be trusted as upper bounds; entries that share bytes, and XML that would make
the parser hold much in memory at once (one endless cell, one endless row, entity definitions), are found by
reading each part once in chunks.
"""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO

from otklik.kit.tabular.errors import BrokenWorkbook, EncryptedWorkbook, NotATable, SuspiciousWorkbook
from otklik.kit.tabular.table import Limits

_CHUNK = 1 << 18
_HARMLESS = 1 << 20  # parts below this size are not worth a ratio
_LONGEST_CELL = 1 << 20
_CELLS_IN_ROW = 40_000  # a spreadsheet row ends at 16,384


def guard(stream: BinaryIO, limits: Limits) -> frozenset[str]:
    """Names of the sheet parts that contain formulas. The stream is left at its start.

    Raises `NotATable`, `BrokenWorkbook`, `EncryptedWorkbook` or `SuspiciousWorkbook`.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = archive.infolist()
            _check_sizes(infos, limits)
            _check_kind({info.filename for info in infos})
            formulas = frozenset(
                info.filename
                for info in infos
                if info.filename.endswith((".xml", ".rels")) and _scan(archive, info, limits)
            )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise BrokenWorkbook from error
    except RuntimeError as error:  # zipfile's way to say that a part needs a password
        raise EncryptedWorkbook from error
    stream.seek(0)
    return formulas


def _check_sizes(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(infos) > limits.members:
        raise SuspiciousWorkbook(fact=f"{len(infos)} > {limits.members}")
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise SuspiciousWorkbook(fact=f"{info.filename}: overlap")
        end = info.header_offset + info.compress_size
        if info.file_size > _HARMLESS and info.file_size > limits.ratio * max(info.compress_size, 1):
            raise SuspiciousWorkbook(
                fact=f"{info.filename}: 1 : {info.file_size // max(info.compress_size, 1)}"
            )
        if info.filename.endswith("sharedStrings.xml") and info.file_size > limits.shared_strings:
            raise SuspiciousWorkbook(fact=f"{info.filename}: {info.file_size >> 20} MB")
    total = sum(info.file_size for info in infos)
    if total > limits.unpacked:
        raise SuspiciousWorkbook(fact=f"{total >> 20} MB")


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise NotATable(kind="document")
    if "content.xml" in names:
        raise NotATable(kind="opendocument")
    raise NotATable(kind="binary" if "xl/workbook.bin" in names else "zip")


def _scan(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bool:
    """Whether this part holds formulas. Raises `SuspiciousWorkbook` where parsing would take much memory."""
    has_formulas, since_tag, cells_in_row, tail = False, 0, 0, b""
    with archive.open(info) as part:
        while chunk := part.read(_CHUNK):
            seen = tail + chunk
            tail = chunk[-10:]
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                raise SuspiciousWorkbook(fact=f"{info.filename}: DOCTYPE")
            has_formulas = has_formulas or b"<f>" in seen or b"<f " in seen or b"<f/" in seen
            first = chunk.find(b"<")
            since_tag = since_tag + len(chunk) if first < 0 else len(chunk) - chunk.rfind(b"<")
            if since_tag > _LONGEST_CELL:
                raise SuspiciousWorkbook(fact=f"{info.filename}: {since_tag >> 20} MB")
            rows = [row.count(b"<c") for row in chunk.split(b"<row")]
            rows[0] += cells_in_row
            cells_in_row = rows[-1]
            if max(rows) > _CELLS_IN_ROW and "/worksheets/" in info.filename:
                raise SuspiciousWorkbook(fact=f"{info.filename}: {max(rows)} > {_CELLS_IN_ROW}")
    return has_formulas
