"""What a ticket gives for an article: the question, the answer that its partner read, and names to mark."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.desk.public import Delivery, Message, MessageKind, Ticket
from otklik.knowledge.models import Article
from otklik.knowledge.rules.personal import marked

_STILL_OURS = (Delivery.HELD, Delivery.TAKEN_BACK, Delivery.FAILED)


@dataclass(frozen=True, slots=True)
class Told:
    """Marked; "" where there is none."""

    subject: str
    question: str
    answer: str
    language: str


def told_by(ticket: Ticket) -> Told:
    """Of what the partner may read, and nothing else. Two queries."""
    said = Message.objects.filter(ticket=ticket, visible_to_partner=True)
    said = said.select_related("author", "contact").order_by("pk")
    question = said.filter(kind=MessageKind.INCOMING).first()
    replies = said.filter(kind=MessageKind.REPLY).exclude(delivery__in=_STILL_OURS)
    answer = replies.last()
    names = _names(ticket, [one for one in (question, answer) if one is not None])
    language = (answer.language if answer else "") or ticket.language
    return Told(
        subject=marked(ticket.subject, names),
        question=marked(question.text.strip(), names) if question else "",
        answer=marked(answer.text.strip(), names) if answer else "",
        language=language,
    )


def article_from(ticket_id: int) -> Article | None:
    """The newest one that was made from this ticket."""
    return Article.objects.filter(from_ticket_id=ticket_id).order_by("-pk").first()


def _names(ticket: Ticket, messages: list[Message]) -> list[str]:
    people = [row.name for row in (ticket.partner, ticket.contact, ticket.customer) if row is not None]
    for message in messages:
        people += [row.name for row in (message.author, message.contact) if row is not None]
        people.append(message.from_name)
    return [name for name in [*people, ticket.requester_name] if name.strip()]
