"""winmail.dat: what Outlook wraps its attachments in. Format: [MS-OXTNEF], properties: [MS-OXPROPS].

Read here rather than by a library because every count in the file is its sender's to choose: a loop of four
thousand million empty properties must not stop the mail behind it.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from otklik.desk.rules.mail.charsets import decode_text
from otklik.desk.rules.mail.parsed import MailAttachment
from otklik.desk.rules.mail.sinks import AttachmentSink
from otklik.desk.rules.mail.words import safe_filename

TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
TNEF_LIMIT = 4 * 1024 * 1024
"""Bytes; a larger one is kept as the file it is."""

_SIGNATURE = 0x223E9F78
_ATTRIBUTES_LIMIT = 5_000
_ATTACHMENTS_LIMIT = 500
_PROPERTIES_LIMIT = 5_000

_BODY, _ATTACH_DATA, _ATTACH_TITLE, _ATTACH_BEGIN = 0x800C, 0x800F, 0x8010, 0x9002
_MESSAGE_PROPERTIES, _ATTACH_PROPERTIES, _CODE_PAGE = 0x9003, 0x9005, 0x9007

_PLAIN_BODY, _HTML_BODY = 0x1000, 0x1013
_DATA, _SHORT_NAME, _LONG_NAME, _MIME_TYPE, _CONTENT_ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712

_FIXED = {
    0x01: 4,
    0x02: 4,
    0x03: 4,
    0x04: 4,
    0x05: 8,
    0x06: 8,
    0x07: 8,
    0x0A: 4,
    0x0B: 4,
    0x14: 8,
    0x40: 8,
    0x48: 16,
}
_STRING, _WIDE_STRING, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_INTERFACE = 16  # an object's data begins with the id of its interface


class BadTnef(Exception):
    """The file contradicts itself."""


@dataclass(slots=True)
class Unpacked:
    texts: list[tuple[str, bytes]] = field(default_factory=list)
    """("plain" or "html", UTF-8)."""
    attachments: list[MailAttachment] = field(default_factory=list)


@dataclass(slots=True)
class _Attached:
    name: str = ""
    content_type: str = "application/octet-stream"
    content_id: str = ""
    data: bytes = b""


def unpack(data: bytes, sink: AttachmentSink) -> Unpacked | None:
    """None where there is nothing to unpack or it cannot be: the file itself is then worth keeping."""
    try:
        texts, attached = _read(data)
    except (BadTnef, struct.error, UnicodeError):
        return None
    unpacked = Unpacked(texts)
    for number, one in enumerate(attached, 1):
        if one.data:
            unpacked.attachments.append(_store(one, f"file-{number}.bin", sink))
    return unpacked if unpacked.texts or unpacked.attachments else None


def _store(one: _Attached, fallback: str, sink: AttachmentSink) -> MailAttachment:
    name = safe_filename(one.name, fallback)
    sha256 = hashlib.sha256(one.data).hexdigest()
    writer = sink.open(name, one.content_type)
    try:
        writer.write(one.data)
    except BaseException:
        writer.discard()
        raise
    key = writer.close(sha256)
    is_inline = bool(one.content_id) and one.content_type.startswith("image/")
    return MailAttachment(name, one.content_type, len(one.data), sha256, one.content_id, is_inline, key)


def _read(data: bytes) -> tuple[list[tuple[str, bytes]], list[_Attached]]:
    charset = "cp1252"
    texts: dict[str, bytes] = {}
    attached: list[_Attached] = []
    for name, value in _attributes(data):
        if name == _CODE_PAGE and len(value) >= 4:
            charset = f"cp{struct.unpack_from('<I', value)[0]}"
        elif name == _BODY:
            texts.setdefault("plain", _utf8(value.rstrip(b"\x00"), charset))
        elif name == _MESSAGE_PROPERTIES:
            for key, kind, content in _properties(value):
                if key in (_PLAIN_BODY, _HTML_BODY):
                    texts.setdefault(
                        "html" if key == _HTML_BODY else "plain", _text(kind, content, charset).encode()
                    )
        elif name == _ATTACH_BEGIN:
            attached.append(_Attached())
            if len(attached) > _ATTACHMENTS_LIMIT:
                raise BadTnef
        elif attached:
            _describe(attached[-1], name, value, charset)
    return [(kind, text) for kind, text in texts.items() if text.strip()], attached


def _describe(one: _Attached, name: int, value: bytes, charset: str) -> None:
    if name == _ATTACH_TITLE:
        one.name = one.name or decode_text(value.rstrip(b"\x00"), charset).text
    elif name == _ATTACH_DATA:
        one.data = value
    elif name == _ATTACH_PROPERTIES:
        for key, kind, content in _properties(value):
            if key == _LONG_NAME or (key == _SHORT_NAME and not one.name):
                one.name = _text(kind, content, charset)
            elif key == _MIME_TYPE:
                one.content_type = _text(kind, content, charset).strip().lower()[:100] or one.content_type
            elif key == _CONTENT_ID:
                one.content_id = _text(kind, content, charset).strip("<> ")[:500]
            elif key == _DATA and not one.data:
                one.data = content[_INTERFACE:] if kind == _OBJECT else content


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        raise BadTnef
    at = 6
    for _ in range(_ATTRIBUTES_LIMIT):
        if at + 9 > len(data):
            if data[at:].strip(b"\x00"):
                raise BadTnef
            return
        name, _, size = struct.unpack_from("<HHI", data, at + 1)
        if at + 9 + size > len(data):
            raise BadTnef  # cut off: half an attachment is worth less than the whole file
        yield name, data[at + 9 : at + 9 + size]
        at += 9 + size + 2
    raise BadTnef


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Id, type and first value of each property."""
    count, at = struct.unpack_from("<I", data)[0], 4
    for _ in range(min(count, _PROPERTIES_LIMIT)):
        kind, key = struct.unpack_from("<HH", data, at)
        at += 4
        if key >= 0x8000:
            at = _past_name(data, at)
        is_multiple, kind = bool(kind & 0x1000), kind & ~0x1000
        values = 1
        if is_multiple or kind not in _FIXED:
            values = struct.unpack_from("<I", data, at)[0]
            at += 4
        first = b""
        for number in range(values):
            content, at = _value(data, at, kind)
            first = first if number else content
        yield key, kind, first


def _past_name(data: bytes, at: int) -> int:
    kind, length = struct.unpack_from("<II", data, at + 16)
    return at + 24 + (_padded(length) if kind else 0)


def _value(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    """Every value moves on by four bytes at least, so that a wrong count ends with the data."""
    if kind in _FIXED:
        size = _FIXED[kind]
    elif kind in (_STRING, _WIDE_STRING, _OBJECT, _BINARY):
        size = struct.unpack_from("<I", data, at)[0]
        at += 4
    else:
        raise BadTnef
    if at + size > len(data):
        raise BadTnef
    return data[at : at + size], at + _padded(size)


def _padded(size: int) -> int:
    return (size + 3) & ~3


def _text(kind: int, content: bytes, charset: str) -> str:
    if kind == _WIDE_STRING:
        return decode_text(content, "utf-16-le").text.rstrip("\x00")
    return decode_text(content.rstrip(b"\x00"), charset).text


def _utf8(value: bytes, charset: str) -> bytes:
    return decode_text(value, charset).text.encode()
