"""What other rooms show of the map: a place only, which asks for the rest when the page stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from otklik.identity.public import Right, User
from otklik.kit.clock import now
from otklik.kit.registry import NavigationItem, Panel
from otklik.relationships.queries.home import waiting_for
from otklik.relationships.queries.waiting import partners_that_wait
from otklik.relationships.web.trends import draw_person

MOST = 5


def draw_beside_ticket(request: HttpRequest, ticket: Any) -> str:
    if ticket.partner_id is None:
        return ""
    return render_to_string("relationships/_ticket_place.html", {"ticket": ticket}, request=request)


def draw_partner(request: HttpRequest, partner: Any) -> str:
    return render_to_string("relationships/_partner_place.html", {"partner": partner}, request=request)


def draw_contact(request: HttpRequest, contact: Any) -> str:
    return draw_person(request, contact)


def draw_dashboard(request: HttpRequest, subject: Any) -> str:
    if not isinstance(request.user, User):
        return ""
    at = now()
    waiting = waiting_for(request.user, at=at, limit=MOST)
    if waiting.is_empty:
        return ""
    context = {"waiting": waiting, "today": timezone.localdate(at)}
    return render_to_string("relationships/_dashboard.html", context, request=request)


def draw_partners_that_wait(request: HttpRequest, subject: Any) -> str:
    """What waits at own partners; nothing where nothing does, or nobody is kept."""
    if not isinstance(request.user, User):
        return ""
    waiting = partners_that_wait(request.user)
    if waiting.is_empty:
        return ""
    return render_to_string("relationships/_partners_wait.html", {"waiting": waiting}, request=request)


ticket_panel = Panel("relationships.map", draw_beside_ticket, 55, Right.SEE_FEEDBACK)
partner_panel = Panel("relationships.partner", draw_partner, 14, Right.SEE_FEEDBACK)
contact_panel = Panel("relationships.person", draw_contact, 12, Right.SEE_FEEDBACK)
dashboard_panels = (
    Panel("relationships.waiting", draw_dashboard, 12, Right.SEE_FEEDBACK),
    Panel("relationships.partners", draw_partners_that_wait, 13, Right.SEE_FEEDBACK),
)
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
