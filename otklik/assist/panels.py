"""What other rooms show of automatic answers: the way to them, and what who asked was told or could be."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from otklik.assist.access import visible_answers
from otklik.identity.public import Right, User
from otklik.kit.registry import NavigationItem, Panel


def draw_ticket(request: HttpRequest, ticket: Any) -> str:
    """Nothing to an agent who may not know what it tells."""
    if not isinstance(request.user, User):
        return ""
    answer = visible_answers(request.user).filter(ticket_id=ticket.pk).order_by("-told_at").first()
    if answer is None or not answer.title:
        return ""
    return render_to_string("assist/_ticket_panel.html", {"answer": answer}, request=request)


navigation_item = NavigationItem("answers", _("Auto-answers"), "answers", "help", 46, Right.SEE_TICKETS)
ticket_panel = Panel("assist.answer", draw_ticket, 5, Right.SEE_TICKETS)
