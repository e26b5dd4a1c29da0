"""Beside a ticket: who of this partner is to be followed up, the writer first, and what we promised."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from otklik.desk.public import visible_tickets
from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now
from otklik.loop.access import visible_alerts
from otklik.loop.queries.waiting import open_with_promises

MOST = 4


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest, ticket_id: int) -> HttpResponse:
    ticket = get_object_or_404(visible_tickets(request.user), pk=ticket_id)
    found = []
    if ticket.partner_id is not None:
        rows = visible_alerts(request.user).filter(partner_id=ticket.partner_id)
        found = open_with_promises(rows, limit=MOST, about=ticket.contact_id)
    return render(request, "loop/_beside.html", {"found": found, "at": now()})
