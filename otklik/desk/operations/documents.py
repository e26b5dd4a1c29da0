"""What tickets and messages are found by. Notes too: only staff search here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from otklik.desk.models import Message, Ticket
from otklik.search.public import NewDocument

CHUNK = 500
_SNIPPET = 120


def ticket_documents(ids: Sequence[int]) -> list[NewDocument]:
    """Two queries, whatever the number of tickets."""
    found = Ticket.objects.filter(pk__in=ids).select_related("partner", "contact", "customer")
    return [
        NewDocument(
            kind="ticket",
            object_id=ticket.pk,
            title=ticket.subject,
            texts=[
                str(ticket.pk),
                ticket.requester_name,
                ticket.requester_address,
                *(row.name for row in (ticket.partner, ticket.contact, ticket.customer) if row is not None),
                *(tag.name for tag in ticket.tags.all()),
            ],
            program_id=ticket.program_id,
            note=" · ".join(
                [f"#{ticket.pk}", *([ticket.partner.name] if ticket.partner else [ticket.requester_name])]
            ),
        )
        for ticket in found.prefetch_related("tags")
    ]


def message_documents(ids: Sequence[int]) -> list[NewDocument]:
    """Two queries, whatever the number of messages. Repeated history is found where it was said."""
    found = Message.objects.filter(pk__in=ids).select_related("ticket", "contact", "customer")
    return [
        NewDocument(
            kind="message",
            object_id=message.pk,
            title=" ".join(message.text[: 2 * _SNIPPET].split())[:_SNIPPET] or message.subject,
            texts=[
                message.text,
                message.from_name,
                message.from_address,
                *(row.name for row in (message.contact, message.customer) if row is not None),
                *(file.filename for file in message.attachments.all()),
            ],
            program_id=message.ticket.program_id,
            note=f"#{message.ticket_id} {message.ticket.subject}",
        )
        for message in found.prefetch_related("attachments")
    ]


def all_ticket_documents() -> Iterator[Sequence[NewDocument]]:
    for ids in _chunks(Ticket.objects.order_by("pk").values_list("pk", flat=True).iterator()):
        yield ticket_documents(ids)


def all_message_documents() -> Iterator[Sequence[NewDocument]]:
    for ids in _chunks(Message.objects.order_by("pk").values_list("pk", flat=True).iterator()):
        yield message_documents(ids)


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    chunk: list[int] = []
    for number in ids:
        chunk.append(number)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
