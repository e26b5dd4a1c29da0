"""A partner's mail through Postfix and Dovecot into a ticket, and our answers back the same way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from otklik.desk.channels.mail.imap import ImapSettings, ImapSource, Security
from otklik.desk.channels.mail.outgoing import SmtpTransport
from otklik.desk.channels.mail.protocol import Cursor
from otklik.desk.models import InboundMail, Mailbox, Message, Ticket
from otklik.desk.operations.delivery import overdue_messages, send_message
from otklik.desk.operations.mailboxes import begin_with_new_mail, due_mailboxes, fetch_mailbox
from otklik.desk.operations.messages import reply
from otklik.desk.operations.tickets import change_status
from otklik.desk.rules.vocabulary import TicketStatus
from otklik.desk.tests.mail.letters import later, message_of, raw, work
from otklik.events.models import Batch
from otklik.events.operations.deliver import deliver_batch
from otklik.events.public import Actor
from otklik.partners.models import Address
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.postfix import MOVED, Postfix
from tests.world import NOW, World

pytestmark = pytest.mark.slow
HELP, VERA = "help@desk.example", "vera@desk.example"
_PATIENCE = 20.0


@pytest.fixture(autouse=True)
def _the_same_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otklik.desk.telling.now", lambda: NOW)


@pytest.fixture
def mailbox(world: World, postfix: Postfix, dovecot: Dovecot) -> Mailbox:
    move_vera_to(VERA, "vera@aurora.example")
    box = Mailbox.objects.create(
        address=HELP,
        name="North support",
        program=world.program,
        host="127.0.0.1",
        port=dovecot.port,
        security="plain",
        user_name="help",
        password=PASSWORD,
        smtp_url=f"smtp://127.0.0.1:{postfix.port}",
        created_at=NOW,
    )
    box.refresh_from_db()
    begin_with_new_mail(mailbox_id=box.pk)
    return box


class Reader:
    """The partner's own mail program."""

    def __init__(self, dovecot: Dovecot) -> None:
        settings = ImapSettings("127.0.0.1", "vera", PASSWORD, port=dovecot.port, security=Security.PLAIN)
        self._source = ImapSource(settings)
        self._read = self._source.newest()

    def new_mails(self) -> list[EmailMessage]:
        found = []
        for mail in self._source.fetch(self._read, limit=100):
            with mail.content as file:
                found.append(message_from_bytes(file.read(), policy=policy.default))
            self._read = Cursor(mail.cursor.uidvalidity, mail.cursor.last_uid)
        return found

    def wait_for_mails(self, number: int) -> list[EmailMessage]:
        found: list[EmailMessage] = []

        def enough() -> bool:
            found.extend(self.new_mails())
            return len(found) >= number

        soon(enough)
        return found

    def close(self) -> None:
        self._source.close()


@pytest.fixture
def vera(dovecot: Dovecot) -> Iterator[Reader]:
    reader = Reader(dovecot)
    yield reader
    reader.close()


def move_vera_to(address: str, before: str) -> None:
    assert Address.objects.filter(normalised=before).update(normalised=address, value=address) == 1


def soon(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def write(postfix: Postfix, mail: bytes, *, to: str = HELP) -> None:
    sender = f"smtp://127.0.0.1:{postfix.port}"
    parsed = message_from_bytes(mail, policy=policy.default)
    SmtpTransport(sender).send(parsed, envelope_from=VERA, recipients=[to])


def fetch_until(mailbox: Mailbox, mails: int, at: datetime = NOW) -> list[InboundMail]:
    """As the worker does, until so many mails are in."""

    def come() -> bool:
        fetch_mailbox(mailbox_id=mailbox.pk, at=at)
        return InboundMail.objects.count() >= mails

    soon(come)
    work(at)
    return list(InboundMail.objects.order_by("pk"))


def tell_everybody(at: datetime = NOW) -> None:
    """What happened is told, and what waits is sent: notices too."""
    while batches := list(Batch.objects.filter(done_at=None).values_list("pk", flat=True)):
        for batch in batches:
            deliver_batch(batch)
    send_all(at)


def send_all(at: datetime = NOW) -> None:
    for message in Message.objects.filter(delivery="queued", send_at__lte=at):
        send_message(message_id=message.pk, at=at)


def dmitri(world: World) -> Actor:
    return Actor.person(world.dmitri.pk)


def test_a_conversation_by_mail_there_and_back_through_real_servers(
    world: World, mailbox: Mailbox, postfix: Postfix, vera: Reader
) -> None:
    write(postfix, raw(f"Vera Orlova <{VERA}>", "Где выплата?", subject="Выплата за март", to=HELP))
    [row] = fetch_until(mailbox, 1)
    ticket = message_of(row).ticket
    assert (ticket.subject, ticket.partner, ticket.contact) == ("Выплата за март", world.aurora, world.vera)

    tell_everybody()
    tell_everybody()
    [receipt] = vera.wait_for_mails(1)
    assert (str(receipt["Auto-Submitted"]), f"[#{ticket.pk}]" in str(receipt["Subject"])) == (
        "auto-replied",
        True,
    )

    answer = reply(ticket_id=ticket.pk, text="Выплачено вчера.", by=dmitri(world), at=NOW)
    tell_everybody()
    [mail] = vera.wait_for_mails(1)
    answer.refresh_from_db()
    assert (answer.delivery, str(mail["Message-ID"]).strip("<>")) == ("sent", answer.message_id)
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Выплачено вчера." in body.get_content()

    # Only the address leads home: another subject, no headers of a thread.
    back = str(mail["Reply-To"].addresses[0].addr_spec)
    write(postfix, raw(f"Vera <{VERA}>", "Вижу, спасибо", subject="Вижу", to=back), to=back)
    assert message_of(fetch_until(mailbox, 2)[1]).ticket == ticket
    assert Ticket.objects.count() == 1

    change_status(ticket_id=ticket.pk, status=TicketStatus.SOLVED, by=dmitri(world), at=NOW)
    tell_everybody()
    tell_everybody()
    [notice] = vera.wait_for_mails(1)
    assert (str(notice["Auto-Submitted"]), str(notice["In-Reply-To"])) != ("", "")
    time.sleep(1)
    assert vera.new_mails() == [], "everything is told once"


def test_a_mail_to_somebody_who_is_gone_comes_back_and_marks_message_and_address(
    world: World, mailbox: Mailbox, postfix: Postfix, vera: Reader
) -> None:
    gone = f"{MOVED}@desk.example"
    move_vera_to(gone, VERA)
    write(postfix, raw(f"Vera <{gone}>", "Where is my payout?", to=HELP))
    ticket = message_of(fetch_until(mailbox, 1)[0]).ticket
    answer = reply(ticket_id=ticket.pk, text="Paid.", by=dmitri(world), at=NOW)
    send_all()
    bounce = fetch_until(mailbox, 2)[1]
    answer.refresh_from_db()
    assert (bounce.verdict, message_of(bounce).ticket) == ("bounce", ticket)
    assert answer.delivery == "bounced"
    assert "5.1.1" in answer.delivery_note
    assert Address.objects.get(normalised=gone).bounced_at == NOW
    tell_everybody()
    assert InboundMail.objects.count() == 2, "no machine answers a bounce"


def test_an_hour_without_a_mail_server_is_shown_and_loses_nothing(
    world: World, mailbox: Mailbox, postfix: Postfix, dovecot: Dovecot, vera: Reader
) -> None:
    write(postfix, raw(f"Vera <{VERA}>", "Where is my payout?", to=HELP))
    ticket = message_of(fetch_until(mailbox, 1)[0]).ticket
    write(postfix, raw(f"Vera <{VERA}>", "It came while nobody could read it", to=HELP))
    answer = reply(ticket_id=ticket.pk, text="Paid.", by=dmitri(world), at=NOW)
    with postfix.stopped(), dovecot.stopped():
        for minute in range(0, 61, 5):
            at = later(minutes=minute)
            for due in due_mailboxes(at=at):
                fetch_mailbox(mailbox_id=due, at=at)
            for message in {answer.pk, *overdue_messages(at=at)}:
                send_message(message_id=message, at=at)
        mailbox.refresh_from_db()
        assert mailbox.failure.startswith("MailboxUnreachable"), "the mailbox page says so"
        assert mailbox.failed_at is not None
        answer.refresh_from_db()
        assert (answer.delivery, bool(answer.delivery_note)) == ("queued", True)
        assert due_mailboxes(at=later(minutes=90)) == [mailbox.pk]

    again = later(hours=3)
    assert fetch_until(mailbox, 2, at=again)[1].message_id
    mailbox.refresh_from_db()
    assert (mailbox.failure, mailbox.failed_at) == ("", None)
    assert overdue_messages(at=again) == [answer.pk]
    send_all(again)
    send_all(again)
    [mail] = vera.wait_for_mails(1)
    answer.refresh_from_db()
    assert (answer.delivery, answer.message_id) == ("sent", str(mail["Message-ID"]).strip("<>"))
    time.sleep(1)
    assert vera.new_mails() == []
