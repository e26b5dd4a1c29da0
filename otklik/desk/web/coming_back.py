"""After an absence: what is with others still, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from otklik.desk.models import Absence
from otklik.desk.operations.coming_back import take_back
from otklik.desk.queries.absences import with_others
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_TICKETS)
def absence_end(request: StaffRequest, absence_id: int) -> HttpResponse:
    """Of one's own absence alone, once it has begun."""
    mine = Absence.objects.filter(user=request.user, handed_over_at__isnull=False)
    absence = get_object_or_404(mine, pk=absence_id)
    found = with_others(absence)
    if request.method == "POST":
        chosen = {name: set(request.POST.getlist(name)[:2000]) for name in ("ticket", "partner")}
        tickets, partners = take_back(
            absence_id=absence.pk,
            ticket_ids=[t.pk for t in found.tickets if str(t.pk) in chosen["ticket"]],
            partner_ids=[p.pk for p in found.partners if str(p.pk) in chosen["partner"]],
            by=actor_for(request),
            at=now(),
        )
        _tell(request, tickets, partners)
        return redirect("inbox")
    return render(request, "desk/absence_end.html", {"absence": absence, "found": found})


def _tell(request: StaffRequest, tickets: int, partners: int) -> None:
    if not tickets and not partners:
        messages.info(request, _("Nothing was taken back."))
    if tickets:
        text = ngettext("%(n)s ticket is yours again.", "%(n)s tickets are yours again.", tickets)
        messages.success(request, text % {"n": tickets})
    if partners:
        text = ngettext("%(n)s partner is yours again.", "%(n)s partners are yours again.", partners)
        messages.success(request, text % {"n": partners})
