"""Mails written to harm, and mails by programs that do the same by accident."""

from __future__ import annotations

import base64
import tracemalloc
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from otklik.desk.channels.mail.outgoing import MemoryTransport
from otklik.desk.models import Attachment, Blob, InboundMail, Mailbox, Message
from otklik.desk.operations.delivery import send_message
from otklik.desk.operations.messages import reply
from otklik.desk.operations.notices import Notice, send_notice
from otklik.desk.operations.storing import NewMail, store_mails
from otklik.desk.tests.mail.letters import arrive, message_of, one_by_one, raw, work
from otklik.desk.tests.mail.test_delivery import bounce
from otklik.events.models import Batch
from otklik.events.operations.deliver import deliver_batch
from otklik.events.public import Actor
from otklik.partners.models import Address
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
SCAN = ("scan.pdf", "application/pdf")


@pytest.mark.parametrize("take", [one_by_one, arrive])
def test_case_24_same_message_id_and_words_with_another_file_is_another_mail(mailbox: Mailbox, take) -> None:
    """Scanners send every sheet under one Message-ID, with one and the same text."""
    first, second = (
        raw(message_id="scanner@x", text="See the file.", files=[(*SCAN, content)])
        for content in (b"1", b"2")
    )
    rows = take(mailbox, first, second)
    assert [row.state for row in rows] == ["taken", "taken"]
    assert {message_of(row).attachments.get().blob.size for row in rows} == {1}
    assert len({message_of(row).attachments.get().blob_id for row in rows}) == 2


@pytest.mark.parametrize("take", [one_by_one, arrive])
def test_case_25_one_mail_with_a_file_to_two_mailboxes_is_one_ticket(mailbox: Mailbox, take) -> None:
    mails = [
        raw(message_id="both@x", text="See the file.", files=[(*SCAN, b"1")], Delivered_To=to)
        for to in ("a@north.example", "b@north.example")
    ]
    first, second = take(mailbox, *mails)
    assert (second.state, second.reason, second.message) == ("parked", "twin", first.message)


HOSTILE = "Payout\r\nBcc: victim@elsewhere.example\r\n\r\n<script>alert(1)</script>"


def test_a_subject_or_a_name_never_opens_a_header(
    world: World, mailbox: Mailbox, outbox: MemoryTransport
) -> None:
    encoded = "=?utf-8?q?Payout=0D=0ABcc=3A_victim=40elsewhere=2Eexample=0D=0A?="
    mail = raw(sender="x@firm.example").replace(b"Subject: Payout", b"Subject: " + encoded.encode())
    mail = mail.replace(b"From: x@firm.example", b"From: " + encoded.encode() + b" <x@firm.example>")
    [row] = arrive(mailbox, mail)
    ticket = message_of(row).ticket
    assert "\n" not in ticket.subject + ticket.requester_name
    answer = reply(ticket_id=ticket.pk, text="Paid.", by=Actor.person(world.dmitri.pk), at=NOW)
    notice = send_notice(ticket_id=ticket.pk, notice=Notice.SOLVED, key="n", at=NOW)
    assert notice is not None
    for message in (answer, notice):
        send_message(message_id=message.pk, at=NOW)
    assert len(outbox.sent) == 2
    for sent, _, recipients in outbox.sent:
        assert recipients == ("x@firm.example",)
        assert message_from_bytes(sent.as_bytes(), policy=default)["Bcc"] is None


def test_case_49_a_made_up_report_marks_nobody_the_mail_did_not_go_to(
    world: World, mailbox: Mailbox, outbox: MemoryTransport
) -> None:
    """Whoever got one mail of ours knows an id to report about."""
    [row] = arrive(mailbox, raw(sender="x@firm.example"))
    answer = reply(
        ticket_id=message_of(row).ticket_id, text="Paid.", by=Actor.person(world.dmitri.pk), at=NOW
    )
    send_message(message_id=answer.pk, at=NOW)
    sent_id = str(outbox.sent[0][0]["Message-ID"]).strip("<>")
    arrive(mailbox, bounce(sent_id, "5.1.1", "failed", recipient="vera@aurora.example"))
    assert Address.objects.get(normalised="vera@aurora.example").bounced_at is None


@pytest.mark.parametrize(
    "headers",
    [
        {"sender": "MAILER-DAEMON@mx.firm.example", "subject": "Undelivered Mail Returned to Sender"},
        {"sender": "postmaster@firm.example", "subject": "Недоставленное сообщение", "Return_Path": "<>"},
    ],
)
def test_case_50_a_bounce_of_nothing_we_sent_opens_no_ticket_and_is_not_answered(
    mailbox: Mailbox, outbox: MemoryTransport, headers: Any
) -> None:
    text = (
        "I'm sorry to inform you that your message could not be delivered to x@firm.example: 550 no such user"
    )
    [row] = arrive(mailbox, raw(text=text, **headers))
    assert row.state == "parked"
    [report] = arrive(mailbox, bounce("unknown@north.example", "5.1.1", "failed"))
    assert report.state == "parked"
    while batches := list(Batch.objects.filter(done_at=None).values_list("pk", flat=True)):
        for batch in batches:
            deliver_batch(batch)
    assert not Message.objects.exists()


def test_case_36_a_signatures_43_logos_in_every_mail_of_a_thread_are_one_file(
    world: World, mailbox: Mailbox
) -> None:
    logos = [(f"logo{n}.png", "image/png", b"\x89PNG the same") for n in range(43)]
    take = [raw(message_id=f"m{n}@x", in_reply_to="m0@x", text=f"{n}", files=logos) for n in range(3)]
    rows = arrive(mailbox, *take)
    assert [message_of(row).attachments.count() for row in rows] == [43, 43, 43]
    blob = Blob.objects.get()
    assert list(Attachment.objects.values_list("blob_id", flat=True).distinct()) == [blob.pk]
    folder = Path(default_storage.path("attachments"))
    assert [path.read_bytes() for path in folder.rglob("*") if path.is_file()] == [b"\x89PNG the same"]


@pytest.mark.slow
def test_case_37_a_mail_of_a_hundred_megabytes_is_stored_and_taken_in_within_bounded_memory(
    world: World, mailbox: Mailbox, tmp_path: Path
) -> None:
    """The whole way: from the file it came in to the attachment on the disk."""
    line = base64.b64encode(bytes(range(57))) + b"\r\n"
    lines = 100 * 1024 * 1024 // len(line)
    head = (
        b"From: vera@aurora.example\r\nTo: help@north.example\r\nSubject: Film\r\nMessage-ID: <film@x>\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nSee the film\r\n--b\r\n'
        b'Content-Type: video/mp4; name="film.mp4"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    )
    file = tmp_path / "film.eml"
    with file.open("wb") as out:
        out.write(head)
        for _ in range(lines // 1000):
            out.write(line * 1000)
        out.write(b"--b--\r\n")
    arrive(mailbox, raw())  # what is loaded once is not counted
    tracemalloc.start()
    try:
        with file.open("rb") as content:
            [mail_id] = store_mails([NewMail(mailbox.pk, content)], at=NOW).ids
        work()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40 * 1024 * 1024
    message = message_of(InboundMail.objects.get(pk=mail_id))
    assert (message.text.strip(), message.attachments.get().filename) == ("See the film", "film.mp4")
    assert message.attachments.get().blob.size == lines // 1000 * 57_000
