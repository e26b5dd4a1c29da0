"""Running a macro on a ticket."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404

from otklik.desk.models import Macro, Ticket
from otklik.desk.operations.automation import MacroFailed, apply_macro
from otklik.desk.web.changes import change
from otklik.desk.web.steps import macro_refusal
from otklik.identity.public import StaffRequest, actor_for
from otklik.kit.clock import now


@change
def macro(request: StaffRequest, ticket: Ticket, macro_id: int) -> None:
    usable = Macro.objects.filter(is_active=True)
    mine = usable.filter(owner=request.user) | usable.filter(owner=None)
    found = get_object_or_404(mine, pk=macro_id)
    try:
        apply_macro(ticket_id=ticket.pk, macro_id=found.pk, by=actor_for(request), at=now())
    except MacroFailed as failed:
        messages.error(request, macro_refusal(found.name, failed))
