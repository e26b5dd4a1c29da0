"""A ticket begun by us."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from otklik.desk.operations.shapes import NewFile
from otklik.desk.operations.tickets import create_ticket
from otklik.desk.rules.vocabulary import Channel, Priority, Side
from otklik.desk.web.files import TooLarge, stored_uploads
from otklik.desk.web.forms import NewTicketForm
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_TICKETS)
def new(request: StaffRequest) -> HttpResponse:
    """Either we write to a partner first, or we write down what somebody asked in passing."""
    form = NewTicketForm(
        request.POST or None, user=request.user, initial={"partner": request.GET.get("partner", "")}
    )
    if form.is_valid():
        moment = now()
        try:
            files = stored_uploads(request.FILES.getlist("files"), at=moment)
        except TooLarge as found:
            text = _("%(name)s is larger than 25 MB. Send a link to it instead.")
            form.add_error(None, text % {"name": found.name})
        else:
            return redirect("ticket", _begun(request, form, files))
    context = {"form": form, "title": _("New ticket")}
    return render(request, "desk/new.html", context, status=422 if form.is_bound else 200)


def _begun(request: StaffRequest, form: NewTicketForm, files: Sequence[NewFile]) -> int:
    cleaned, moment = form.cleaned_data, now()
    asked = cleaned["kind"] == "asked"
    ticket = create_ticket(
        program_id=cleaned["program"].pk,
        subject=cleaned["subject"],
        channel=Channel.STAFF,
        side=Side.PARTNER if asked else Side.STAFF,
        text=cleaned["text"],
        partner_id=form.partner_id(),
        contact_id=form.contact_id(),
        requester_address=form.address(),
        topic_id=cleaned["topic"].pk if cleaned["topic"] else None,
        team_id=cleaned["team"].pk if cleaned["team"] else None,
        owner_id=request.user.pk,
        priority=Priority(cleaned["priority"]) if cleaned["priority"] else None,
        files=files,
        created_key=f"web:{request.user.pk}:{cleaned['key']}" if cleaned["key"] else None,
        by=actor_for(request),
        at=moment,
    )
    return int(ticket.pk)
