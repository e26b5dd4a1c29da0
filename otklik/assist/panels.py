"""What other rooms show of automatic answers: the way to them, and what who asked was told or could be."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from otklik.identity.public import Right
from otklik.kit.registry import NavigationItem, Panel


def draw_ticket(request: HttpRequest, ticket: Any) -> str:
    """A place only: what stands there is asked for when the page stands."""
    return render_to_string("assist/_ticket_place.html", {"ticket": ticket}, request=request)


navigation_item = NavigationItem("answers", _("Auto-answers"), "answers", "help", 46, Right.SEE_TICKETS)
ticket_panel = Panel("assist.answer", draw_ticket, 5, Right.SEE_TICKETS)
