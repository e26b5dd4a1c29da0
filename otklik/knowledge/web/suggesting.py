"""Articles for an agent who is answering: found by the ticket's words and by what they are writing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from otklik.desk.public import answerable_tickets
from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.registry import Panel
from otklik.knowledge.queries.suggesting import suggestions_for

_LONGEST = 2_000


def draw_panel(request: HttpRequest, ticket: Any) -> str:
    """A place only: the search is asked for when the page stands."""
    return render_to_string("knowledge/_suggestions_panel.html", {"ticket": ticket}, request=request)


ticket_panel = Panel("knowledge.suggestions", draw_panel, 8, Right.ANSWER_TICKETS)


@require_POST
@needs(Right.ANSWER_TICKETS)
def suggestions(request: StaffRequest, ticket_id: int) -> HttpResponse:
    ticket = get_object_or_404(answerable_tickets(request.user).select_related("partner"), pk=ticket_id)
    writing = request.POST.get("text", "")[:_LONGEST].replace("\0", "")
    # Whoever reads the reply is outside: the address staff opened may lead nowhere from there.
    found = suggestions_for(ticket, writing, address=settings.OTKLIK.public_url.rstrip("/").__add__)
    return render(request, "knowledge/_suggestions.html", {"found": found})
