"""One connection, many mails, and whose fault it is when one does not go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from otklik.kit import mail_stream as streams
from otklik.kit.mail import MailDelayed, MailRefused, Message, RecipientRefused, ServerAway
from otklik.kit.mail_stream import NoMailServer, SmtpStream, mail_stream
from otklik.kit.tests.smtp_server import SmtpServer, smtp_server


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def stream(server: SmtpServer) -> Iterator[SmtpStream]:
    with SmtpStream(urlsplit(f"smtp://127.0.0.1:{server.port}")) as opened:
        yield opened


def letter(to: str = "vera@example.com", text: str = "Hello\n") -> Message:
    return Message(to=to, subject="A question", text=text, message_id="<1@example.com>")


def test_many_mails_take_one_connection(stream: SmtpStream, server: SmtpServer) -> None:
    for number in range(5):
        assert stream.send(letter(f"v{number}@example.com")).answer == "250 queued"
    assert len(server.mails) == 5
    assert [line.split(" ")[0] for line in server.commands].count("ehlo") == 1


def test_a_refused_recipient_does_not_end_the_row(stream: SmtpStream, server: SmtpServer) -> None:
    with pytest.raises(RecipientRefused, match="550"):
        stream.send(letter("refused@example.com"))
    with pytest.raises(MailDelayed, match="451") as told:
        stream.send(letter("delayed@example.com"))
    assert not isinstance(told.value, ServerAway), "later for this one, not for all"
    stream.send(letter())
    assert len(server.mails) == 1


def test_a_connection_that_was_cut_is_made_again(stream: SmtpStream, server: SmtpServer) -> None:
    stream.send(letter())
    assert stream._server is not None
    assert stream._server.sock is not None
    stream._server.sock.close()
    stream.send(letter())
    assert len(server.mails) == 2


def test_the_connection_is_renewed_before_a_server_tires_of_it(
    stream: SmtpStream, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MOST_IN_A_ROW", 2)
    for _ in range(4):
        stream.send(letter())
    assert [line.split(" ")[0].lower() for line in server.commands].count("quit") == 2


def test_a_line_that_is_a_dot_does_not_end_the_mail(stream: SmtpStream, server: SmtpServer) -> None:
    stream.send(letter(text="before\n.\nafter\n"))
    assert b"\r\n..\r\nafter" in server.mails[0]


def test_nobody_there_is_the_servers_fault() -> None:
    with SmtpStream(urlsplit("smtp://127.0.0.1:1")) as stream, pytest.raises(ServerAway):
        stream.send(letter())


def test_a_wrong_password_is_the_servers_fault(server: SmtpServer) -> None:
    url = urlsplit(f"smtp://postman:wrong@127.0.0.1:{server.port}")
    with SmtpStream(url) as stream, pytest.raises(ServerAway, match="535"):
        stream.send(letter())
    assert "wrong" not in repr(stream)


def test_an_installation_without_a_server_says_so(settings: Any) -> None:

    settings.OTKLIK = replace(settings.OTKLIK, mail_url="")
    with pytest.raises(NoMailServer), mail_stream():
        pass
    settings.OTKLIK = replace(settings.OTKLIK, mail_url="memory:")
    with mail_stream() as stream:
        assert stream.send(letter()).answer == "kept"
        with pytest.raises(MailRefused):
            stream.send(letter("refused@example.com"))
