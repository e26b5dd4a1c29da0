"""Mail and the fake, one contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from typing import Any

import pytest

from otklik.feedback.mailing.letters import Letter
from otklik.feedback.senders.fake import FakeSender
from otklik.feedback.senders.mail import MailSender
from otklik.feedback.senders.protocol import (
    AddressDead,
    NotNow,
    NotTaken,
    OutcomeUnknown,
    Outgoing,
    Sender,
    WayClosed,
)
from otklik.kit.tests.smtp_server import SmtpServer, smtp_server

LINK = "https://a-rather-long-name-of-a-host.surveys.partners.example/a/AbCdEfGhIjKlMnOpQrStUv/stop/"
# What the mail server of the test does to them: by these names the fake knows the same ends.
WRITTEN = {"dead": "refused"}


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


@pytest.fixture(params=["mail", "fake"])
def sender(request: pytest.FixtureRequest, settings: Any) -> Sender:
    if request.param == "fake":
        return FakeSender()
    port = request.getfixturevalue("server").port
    settings.OTKLIK = replace(settings.OTKLIK, mail_url=f"smtp://127.0.0.1:{port}")
    return MailSender()


def asking(address: str = "vera@example.com", **changes: str) -> Outgoing:
    letter = Letter("Вопрос", "https://s.example/\n", "<p>Вопрос</p>")
    values = {
        "message_id": "<survey.1.0.ab@example.com>",
        "stop_link": LINK,
        "feedback_id": "w1:s1:p1:otklik",
    }
    return Outgoing(address, letter, **{**values, **changes})


def test_what_is_taken_raises_nothing(sender: Sender) -> None:
    with sender.open() as session:
        session.send(asking())
        session.send(asking("gleb@example.com"))


def test_ends_are_told_apart_and_the_row_goes_on(sender: Sender) -> None:
    is_fake = isinstance(sender, FakeSender)
    with sender.open() as session:
        with pytest.raises(AddressDead):
            session.send(asking("dead@example.com" if is_fake else "refused@example.com"))
        with pytest.raises(NotNow):
            session.send(asking("later@example.com" if is_fake else "delayed@example.com"))
        session.send(asking())


def test_the_fake_knows_every_end() -> None:
    fake = FakeSender()
    ends = {"refused": NotTaken, "closed": WayClosed, "unknown": OutcomeUnknown}
    for name, end in ends.items():
        with fake.open() as session, pytest.raises(end):
            session.send(asking(f"{name}7@example.com"))
    assert [one.address for one in fake.sent] == ["unknown7@example.com"], "nobody knows, so it may have left"


@pytest.mark.parametrize("sender", ["mail"], indirect=True)
def test_headers_let_a_person_leave_by_one_tap(sender: Sender, server: SmtpServer) -> None:
    with sender.open() as session:
        session.send(asking(sender_name='Программа «Север», "North"', reply_to="hello@example.com"))
    raw = server.mails[0]
    assert f"List-Unsubscribe: <{LINK}>\r\n".encode() in raw, "whole, on one line"
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    got = message_from_bytes(raw, policy=policy.default)
    assert got["Message-ID"] == "<survey.1.0.ab@example.com>"
    assert got["Reply-To"] == "hello@example.com"
    assert got["From"].addresses[0].display_name == 'Программа «Север», "North"'
    assert got["Feedback-ID"] == "w1:s1:p1:otklik"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Precedence"] is None
    assert [part.get_content_type() for part in got.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("sender", ["mail"], indirect=True)
def test_a_domain_in_other_letters_is_written_in_plain_ones(sender: Sender, server: SmtpServer) -> None:
    with sender.open() as session:
        session.send(asking("vera@пример.example"))
        with pytest.raises(NotTaken):
            session.send(asking("vera@..example\u0000"))
    assert any("xn--e1afmkfd.example" in line for line in server.commands)


def test_an_installation_without_a_server_writes_to_nobody(settings: Any) -> None:
    settings.OTKLIK = replace(settings.OTKLIK, mail_url="")
    with pytest.raises(WayClosed, match="OTKLIK_MAIL_URL"), MailSender().open():
        pass
