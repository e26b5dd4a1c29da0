"""What comes back to the desk's mailbox about survey mail, and what does not count as anything."""

from __future__ import annotations

from typing import Any

import pytest

from otklik.desk.models import InboundMail, Mailbox, Ticket
from otklik.desk.tests.mail.letters import raw, store, work
from otklik.feedback.mailing.ids import message_id_for
from otklik.feedback.models import Invitation, Objection
from otklik.feedback.tests.invited import invite
from otklik.feedback.tests.mailing.conftest import Post
from otklik.partners.models import Address

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(post: Post) -> Mailbox:
    return Mailbox.objects.create(
        address="help@north.example", program=post.world.program, created_at=post.world.now
    )


@pytest.fixture
def asked(post: Post) -> Invitation:
    return invite(post.wave, post.world.vera, remind_at=post.at)


def report(kind: str, middle: str, message_id: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: help@north.example\r\nSubject: Report\r\n"
        f"Message-ID: <r{abs(hash((kind, middle, message_id)))}@mx.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is a report.\r\n"
        f"--b\r\nContent-Type: message/{kind}\r\n\r\n{middle}\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"From: North <otklik@localhost>\r\nTo: vera@aurora.example\r\nMessage-ID: {message_id}\r\n"
        "Subject: One question\r\n\r\nHello\r\n--b--\r\n"
    ).encode()


def bounce(message_id: str, status: str = "5.1.1", who: str = "vera@aurora.example", **more: str) -> bytes:
    action = more.get("action", "failed")
    middle = (
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {who}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} no such user\r\n"
    )
    return report("delivery-status", middle, message_id)


def complaint(message_id: str) -> bytes:
    middle = "Feedback-Type: abuse\r\nUser-Agent: Provider/1.0\r\nVersion: 1\r\n"
    return report("feedback-report", middle, message_id)


def arrived(mailbox: Mailbox, mail: bytes) -> InboundMail:
    [pk] = store(mailbox, mail)
    work()
    return InboundMail.objects.get(pk=pk)


def test_a_returned_mail_marks_invitation_and_address(asked: Invitation, mailbox: Mailbox) -> None:
    mail = arrived(mailbox, bounce(message_id_for(asked.pk, 0)))
    assert (mail.state, mail.reason) == ("parked", "report")
    asked.refresh_from_db()
    assert (asked.state, asked.remind_at) == ("bounced", None)
    assert "5.1.1" in asked.reason
    assert Address.objects.get(normalised="vera@aurora.example").bounced_at is not None
    assert not Ticket.objects.exists()


def test_an_address_in_other_letters_is_known_in_the_spelling_of_mail_servers(
    asked: Invitation, mailbox: Mailbox
) -> None:
    Address.objects.update(normalised="vera@пример.example")
    Invitation.objects.update(address="vera@пример.example")
    arrived(mailbox, bounce(message_id_for(asked.pk, 0), who="Vera@XN--e1afmkfd.example"))
    assert Address.objects.exclude(bounced_at=None).exists()


@pytest.mark.parametrize(
    ("what", "state"),
    [
        ({"status": "4.4.1", "action": "delayed"}, "sent"),
        ({"status": "5.2.2"}, "bounced"),
        ({"status": "5.7.1"}, "bounced"),
        ({"who": "elsewhere@other.example"}, "bounced"),
    ],
)
def test_what_says_nothing_against_the_address_does_not_mark_it(
    asked: Invitation, mailbox: Mailbox, what: dict[str, Any], state: str
) -> None:
    arrived(mailbox, bounce(message_id_for(asked.pk, 0), **what))
    asked.refresh_from_db()
    assert asked.state == state
    assert not Address.objects.exclude(bounced_at=None).exists()


def test_a_made_up_report_is_believed_by_nobody(asked: Invitation, mailbox: Mailbox) -> None:
    forged = message_id_for(asked.pk, 0).replace(f".{asked.pk}.", f".{asked.pk + 1}.")
    for mail in (bounce(forged), complaint(forged)):
        assert arrived(mailbox, mail).reason in ("bounce", "auto_reply")
    asked.refresh_from_db()
    assert asked.state == "sent"
    assert not Objection.objects.exists()


def test_who_answered_was_reached_whatever_a_report_says(
    asked: Invitation, mailbox: Mailbox, post: Post
) -> None:
    Invitation.objects.update(answered_at=post.at)
    arrived(mailbox, bounce(message_id_for(asked.pk, 1), status="5.2.2"))
    asked.refresh_from_db()
    assert asked.state == "sent"


def test_a_complaint_is_silence_for_the_person(asked: Invitation, mailbox: Mailbox) -> None:
    for number in range(2):
        mail = arrived(mailbox, complaint(message_id_for(asked.pk, number)))
        assert (mail.state, mail.reason) == ("parked", "report")
    [objection] = Objection.objects.all()
    assert (objection.kind, objection.address) == ("complained", "vera@aurora.example")
    asked.refresh_from_db()
    assert asked.remind_at is None


def test_case_08_an_absence_note_changes_nothing(asked: Invitation, mailbox: Mailbox) -> None:
    note = raw(
        subject="Out of office",
        text="I am away until Monday.",
        in_reply_to=message_id_for(asked.pk, 0).strip("<>"),
        Auto_Submitted="auto-replied",
    )
    assert arrived(mailbox, note).reason == "auto_reply"
    before = asked.remind_at
    asked.refresh_from_db()
    assert (asked.state, asked.remind_at) == ("sent", before)
    assert not Objection.objects.exists()
    assert not Ticket.objects.exists()
