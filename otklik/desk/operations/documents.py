"""What tickets and messages are found by. Notes too: only staff search here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django_q.tasks import async_task

from otklik.desk.models import Message, Ticket
from otklik.kit.chunks import in_chunks
from otklik.search.public import NewDocument, put

CHUNK = 500
RENEW = "otklik.desk.jobs.renew_documents"
_SNIPPET = 120


def ticket_documents(ids: Sequence[int]) -> list[NewDocument]:
    """Two queries, whatever the number of tickets."""
    found = Ticket.objects.filter(pk__in=ids).select_related("partner", "contact", "customer")
    return [
        ticket_document(ticket, tags=[tag.name for tag in ticket.tags.all()])
        for ticket in found.prefetch_related("tags")
    ]


def ticket_document(ticket: Ticket, *, tags: Iterable[str] = ()) -> NewDocument:
    """Of a ticket in hand, with its partner, contact and customer."""
    people = [row.name for row in (ticket.partner, ticket.contact, ticket.customer) if row is not None]
    return NewDocument(
        kind="ticket",
        object_id=ticket.pk,
        title=ticket.subject,
        texts=[str(ticket.pk), ticket.requester_name, ticket.requester_address, *people, *tags],
        program_id=ticket.program_id,
        note=f"#{ticket.pk} · {ticket.partner.name if ticket.partner else ticket.requester_name}",
    )


def message_documents(ids: Sequence[int]) -> list[NewDocument]:
    """Two queries, whatever the number of messages. Repeated history is found where it was said. What tells
    of money is found by nobody: one index serves those who may read it and those who may not."""
    found = Message.objects.filter(pk__in=ids, about_money=False)
    found = found.select_related("ticket", "contact", "customer")
    return [
        message_document(
            message,
            message.ticket,
            people=[row.name for row in (message.contact, message.customer) if row is not None],
            files=[file.filename for file in message.attachments.all()],
        )
        for message in found.prefetch_related("attachments")
    ]


def message_document(
    message: Message, ticket: Ticket, *, people: Iterable[str] = (), files: Iterable[str] = ()
) -> NewDocument:
    """Of a message in hand. ``people``: who wrote it, by the name we know them by."""
    return NewDocument(
        kind="message",
        object_id=message.pk,
        title=" ".join(message.text[: 2 * _SNIPPET].split())[:_SNIPPET] or message.subject,
        texts=[message.text, message.from_name, message.from_address, *people, *files],
        program_id=ticket.program_id,
        note=f"#{ticket.pk} {ticket.subject}",
    )


def renew_later(kind: str, ids: Iterable[int]) -> None:
    """In jobs of bounded size: a partner may have more tickets than one transaction should index."""
    for chunk in in_chunks(ids, CHUNK):
        async_task(RENEW, kind, chunk)


def renew_documents(kind: str, ids: Sequence[int], *, at: datetime) -> None:
    """``kind``: "ticket" or "message"."""
    put(ticket_documents(ids) if kind == "ticket" else message_documents(ids), at=at)


def all_ticket_documents() -> Iterator[Sequence[NewDocument]]:
    for ids in in_chunks(Ticket.objects.order_by("pk").values_list("pk", flat=True).iterator(), CHUNK):
        yield ticket_documents(ids)


def all_message_documents() -> Iterator[Sequence[NewDocument]]:
    for ids in in_chunks(Message.objects.order_by("pk").values_list("pk", flat=True).iterator(), CHUNK):
        yield message_documents(ids)
