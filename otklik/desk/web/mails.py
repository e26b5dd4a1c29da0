"""Mails that are in no ticket: to look at, and to take in after all."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.desk.models import InboundMail
from otklik.desk.operations.intake import NotParked, take_in_anyway
from otklik.desk.operations.storing import mail_content
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now

_State = InboundMail.State


@require_safe
@needs(Right.SEE_OPERATIONS)
def raw(request: StaffRequest, mail_id: int) -> HttpResponseBase:
    """As it came, to be saved and never shown: it may hold anything. A mail in a ticket is read there, by
    those who see the ticket."""
    row = get_object_or_404(InboundMail, pk=mail_id, state__in=(_State.PARKED, _State.QUARANTINED))
    try:
        content = mail_content(row)
    except OSError as gone:
        raise Http404 from gone
    response = FileResponse(content, as_attachment=True, filename=f"{row.pk}.eml", content_type="text/plain")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@needs(Right.SEE_OPERATIONS)
def intake(request: StaffRequest, mail_id: int) -> HttpResponse:
    get_object_or_404(InboundMail, pk=mail_id)
    try:
        take_in_anyway(mail_id=mail_id, by=actor_for(request), at=now())
    except NotParked:
        messages.info(request, _("Somebody has dealt with this already."))
    else:
        messages.success(request, _("It becomes a ticket in a moment."))
    return redirect("operations")
