"""Through real servers: composed here, sent to Postfix, delivered into Dovecot's folders, read back here."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from otklik.desk.channels.mail.compose import Person, compose, recipients_of
from otklik.desk.channels.mail.imap import ImapSettings, ImapSource, Security
from otklik.desk.channels.mail.listener import Answer, ListenerSettings, Protocol, started_listener
from otklik.desk.channels.mail.outgoing import Receipt, SmtpTransport
from otklik.desk.channels.mail.protocol import Cursor, FetchedMail
from otklik.desk.channels.mail.tests.test_compose import REPLY
from otklik.kit.mail import MailRefused
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.postfix import Postfix

pytestmark = pytest.mark.slow
BOTH = (Person("help@desk.example"), Person("sales@desk.example"))


def mailbox_of(dovecot: Dovecot, user: str) -> ImapSource:
    return ImapSource(
        ImapSettings("127.0.0.1", user, PASSWORD, port=dovecot.port, security=Security.PLAIN, timeout=10)
    )


def send(postfix: Postfix, to: tuple[Person, ...], number: int, sender: str = "vera@example.com") -> Receipt:
    mail = compose(replace(REPLY, mailbox="vera@example.com", to=to, message_id=f"{number}@example.com"))
    transport = SmtpTransport(f"smtp://127.0.0.1:{postfix.port}")
    return transport.send(mail, envelope_from=sender, recipients=recipients_of(mail))


def next_mail(source: ImapSource, cursor: Cursor) -> tuple[FetchedMail, bytes]:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for mail in source.fetch(cursor, limit=1):
            with mail.content as file:
                return mail, file.read()
        source.wait(2)
    pytest.fail("no mail came")


def test_a_mail_sent_to_postfix_is_read_from_dovecot(postfix: Postfix, dovecot: Dovecot) -> None:
    source = mailbox_of(dovecot, "help")
    before = source.newest()
    assert list(source.fetch(before, limit=1)) == []
    receipt = send(postfix, BOTH[:1], 1)
    assert "queued" in receipt.answer
    mail, raw = next_mail(source, before)
    assert (mail.envelope_from, mail.envelope_to) == ("vera@example.com", ("help@desk.example",))
    message = message_from_bytes(raw, policy=policy.default)
    assert (message["Message-ID"], message["Subject"]) == ("<1@example.com>", REPLY.subject)
    source.acknowledge([mail])
    source.close()


def test_case_25_one_mail_to_two_of_our_mailboxes_is_known_by_its_fingerprint(
    postfix: Postfix, dovecot: Dovecot
) -> None:
    sources = [mailbox_of(dovecot, user) for user in ("help", "sales")]
    before = [source.newest() for source in sources]
    send(postfix, BOTH, 2)
    send(postfix, BOTH[:1], 3)
    first, second = (next_mail(source, cursor) for source, cursor in zip(sources, before, strict=True))
    assert first[1] != second[1]  # each tells the way it came
    assert first[0].fingerprint == second[0].fingerprint
    assert [mail.envelope_to for mail, _ in (first, second)] == [
        ("help@desk.example",),
        ("sales@desk.example",),
    ]
    other, _ = next_mail(sources[0], first[0].cursor)
    assert other.fingerprint != first[0].fingerprint
    for source in sources:
        source.close()


def test_a_bounce_keeps_its_empty_sender_and_an_unknown_address_is_refused(
    postfix: Postfix, dovecot: Dovecot
) -> None:
    source = mailbox_of(dovecot, "sales")
    before = source.newest()
    send(postfix, BOTH[1:], 4, sender="")
    assert next_mail(source, before)[0].envelope_from == ""
    with pytest.raises(MailRefused, match="User unknown"):
        send(postfix, (Person("nobody@desk.example"),), 5)
    source.close()


def test_nothing_leaves_the_machine(postfix: Postfix) -> None:
    with pytest.raises(MailRefused, match="no outside mail"):
        send(postfix, (Person("gleb@elsewhere.example"),), 6)


def test_case_53_a_mail_we_could_not_store_stays_with_postfix_until_we_can(postfix: Postfix) -> None:
    taken: list[tuple[FetchedMail, bytes]] = []
    failed = threading.Event()
    broken = True

    def accept(mail: FetchedMail) -> Answer:
        if broken:
            failed.set()
            raise RuntimeError("no room for a database")
        taken.append((mail, mail.content.read()))
        return Answer.STORED

    settings = ListenerSettings("127.0.0.1", postfix.lmtp_port, Protocol.LMTP)
    with started_listener(settings, accept=accept, knows=lambda address: True):
        send(postfix, (Person("a@listener.example"), Person("b@listener.example")), 7)
        assert failed.wait(10)
        time.sleep(0.5)  # until Postfix has put it back
        broken = False
        until = time.monotonic() + 20
        while not taken and time.monotonic() < until:
            postfix.try_again()
            time.sleep(0.5)
    ((mail, raw),) = taken
    assert mail.envelope_from == "vera@example.com"
    assert mail.envelope_to == ("a@listener.example", "b@listener.example")
    assert message_from_bytes(raw, policy=policy.default)["Message-ID"] == "<7@example.com>"
