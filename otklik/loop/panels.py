"""What other rooms show of the loop."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from otklik.identity.public import Right, User
from otklik.kit.clock import now
from otklik.kit.registry import NavigationItem, Panel
from otklik.loop.access import visible_alerts
from otklik.loop.queries.waiting import alerts_of_partner, open_with_promises, waiting_for

MOST = 5


def draw_dashboard(request: HttpRequest, subject: Any) -> str:
    """Own alerts and what was escalated to whoever looks; nothing where nothing waits."""
    if not isinstance(request.user, User):
        return ""
    waiting = waiting_for(request.user, at=now(), limit=MOST)
    if waiting.is_empty:
        return ""
    return render_to_string("loop/_dashboard.html", {"waiting": waiting}, request=request)


def draw_partner(request: HttpRequest, partner: Any) -> str:
    if not isinstance(request.user, User):
        return ""
    alerts = alerts_of_partner(visible_alerts(request.user), partner.pk, limit=MOST)
    if not alerts:
        return ""
    return render_to_string("loop/_partner_panel.html", {"alerts": alerts}, request=request)


def draw_contact(request: HttpRequest, contact: Any) -> str:
    """Their open alerts and what was promised about them; nothing where there are none."""
    if not isinstance(request.user, User):
        return ""
    found = open_with_promises(visible_alerts(request.user).filter(contact=contact), limit=MOST)
    if not found:
        return ""
    context = {"found": found, "contact": contact, "at": now()}
    return render_to_string("loop/_beside.html", context, request=request)


def draw_ticket(request: HttpRequest, ticket: Any) -> str:
    """A place only: what stands there is asked for when the page stands."""
    if ticket.partner_id is None:
        return ""
    return render_to_string("loop/_ticket_place.html", {"ticket": ticket}, request=request)


navigation_items = (
    NavigationItem("loop", _("Closed loop"), "loop", "bell", 25, Right.SEE_FEEDBACK),
    NavigationItem(
        "loop.rules", _("Alert rules"), "alert-rules", "bell", 45, Right.MANAGE_PROGRAMS, section="settings"
    ),
)
dashboard_panel = Panel("loop.waiting", draw_dashboard, 11, Right.SEE_FEEDBACK)
partner_panel = Panel("loop.partner", draw_partner, 17, Right.SEE_FEEDBACK)
contact_panel = Panel("loop.contact", draw_contact, 17, Right.SEE_FEEDBACK)
ticket_panel = Panel("loop.ticket", draw_ticket, 8, Right.SEE_FEEDBACK)
