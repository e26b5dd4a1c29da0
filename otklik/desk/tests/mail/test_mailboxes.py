"""Mail is fetched and handed over: stored first, acknowledged then."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from otklik.desk.channels.mail.fake import MemorySource
from otklik.desk.channels.mail.listener import Answer
from otklik.desk.channels.mail.protocol import FetchedMail, MailboxUnreachable, SignInRefused
from otklik.desk.channels.mail.spool import Spool
from otklik.desk.models import InboundMail, Mailbox, Message
from otklik.desk.operations import mailboxes
from otklik.desk.operations.mailboxes import (
    accept_delivery,
    begin_with_new_mail,
    due_mailboxes,
    fetch_mailbox,
    is_ours,
)
from otklik.desk.operations.notices import Notice, send_notice
from otklik.desk.tests.mail.letters import later, raw, work
from tests.world import NOW


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> MemorySource:
    memory = MemorySource()
    monkeypatch.setattr(mailboxes, "imap_source", lambda mailbox: memory)
    monkeypatch.setattr(mailboxes, "now", lambda: NOW)
    return memory


def fetch(mailbox: Mailbox, at=NOW) -> int | None:
    return fetch_mailbox(mailbox_id=mailbox.pk, at=at)


def test_each_mail_is_fetched_stored_and_acknowledged_once(mailbox: Mailbox, source: MemorySource) -> None:
    for number in range(120):
        source.put(raw(text=f"Text {number}"))
    assert fetch(mailbox) == 120
    assert (InboundMail.objects.count(), len(source.acknowledged)) == (120, 120)
    mailbox.refresh_from_db()
    assert (mailbox.last_uid, mailbox.fetched_at, mailbox.claimed_until) == (120, NOW, None)
    assert fetch(mailbox) == 0


def test_nothing_is_acknowledged_that_could_not_be_stored(
    mailbox: Mailbox, source: MemorySource, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.put(raw())

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(mailboxes, "store_mails", full)
        fetch(mailbox)
    mailbox.refresh_from_db()
    assert (source.acknowledged, mailbox.last_uid) == (set(), 0)
    assert "No space left" in mailbox.failure
    assert fetch(mailbox, later(minutes=20)) == 1
    assert source.acknowledged == {1}


def test_case_53_killed_between_storing_and_acknowledging_the_mail_is_taken_once(
    mailbox: Mailbox, source: MemorySource, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(mails) -> None:
        raise Killed

    source.put(raw())
    with monkeypatch.context() as patch:
        patch.setattr(source, "acknowledge", die)
        with pytest.raises(Killed):
            fetch(mailbox)
    assert fetch(mailbox) is None, "the dead reader's claim"
    assert fetch(mailbox, later(minutes=11)) == 1
    work()
    assert (InboundMail.objects.count(), Message.objects.count()) == (1, 1)
    assert source.acknowledged == {1}


def test_case_55_a_folder_that_was_numbered_anew_brings_no_mail_twice(
    mailbox: Mailbox, source: MemorySource
) -> None:
    source.put(raw())
    source.put(raw(text="2"))
    fetch(mailbox)
    source.renumber()
    source.put(raw(text="3"))
    fetch(mailbox, later(minutes=1))
    work()
    assert (InboundMail.objects.count(), Message.objects.count()) == (3, 3)
    mailbox.refresh_from_db()
    assert (mailbox.uidvalidity, mailbox.last_uid) == (2, 3)


def test_a_server_away_for_an_hour_is_shown_asked_less_often_and_loses_nothing(
    mailbox: Mailbox, source: MemorySource
) -> None:
    source.put(raw())
    fetch(mailbox)
    asked = 0
    for minutes in range(1, 61):
        if due_mailboxes(at=later(minutes=minutes)):
            source.fail_with = MailboxUnreachable("connection refused")
            fetch(mailbox, later(minutes=minutes))
            asked += 1
    mailbox.refresh_from_db()
    assert mailbox.failure == "MailboxUnreachable: connection refused"
    assert mailbox.failed_at is not None
    assert 5 <= asked <= 20
    source.put(raw(text="While you were away"))
    assert fetch(mailbox, later(minutes=90)) == 1
    mailbox.refresh_from_db()
    assert (mailbox.failure, mailbox.failed_at, InboundMail.objects.count()) == ("", None, 2)


def test_a_wrong_password_is_told_in_the_row(mailbox: Mailbox, source: MemorySource) -> None:
    source.fail_with = SignInRefused()
    fetch(mailbox)
    mailbox.refresh_from_db()
    assert mailbox.failure == "SignInRefused"


def test_a_mailbox_begun_with_new_mail_leaves_the_old_alone(mailbox: Mailbox, source: MemorySource) -> None:
    source.put(raw(text="Old"))
    begin_with_new_mail(mailbox_id=mailbox.pk, source=source)
    source.put(raw(text="New"))
    assert fetch(mailbox) == 1


def handed_over(content: bytes, *recipients: str, sender: str = "vera@aurora.example") -> FetchedMail:
    spool = Spool()
    spool.write(content)
    return spool.finish(envelope=(sender, recipients), received_at=NOW)


def test_a_mail_handed_over_is_stored_for_the_mailbox_it_is_for(mailbox: Mailbox, second_mailbox) -> None:
    assert is_ours("Help+r-us@North.Example")
    assert not is_ours("postmaster@north.example")
    with (mail := handed_over(raw(), "help+tag@north.example")).content:
        assert accept_delivery(mail) is Answer.STORED
        assert accept_delivery(mail) is Answer.STORED, "given again after a lost answer"
    row = InboundMail.objects.get()
    assert (row.mailbox, row.envelope_to) == (mailbox, ["help+tag@north.example"])
    with (mail := handed_over(raw(), "nobody@north.example")).content:
        assert accept_delivery(mail) is Answer.REFUSED


def test_case_03_the_null_sender_of_an_envelope_is_remembered(mailbox: Mailbox) -> None:
    with (mail := handed_over(raw(), "help@north.example", sender="")).content:
        accept_delivery(mail)
    work(NOW + timedelta(days=3650))
    row = InboundMail.objects.get()
    assert (row.state, row.is_automatic) == ("taken", True)


def test_a_password_that_cannot_be_read_is_told_on_the_mailbox_and_tried_again(
    mailbox: Mailbox, settings
) -> None:
    mailbox.password = "sesame"
    mailbox.save()
    settings.SECRET_KEY = "another key " * 4
    assert fetch(mailbox) == 0
    row = Mailbox.objects.defer("password").get(pk=mailbox.pk)
    assert row.failure.startswith("SecretUnreadable")
    assert row.claimed_until == later(minutes=1)


def test_a_new_mailbox_begins_with_the_mail_that_came_since_it_was_made(
    mailbox: Mailbox, source: MemorySource
) -> None:
    Mailbox.objects.update(created_at=later(minutes=1))
    for number in range(3):
        source.put(raw(text=f"Of last year {number}"))
    assert fetch(mailbox) == 0
    mailbox.refresh_from_db()
    assert (mailbox.uidvalidity, mailbox.last_uid) == (1, 3)
    source.put(raw(text="Of today"))
    assert fetch(mailbox) == 1
    assert source.acknowledged == {4}, "what is older is not even marked as read"


def test_mail_that_came_while_a_new_mailbox_could_not_be_read_yet_is_not_old(
    mailbox: Mailbox, source: MemorySource
) -> None:
    source.fail_with = SignInRefused("help@north.example")
    assert fetch(mailbox) == 0
    source.put(raw())
    assert fetch(mailbox, later(minutes=20)) == 1


def test_old_mail_is_taken_in_where_that_is_wanted_and_its_writers_are_not_bothered(
    mailbox: Mailbox, source: MemorySource
) -> None:
    Mailbox.objects.update(created_at=later(minutes=1), takes_old=True)
    source.put(raw(text="Of last year"))
    source.put(raw(text="Of today", subject="Another", Date=format_datetime(later(minutes=2))))
    assert fetch(mailbox) == 2
    work()
    old, new = Message.objects.order_by("pk")
    assert send_notice(ticket_id=old.ticket_id, notice=Notice.RECEIPT, key="old", at=NOW) is None
    assert send_notice(ticket_id=new.ticket_id, notice=Notice.RECEIPT, key="new", at=NOW) is not None
    assert send_notice(ticket_id=old.ticket_id, notice=Notice.SOLVED, key="s", at=NOW) is not None
