"""Case 15 from end to end: a colleague reads the partner's words in their own mail program, and answers."""

from __future__ import annotations

import pytest

from otklik.desk.channels.mail.outgoing import MemoryTransport
from otklik.desk.models import EndCustomer, Mailbox, Message, Participant, Ticket
from otklik.desk.operations.delivery import send_message
from otklik.desk.operations.people import follow
from otklik.desk.operations.tickets import assign
from otklik.desk.tests.mail.letters import arrive, message_of, raw
from otklik.events.models import Batch
from otklik.events.operations.deliver import deliver_batch
from otklik.events.public import Actor
from otklik.jobs.models import OutgoingMail
from otklik.kit.mail import Message as Mail
from tests.world import NOW, World

HINT = "Answer this mail, and your answer goes to the partner."


@pytest.fixture(autouse=True)
def _the_same_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otklik.desk.telling.now", lambda: NOW)
    monkeypatch.setattr("otklik.desk.subscriptions.now", lambda: NOW)


@pytest.fixture
def ticket(world: World, mailbox: Mailbox) -> Ticket:
    found = message_of(arrive(mailbox, raw(message_id="root@x"))[0]).ticket
    assign(ticket_id=found.pk, owner_id=world.dmitri.pk, by=Actor.person(world.anna.pk), at=NOW)
    follow(ticket_id=found.pk, user_id=world.dmitri.pk, by=Actor.person(world.anna.pk), at=NOW)
    told()
    return found


def told() -> list[Mail]:
    """What colleagues are told by mail of what has happened since the last time."""
    known = set(OutgoingMail.objects.values_list("pk", flat=True))
    while batches := list(Batch.objects.filter(done_at=None).values_list("pk", flat=True)):
        for batch in batches:
            deliver_batch(batch)
    return [mail.as_message() for mail in OutgoingMail.objects.exclude(pk__in=known).order_by("pk")]


def partner_asks(mailbox: Mailbox, text: str = "Is it paid by now?") -> Mail:
    arrive(mailbox, raw(in_reply_to="root@x", text=text))
    [mail] = told()
    return mail


def test_case_15_a_colleague_answers_the_partner_from_their_own_mail_program(
    world: World, mailbox: Mailbox, ticket: Ticket, outbox: MemoryTransport
) -> None:
    mail = partner_asks(mailbox)
    assert mail.to == "dmitri@example.com"
    assert "Is it paid by now?" in mail.text
    assert HINT in mail.text
    quoted = "\n".join(f"> {line}" for line in mail.text.splitlines())
    answer = f"Paid yesterday.\n\nOn Mon, 2 Mar 2026 at 9:00, Otklik <otklik@localhost> wrote:\n{quoted}\n"
    arrive(mailbox, raw(sender="Dmitri <dmitri@example.com>", to=mail.reply_to, text=answer))

    message = Message.objects.get(kind="reply")
    assert (message.ticket, message.author, message.text.strip()) == (ticket, world.dmitri, "Paid yesterday.")
    send_message(message_id=message.pk, at=NOW)
    [(sent, _, recipients)] = outbox.sent
    assert recipients == ("vera@aurora.example",)
    assert "Paid yesterday." in sent.as_string()
    assert mail.reply_to not in sent.as_string(), "the colleague's own address goes to nobody else"


def test_the_new_owner_may_answer_by_mail_as_well(world: World, mailbox: Mailbox) -> None:
    found = message_of(arrive(mailbox, raw(message_id="root@x", text="Secret words"))[0]).ticket
    assign(ticket_id=found.pk, owner_id=world.dmitri.pk, by=Actor.person(world.anna.pk), at=NOW)
    [mail] = told()
    assert HINT in mail.text
    assert mail.reply_to.startswith("help+r-")
    assert "Secret words" not in mail.text


def test_the_address_given_to_one_colleague_is_no_use_to_another(
    world: World, mailbox: Mailbox, ticket: Ticket
) -> None:
    mail = partner_asks(mailbox)
    [row] = arrive(mailbox, raw(sender="anna@example.com", to=mail.reply_to, text="Paid."))
    assert (message_of(row).kind, message_of(row).visible_to_partner) == ("note", False)


def told_of_note() -> list[tuple[str, str, str]]:
    mails = [row.as_message() for row in OutgoingMail.objects.order_by("pk")]
    return [(mail.to, mail.subject, mail.text) for mail in mails if "did not go" in mail.subject]


def test_a_colleague_whose_mail_proves_nothing_is_told_that_it_did_not_go_out(
    world: World, mailbox: Mailbox, ticket: Ticket
) -> None:
    """Once a day: whoever forges their mails must not flood them."""
    for text in ("Paid.", "Paid, I say."):
        arrive(mailbox, raw(sender="Anna <anna@example.com>", in_reply_to="root@x", text=text))
    [(to, subject, text)] = told_of_note()
    assert (to, subject) == (
        "anna@example.com",
        f"Your mail in ticket #{ticket.pk} did not go to the partner",
    )
    assert "Nothing proves that it was you" in text
    assert f"/tickets/{ticket.pk}/" in text
    assert Message.objects.filter(kind="note").count() == 2


def test_an_answer_into_a_closed_ticket_is_kept_and_its_writer_told_why(
    world: World, mailbox: Mailbox, ticket: Ticket
) -> None:
    mail = partner_asks(mailbox)
    Ticket.objects.filter(pk=ticket.pk).update(status="closed", is_open=False, closed_at=NOW)
    arrive(mailbox, raw(sender="dmitri@example.com", to=mail.reply_to, text="Paid."))
    [(to, _subject, text)] = told_of_note()
    assert (to, "The ticket was closed." in text) == ("dmitri@example.com", True)


def test_who_may_not_answer_any_more_answers_nobody_by_mail(
    world: World, mailbox: Mailbox, ticket: Ticket
) -> None:
    mail = partner_asks(mailbox)
    world.dmitri.grants.all().delete()
    [row] = arrive(mailbox, raw(sender="dmitri@example.com", to=mail.reply_to, text="Paid."))
    assert (message_of(row).kind, message_of(row).visible_to_partner) == ("note", False)
    [(_to, _subject, text)] = told_of_note()
    assert "You may not answer this ticket any more." in text
    assert "payout" not in text.lower(), "what it is about is nothing of theirs any more"


def test_nobody_answers_by_mail_where_an_answer_could_reach_the_wrong_side(
    world: World, mailbox: Mailbox, ticket: Ticket
) -> None:
    before = partner_asks(mailbox)
    customer = EndCustomer.objects.create(
        partner=world.aurora, name="Oleg", address="oleg@client.example", created_at=NOW
    )
    Ticket.objects.filter(pk=ticket.pk).update(customer=customer)
    Participant.objects.create(
        ticket=ticket, side="customer", customer=customer, address=customer.address, since=NOW
    )
    mail = partner_asks(mailbox, "And now?")
    assert (mail.reply_to, HINT in mail.text) == ("", False)
    [row] = arrive(mailbox, raw(sender="dmitri@example.com", to=before.reply_to, text="Paid."))
    message = message_of(row)
    assert (message.kind, message.visible_to_partner, message.visible_to_customer) == ("note", False, False)
    assert "An end customer takes part by now" in told_of_note()[0][2]


def test_a_ticket_without_a_mailbox_is_answered_in_its_room(world: World, mailbox: Mailbox) -> None:
    found = message_of(arrive(mailbox, raw(message_id="root@x"))[0]).ticket
    Ticket.objects.filter(pk=found.pk).update(mailbox=None)
    assign(ticket_id=found.pk, owner_id=world.dmitri.pk, by=Actor.person(world.anna.pk), at=NOW)
    [mail] = told()
    assert (mail.reply_to, HINT in mail.text) == ("", False)
