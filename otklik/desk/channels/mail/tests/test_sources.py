"""One contract for every mailbox that is read: the fake and a real Dovecot."""

from __future__ import annotations

import imaplib
import itertools
import os
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from otklik.desk.channels.mail import imap
from otklik.desk.channels.mail.fake import MemorySource
from otklik.desk.channels.mail.imap import After, EncryptionRequired, ImapSettings, ImapSource, Security
from otklik.desk.channels.mail.protocol import (
    Cursor,
    FetchedMail,
    FolderMissing,
    MailboxUnreachable,
    MailSource,
    SignInRefused,
)
from tests.servers.dovecot import PASSWORD, Dovecot

_USERS = itertools.count()
BEGINNING = Cursor()


def letter(number: int, *, extra: str = "") -> bytes:
    text = f"Message-ID: <{number}@example.com>\r\n{extra}Subject: mail {number}\r\n\r\nВыплата {number}?\r\n"
    return text.encode()


class Mailbox(Protocol):
    """A mailbox as a test sees it: mail is put in from outside, and the server may renumber it."""

    def put(self, raw: bytes) -> None: ...
    def renumber(self) -> None: ...
    def source(self) -> MailSource: ...


@dataclass
class MemoryMailbox:
    memory: MemorySource

    def put(self, raw: bytes) -> None:
        self.memory.put(raw)

    def renumber(self) -> None:
        self.memory.renumber()

    def source(self) -> MailSource:
        return self.memory


@dataclass
class DovecotMailbox:
    server: Dovecot
    user: str

    @property
    def settings(self) -> ImapSettings:
        return ImapSettings("127.0.0.1", self.user, PASSWORD, port=self.server.port, security=Security.PLAIN)

    @contextmanager
    def client(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("127.0.0.1", self.server.port, timeout=10)
        client.login(self.user, PASSWORD)
        client.select(folder)
        try:
            yield client
        finally:
            client.logout()

    def put(self, raw: bytes) -> None:
        with self.client() as client:
            client.append("INBOX", None, None, raw)  # type: ignore[arg-type]

    def renumber(self) -> None:
        self.server.new_uidvalidity(self.user)

    def source(self) -> MailSource:
        return ImapSource(self.settings)

    def flags(self, folder: str = "INBOX") -> list[bytes]:
        with self.client(folder) as client:
            # By UID: an empty folder has no first mail by number, which is an error there.
            return [bytes(line) for line in client.uid("FETCH", "1:*", "(FLAGS)")[1] if line]


@pytest.fixture(params=["memory", pytest.param("dovecot", marks=pytest.mark.slow)])
def mailbox(request: pytest.FixtureRequest) -> Mailbox:
    if request.param == "memory":
        return MemoryMailbox(MemorySource())
    return DovecotMailbox(request.getfixturevalue("dovecot"), f"user{next(_USERS)}")


@pytest.fixture
def real(dovecot: Dovecot) -> DovecotMailbox:
    return DovecotMailbox(dovecot, f"user{next(_USERS)}")


def read(source: MailSource, cursor: Cursor = BEGINNING, limit: int = 50) -> list[tuple[FetchedMail, bytes]]:
    found = []
    for mail in source.fetch(cursor, limit=limit):
        with mail.content as file:
            found.append((mail, file.read()))
    return found


def test_mails_come_whole_in_order_and_with_where_to_go_on(mailbox: Mailbox) -> None:
    for number in (1, 2, 3):
        mailbox.put(letter(number))
    source = mailbox.source()
    first = read(source, limit=2)
    assert [raw for _, raw in first] == [letter(1), letter(2)]
    assert all(mail.size == len(raw) and mail.received_at for mail, raw in first)
    rest = read(source, first[-1][0].cursor)
    assert [raw for _, raw in rest] == [letter(3)]
    assert read(source, rest[-1][0].cursor) == []
    source.close()


def test_case_53_a_mail_fetched_again_before_its_cursor_was_kept_has_the_same_key(mailbox: Mailbox) -> None:
    mailbox.put(letter(1))
    mailbox.put(letter(2))
    before = mailbox.source()
    kept = read(before)
    before.acknowledge([mail for mail, _ in kept])
    before.close()  # killed here: the cursor is lost, the acknowledgement is not
    after = mailbox.source()
    again = read(after)
    assert [mail.key for mail, _ in again] == [mail.key for mail, _ in kept]
    after.acknowledge([mail for mail, _ in again])
    assert read(after, again[-1][0].cursor) == []
    after.close()


def test_case_55_a_new_uidvalidity_means_reading_again_and_the_fingerprints_tell_what_is_known(
    mailbox: Mailbox,
) -> None:
    for number in (1, 2):
        mailbox.put(letter(number))
    source = mailbox.source()
    kept = read(source)
    source.close()
    mailbox.renumber()
    mailbox.put(letter(3))
    source = mailbox.source()
    again = read(source, kept[-1][0].cursor)
    assert sorted(raw for _, raw in again) == [letter(1), letter(2), letter(3)]
    assert not {mail.key for mail, _ in again} & {mail.key for mail, _ in kept}
    known = {mail.fingerprint for mail, _ in kept}
    assert [raw for mail, raw in again if mail.fingerprint not in known] == [letter(3)]
    source.acknowledge([mail for mail, _ in kept])  # their numbers are other mails' now
    source.close()


def test_a_mailbox_can_be_begun_without_its_old_mail(mailbox: Mailbox) -> None:
    mailbox.put(letter(1))
    source = mailbox.source()
    begun = source.newest()
    assert read(source, begun) == []
    mailbox.put(letter(2))
    assert [raw for _, raw in read(source, begun)] == [letter(2)]
    source.close()


@pytest.mark.slow
def test_a_mailbox_is_begun_with_the_first_mail_since_a_moment_to_the_second(real: DovecotMailbox) -> None:
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    with real.client() as client:
        for number, hours in enumerate((-48, -1, 0, 1), start=1):
            moment = imaplib.Time2Internaldate(begun + timedelta(hours=hours))
            client.append("INBOX", "", moment, letter(number))
    source = real.source()
    assert [raw for _, raw in read(source, source.newest(since=begun))] == [letter(3), letter(4)]
    assert read(source, source.newest(since=begun + timedelta(days=3))) == []
    assert len(read(source, source.newest(since=begun - timedelta(days=9)))) == 4
    source.close()


def test_waiting_ends_at_once_where_mail_came_since_the_last_fetch(mailbox: Mailbox) -> None:
    mailbox.put(letter(1))
    source = mailbox.source()
    cursor = read(source)[-1][0].cursor
    assert not source.wait(0.05)
    mailbox.put(letter(2))
    assert source.wait(5)
    assert len(read(source, cursor)) == 1
    source.close()


def test_who_sent_and_to_whom_is_read_where_the_server_noted_it(mailbox: Mailbox) -> None:
    mailbox.put(letter(1, extra="Return-Path: <>\r\nDelivered-To: help@desk.example\r\n"))
    mailbox.put(letter(2, extra="Return-Path: <vera@example.com>\r\nX-Original-To: sales@desk.example\r\n"))
    mailbox.put(letter(3))
    source = mailbox.source()
    assert [(mail.envelope_from, mail.envelope_to) for mail, _ in read(source)] == [
        ("", ("help@desk.example",)),
        ("vera@example.com", ("sales@desk.example",)),
        (None, ()),
    ]
    source.close()


def test_the_fake_fails_once_as_told() -> None:
    source = MemorySource(fail_with=MailboxUnreachable("cut"))
    with pytest.raises(MailboxUnreachable):
        read(source)
    assert read(source) == []


def test_a_server_that_is_not_there_is_unreachable(unused_port: int) -> None:
    source = ImapSource(ImapSettings("127.0.0.1", "a", "b", port=unused_port, security=Security.PLAIN))
    with pytest.raises(MailboxUnreachable):
        source.wait(1)


def test_a_password_travels_in_the_clear_only_on_this_machine_or_where_allowed() -> None:
    with pytest.raises(EncryptionRequired):
        ImapSettings("mail.example.com", "a", "b", security=Security.PLAIN)
    settings = ImapSettings("mail.example.com", "a", "sesame", security=Security.PLAIN, allow_plain=True)
    assert "sesame" not in repr(settings)


@pytest.mark.slow
def test_a_wrong_password_and_a_missing_folder_are_told_apart(real: DovecotMailbox) -> None:
    with pytest.raises(SignInRefused):
        read(ImapSource(replace(real.settings, password="wrong")))
    with pytest.raises(SignInRefused):
        read(ImapSource(replace(real.settings, password="неверный")))
    with pytest.raises(FolderMissing, match="Nowhere"):
        read(ImapSource(replace(real.settings, folder="Nowhere")))


@pytest.mark.slow
@pytest.mark.parametrize("tls", [Security.TLS, Security.STARTTLS])
def test_an_encrypted_connection_checks_the_certificate(real: DovecotMailbox, tls: Security) -> None:
    real.put(letter(1))
    port = real.server.tls_port if tls == Security.TLS else real.server.port
    settings = replace(real.settings, security=tls, port=port)
    with pytest.raises(MailboxUnreachable, match="CERTIFICATE"):
        read(ImapSource(settings))
    source = ImapSource(replace(settings, ca_file=str(real.server.certificate)))
    cursor = read(source)[-1][0].cursor
    assert cursor.last_uid == 1
    with later(0.2, lambda: real.put(letter(2))):
        assert source.wait(10)
    source.close()


@pytest.mark.slow
def test_what_is_stored_is_marked_moved_or_deleted_and_nothing_else_is(real: DovecotMailbox) -> None:
    for number in (1, 2):
        real.put(letter(number))
    with real.client() as client:
        client.store("2", "+FLAGS", r"\Deleted")  # by somebody else, who may still change their mind
    source = ImapSource(real.settings)
    source.acknowledge([mail for mail, _ in read(source, limit=1)])
    assert [b"Seen" in line for line in real.flags()] == [True, False]

    moving = ImapSource(replace(real.settings, after=After.MOVE, move_to="Разобрано"))
    moving.acknowledge([mail for mail, _ in read(moving, limit=1)])
    assert len(real.flags()) == 1
    assert len(real.flags("&BCAEMAQ3BD4EMQRABDAEPQQ+-")) == 1

    real.put(letter(3))
    deleting = ImapSource(replace(real.settings, after=After.DELETE))
    deleting.acknowledge([mail for mail, raw in read(deleting) if raw == letter(3)])
    assert [raw for _, raw in read(deleting)] == [letter(2)]
    for used in (source, moving, deleting):
        used.close()


@pytest.mark.slow
def test_a_new_mail_ends_the_wait_in_less_than_two_seconds(real: DovecotMailbox) -> None:
    source = ImapSource(real.settings)
    read(source)
    with later(0.5, lambda: real.put(letter(1))):
        began = time.monotonic()
        assert source.wait(30)
        assert time.monotonic() - began < 2.5
    assert len(read(source)) == 1
    source.close()


@pytest.mark.slow
def test_a_server_that_offers_little_is_polled_and_served_all_the_same(
    real: DovecotMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "POLL_EVERY", 0.1)
    real.put(letter(1))
    source = ImapSource(replace(real.settings, after=After.MOVE, move_to="Done"))
    first = read(source)
    assert source._box is not None
    source._box.client.capabilities = ("IMAP4REV1",)  # no IDLE, no MOVE, no UIDPLUS
    source.acknowledge([mail for mail, _ in first])
    assert (real.flags(), len(real.flags("Done"))) == ([], 1)
    with later(0.3, lambda: real.put(letter(2))):
        assert source.wait(10)
    assert [raw for _, raw in read(source)] == [letter(2)]
    source.close()


@pytest.mark.slow
def test_a_mail_deleted_while_we_read_is_passed_over(real: DovecotMailbox) -> None:
    for number in (1, 2, 3):
        real.put(letter(number))
    source = ImapSource(real.settings)
    coming = source.fetch(BEGINNING, limit=10)
    next(coming).content.close()
    with real.client() as client:
        client.store("2", "+FLAGS", r"\Deleted")
        client.expunge()
    assert source._box is not None
    source._box.client.noop()
    (last,) = coming
    with last.content as file:
        assert file.read() == letter(3)
    source.close()


@pytest.mark.slow
def test_a_connection_that_broke_is_named_and_replaced(real: DovecotMailbox) -> None:
    source = ImapSource(real.settings)
    read(source)
    assert source._box is not None
    with later(0.3, lambda: source._box.client.sock.shutdown(2)), pytest.raises(MailboxUnreachable):  # type: ignore[union-attr]
        source.wait(10)
    real.put(letter(1))
    assert len(read(source)) == 1
    source.close()


@pytest.mark.slow
def test_a_mail_of_a_hundred_megabytes_stays_out_of_memory(real: DovecotMailbox) -> None:
    line = b"0123456789" * 7 + b"\r\n"
    body = line * (100 * 1024 * 1024 // len(line))
    folder = real.server.mail / real.user / "new"
    with real.client():
        pass  # makes the folders
    file = folder / "1.big.host"
    file.write_bytes(letter(1) + body)
    os.chown(file, 65534, 65534)
    size = file.stat().st_size
    del body
    source = ImapSource(real.settings)
    tracemalloc.start()
    try:
        mail = next(iter(source.fetch(Cursor(), limit=1)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    with mail.content as kept:
        assert mail.size == size
        assert kept.read(len(letter(1))) == letter(1)
    assert peak < 16 * 1024 * 1024
    source.close()


@contextmanager
def later(seconds: float, act: Callable[[], object]) -> Iterator[None]:
    timer = threading.Timer(seconds, act)
    timer.start()
    try:
        yield
    finally:
        timer.join()
