"""One's own data: taken along, and the wish to be forgotten."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from otklik.kit.clock import now
from otklik.portal.operations.erasure_requests import ask_to_be_erased, take_back
from otklik.portal.personal import export_of
from otklik.portal.web.guard import PortalRequest, person_page
from otklik.portal.web.limits import is_too_often


@require_POST
@person_page
def export(request: PortalRequest) -> HttpResponse:
    at, contact = now(), request.person.contact
    if is_too_often(request, "export", f"contact:{contact.pk}", at=at):
        messages.error(request, _("Too many attempts. Try again in an hour."))
        return redirect("portal-me")
    response = HttpResponse(export_of(contact, at=at), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="data-{at:%Y-%m-%d}.zip"'
    return response


@require_POST
@person_page
def ask_erasure(request: PortalRequest) -> HttpResponse:
    at, contact = now(), request.person.contact
    # Asked, taken back and asked anew, each time is a ticket.
    if is_too_often(request, "erasure", f"contact:{contact.pk}", at=at):
        messages.error(request, _("Too many attempts. Try again in an hour."))
        return redirect("portal-me")
    asked = ask_to_be_erased(contact=contact, at=at)
    day = formats.date_format(asked.answer_by, "DATE_FORMAT")
    messages.success(request, _("We have your request. The answer comes by %(day)s.") % {"day": day})
    return redirect("portal-me")


@require_POST
@person_page
def take_erasure_back(request: PortalRequest) -> HttpResponse:
    if take_back(contact_id=request.person.contact.pk, at=now()):
        messages.success(request, _("You have taken the request back."))
    return redirect("portal-me")
