"""Answers to a question that came as a new ticket. Sent where the sender is proved and it is switched on;
else the agent reads what could be said. The ticket stays open either way."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from otklik.assist.models import AutomaticAnswer
from otklik.assist.operations.answering import tell_of
from otklik.assist.operations.composing import compose, language_for, new_answer
from otklik.assist.queries.permission import is_switched_on, reachable, who_see_money
from otklik.assist.queries.understanding import Understood, understand
from otklik.assist.registry import Told
from otklik.assist.rules.vocabulary import ABOUT_MONEY, AnswerChannel, AnswerOutcome
from otklik.desk.public import (
    BY_RULE,
    Channel,
    Message,
    MessageKind,
    Refused,
    Side,
    Ticket,
    TicketGone,
    TicketMergedAway,
    TicketStatus,
    Verdict,
    beside_the_requester,
    is_proved,
    locked_ticket,
    partner_address,
    ticket_page,
    write_automatically,
)
from otklik.events.public import Actor
from otklik.partners.public import Contact

log = logging.getLogger(__name__)
CHANNELS = {Channel.EMAIL: AnswerChannel.MAIL, Channel.FORM: AnswerChannel.FORM}
_FEW_WORDS = 3


@dataclass(frozen=True, slots=True)
class _Question:
    ticket: Ticket
    message: Message
    contact: Contact
    text: str
    channel: AnswerChannel


def answer_tickets(ticket_ids: Sequence[int], *, at: datetime) -> None:
    """One that fails holds up no other; it goes to a person as every ticket does."""
    for ticket_id in ticket_ids:
        try:
            answer_ticket(ticket_id=ticket_id, at=at)
        except Exception:
            log.exception("ticket %s was not answered automatically", ticket_id)


def answer_ticket(*, ticket_id: int, at: datetime) -> AutomaticAnswer | None:
    """May run twice, or beside itself. None: silent."""
    question = _question(ticket_id)
    understood = understand(question.text) if question is not None else None
    if question is None or understood is None or not understood.is_sure:
        return None
    language = language_for(question.contact, question.message.language, question.ticket.language)
    told = compose(understood, question.text, question.contact, language=language, at=at, ticket_id=ticket_id)
    if told is None:
        return None
    may_send = (
        question.channel is AnswerChannel.MAIL
        and is_switched_on(understood.intent, AnswerChannel.MAIL)
        and is_proved(question.message.pk)
        and _reaches_only_them(question, understood)
    )
    try:
        return _write(question, understood, told, language, may_send=may_send, at=at)
    except (TicketGone, TicketMergedAway):
        return None


def _question(ticket_id: int) -> _Question | None:
    """The first message of a new matter that a known person at a partner wrote, and nothing beside it."""
    ticket = Ticket.objects.select_related("contact").filter(pk=ticket_id, merged_into=None).first()
    if ticket is None or ticket.contact_id is None or ticket.customer_id is not None:
        return None
    channel = CHANNELS.get(Channel(ticket.channel))
    if channel is None or ticket.follow_up_of_id is not None or not _is_untouched(ticket):
        return None
    message = Message.objects.filter(ticket=ticket, kind=MessageKind.INCOMING).order_by("pk").first()
    contact = reachable(ticket.contact_id)
    if message is None or contact is None or message.contact_id != contact.pk:
        return None
    if message.side != Side.PARTNER or message.verdict != Verdict.PERSON:
        return None
    text = message.text
    if len(text.split()) < _FEW_WORDS:
        text = f"{ticket.subject}\n{text}"
    return _Question(ticket, message, contact, text, channel)


def _is_untouched(ticket: Ticket) -> bool:
    """Nobody has answered, written again or ended it."""
    if ticket.status not in (TicketStatus.NEW, TicketStatus.OPEN) or ticket.first_replied_at is not None:
        return False
    said = Message.objects.filter(ticket=ticket, kind__in=(MessageKind.INCOMING, MessageKind.REPLY))
    return said.values("pk")[:2].count() <= 1


def _reaches_only_them(question: _Question, understood: Understood) -> bool:
    """The answer goes to the very address that asked, and those who read along are people of the same
    company: elsewhere, somebody sees the money of their own. About money, each of them has to see it."""
    asked_from = question.message.from_address.lower()
    if not asked_from or partner_address(question.ticket) != asked_from:
        return False
    beside = beside_the_requester(question.ticket)
    known = list(
        beside.filter(contact__partner_id=question.contact.partner_id).values_list("contact_id", flat=True)
    )
    if len(known) != beside.count():
        return False
    return understood.intent not in ABOUT_MONEY or who_see_money(known) == set(known)


@transaction.atomic
def _write(
    question: _Question,
    understood: Understood,
    told: Told,
    language: str,
    *,
    may_send: bool,
    at: datetime,
) -> AutomaticAnswer | None:
    ticket = locked_ticket(question.ticket.pk)
    key = f"ticket:{ticket.pk}"
    if (known := AutomaticAnswer.objects.filter(key=key).first()) is not None:
        return known
    if not _is_untouched(ticket):
        return None
    answer = new_answer(
        understood,
        told,
        question.contact,
        key=key,
        question=question.text,
        channel=question.channel,
        language=language,
        outcome=AnswerOutcome.SUGGESTED,
        at=at,
    )
    answer.ticket_id = ticket.pk
    if may_send:
        text = mail_text(answer, ticket, question.contact)
        sent = write_automatically(
            ticket,
            text=text,
            key=f"{BY_RULE}assist:{ticket.pk}",
            about_money=understood.intent in ABOUT_MONEY,
            by=Actor.system(),
            at=at,
        )
        if not isinstance(sent, Refused):
            answer.outcome = AnswerOutcome.TOLD
    answer.save()
    tell_of(answer, at=at)
    return answer


def mail_text(answer: AutomaticAnswer, ticket: Ticket, contact: Contact) -> str:
    """In the answer's language: what is so, that nobody wrote it, and how a person comes in."""
    with translation.override(answer.language):
        parts = [_("Hello %(name)s,") % {"name": contact.name}, "\n".join([answer.title, *answer.lines])]
        if address := page_address(answer):
            parts.append(_("Details: %(address)s") % {"address": address})
        parts.append(
            _(
                "This is an automatic answer: no person wrote it, it tells what our records say now."
                " If it does not answer your question, just reply, and a person takes over."
            )
        )
        if page := ticket_page(Side.PARTNER, ticket):
            parts.append(_("If it does, you can close the request here: %(address)s") % {"address": page})
        parts.append(_("Without a word from you the request is closed as solved after three days."))
    return "\n\n".join(parts) + "\n"


def page_address(answer: AutomaticAnswer) -> str:
    """ "" where there is no such page."""
    if not answer.link:
        return ""
    try:
        return settings.OTKLIK.public_url + reverse(answer.link["name"], args=answer.link["args"])
    except NoReverseMatch:
        return ""
