"""winmail.dat: unpacked, or kept as the file it is."""

from __future__ import annotations

import base64
import struct

import pytest

from otklik.desk.rules.mail.message import MemorySink
from otklik.desk.tests.parsing.mails import multipart, read


def attribute(level: int, name: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def string(key: int, value: str) -> bytes:
    data = value.encode("utf-16-le") + b"\x00\x00"
    return struct.pack("<HHII", 0x1F, key, 1, len(data)) + data + b"\x00" * (-len(data) % 4)


def binary(key: int, data: bytes) -> bytes:
    return struct.pack("<HHII", 0x102, key, 1, len(data)) + data + b"\x00" * (-len(data) % 4)


def properties(*encoded: bytes) -> bytes:
    return struct.pack("<I", len(encoded)) + b"".join(encoded)


NAMED = struct.pack("<HH16sII", 0x03, 0x8001, b"g" * 16, 0, 7) + struct.pack("<I", 5)
MANY = struct.pack("<HHI", 0x1003, 0x6001, 3) + b"\x00" * 12
WINMAIL = (
    struct.pack("<IH", 0x223E9F78, 1)
    + attribute(1, 0x9007, 6, struct.pack("<II", 1251, 0))
    + attribute(1, 0x9003, 6, properties(NAMED, MANY, binary(0x1013, "<p>Привет</p>".encode("cp1251"))))
    + attribute(2, 0x9002, 6, b"\x00" * 14)
    + attribute(2, 0x8010, 1, b"DOGOVOR~1.PDF\x00")
    + attribute(2, 0x800F, 6, b"%PDF content")
    + attribute(2, 0x9005, 6, properties(string(0x3707, "Договор.pdf"), string(0x370E, "application/pdf")))
    + attribute(2, 0x9002, 6, b"\x00" * 14)
    + attribute(2, 0x8010, 1, "счёт.txt".encode("cp1251") + b"\x00")
    + attribute(2, 0x800F, 6, b"100")
)


def mail_with(data: bytes, kind: str = "application/ms-tnef") -> bytes:
    head = f'Content-Type: {kind}; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return multipart(head.encode() + base64.encodebytes(data))


@pytest.mark.parametrize(
    "kind", ["application/ms-tnef", "application/vnd.ms-tnef", "application/octet-stream"]
)
def test_case_33_winmail_is_unpacked(kind: str) -> None:
    sink = MemorySink()
    mail = read(mail_with(WINMAIL, kind), sink)

    assert [(one.filename, one.content_type, sink.contents[one.key]) for one in mail.attachments] == [
        ("Договор.pdf", "application/pdf", b"%PDF content"),
        ("счёт.txt", "application/octet-stream", b"100"),
    ]
    assert (mail.text, mail.html) == ("Привет", "<p>Привет</p>")


def test_case_33_another_reader_finds_the_same_files() -> None:
    peer = pytest.importorskip("tnefparse").TNEF(WINMAIL)

    assert [one.data for one in peer.attachments] == [b"%PDF content", b"100"]
    assert peer.attachments[0].long_filename().strip("\x00") == "Договор.pdf"


COUNT_OF_MANY = struct.pack("<I", 0xFFFFFFFF)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"not tnef",
        WINMAIL[:-8],
        WINMAIL[:100],
        struct.pack("<IH", 0x223E9F78, 1),
        struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x9003, 6, COUNT_OF_MANY),
        struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x9003, 6, COUNT_OF_MANY + MANY[:4] + COUNT_OF_MANY),
        struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0, 0, b"") * 20_000,
    ],
)
def test_case_33_what_cannot_be_unpacked_is_kept_as_it_is(broken: bytes) -> None:
    sink = MemorySink()
    mail = read(mail_with(broken), sink)

    assert [(one.filename, sink.contents[one.key]) for one in mail.attachments] == [("winmail.dat", broken)]
    assert "tnef_kept_as_file" in mail.defects
