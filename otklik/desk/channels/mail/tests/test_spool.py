"""What a mail is known by, however it came in."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.channels.mail.protocol import FetchedMail
from otklik.desk.channels.mail.spool import IN_MEMORY, LONGEST_HEAD, Spool

LETTER = b"Message-ID: <1@example.com>\r\nFrom: vera@example.com\r\nSubject: a\r\n\r\nbody\r\n\r\nmore\r\n"


def spooled(raw: bytes, *cuts: int) -> FetchedMail:
    spool = Spool()
    edges = [0, *sorted(cut % (len(raw) + 1) for cut in cuts), len(raw)]
    for start, end in pairwise(edges):
        spool.write(raw[start:end])
    mail = spool.finish(received_at=None)
    with mail.content as file:
        assert file.read() == raw
    return mail


@given(
    st.lists(st.integers(0, 500), max_size=8), st.sampled_from([LETTER, b"", b"\r\n", b"no headers", b"\n\n"])
)
def test_the_pieces_it_came_in_make_no_difference(cuts: list[int], raw: bytes) -> None:
    assert spooled(raw, *cuts) is not None
    assert spooled(raw, *cuts).fingerprint == spooled(raw).fingerprint
    assert spooled(raw, *cuts).key == spooled(raw).key


def test_endless_headers_are_cut_at_the_same_place_whatever_the_pieces() -> None:
    raw = b"Message-ID: <1@example.com>\r\nX: " + b"x" * LONGEST_HEAD + b"\r\n\r\nbody" * 9
    assert spooled(raw).fingerprint == spooled(raw, LONGEST_HEAD - 3, LONGEST_HEAD + 40).fingerprint


def test_case_25_trace_headers_of_another_way_do_not_make_another_mail() -> None:
    other_way = b"Delivered-To: sales@desk.example\r\nReceived: from elsewhere\r\n" + LETTER
    assert spooled(other_way).fingerprint == spooled(LETTER).fingerprint
    assert spooled(other_way).sha256 != spooled(LETTER).sha256


def test_the_same_message_id_with_other_content_is_another_mail() -> None:
    prints = {
        spooled(raw).fingerprint
        for raw in (
            LETTER,
            LETTER.replace(b"body", b"text"),
            LETTER.replace(b"Subject: a", b"Subject: b"),
            LETTER.replace(b"vera@", b"gleb@"),
        )
    }
    assert len(prints) == 4


def test_without_a_message_id_only_the_very_same_mail_is_the_same() -> None:
    first, second = (b"Received: one\r\n\r\nok", b"Received: two\r\n\r\nok")
    assert spooled(first).fingerprint == spooled(first).fingerprint
    assert spooled(first).fingerprint != spooled(second).fingerprint


def test_a_large_mail_lies_on_disk() -> None:
    spool = Spool()
    spool.write(LETTER)
    spool.write(b"x" * IN_MEMORY)
    mail = spool.finish(received_at=None)
    with mail.content as file:
        assert file._rolled  # type: ignore[attr-defined]
        assert file.read(len(LETTER)) == LETTER
