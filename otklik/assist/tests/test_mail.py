"""A question that came as a mail."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from otklik.assist.models import AnswerSettings, AutomaticAnswer
from otklik.assist.operations.mail import answer_ticket
from otklik.assist.operations.settling import settle_answers
from otklik.assist.rules.vocabulary import AnswerOutcome, OutcomeReason
from otklik.assist.tests.stage import (
    AT,
    answer_mails,
    asked,
    let_see_money,
    our_mailbox,
    payout,
    teach_a_little,
)
from otklik.desk.models import InboundMail, Mailbox, Message, Participant, Ticket
from otklik.desk.public import MessageKind, Outcome, Side, TicketStatus, change_status, reply
from otklik.events.public import Actor
from otklik.partners.models import Contact
from otklik.payouts.rules.vocabulary import PayoutState
from tests.world import NOW, World

WHEN = "Good morning, could you tell me when the next payout is due?"
RU = "Здравствуйте! Подскажите, когда придёт следующая выплата?"
QUIET = timedelta(hours=72)


@pytest.fixture
def mailbox(world: World, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    teach_a_little()
    let_see_money(monkeypatch, world.vera.pk)
    payout(world.aurora, "1200", date(2026, 3, 16), PayoutState.APPROVED)
    answer_mails()
    return our_mailbox(world)


def sent(ticket: Ticket) -> list[Message]:
    return list(Message.objects.filter(ticket=ticket, kind=MessageKind.NOTICE, key__contains=":assist:"))


@pytest.mark.parametrize(("text", "day"), [(WHEN, "16 Mar 2026"), (RU, "16 марта 2026")])
def test_a_proved_question_gets_the_true_state_back_and_the_ticket_stays_open(
    mailbox: Mailbox, text: str, day: str
) -> None:
    ticket = asked(mailbox, text)
    answer = answer_ticket(ticket_id=ticket.pk, at=AT)
    [message] = sent(ticket)
    assert answer is not None
    assert answer.outcome == AnswerOutcome.TOLD
    assert day in message.text
    assert message.to == [{"name": "Vera Orlova", "address": "vera@aurora.example"}]
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.NEW
    assert ticket.first_replied_at is None


def test_delivered_twice_it_is_said_once(mailbox: Mailbox) -> None:
    ticket = asked(mailbox, WHEN)
    for _ in range(2):
        answer_ticket(ticket_id=ticket.pk, at=AT)
    assert len(sent(ticket)) == AutomaticAnswer.objects.count() == 1


def test_an_unproved_sender_is_told_nothing_but_the_agent_reads_what_could_be_said(mailbox: Mailbox) -> None:
    ticket = asked(mailbox, WHEN, proved=False)
    answer = answer_ticket(ticket_id=ticket.pk, at=AT)
    assert answer is not None
    assert (answer.outcome, sent(ticket)) == (AnswerOutcome.SUGGESTED, [])


def test_until_it_is_switched_on_mail_is_only_a_suggestion(mailbox: Mailbox) -> None:
    AnswerSettings.objects.update(answers_by_mail=False)
    ticket = asked(mailbox, WHEN)
    answer = answer_ticket(ticket_id=ticket.pk, at=AT)
    assert answer is not None
    assert (answer.outcome, sent(ticket)) == (AnswerOutcome.SUGGESTED, [])


def test_somebody_in_copy_who_does_not_see_money_keeps_it_from_being_told(mailbox: Mailbox) -> None:
    ticket = asked(mailbox, WHEN, cc="Gleb <gleb@aurora.example>")
    answer = answer_ticket(ticket_id=ticket.pk, at=AT)
    assert answer is None or answer.outcome == AnswerOutcome.SUGGESTED
    assert sent(ticket) == []


@pytest.mark.parametrize("stranger", [False, True])
def test_somebody_of_another_company_in_copy_keeps_everything_from_being_told(
    mailbox: Mailbox, world: World, monkeypatch: pytest.MonkeyPatch, stranger: bool
) -> None:
    """They see money: that of their own company."""
    other = Contact.objects.create(partner=world.borealis, name="Olga", created_at=NOW)
    let_see_money(monkeypatch, world.vera.pk, other.pk)
    ticket = asked(mailbox, WHEN)
    Participant.objects.create(
        ticket=ticket, contact=None if stranger else other, address="olga@borealis.example", since=NOW
    )
    answer = answer_ticket(ticket_id=ticket.pk, at=AT)
    assert answer is not None
    assert (answer.outcome, sent(ticket)) == (AnswerOutcome.SUGGESTED, [])


def test_a_mail_that_asks_for_no_machine_gets_none(mailbox: Mailbox) -> None:
    """RFC 3834: out-of-office notes never become tickets, and a person's mail may forbid it as well."""
    ticket = asked(mailbox, WHEN)
    InboundMail.objects.update(is_automatic=True)
    answer = answer_ticket(ticket_id=ticket.pk, at=AT)
    assert answer is not None
    assert (answer.outcome, sent(ticket)) == (AnswerOutcome.SUGGESTED, [])


def test_nobody_is_answered_who_is_not_known_or_does_not_see_money(mailbox: Mailbox) -> None:
    unknown = asked(mailbox, WHEN, sender="Eve <eve@evil.example>")
    blind = asked(mailbox, WHEN, sender="Gleb <gleb@aurora.example>")
    assert answer_ticket(ticket_id=unknown.pk, at=AT) is None
    assert answer_ticket(ticket_id=blind.pk, at=AT) is None


def test_a_running_conversation_is_left_to_its_people(mailbox: Mailbox, world: World) -> None:
    answered = asked(mailbox, WHEN)
    reply(ticket_id=answered.pk, text="On Monday.", by=Actor.person(world.dmitri.pk), at=NOW)
    assert answer_ticket(ticket_id=answered.pk, at=AT) is None
    twice = asked(mailbox, WHEN, subject="Money", message_id="first@x")
    asked(mailbox, "Hello?", subject="Re: Money", in_reply_to="first@x")
    assert answer_ticket(ticket_id=twice.pk, at=AT) is None


def test_72_quiet_hours_solve_the_ticket_and_say_so(mailbox: Mailbox) -> None:
    ticket = asked(mailbox, WHEN)
    answer_ticket(ticket_id=ticket.pk, at=AT)
    assert settle_answers(at=AT + QUIET - timedelta(minutes=1)) == 0
    assert settle_answers(at=AT + QUIET) == 1
    assert settle_answers(at=AT + QUIET) == 0
    ticket.refresh_from_db()
    assert (ticket.status, ticket.outcome) == (TicketStatus.SOLVED, Outcome.AUTO_RESOLVED)
    assert AutomaticAnswer.objects.get().outcome == AnswerOutcome.QUIET


@pytest.mark.parametrize("who", ["partner", "agent"])
def test_a_word_after_72_hours_keeps_the_ticket_open_however_late_the_job_comes(
    mailbox: Mailbox, world: World, who: str
) -> None:
    ticket = asked(mailbox, WHEN, subject="Money", message_id="root@x")
    answer_ticket(ticket_id=ticket.pk, at=AT)
    late = AT + QUIET + timedelta(minutes=10)
    if who == "partner":
        asked(mailbox, "It has not come", subject="Re: Money", in_reply_to="root@x", at=late)
    else:
        by = Actor.person(world.dmitri.pk)
        reply(ticket_id=ticket.pk, text="I look into it.", status_after=TicketStatus.OPEN, by=by, at=late)
    assert settle_answers(at=late + timedelta(hours=1)) == 1
    ticket.refresh_from_db()
    assert ticket.status in (TicketStatus.NEW, TicketStatus.OPEN)
    assert AutomaticAnswer.objects.get().outcome == AnswerOutcome.QUIET


def test_a_reply_goes_to_a_person_and_counts_against_the_answer(mailbox: Mailbox) -> None:
    ticket = asked(mailbox, WHEN, subject="Money", message_id="root@x")
    answer_ticket(ticket_id=ticket.pk, at=AT)
    asked(mailbox, "No, I mean the other one", subject="Re: Money", in_reply_to="root@x", at=AT + QUIET / 2)
    settle_answers(at=AT + QUIET)
    ticket.refresh_from_db()
    assert ticket.is_open
    assert AutomaticAnswer.objects.get().outcome_reason == OutcomeReason.WROTE_AGAIN


def test_a_second_ticket_about_the_same_counts_against_the_answer(mailbox: Mailbox) -> None:
    ticket = asked(mailbox, WHEN)
    answer_ticket(ticket_id=ticket.pk, at=AT)
    asked(mailbox, "Hi, when will the payout arrive?", subject="Again", at=AT + timedelta(hours=5))
    settle_answers(at=AT + timedelta(hours=6))
    assert AutomaticAnswer.objects.get().outcome_reason == OutcomeReason.NEW_TICKET


@pytest.mark.parametrize("who", ["partner", "agent"])
def test_who_ended_the_ticket_decides_whether_it_took_a_person(
    mailbox: Mailbox, world: World, who: str
) -> None:
    ticket = asked(mailbox, WHEN)
    answer_ticket(ticket_id=ticket.pk, at=AT)
    is_partner = who == "partner"
    change_status(
        ticket_id=ticket.pk,
        status=TicketStatus.SOLVED,
        side=Side.PARTNER if is_partner else Side.STAFF,
        by=Actor.contact(world.vera.pk) if is_partner else Actor.person(world.dmitri.pk),
        at=AT + timedelta(hours=1),
    )
    settle_answers(at=AT + timedelta(hours=2))
    expected = AnswerOutcome.HELPED if is_partner else AnswerOutcome.PERSON
    assert AutomaticAnswer.objects.get().outcome == expected
