"""What the partner is told by the system, in their language, and what machines are not."""

from __future__ import annotations

import pytest

from otklik.desk.channels.mail.outgoing import MemoryTransport
from otklik.desk.models import InboundMail, Mailbox, Message, Ticket
from otklik.desk.operations.delivery import send_message
from otklik.desk.operations.messages import reply
from otklik.desk.operations.notices import Notice, send_notice
from otklik.desk.operations.tickets import assign, change_status
from otklik.desk.rules.vocabulary import TicketStatus
from otklik.desk.tests.mail.letters import arrive, later, message_of, raw
from otklik.events.models import Batch
from otklik.events.operations.deliver import deliver_batch
from otklik.events.public import Actor
from tests.world import NOW, World


@pytest.fixture(autouse=True)
def _jobs_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otklik.desk.telling.now", lambda: NOW)


def tell() -> list[Message]:
    """Deliver what happened; the notices of it."""
    seen = set(Message.objects.values_list("pk", flat=True))
    while batches := list(Batch.objects.filter(done_at=None).values_list("pk", flat=True)):
        for batch in batches:
            deliver_batch(batch)
    return list(Message.objects.filter(kind="notice").exclude(pk__in=seen).order_by("pk"))


@pytest.fixture
def ticket(world: World, mailbox: Mailbox) -> Ticket:
    found = message_of(arrive(mailbox, raw(message_id="root@x"))[0]).ticket
    tell()
    return found


def by(world: World) -> Actor:
    return Actor.person(world.dmitri.pk)


def test_a_person_who_wrote_gets_one_receipt_with_the_number(
    world: World, mailbox: Mailbox, outbox: MemoryTransport
) -> None:
    world.vera.languages, world.vera.time_zone = ["ru"], "Europe/Moscow"
    world.vera.save()
    ticket = message_of(arrive(mailbox, raw(message_id="root@x"))[0]).ticket
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=later(hours=3))
    [receipt] = tell()
    assert (receipt.side, receipt.visible_to_partner, receipt.language) == ("system", True, "ru")
    assert receipt.to == [{"address": "vera@aurora.example", "name": "Vera Orlova"}]
    assert f"#{ticket.pk}" in receipt.text
    assert "15:00" in receipt.text, "in the zone of the reader"
    send_message(message_id=receipt.pk, at=NOW)
    [(mail, _, recipients)] = outbox.sent
    assert recipients == ("vera@aurora.example",)
    assert (str(mail["Auto-Submitted"]), str(mail["In-Reply-To"])) == ("auto-replied", "<root@x>")
    html = mail.get_body(("html",))
    assert html is not None
    assert f"#{ticket.pk}" in html.get_content()


def test_case_44_a_subject_cannot_put_html_into_our_mail(mailbox: Mailbox) -> None:
    arrive(mailbox, raw(subject="<img src=x onerror=alert(1)> & more"))
    [receipt] = tell()
    assert "<img" not in receipt.html
    assert "<img src=x" in receipt.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
    ],
)
def test_cases_01_to_03_machines_get_no_receipt(mailbox: Mailbox, headers) -> None:
    arrive(mailbox, raw(**headers))
    assert tell() == []


def test_case_50_a_bounce_is_never_answered(mailbox: Mailbox, ticket: Ticket) -> None:
    arrive(mailbox, raw(sender="MAILER-DAEMON@aurora.example", Return_Path="<>", in_reply_to="root@x"))
    assert tell() == []


def test_case_06_a_noreply_sender_that_answers_each_mail_is_answered_at_most_once(mailbox: Mailbox) -> None:
    for turn in range(11):
        arrive(mailbox, raw(sender="noreply@robot.example", text=f"Turn {turn}"), at=later(minutes=turn))
    assert len(tell()) <= 1


def test_case_07_an_address_without_any_sign_of_a_machine_has_a_budget(mailbox: Mailbox) -> None:
    for turn in range(11):
        arrive(mailbox, raw(sender="robot@robot.example", subject=f"Matter {turn}", text=f"Turn {turn}"))
    assert len(tell()) == 5


def test_a_loop_that_opens_a_ticket_each_turn_stops_at_one_receipt(mailbox: Mailbox) -> None:
    for turn in range(11):
        arrive(mailbox, raw(sender="robot@robot.example", subject="Re: " * turn + "Loop", text=f"{turn}"))
        tell()
    assert Message.objects.filter(kind="notice").count() == 1


def test_a_mailbox_may_send_no_receipts(mailbox: Mailbox) -> None:
    Mailbox.objects.update(sends_receipts=False)
    arrive(mailbox, raw())
    assert tell() == []


def test_one_of_our_own_mailboxes_is_never_told(mailbox: Mailbox, second_mailbox: Mailbox) -> None:
    arrive(second_mailbox, raw(sender=mailbox.address))
    assert tell() == []


def test_the_partner_is_told_how_it_stands_and_by_whom(world: World, ticket: Ticket) -> None:
    assign(ticket_id=ticket.pk, owner_id=world.dmitri.pk, by=by(world), at=NOW)
    assert tell() == [], "that a queue was emptied is our own business"
    change_status(ticket_id=ticket.pk, status=TicketStatus.OPEN, by=by(world), at=NOW)
    [in_work] = tell()
    assert "Dmitri Agent" in in_work.text
    change_status(ticket_id=ticket.pk, status=TicketStatus.ON_HOLD, by=by(world), at=NOW)
    assert tell() == [], "to the partner that is the same word"
    change_status(ticket_id=ticket.pk, status=TicketStatus.WAITING, by=by(world), at=NOW)
    [waiting] = tell()
    assert "answer from you" in waiting.text
    assign(ticket_id=ticket.pk, owner_id=world.anna.pk, by=by(world), at=NOW)
    [moved] = tell()
    assert "Anna Head" in moved.text
    change_status(ticket_id=ticket.pk, status=TicketStatus.SOLVED, by=by(world), at=NOW)
    [solved] = tell()
    assert f"#{ticket.pk}" in solved.subject


def test_an_answer_that_sets_the_status_speaks_for_itself(world: World, ticket: Ticket) -> None:
    reply(ticket_id=ticket.pk, text="Which account?", status_after=TicketStatus.WAITING, by=by(world), at=NOW)
    assert tell() == []


def test_the_partners_own_word_that_reopens_is_no_news_to_them(
    world: World, mailbox: Mailbox, ticket: Ticket
) -> None:
    change_status(ticket_id=ticket.pk, status=TicketStatus.SOLVED, by=by(world), at=NOW)
    tell()
    arrive(mailbox, raw(in_reply_to="root@x", text="Not solved"), at=later(hours=1))
    assert tell() == []
    ticket.refresh_from_db()
    assert ticket.status == "open"


def test_history_that_is_brought_in_tells_nobody(world: World, ticket: Ticket) -> None:
    imported = Actor.importer(1)
    change_status(ticket_id=ticket.pk, status=TicketStatus.SOLVED, by=imported, at=NOW)
    assert tell() == []


def test_told_twice_is_told_once(mailbox: Mailbox, ticket: Ticket) -> None:
    first = send_notice(ticket_id=ticket.pk, notice=Notice.SOLVED, key="notice:x", at=NOW)
    again = send_notice(ticket_id=ticket.pk, notice=Notice.SOLVED, key="notice:x", at=NOW)
    assert (first is not None, again) == (True, None)
    assert not InboundMail.objects.filter(state="stored").exists()
