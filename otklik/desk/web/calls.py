"""The phone log and promised calls."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk.access import answerable_tickets
from otklik.desk.models import Callback
from otklik.desk.operations.calls import AlreadyCalled, Direction, ask_callback, finish_callback, log_call
from otklik.desk.operations.ringing import ringing_for
from otklik.desk.queries.callers import visible_people_with_number
from otklik.desk.queries.installation import call_keys
from otklik.desk.web.changes import after_change, unless_merged
from otklik.desk.web.forms import CallbackEndForm, CallbackForm, CallForm
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_TICKETS)
@unless_merged
def new(request: StaffRequest) -> HttpResponse:
    """First the number, which tells who it is; then what was said. A telephone system may link here."""
    number = request.GET.get("number", "")[:40]
    form = CallForm(request.POST or None, user=request.user, number=number)
    if form.is_valid():
        return redirect("ticket", _logged(request, form))
    people = visible_people_with_number(request.user, number)[:10] if number else []
    context = {"form": form, "number": number, "people": people, "hook": _hook(request)}
    return render(request, "desk/call.html", context, status=422 if form.is_bound else 200)


def _hook(request: StaffRequest) -> str:
    """Where a telephone system posts calls, for those who set the desk up."""
    if not request.user.may(Right.MANAGE_DESK):
        return ""
    return f"{settings.OTKLIK.public_url}{reverse('call-webhook', args=[call_keys()[0]])}"


def _logged(request: StaffRequest, form: CallForm) -> int:
    said = form.cleaned_data
    contact = said["contact"] or (said["ticket"].contact if said["ticket"] else None)
    message = log_call(
        direction=Direction(said["direction"]),
        number=said["number"],
        minutes=said["minutes"],
        text=said["text"],
        ticket_id=said["ticket"].pk if said["ticket"] else None,
        contact_id=contact.pk if contact else None,
        program_id=said["program"].pk,
        subject=said["subject"],
        owner_id=request.user.pk,
        key=f"{request.user.pk}:{said['key']}" if said["key"] else None,
        by=actor_for(request),
        at=now(),
    )
    return message.ticket_id


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_TICKETS)
@unless_merged
def callback(request: StaffRequest, ticket_id: int) -> HttpResponse:
    ticket = get_object_or_404(
        answerable_tickets(request.user).select_related("contact", "partner"), pk=ticket_id
    )
    zone = (ticket.contact.time_zone if ticket.contact else "") or (
        ticket.partner.time_zone if ticket.partner else "UTC"
    )
    form = CallbackForm(request.POST or None, initial={"time_zone": zone or "UTC"})
    if form.is_valid():
        wanted = form.cleaned_data
        local_time = wanted["local_time"]
        ask_callback(
            ticket_id=ticket.pk,
            phone=wanted["phone"],
            # The form reads it in the reader's zone; what counts is the caller's own watch.
            local_time=local_time.replace(tzinfo=None) if local_time else None,
            time_zone=wanted["time_zone"],
            wish=wanted["wish"],
            by=actor_for(request),
            at=now(),
        )
        return redirect("ticket", ticket.pk)
    context = {
        "ticket": ticket,
        "form": form,
        "title": _("Promise a call back"),
        "lead": _("It stands among the promises of the ticket until somebody has called."),
        "button": _("Promise"),
    }
    return render(request, "desk/step.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs(Right.ANSWER_TICKETS)
@unless_merged
def callback_end(request: StaffRequest, callback_id: int) -> HttpResponse:
    """Somebody called: whether the person was reached, and what came of it."""
    rows = Callback.objects.filter(ticket__in=answerable_tickets(request.user))
    promised = get_object_or_404(rows, pk=callback_id)
    form = CallbackEndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one from the list."))
        return after_change(request, promised.ticket_id)
    try:
        finish_callback(
            callback_id=promised.pk,
            reached=form.cleaned_data["reached"],
            note=form.cleaned_data["note"],
            by=actor_for(request),
            at=now(),
        )
    except AlreadyCalled:
        messages.info(request, _("Somebody else called meanwhile."))
    return after_change(request, promised.ticket_id)


@require_safe
@needs(Right.ANSWER_TICKETS)
def ringing(request: StaffRequest) -> HttpResponse:
    """Who calls at this moment, for the pages that hear of it."""
    calls = [
        {"ringing": one, "people": visible_people_with_number(request.user, one.number)[:3]}
        for one in ringing_for(request.user.pk, at=now())
    ]
    return render(request, "desk/_ringing.html", {"calls": calls})
