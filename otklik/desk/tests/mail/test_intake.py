"""From the post to a ticket."""

from __future__ import annotations

import errno

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Attachment, Blob, InboundMail, Mailbox, Message, Participant, Ticket
from otklik.desk.operations import intake, writing
from otklik.desk.operations.intake import take_in_next
from otklik.desk.operations.letters import Letter
from otklik.desk.operations.storing import mail_content
from otklik.desk.tests.mail.letters import arrive, later, message_of, raw, store, work
from otklik.events.models import Event
from otklik.jobs.models import QuarantinedItem
from otklik.jobs.public import replay_item
from otklik.partners.models import Address
from tests.world import NOW, World


def flags(ticket: Ticket) -> list[str]:
    return [
        event.data["flag"]
        for event in Event.objects.filter(kind="ticket.flagged").order_by("pk")
        if event.subjects.filter(noun="ticket", object_id=ticket.pk).exists()
    ]


def test_a_mail_of_a_known_person_becomes_a_ticket_of_their_partner(world: World, mailbox: Mailbox) -> None:
    [row] = arrive(
        mailbox,
        raw(
            sender="Vera Orlova <Vera@Aurora.example>",
            text="Where is my payout?\n\n-- \nVera\nAurora",
            message_id="first@aurora.example",
            files=[("act.pdf", "application/pdf", b"%PDF-1")],
        ),
    )
    message = message_of(row)
    ticket = message.ticket
    assert (row.state, row.verdict) == ("taken", "person")
    assert (ticket.partner, ticket.contact, ticket.program) == (world.aurora, world.vera, world.program)
    assert (ticket.subject, ticket.channel, ticket.status, ticket.mailbox) == (
        "Payout",
        "email",
        "new",
        mailbox,
    )
    assert (message.text.strip(), message.side, message.kind) == (
        "Where is my payout?",
        "partner",
        "incoming",
    )
    assert "Aurora" in message.signature
    assert message.message_id == "first@aurora.example"
    attachment = Attachment.objects.get(message=message)
    assert (attachment.filename, attachment.blob.size) == ("act.pdf", 6)
    with attachment.blob.file.open() as file:
        assert file.read() == b"%PDF-1"
    assert flags(ticket) == []


def test_an_unknown_sender_gets_a_ticket_without_partner_and_a_flag(mailbox: Mailbox) -> None:
    ticket = message_of(arrive(mailbox, raw(sender="Ivan <ivan@unknown.example>"))[0]).ticket
    assert (ticket.partner, ticket.requester_name, ticket.requester_address) == (
        None,
        "Ivan",
        "ivan@unknown.example",
    )
    assert flags(ticket) == ["unknown_sender"]


def test_somebody_known_by_a_second_address_is_recognised_in_a_ticket_of_the_first(
    world: World, mailbox: Mailbox
) -> None:
    Address.objects.create(
        contact=world.vera, kind="email", value="V.Orlova@mail.ru", normalised="v.orlova@mail.ru"
    )
    first, second = arrive(
        mailbox,
        raw(message_id="one@x"),
        raw(sender="v.orlova@mail.ru", in_reply_to="one@x", text="From my phone"),
    )
    assert message_of(first).ticket == message_of(second).ticket
    assert message_of(second).contact == world.vera


def test_a_form_that_writes_as_noreply_is_answered_at_its_reply_to(mailbox: Mailbox) -> None:
    mail = raw(sender="Site <noreply@site.example>", Reply_To="Oleg <oleg@client.example>")
    ticket = message_of(arrive(mailbox, mail)[0]).ticket
    assert (ticket.requester_name, ticket.requester_address) == ("Oleg", "oleg@client.example")


def test_case_05_system_addresses_in_to_cc_and_from_are_nobody_in_the_ticket(
    mailbox: Mailbox, second_mailbox: Mailbox
) -> None:
    mail = raw(
        to="help+r-us@north.example, Help@North.Example",
        cc="billing@north.example, gleb@aurora.example, dmitri@example.com",
    )
    ticket = message_of(arrive(mailbox, mail)[0]).ticket
    addresses = set(Participant.objects.filter(ticket=ticket).values_list("address", flat=True))
    assert addresses == {"vera@aurora.example", "gleb@aurora.example"}


def test_case_39_a_mail_to_41_unknown_people_lets_in_at_most_40(mailbox: Mailbox) -> None:
    everybody = ", ".join(f"p{n}@many.example" for n in range(41))
    ticket = message_of(arrive(mailbox, raw(cc=everybody))[0]).ticket
    assert Participant.objects.filter(ticket=ticket).exclude(address="vera@aurora.example").count() == 40


def test_a_mail_without_sender_subject_or_text_is_a_ticket_all_the_same(mailbox: Mailbox) -> None:
    [row] = arrive(mailbox, b"\r\n\r\n")
    assert row.state == "taken"
    assert message_of(row).ticket.requester_address == ""


def test_the_number_of_queries_does_not_grow_with_the_chunk(world: World, mailbox: Mailbox) -> None:
    arrive(mailbox, raw(message_id="warm@x"))  # content types, mailboxes, languages

    def queries(count: int, prefix: str) -> int:
        mails = [
            raw(
                sender=f"p{n}@{prefix}.example" if n % 2 else "vera@aurora.example",
                text=f"Text {prefix} {n}",
                message_id=f"{prefix}{n}@x",
                in_reply_to=f"{prefix}{n - 2}@x" if n > 3 else None,
                files=[(f"{n}.txt", "text/plain", f"{prefix}{n}".encode())],
            )
            for n in range(count)
        ]
        store(mailbox, *mails)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert take_in_next(at=NOW) == count
        return len(seen)

    assert queries(10, "a") == queries(20, "b")


def test_case_54_a_poison_mail_is_put_aside_and_the_queue_goes_on(
    world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison_reads_like(monkeypatch, ValueError("cannot be understood"))
    store(mailbox, raw(message_id="a@x"), raw(subject="POISON"), raw(message_id="b@x", in_reply_to="a@x"))
    work()
    assert Message.objects.count() == 2, "the others did not wait for it"
    for minutes in (2, 10):
        work(later(minutes=minutes))
    [row] = InboundMail.objects.exclude(state="taken")
    assert (row.state, row.attempts, row.reason) == ("quarantined", 3, "ValueError: cannot be understood")
    item = QuarantinedItem.objects.get(kind="mail")
    assert "cannot be understood" in item.error
    with mail_content(row) as content:
        assert b"POISON" in content.read(), "the proof is kept"

    monkeypatch.undo()
    replay_item(item_id=item.pk, at=later(hours=1))
    work(later(hours=1))
    row.refresh_from_db()
    assert (row.state, message_of(row).subject) == ("taken", "POISON")


def test_case_54_a_mail_that_cannot_be_written_does_not_take_its_chunk_with_it(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = writing.create_tickets_bulk

    def refuse(rows, **context):
        if any(row.subject == "POISON" for row in rows):
            raise RuntimeError("no such thing")
        return create(rows, **context)

    monkeypatch.setattr(writing, "create_tickets_bulk", refuse)
    store(mailbox, raw(subject="one"), raw(subject="POISON"), raw(subject="two"))
    work()
    assert set(Ticket.objects.values_list("subject", flat=True)) == {"one", "two"}
    assert InboundMail.objects.get(state="stored").reason == "RuntimeError: no such thing"


def test_a_mail_whose_worker_dies_each_time_is_put_aside_unread(mailbox: Mailbox) -> None:
    store(mailbox, raw())
    InboundMail.objects.update(attempts=4)
    work()
    assert InboundMail.objects.get().state == "quarantined"
    assert "killed, or out of memory" in QuarantinedItem.objects.get().error


def test_a_full_disk_leaves_the_mail_waiting_for_as_long_as_it_takes(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison_reads_like(monkeypatch, OSError(errno.ENOSPC, "No space left on device"))
    [mail_id] = store(mailbox, raw(subject="POISON"))
    for minutes in range(0, 60, 2):
        work(later(minutes=minutes))
    row = InboundMail.objects.get(pk=mail_id)
    assert (row.state, row.reason) == ("stored", "OSError: [Errno 28] No space left on device")
    assert not QuarantinedItem.objects.exists()
    monkeypatch.undo()
    work(later(hours=2))
    assert InboundMail.objects.get(pk=mail_id).state == "taken"


def poison_reads_like(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    read = intake.read_letter

    def reading(row: InboundMail) -> Letter:
        with mail_content(row) as content:
            if b"POISON" in content.read():
                raise error
        return read(row)

    monkeypatch.setattr(intake, "read_letter", reading)


def test_taken_in_events_are_one_for_each_mail(mailbox: Mailbox) -> None:
    arrive(mailbox, raw(message_id="a@x"), raw(message_id="b@x", in_reply_to="a@x", text="More"))
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert [k for k in kinds if k.startswith("ticket.")] == ["ticket.created", "ticket.message_received"]
    assert (Ticket.objects.count(), Message.objects.count(), Blob.objects.count()) == (1, 2, 0)
    assert set(InboundMail.objects.values_list("state", flat=True)) == {"taken"}
