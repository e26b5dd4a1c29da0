"""What staff write goes out, to the right people, once."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from django.utils import translation
from django_q.models import OrmQ

from otklik.desk import jobs
from otklik.desk.channels.mail.outgoing import MemoryTransport
from otklik.desk.models import EndCustomer, Mailbox, MailCopy, Message, Participant, Ticket
from otklik.desk.operations import delivery
from otklik.desk.operations.delivery import (
    NOBODY,
    CannotRetry,
    overdue_messages,
    retry_delivery,
    send_message,
)
from otklik.desk.operations.messages import TooLate, reply, take_back
from otklik.desk.reasons import delivery_note
from otklik.desk.tests.mail.letters import arrive, later, message_of, raw
from otklik.desk.tests.mail.test_intake import flags
from otklik.events.public import Actor
from otklik.kit.mail import DeliveryUnknown
from otklik.partners.models import Address
from tests.world import NOW, World


@pytest.fixture
def ticket(mailbox: Mailbox) -> Ticket:
    mail = raw(message_id="root@x", cc="gleb@aurora.example", text="Where is my payout?")
    return message_of(arrive(mailbox, mail)[0]).ticket


def answer(world: World, ticket: Ticket, text: str = "Paid.", **options) -> Message:
    at = options.pop("at", NOW)
    return reply(ticket_id=ticket.pk, text=text, by=Actor.person(world.dmitri.pk), at=at, **options)


def only(outbox: MemoryTransport) -> tuple[EmailMessage, tuple[str, ...]]:
    [(mail, _sender, recipients)] = outbox.sent
    return mail, recipients


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return part.get_content()


def test_an_answer_goes_to_whoever_asked_with_a_way_back_to_its_ticket(
    world: World, mailbox: Mailbox, ticket: Ticket, outbox: MemoryTransport
) -> None:
    mailbox.signature = "North partner support"
    mailbox.save()
    message = answer(world, ticket)
    send_message(message_id=message.pk, at=NOW)

    mail, recipients = only(outbox)
    assert recipients == ("vera@aurora.example", "gleb@aurora.example")
    assert (mail["To"].addresses[0].addr_spec, mail["Cc"].addresses[0].addr_spec) == recipients
    assert str(mail["From"]) == '"Dmitri Agent (North support)" <help@north.example>'
    assert str(mail["Subject"]) == f"Re: Payout [#{ticket.pk}]"
    assert (str(mail["In-Reply-To"]), "Auto-Submitted" in mail) == ("<root@x>", False)
    assert "> Where is my payout?" in body(mail)
    assert "-- \nNorth partner support" in body(mail)
    message.refresh_from_db()
    assert (message.delivery, message.message_id) == ("sent", str(mail["Message-ID"]).strip("<>"))

    back = str(mail["Reply-To"].addresses[0].addr_spec)
    [row] = arrive(mailbox, raw(to=back, text="Thank you"))
    assert message_of(row).ticket == ticket


def test_case_11_the_answer_to_our_answer_finds_the_ticket_by_its_headers_alone(
    world: World, mailbox: Mailbox, ticket: Ticket, outbox: MemoryTransport
) -> None:
    send_message(message_id=answer(world, ticket).pk, at=NOW)
    mail, _ = only(outbox)
    [row] = arrive(mailbox, raw(in_reply_to=str(mail["Message-ID"]).strip("<>"), text="Thank you"))
    assert message_of(row).ticket == ticket


def test_case_10_our_own_mail_fetched_from_the_sent_folder_is_parked_beside_its_message(
    world: World, mailbox: Mailbox, ticket: Ticket, outbox: MemoryTransport
) -> None:
    message = answer(world, ticket)
    send_message(message_id=message.pk, at=NOW)
    [row] = arrive(mailbox, only(outbox)[0].as_bytes())
    assert (row.state, row.reason, row.message) == ("parked", "own_mail", message)


def test_each_side_gets_a_mail_of_its_own_and_reads_nothing_of_the_other(
    world: World, ticket: Ticket, outbox: MemoryTransport
) -> None:
    customer = EndCustomer.objects.create(
        partner=world.aurora, name="Oleg", address="oleg@client.example", created_at=NOW
    )
    Ticket.objects.filter(pk=ticket.pk).update(customer=customer)
    Participant.objects.create(
        ticket=ticket, side="customer", customer=customer, address=customer.address, since=NOW
    )
    message = answer(world, ticket, to_partner=True, to_customer=True)
    send_message(message_id=message.pk, at=NOW)
    by_first = {recipients[0]: (mail, recipients) for mail, _, recipients in outbox.sent}
    assert set(by_first) == {"vera@aurora.example", "oleg@client.example"}
    to_partner, to_customer = (by_first[a] for a in ("vera@aurora.example", "oleg@client.example"))
    assert "client.example" not in to_partner[0].as_string()
    assert "aurora" not in to_customer[0].as_string().lower()
    assert to_customer[1] == ("oleg@client.example",)
    assert "Where is my payout" not in body(to_customer[0])
    assert str(to_partner[0]["Message-ID"]) != str(to_customer[0]["Message-ID"])


def test_a_message_may_be_taken_back_until_its_moment_and_not_after_it(
    world: World, ticket: Ticket, outbox: MemoryTransport
) -> None:
    held = answer(world, ticket, hold_seconds=10)
    send_message(message_id=held.pk, at=later(seconds=5))
    assert outbox.sent == []
    take_back(message_id=held.pk, by=Actor.person(world.dmitri.pk), at=later(seconds=9))
    send_message(message_id=held.pk, at=later(seconds=11))
    assert outbox.sent == []

    second = answer(world, ticket, hold_seconds=10)
    send_message(message_id=second.pk, at=later(seconds=11))
    assert len(outbox.sent) == 1
    with pytest.raises(TooLate):
        take_back(message_id=second.pk, by=Actor.person(world.dmitri.pk), at=later(seconds=12))


def test_case_56_an_unknown_outcome_is_repeated_under_the_same_message_id(
    world: World, ticket: Ticket, outbox: MemoryTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, cut = outbox.send, []

    def cut_once(mail, **envelope):
        receipt = send(mail, **envelope)
        if not cut:
            cut.append(True)
            raise DeliveryUnknown("the connection was cut")
        return receipt

    monkeypatch.setattr(outbox, "send", cut_once)
    message = answer(world, ticket)
    send_message(message_id=message.pk, at=NOW)
    message.refresh_from_db()
    assert (message.delivery, message.delivery_note) == ("queued", "the connection was cut")
    send_message(message_id=message.pk, at=later(seconds=30))
    assert len(outbox.sent) == 1, "not before its time"
    send_message(message_id=message.pk, at=later(minutes=2))
    first, second = (str(mail["Message-ID"]) for mail, _, _ in outbox.sent)
    assert first == second
    send_message(message_id=message.pk, at=later(minutes=20))
    assert len(outbox.sent) == 2
    message.refresh_from_db()
    assert message.delivery == "sent"


def test_case_56_a_worker_that_died_while_sending_is_followed_under_the_same_id(
    world: World, ticket: Ticket, outbox: MemoryTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_, **__):
        raise Killed

    message = answer(world, ticket)
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_send", die)
        with pytest.raises(Killed):
            send_message(message_id=message.pk, at=NOW)
    promised = MailCopy.objects.get().sent_id
    assert overdue_messages(at=later(minutes=5)) == [message.pk]
    send_message(message_id=message.pk, at=later(minutes=5))
    assert outbox.sent == [], "the dead worker's claim still holds: the mail may be on its way"
    send_message(message_id=message.pk, at=later(minutes=9))
    assert str(only(outbox)[0]["Message-ID"]) == f"<{promised}>"


def test_a_refused_mail_is_shown_and_goes_out_once_it_is_mended(
    world: World, ticket: Ticket, outbox: MemoryTransport
) -> None:
    Participant.objects.filter(ticket=ticket).delete()
    Ticket.objects.filter(pk=ticket.pk).update(requester_address="refused@aurora.example")
    message = answer(world, ticket)
    send_message(message_id=message.pk, at=NOW)
    message.refresh_from_db()
    assert (message.delivery, message.delivery_note) == ("failed", "550 no such mailbox")
    assert "delivery_failed" in flags(ticket)

    Ticket.objects.filter(pk=ticket.pk).update(requester_address="vera@aurora.example")
    retry_delivery(message_id=message.pk, by=Actor.person(world.dmitri.pk), at=later(hours=1))
    send_message(message_id=message.pk, at=later(hours=1))
    assert only(outbox)[1] == ("vera@aurora.example",)
    with pytest.raises(CannotRetry):
        retry_delivery(message_id=message.pk, by=Actor.person(world.dmitri.pk), at=later(hours=2))


def test_a_server_away_for_an_hour_is_asked_again_and_again_until_it_is_back(
    world: World, ticket: Ticket, outbox: MemoryTransport
) -> None:
    Participant.objects.filter(ticket=ticket).delete()
    Ticket.objects.filter(pk=ticket.pk).update(requester_address="delayed@aurora.example")
    message = answer(world, ticket)
    for minutes in range(61):
        send_message(message_id=message.pk, at=later(minutes=minutes))
    copy = MailCopy.objects.get()
    assert (copy.state, copy.attempts, copy.note) == ("queued", 6, "451 try again later")
    send_message(message_id=message.pk, at=later(days=3))
    message.refresh_from_db()
    assert message.delivery == "failed", "after two days nobody is kept in hope"


def test_nobody_to_write_to_is_a_failure_that_says_so(world: World, ticket: Ticket, outbox) -> None:
    message = answer(world, ticket)
    Participant.objects.filter(ticket=ticket).delete()
    Ticket.objects.filter(pk=ticket.pk).update(requester_address="", contact=None)
    send_message(message_id=message.pk, at=NOW)
    message.refresh_from_db()
    assert (message.delivery, outbox.sent) == ("failed", [])


def bounce(about: str, status: str, action: str, recipient: str = "vera@aurora.example") -> bytes:
    return (
        "From: MAILER-DAEMON@aurora.example\r\nTo: help@north.example\r\nSubject: Undelivered Mail\r\n"
        "Return-Path: <>\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <dsn@aurora.example>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.aurora.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{about}>\r\n\r\n--b--\r\n"
    ).encode()


def test_case_49_a_bounce_marks_the_message_and_the_address_and_moves_nothing(
    world: World, mailbox: Mailbox, ticket: Ticket, outbox: MemoryTransport
) -> None:
    message = answer(world, ticket, status_after=None)
    send_message(message_id=message.pk, at=NOW)
    before = Ticket.objects.values("status", "awaiting_us_since").get(pk=ticket.pk)
    about = str(only(outbox)[0]["Message-ID"]).strip("<>")
    [row] = arrive(mailbox, bounce(about, "5.1.1", "failed"))
    message.refresh_from_db()
    assert (message.delivery, "550" in message.delivery_note) == ("bounced", True)
    assert Address.objects.get(normalised="vera@aurora.example").bounced_at == NOW
    assert (message_of(row).ticket, message_of(row).kind, row.verdict) == (ticket, "auto", "bounce")
    assert Ticket.objects.values("status", "awaiting_us_since").get(pk=ticket.pk) == before


def test_case_47_a_delay_is_a_note_and_no_bounce(
    world: World, mailbox: Mailbox, ticket: Ticket, outbox: MemoryTransport
) -> None:
    message = answer(world, ticket)
    send_message(message_id=message.pk, at=NOW)
    about = str(only(outbox)[0]["Message-ID"]).strip("<>")
    arrive(mailbox, bounce(about, "4.4.1", "delayed"))
    message.refresh_from_db()
    assert message.delivery == "sent"
    assert Address.objects.get(normalised="vera@aurora.example").bounced_at is None


def test_a_bounce_of_a_mail_we_never_sent_is_parked(mailbox: Mailbox) -> None:
    [row] = arrive(mailbox, bounce("unknown@x", "5.1.1", "failed"))
    assert (row.state, row.reason) == ("parked", "bounce")


def test_case_20_an_answer_that_names_the_providers_id_finds_the_ticket(
    world: World, mailbox: Mailbox, ticket: Ticket, outbox: MemoryTransport, monkeypatch
) -> None:
    from dataclasses import replace

    send = outbox.send
    monkeypatch.setattr(
        outbox, "send", lambda mail, **e: replace(send(mail, **e), provider_id="<theirs@provider.example>")
    )
    send_message(message_id=answer(world, ticket).pk, at=NOW)
    [row] = arrive(mailbox, raw(in_reply_to="theirs@provider.example", text="Thank you"))
    assert message_of(row).ticket == ticket
    [bounced] = arrive(mailbox, bounce("theirs@provider.example", "5.1.1", "failed"))
    assert bounced.state == "taken"


def test_why_a_message_did_not_leave_is_told_in_the_readers_words() -> None:
    with translation.override("en"):
        assert delivery_note(NOBODY) == "there is nobody to write to"
        said = "vera@aurora.example: 550 5.1.1 no such user"
        assert delivery_note(f"NoWayOut; {said}") == f"there is no server to send with; {said}"


@pytest.mark.parametrize("fails", ["recipients_of", "_settle"], ids=["while prepared", "while stored"])
@pytest.mark.parametrize("run", ["job", "schedule"])
def test_one_message_that_cannot_be_sent_holds_up_no_other(
    monkeypatch, world: World, ticket: Ticket, outbox: MemoryTransport, fails: str, run: str
) -> None:
    first, bad, last = (answer(world, ticket, text, anyway=True) for text in ("one", "two", "three"))
    OrmQ.objects.all().delete()
    monkeypatch.setattr(jobs, "now", lambda: later(hours=1))
    genuine = getattr(delivery, fails)

    def breaks(subject: Message | int, *rest: object) -> object:
        if (subject.pk if isinstance(subject, Message) else subject) == bad.pk:
            raise LookupError("a row that nobody expected")
        return genuine(subject, *rest)

    monkeypatch.setattr(delivery, fails, breaks)
    if run == "job":
        jobs.send_messages([first.pk, bad.pk, last.pk])
    else:
        jobs.send_due_messages()

    stands = dict(Message.objects.filter(ticket=ticket, kind="reply").values_list("pk", "delivery"))
    assert (stands[first.pk], stands[last.pk]) == ("sent", "sent")
    assert stands[bad.pk] in ("held", "queued")
    again = [(job.task["func"], job.task["args"]) for job in OrmQ.objects.all()]
    assert again == ([(delivery.SEND, (bad.pk,))] if run == "job" else [])
    assert len({str(mail["Message-ID"]) for mail, _, _ in outbox.sent}) == len(outbox.sent)
