"""Mail servers speak to the listener; here they are Python's own client and bare sockets."""

from __future__ import annotations

import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from otklik.desk.channels.mail.listener import (
    Answer,
    Listener,
    ListenerSettings,
    Protocol,
    started_listener,
)
from otklik.desk.channels.mail.protocol import FetchedMail

LOOPBACK = ListenerSettings("127.0.0.1", 0)
LETTER = "Message-ID: <1@example.com>\r\nSubject: Выплата\r\n\r\nГде выплата?\r\n".encode()


@dataclass
class Desk:
    """What stores the mail, as far as the listener knows."""

    mails: list[FetchedMail] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    answer: Answer = Answer.STORED

    def accept(self, mail: FetchedMail) -> Answer:
        self.before()
        self.raw.append(mail.content.read())
        self.mails.append(mail)
        return self.answer

    def knows(self, address: str) -> bool:
        if address.startswith("broken"):
            raise RuntimeError("no database")
        return address.endswith("@desk.example") and not address.startswith("nobody")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def listener(desk: Desk) -> Iterator[Listener]:
    with started_listener(LOOPBACK, accept=desk.accept, knows=desk.knows) as running:
        yield running


def client(listener: Listener) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", listener.port, timeout=10)


def send(
    listener: Listener, raw: bytes, to: str = "help@desk.example", sender: str = "vera@example.com"
) -> None:
    with client(listener) as server:
        server.sendmail(sender, [to], raw)


class Bare:
    """A conversation letter by letter."""

    def __init__(self, listener: Listener) -> None:
        self.socket = socket.create_connection(("127.0.0.1", listener.port), timeout=10)
        self.file = self.socket.makefile("rb")
        self.greeting = self.answer()

    def answer(self) -> str:
        while (line := self.file.readline().decode()) and line[3:4] == "-":
            pass
        return line.strip()

    def say(self, text: str | bytes) -> str:
        self.socket.sendall(text.encode() + b"\r\n" if isinstance(text, str) else text)
        return self.answer()

    def __enter__(self) -> Bare:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()


def test_a_mail_is_handed_over_with_its_envelope(listener: Listener, desk: Desk) -> None:
    with client(listener) as server:
        server.sendmail("vera@example.com", ["help@desk.example", "sales@desk.example"], LETTER)
    (mail,) = desk.mails
    assert desk.raw == [LETTER]
    assert (mail.envelope_from, mail.envelope_to) == (
        "vera@example.com",
        ("help@desk.example", "sales@desk.example"),
    )
    assert mail.size == len(LETTER)
    assert mail.received_at is not None
    assert mail.content.closed


def test_a_bounce_comes_with_the_empty_sender(listener: Listener, desk: Desk) -> None:
    send(listener, LETTER, sender="")
    assert desk.mails[0].envelope_from == ""


@pytest.mark.parametrize(
    "raw",
    [
        b".one dot\r\n..two\r\n.\r\n..\r\nend\r\n",
        b"\r\n",
        b"\r\n.\r\n\r\n",
        b"x" * 300_000 + b"\r\n",
        (b"y" * 70 + b"\r\n..\r\n") * 5_000,
        b"\r\n." * 60_000 + b"\r\n",
        b"a\r" * 70_000 + b"\r\n",
    ],
)
def test_every_byte_arrives_whatever_the_dots_and_lengths_of_lines(
    listener: Listener, desk: Desk, raw: bytes
) -> None:
    escaped = (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:]
    with Bare(listener) as other:
        other.say("EHLO test")
        other.say("MAIL FROM:<vera@example.com>")
        other.say("RCPT TO:<help@desk.example>")
        assert other.say("DATA").startswith("354")
        assert other.say(escaped + b".\r\n").startswith("250")
        assert other.say("NOOP").startswith("250")
    assert desk.raw == [raw]


def test_an_empty_message_is_a_message_too(listener: Listener, desk: Desk) -> None:
    with Bare(listener) as other:
        other.say("EHLO test")
        other.say("MAIL FROM:<vera@example.com>")
        other.say("RCPT TO:<help@desk.example>")
        other.say("DATA")
        assert other.say(b".\r\n").startswith("250")
    assert desk.raw == [b""]


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n\0.\r\n"])
def test_one_mail_cannot_smuggle_in_another(listener: Listener, desk: Desk, end: bytes) -> None:
    inside = b"Subject: a\r\n\r\nx" + end + b"MAIL FROM:<boss@desk.example>\r\nDATA\r\n"
    with Bare(listener) as other:
        other.say("EHLO test")
        other.say("MAIL FROM:<vera@example.com>")
        other.say("RCPT TO:<help@desk.example>")
        other.say("DATA")
        assert other.say(inside + b".\r\n").startswith("250")
    assert desk.raw == [inside.replace(b"\r\n.", b"\r\n")]  # a dot that begins a line is an escape


def test_commands_may_follow_a_mail_without_waiting(listener: Listener, desk: Desk) -> None:
    one = b"MAIL FROM:<vera@example.com>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\n"
    with Bare(listener) as other:
        other.say("EHLO test")
        for _ in range(3):
            assert other.say(one).startswith("250")
            assert other.answer().startswith("250")
            assert other.answer().startswith("354")
            assert other.say(b"Subject: a\r\n\r\nb\r\n.\r\nNOOP\r\n").startswith("250 2.0.0")
            assert other.answer().startswith("250")
    assert len(desk.raw) == 3


def test_an_unknown_address_is_refused_before_the_mail_travels(listener: Listener, desk: Desk) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(listener, LETTER, to="nobody@desk.example")
    assert refused.value.recipients["nobody@desk.example"][0] == 550
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="550"):
        send(listener, LETTER, to="gleb@elsewhere.example")
    assert desk.mails == []


def test_our_own_trouble_is_never_the_end_of_a_mail(listener: Listener, desk: Desk) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="451"):
        send(listener, LETTER, to="broken@desk.example")

    def fail() -> None:
        raise RuntimeError("secret of the database")

    desk.before = fail
    with pytest.raises(smtplib.SMTPDataError) as later:
        send(listener, LETTER)
    assert later.value.smtp_code == 451
    assert b"secret" not in later.value.smtp_error
    desk.before = lambda: None
    desk.answer = Answer.REFUSED
    with pytest.raises(smtplib.SMTPDataError, match="554"):
        send(listener, LETTER)


def test_250_is_said_only_after_the_mail_is_stored(listener: Listener, desk: Desk) -> None:
    go_on = threading.Event()
    desk.before = lambda: go_on.wait(10) and None
    with Bare(listener) as other:
        other.say("EHLO test")
        other.say("MAIL FROM:<vera@example.com>")
        other.say("RCPT TO:<help@desk.example>")
        other.say("DATA")
        other.socket.sendall(LETTER + b".\r\n")
        other.socket.settimeout(0.2)
        with pytest.raises(TimeoutError):
            other.socket.recv(10)
        go_on.set()
        other.socket.settimeout(10)
        assert other.socket.recv(100).startswith(b"250")


def test_case_53_a_mail_given_again_after_a_lost_answer_has_the_same_key(
    listener: Listener, desk: Desk
) -> None:
    send(listener, LETTER)
    send(listener, LETTER)
    send(listener, LETTER + b"more\r\n")
    first, again, other = desk.mails
    assert first.key == again.key
    assert other.key != first.key


def test_a_caller_who_hangs_up_while_we_store_does_not_cut_it_in_two(listener: Listener, desk: Desk) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        begun.set()
        go_on.wait(10)

    desk.before = slowly
    with Bare(listener) as other:
        other.say("EHLO test")
        other.say("MAIL FROM:<vera@example.com>")
        other.say("RCPT TO:<help@desk.example>")
        other.say("DATA")
        other.socket.sendall(LETTER + b".\r\n")
        begun.wait(10)
    time.sleep(0.05)
    go_on.set()
    _until(lambda: len(desk.mails) == 1)
    assert desk.raw == [LETTER]


def test_half_a_mail_is_no_mail(listener: Listener, desk: Desk) -> None:
    with Bare(listener) as other:
        other.say("EHLO test")
        other.say("MAIL FROM:<vera@example.com>")
        other.say("RCPT TO:<help@desk.example>")
        other.say("DATA")
        other.socket.sendall(LETTER)
    send(listener, LETTER)
    assert len(desk.mails) == 1


def test_a_mail_beyond_the_limit_is_refused_and_the_conversation_goes_on(desk: Desk) -> None:
    with started_listener(replace(LOOPBACK, largest=100_000), accept=desk.accept, knows=desk.knows) as small:
        with client(small) as server, pytest.raises(smtplib.SMTPSenderRefused, match="552"):
            server.sendmail("vera@example.com", ["help@desk.example"], b"x" * 200_000)
        with Bare(small) as other:  # one that does not say its size beforehand
            other.say("EHLO test")
            other.say("MAIL FROM:<vera@example.com>")
            other.say("RCPT TO:<help@desk.example>")
            other.say("DATA")
            assert other.say((b"x" * 70 + b"\r\n") * 4_000 + b".\r\n").startswith("552")
            assert other.say("NOOP").startswith("250")
        send(small, LETTER)
    assert len(desk.mails) == 1


def test_there_are_as_many_conversations_as_allowed(desk: Desk) -> None:
    one = replace(LOOPBACK, connections=1)
    with started_listener(one, accept=desk.accept, knows=desk.knows) as narrow:
        with Bare(narrow) as first:
            assert first.greeting.startswith("220")
            with Bare(narrow) as second:
                assert second.greeting.startswith("421")
        time.sleep(0.05)
        send(narrow, LETTER)
    assert len(desk.mails) == 1


def test_nobody_signs_in_here(listener: Listener) -> None:
    with Bare(listener) as other:
        other.say("EHLO test")
        assert other.say("AUTH PLAIN AHZlcmEAc2VzYW1l").startswith("502")
        assert other.say("DATA").startswith("503")


def test_lmtp_answers_for_each_recipient(desk: Desk) -> None:
    settings = replace(LOOPBACK, protocol=Protocol.LMTP)
    with started_listener(settings, accept=desk.accept, knows=desk.knows) as lmtp:
        with Bare(lmtp) as other:
            assert other.say("EHLO test").startswith("500")
            other.say("LHLO test")
            other.say("MAIL FROM:<vera@example.com>")
            assert other.say("RCPT TO:<help@desk.example>").startswith("250")
            assert other.say("RCPT TO:<nobody@desk.example>").startswith("550")
            assert other.say("RCPT TO:<sales@desk.example>").startswith("250")
            other.say("DATA")
            assert other.say(LETTER + b".\r\n").startswith("250")
            assert other.answer().startswith("250")
            assert other.say("NOOP").startswith("250")
        with smtplib.LMTP("127.0.0.1", lmtp.port) as server:
            server.sendmail("vera@example.com", ["help@desk.example"], LETTER)
    assert [mail.envelope_to for mail in desk.mails] == [
        ("help@desk.example", "sales@desk.example"),
        ("help@desk.example",),
    ]


def test_stopping_lets_a_mail_that_is_being_stored_be_answered(desk: Desk) -> None:
    begun = threading.Event()

    def slowly() -> None:
        begun.set()
        time.sleep(0.3)

    desk.before = slowly
    answers: list[str] = []
    with started_listener(LOOPBACK, accept=desk.accept, knows=desk.knows) as listener:
        other = Bare(listener)
        other.say("EHLO test")
        other.say("MAIL FROM:<vera@example.com>")
        other.say("RCPT TO:<help@desk.example>")
        other.say("DATA")
        thread = threading.Thread(target=lambda: answers.append(other.say(LETTER + b".\r\n")))
        thread.start()
        begun.wait(10)
    thread.join()
    with other:
        assert answers[0].startswith("250")


def test_a_port_that_is_taken_is_said_at_the_start(listener: Listener, desk: Desk) -> None:
    taken = replace(LOOPBACK, port=listener.port)
    with (
        pytest.raises(OSError, match="address already in use"),
        started_listener(taken, accept=desk.accept, knows=desk.knows),
    ):
        pass


PROGRAM = """
import sys
from pathlib import Path
from otklik.desk.channels.mail.listener import Answer, ListenerSettings, run

def accept(mail):
    Path(sys.argv[2]).write_bytes(mail.content.read())
    return Answer.STORED

run(ListenerSettings("127.0.0.1", int(sys.argv[1])), accept=accept, knows=lambda address: True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_ends_when_asked_to(tmp_path: Path, unused_port: int, number: signal.Signals) -> None:
    kept = tmp_path / "mail"
    program = [sys.executable, "-c", PROGRAM, str(unused_port), str(kept)]
    with subprocess.Popen(program, env={**os.environ, "OTKLIK_DATA_DIR": str(tmp_path)}) as process:
        try:
            _until(lambda: _answers(unused_port))
            with smtplib.SMTP("127.0.0.1", unused_port, timeout=10) as server:
                server.sendmail("vera@example.com", ["help@desk.example"], LETTER)
            assert kept.read_bytes() == LETTER
            process.send_signal(number)
            assert process.wait(timeout=15) == 0
        finally:
            process.kill()


@pytest.mark.slow
def test_a_mail_of_a_hundred_megabytes_stays_out_of_memory_on_its_way_in() -> None:
    sizes = []

    def accept(mail: FetchedMail) -> Answer:
        sizes.append(mail.size)
        return Answer.STORED

    line = b"0123456789" * 7 + b"\r\n"
    lines = 100 * 1024 * 1024 // len(line)
    with (
        started_listener(LOOPBACK, accept=accept, knows=lambda address: True) as listener,
        Bare(listener) as other,
    ):
        other.say("EHLO test")
        other.say("MAIL FROM:<vera@example.com>")
        other.say("RCPT TO:<help@desk.example>")
        other.say("DATA")
        tracemalloc.start()
        try:
            for _ in range(lines // 1000):
                other.socket.sendall(line * 1000)
            other.socket.settimeout(60)
            assert other.say(b".\r\n").startswith("250")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert sizes == [lines // 1000 * 1000 * len(line)]
    assert peak < 8 * 1024 * 1024


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(done: Callable[[], bool]) -> None:
    for _ in range(500):
        if done():
            return
        time.sleep(0.02)
    pytest.fail("it did not happen")
