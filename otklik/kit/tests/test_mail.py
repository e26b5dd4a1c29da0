"""Three ways to send, one contract."""

from __future__ import annotations

import io
from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest

from otklik.kit import mail
from otklik.kit.mail import (
    BadMailAddress,
    BadMessage,
    ConsoleOutbox,
    MailDelayed,
    MailRefused,
    MemoryOutbox,
    Message,
    Outbox,
    SmtpOutbox,
    message_id_of,
)
from otklik.kit.tests.smtp_server import SmtpServer, smtp_server


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


@pytest.fixture(params=["smtp", "console", "memory"])
def outbox(request: pytest.FixtureRequest) -> Outbox:
    if request.param == "smtp":
        return SmtpOutbox(f"smtp://127.0.0.1:{request.getfixturevalue('server').port}")
    return ConsoleOutbox(io.StringIO()) if request.param == "console" else MemoryOutbox()


def letter(to: str = "vera@example.com", **changes: str) -> Message:
    values = {"subject": "Ваш ответ", "text": "Спасибо!\n", **changes}
    return Message(to=to, **values)  # type: ignore[arg-type]


def test_a_message_gets_a_receipt_with_its_id(outbox: Outbox) -> None:
    receipt = outbox.send(letter(message_id="<1@example.com>"))
    assert receipt.id == "<1@example.com>"
    assert receipt.answer


@pytest.mark.parametrize("outbox", ["smtp", "memory"], indirect=True)
def test_never_and_not_now_are_two_answers(outbox: Outbox) -> None:
    with pytest.raises(MailRefused, match="550"):
        outbox.send(letter("refused@example.com"))
    with pytest.raises(MailDelayed, match="451"):
        outbox.send(letter("delayed@example.com"))


def test_a_message_arrives_whole(server: SmtpServer) -> None:
    url = f"smtp://127.0.0.1:{server.port}"
    SmtpOutbox(url).send(
        letter("Вера <vera@example.com>", html="<p>Спасибо!</p>", reply_to="desk@example.com")
    )
    got = message_from_bytes(server.mails[0], policy=policy.default)
    assert (got["Subject"], got["To"], got["Reply-To"]) == (
        "Ваш ответ",
        "Вера <vera@example.com>",
        "desk@example.com",
    )
    assert got["From"] == "Otklik <otklik@localhost>"
    text, html = (got.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert (text.get_content().strip(), html.get_content().strip()) == ("Спасибо!", "<p>Спасибо!</p>")


@pytest.mark.parametrize("name", ["to", "subject", "sender", "reply_to", "message_id"])
def test_a_header_cannot_smuggle_in_another(name: str) -> None:
    with pytest.raises(BadMessage, match=name):
        letter(**{"to": "a@example.com", name: "a@example.com\r\nBcc: everybody@example.com"})
    with pytest.raises(BadMessage):
        Message("a@example.com", "s", "t", headers={"X-A\nBcc": "b@example.com"})


@pytest.mark.parametrize("to", ["", "nobody", "<>", "a b"])
def test_a_message_needs_an_address(to: str) -> None:
    with pytest.raises(BadMessage):
        letter(to)


def test_what_does_not_fit_its_header_is_named(outbox: Outbox) -> None:
    with pytest.raises(BadMessage):
        outbox.send(letter("two@example.com, three@@example.com <"))


def test_a_server_that_is_not_there_is_a_delay() -> None:
    with pytest.raises(MailDelayed):
        SmtpOutbox("smtp://127.0.0.1:1").send(letter())


def test_a_wrong_password_is_a_delay_because_the_message_is_not_to_blame(server: SmtpServer) -> None:
    with pytest.raises(MailDelayed, match="535"):
        SmtpOutbox(f"smtp://postman:wrong@127.0.0.1:{server.port}").send(letter())
    SmtpOutbox(f"smtp://postman:sesame@127.0.0.1:{server.port}").send(letter())
    assert len(server.mails) == 1


def test_a_password_is_not_shown_to_a_server_without_encryption(
    server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_LOOPBACK", ())
    outbox = SmtpOutbox(f"smtp://postman:sesame@127.0.0.1:{server.port}")
    with pytest.raises(MailDelayed, match="no encryption"):
        outbox.send(letter())
    assert not any("AUTH" in line for line in server.commands)
    assert "sesame" not in repr(outbox)


def test_the_console_shows_what_a_person_needs() -> None:
    stream = io.StringIO()
    ConsoleOutbox(stream).send(letter(text="https://example.com/reset/1"))
    assert "https://example.com/reset/1" in stream.getvalue()
    assert "vera@example.com" in stream.getvalue()


def test_the_same_key_has_the_same_id() -> None:
    assert message_id_of("a") == message_id_of("a") != message_id_of("b")
    assert message_id_of("a").endswith("@localhost>")


def test_an_odd_mail_url_is_refused() -> None:
    for url in ("smtp://", "http://example.com"):
        with pytest.raises(BadMailAddress):
            mail._outbox_of(url)
