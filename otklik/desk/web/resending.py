"""Sending once more what could not be sent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from otklik.desk.access import answerable_tickets, visible_messages
from otklik.desk.operations.delivery import CannotRetry, retry_delivery
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now


@require_POST
@needs(Right.ANSWER_TICKETS)
def message_retry(request: StaffRequest, message_id: int) -> HttpResponse:
    """Try once more to send what could not be sent."""
    rows = visible_messages(request.user).filter(ticket__in=answerable_tickets(request.user))
    message = get_object_or_404(rows, pk=message_id)
    try:
        retry_delivery(message_id=message.pk, by=actor_for(request), at=now())
    except CannotRetry:
        messages.info(request, _("This message is not waiting to be sent again."))
    else:
        messages.success(request, _("It is being sent again."))
    return redirect("ticket", message.ticket_id)
