"""Tickets and messages as things that can be found."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from otklik.desk.access import message_scope, ticket_scope
from otklik.desk.models import Message
from otklik.desk.operations.documents import all_message_documents, all_ticket_documents
from otklik.identity.public import Right
from otklik.search.public import SearchKind, search_kinds


def register() -> None:
    search_kinds.add(
        SearchKind(
            name="ticket",
            label=_("Tickets"),
            scope=ticket_scope,
            link=lambda ticket_id: reverse("ticket", args=[ticket_id]),
            documents=all_ticket_documents,
            right=Right.SEE_TICKETS,
            order=30,
        )
    )
    search_kinds.add(
        SearchKind(
            name="message",
            label=_("Messages"),
            scope=message_scope,
            link=_page_of_message,
            documents=all_message_documents,
            right=Right.SEE_TICKETS,
            order=40,
        )
    )


def _page_of_message(message_id: int) -> str:
    """Where a ticket was merged away its page leads on to the survivor."""
    ticket_id = Message.objects.values_list("ticket_id", flat=True).get(pk=message_id)
    return f"{reverse('ticket', args=[ticket_id])}#message-{message_id}"
