"""What other rooms show of the desk: the way to the inbox, a partner's tickets, the first page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from otklik.desk import labels
from otklik.desk.access import visible_tickets
from otklik.desk.queries.inbox import COUNT_CAP, view_counts
from otklik.desk.queries.inbox_filter import View
from otklik.desk.queries.mail_state import mail_state
from otklik.identity.public import Right, User
from otklik.kit.clock import now
from otklik.kit.registry import (
    NavigationItem,
    Panel,
    dashboard_panels,
    navigation,
    operations_panels,
    partner_panels,
)

_ON_FIRST_PAGE = (View.MINE, View.BREACHING, View.UNASSIGNED, View.ASKED)
_MOST_SHOWN = 8


def draw_dashboard(request: HttpRequest, subject: Any) -> str:
    """How many tickets wait, each number a way to them."""
    if not isinstance(request.user, User):
        return ""
    counts = view_counts(request.user, _ON_FIRST_PAGE, now=now())
    lines = [
        {"view": view.value, "label": labels.VIEW[view], "count": count, "more": count >= COUNT_CAP}
        for view, count in counts.items()
    ]
    return render_to_string("desk/_dashboard.html", {"lines": lines}, request=request)


def draw_mail(request: HttpRequest, subject: Any) -> str:
    """Whether mail comes and goes: for the operations page."""
    return render_to_string("desk/_mail_state.html", {"state": mail_state(at=now())}, request=request)


def draw_partner(request: HttpRequest, partner: Any) -> str:
    """The partner's matters: open ones first, then the latest."""
    if not isinstance(request.user, User):
        return ""
    rows = visible_tickets(request.user).filter(partner_id=partner.pk, merged_into=None)
    found = list(rows.select_related("owner").order_by("-is_open", "-updated_at")[: _MOST_SHOWN + 1])
    context = {
        "tickets": found[:_MOST_SHOWN],
        "has_more": len(found) > _MOST_SHOWN,
        "partner": partner,
        "now": now(),
        "may_answer": request.user.may(Right.ANSWER_TICKETS),
    }
    return render_to_string("desk/_partner_panel.html", context, request=request)


def register() -> None:
    navigation.add(NavigationItem("inbox", _("Inbox"), "inbox", "mail", 5, Right.SEE_TICKETS))
    navigation.add(
        NavigationItem("desk-report", _("Kept promises"), "desk-report", "activity", 45, Right.SEE_TICKETS)
    )
    navigation.add(
        NavigationItem(
            "desk-settings",
            _("Support desk"),
            "desk-settings",
            "settings",
            order=925,
            right=Right.MANAGE_DESK,
            section="settings",
        )
    )
    dashboard_panels.add(Panel("desk.waiting", draw_dashboard, 5, Right.SEE_TICKETS))
    operations_panels.add(Panel("desk.mail", draw_mail, order=10))
    partner_panels.add(Panel("desk.tickets", draw_partner, 5, Right.SEE_TICKETS))
