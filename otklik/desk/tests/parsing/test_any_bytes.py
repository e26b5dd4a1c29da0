"""Whatever arrives is taken: no bytes raise, and no size fills the memory."""

from __future__ import annotations

import base64
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otklik.desk.rules.mail.message import (
    Defect,
    MemorySink,
    ParsedMail,
    may_answer_automatically,
    parse_mail,
)
from otklik.desk.rules.mail.reader import BLOCK
from otklik.desk.tests.parsing.mails import letter, multipart, read
from otklik.desk.tests.parsing.test_tnef import WINMAIL, mail_with

COLLECTION = Path(__file__).resolve().parents[4].parent / "shared" / "data" / "mail"
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
SEEDS = [path.read_bytes() for path in sorted(COLLECTION.rglob("*.eml"))] or [letter()]
SEEDS += [mail_with(WINMAIL), multipart(PLAIN + "Привет".encode(), PLAIN + b"<b>")]
TOKENS = [
    b"\r\n",
    b"\n\n",
    b"--b1\r\n",
    b"--",
    b"=?utf-8?B?",
    b"?=",
    b"\x00",
    b"\xff\xfe",
    b"Content-Type: multipart/mixed; boundary=\r\n",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n\r\n",
    b"charset=",
    b"*0*=",
    b"<" * 50,
    b"(" * 50,
    b'"',
]


def check(mail: ParsedMail) -> None:
    """What the database and the pages rely on."""
    texts = [mail.subject, mail.text, mail.html, mail.message_id, mail.list_id, mail.own_mark]
    texts += [person.name + person.address for person in (*mail.to, *mail.cc, *mail.reply_to)]
    texts += [one.filename + one.content_type + one.content_id for one in mail.attachments]
    texts += [*mail.references, *mail.in_reply_to, *(one.diagnostic + one.recipient for one in mail.bounces)]
    for text in texts:
        assert "\x00" not in text
        text.encode("utf-8")
    assert set(mail.defects) <= set(Defect)
    assert all(0 < len(one.filename) <= 200 and "/" not in one.filename for one in mail.attachments)
    may_answer_automatically(mail)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(
        st.tuples(
            st.floats(0, 1), st.integers(0, 40), st.one_of(st.sampled_from(TOKENS), st.binary(max_size=8))
        ),
        min_size=1,
        max_size=8,
    ),
)
def test_no_mutation_of_a_mail_raises(seed: bytes, changes: list[tuple[float, int, bytes]]) -> None:
    raw = seed[:30_000]
    for where, cut, inserted in changes:
        at = int(where * len(raw))
        raw = raw[:at] + inserted + raw[at + cut :]

    check(read(raw))


@settings(max_examples=150, deadline=None)
@given(raw=st.binary(max_size=400))
def test_no_bytes_raise(raw: bytes) -> None:
    check(read(raw))
    check(read(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + raw))


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300), size=st.integers(1, 50))
def test_an_attachment_comes_out_as_it_went_in_however_it_is_cut(data: bytes, size: int) -> None:
    class Dripping(io.BytesIO):
        """A source that gives little at a time, as a pipe does."""

        def read(self, count: int | None = -1, /) -> bytes:
            return super().read(size)

        def readline(self, count: int | None = -1, /) -> bytes:
            return super().readline(size)

    head = b"Content-Type: application/x-y\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    sink = MemorySink()
    mail = read(multipart(head + base64.encodebytes(data)), sink)
    dripped = parse_mail(Dripping(multipart(head + base64.encodebytes(data))), MemorySink())

    assert sink.contents[mail.attachments[0].key] == data
    assert dripped == mail


def test_errors_of_the_store_come_through_and_what_was_written_is_given_up() -> None:
    class FullDisk:
        discarded = False

        def open(self, filename: str, content_type: str) -> FullDisk:
            return self

        def write(self, data: bytes, /) -> None:
            raise OSError(28, "No space left on device")

        def close(self, sha256: str) -> str:
            raise AssertionError

        def discard(self) -> None:
            self.discarded = True

    sink = FullDisk()
    with pytest.raises(OSError, match="No space left"):
        read(multipart(b"Content-Type: image/png\r\n\r\nx"), sink)
    assert sink.discarded


@pytest.mark.parametrize(
    "hostile",
    [
        letter("Subject: " + "=?a?q?" * 80_000),
        letter("Subject: " + "=?a?q?x?= " * 40_000),
        letter("To: " + "a@b.example, " * 30_000),
        letter("To: " + "(" * 400_000),
        letter("To: " + '"' * 400_001),
        letter("References: " + "<a@b> " * 60_000),
        letter("References: <x>\r\n" + "@" * 60_000 + " x", body=""),
        letter("Date: " + "(" * 100_000 + ")" * 100_000),
        letter("Content-Type: text/plain" + "; a" * 100_000),
        letter("Content-Type: text/plain" + ";a=" * 100_000),
        letter('Content-Type: multipart/mixed; boundary=""', body="--\r\n" * 100_000),
        multipart("Content-Disposition: attachment; filename=" + "a/" * 100_000 + "\r\n\r\nx"),
        letter("Subject: Returned mail", sender="mailer-daemon@x.example", body="-" * 100_000),
        letter(
            "Subject: Returned mail", sender="mailer-daemon@x.example", body="<a@" * 30_000 + "undelivered"
        ),
    ],
)
def test_headers_made_to_take_for_ever_do_not(hostile: bytes) -> None:
    """What is quadratic in any of these takes minutes here."""
    check(read(hostile))


class Big(io.RawIOBase):
    """A mail of any size that is never in memory."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        if not self._left:
            self._left = next(self._pieces, b"")
        taken = self._left[: len(buffer)]
        self._left = self._left[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


MEGABYTES = 100
LINES = (b"A" * 76 + b"\r\n") * 13_500  # a good megabyte
HEAD = letter('Content-Type: multipart/mixed; boundary="b1"', body=b"--b1\r\n")


def of_base64() -> Iterator[bytes]:
    yield (
        HEAD
        + PLAIN
        + b"Hello\r\n--b1\r\nContent-Type: video/mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    yield from (LINES for _ in range(MEGABYTES))
    yield b"\r\n--b1--\r\n"


def of_text() -> Iterator[bytes]:
    yield letter("Content-Type: text/plain; charset=utf-8")
    yield from (LINES for _ in range(MEGABYTES))


def of_html() -> Iterator[bytes]:
    yield letter("Content-Type: text/html; charset=utf-8")
    yield from ("<p>Привет</p>\n".encode() * 50_000 for _ in range(MEGABYTES))


def of_one_line() -> Iterator[bytes]:
    yield letter("Content-Type: text/plain", "Content-Transfer-Encoding: quoted-printable")
    yield from (b"=41" * 350_000 for _ in range(MEGABYTES))


def of_headers() -> Iterator[bytes]:
    yield b"From: vera@aurora.example\r\n"
    yield from (b"X-Long: " + b"x" * 1_000_000 + b"\r\n" for _ in range(MEGABYTES))


def of_small_parts() -> Iterator[bytes]:
    yield HEAD
    yield from (b"Content-Type: image/png\r\n\r\nx\r\n--b1\r\n" * 30_000 for _ in range(MEGABYTES))


def of_equals_signs() -> Iterator[bytes]:
    yield letter("Content-Type: image/png", "Content-Transfer-Encoding: base64", body="AAAA\r\n")
    yield from (b"A=" * 500_000 for _ in range(MEGABYTES))


@pytest.mark.slow
@pytest.mark.parametrize(
    "pieces", [of_base64, of_text, of_html, of_one_line, of_headers, of_small_parts, of_equals_signs]
)
def test_case_37_a_hundred_megabytes_take_no_more_memory_than_one(pieces: object) -> None:
    source = io.BufferedReader(Big(pieces()), BLOCK)  # type: ignore[operator]
    read(letter())  # what is loaded once is not counted
    tracemalloc.start()
    try:
        mail = parse_mail(source)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 40 * 1024 * 1024
    assert mail.sender is not None
    assert not source.read(1)


def test_case_37_three_megabytes_pass_in_pieces() -> None:
    """The same path as for a hundred, small enough for every run."""

    class Counting(MemorySink):
        largest = 0

        def open(self, filename: str, content_type: str):  # type: ignore[no-untyped-def]
            writer, outer = super().open(filename, content_type), self
            written = writer.write

            def write(data: bytes) -> object:
                outer.largest = max(outer.largest, len(data))
                return written(data)

            writer.write = write  # type: ignore[method-assign]
            return writer

    data = bytes(range(256)) * 4_096 * 3
    sink = Counting()
    head = b"Content-Type: video/mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    mail = read(multipart(head + base64.encodebytes(data)), sink)

    assert sink.contents[mail.attachments[0].key] == data
    assert sink.largest <= 2 * BLOCK
