"""Tickets and messages as things that can be found."""

from __future__ import annotations

from collections.abc import Sequence

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
            links=lambda ids: {pk: reverse("ticket", args=[pk]) for pk in ids},
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
            links=_pages_of_messages,
            documents=all_message_documents,
            right=Right.SEE_TICKETS,
            order=40,
        )
    )


def _pages_of_messages(ids: Sequence[int]) -> dict[int, str]:
    """Where a ticket was merged away its page leads on to the survivor."""
    rows = Message.objects.filter(pk__in=ids).values_list("pk", "ticket_id")
    return {pk: f"{reverse('ticket', args=[ticket_id])}#message-{pk}" for pk, ticket_id in rows}
