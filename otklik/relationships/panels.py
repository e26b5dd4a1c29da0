"""What other rooms show of the map: a place only, which asks for the rest when the page stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from otklik.identity.public import Right, User
from otklik.kit.registry import NavigationItem, Panel
from otklik.relationships.queries.waiting import waiting_for
from otklik.relationships.web.trends import draw_person


def draw_beside_ticket(request: HttpRequest, ticket: Any) -> str:
    if ticket.partner_id is None:
        return ""
    return render_to_string("relationships/_ticket_place.html", {"ticket": ticket}, request=request)


def draw_partner(request: HttpRequest, partner: Any) -> str:
    return render_to_string("relationships/_partner_place.html", {"partner": partner}, request=request)


def draw_contact(request: HttpRequest, contact: Any) -> str:
    return draw_person(request, contact)


contact_panel = Panel("relationships.person", draw_contact, 12, Right.SEE_FEEDBACK)
def draw_dashboard(request: HttpRequest, subject: Any) -> str:
    """What waits at own partners; nothing where nothing does, or nobody is kept."""
    if not isinstance(request.user, User):
        return ""
    waiting = waiting_for(request.user)
    if waiting.is_empty:
        return ""
    return render_to_string("relationships/_dashboard.html", {"waiting": waiting}, request=request)


ticket_panel = Panel("relationships.map", draw_beside_ticket, 55, Right.SEE_FEEDBACK)
partner_panel = Panel("relationships.partner", draw_partner, 14, Right.SEE_FEEDBACK)
dashboard_panel = Panel("relationships.waiting", draw_dashboard, 12, Right.SEE_FEEDBACK)
navigation_items = (
    NavigationItem("relationships", _("Relationships"), "relationships", "users", 24, Right.SEE_FEEDBACK),
    NavigationItem("renewals", _("Renewals"), "map-renewals", "calendar", 24, Right.SEE_FEEDBACK),
    NavigationItem(
        "coverage",
        _("Coverage contracts"),
        "map-coverage",
        "users",
        46,
        Right.MANAGE_PROGRAMS,
        section="settings",
    ),
)
