"""The list of tickets, its views, and what is done to many of them at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from otklik.desk.access import answerable_tickets
from otklik.desk.operations.bulk import BulkChange, BulkOutcome, change_many
from otklik.desk.operations.views import keep_view, remove_view
from otklik.desk.queries.inbox import MOST_AT_ONCE, matching_tickets
from otklik.desk.queries.inbox_filter import read_filter
from otklik.desk.web.forms import BulkForm, SavedViewForm
from otklik.desk.web.pages import inbox_shown
from otklik.desk.web.saved_views import editable_views
from otklik.desk.web.steps import skipped_words
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now


@require_safe
@needs(Right.SEE_TICKETS)
def inbox(request: StaffRequest) -> HttpResponse:
    return render(request, "desk/inbox.html", {"page": inbox_shown(request, now=now())})


@require_POST
@needs(Right.ANSWER_TICKETS)
def bulk(request: StaffRequest) -> HttpResponse:
    """One change to the chosen tickets, or to all that the filter finds."""
    back = f"{reverse('inbox')}?{request.POST.get('query', '')[:1000]}"
    form = BulkForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose tickets and what to do with them."))
        return redirect(back)
    moment = now()
    rows = answerable_tickets(request.user)
    if form.cleaned_data["everything"]:
        chosen = matching_tickets(request.user, read_filter(form.filter()), now=moment)
        rows = rows.filter(pk__in=chosen.order_by().values("pk"))
    else:
        rows = rows.filter(pk__in=form.ids(request.POST))
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    change = BulkChange(**form.change(request.user.pk))
    outcome = change_many(ticket_ids=ids, change=change, by=actor_for(request), at=moment)
    _tell(request, outcome)
    return redirect(back)


def _tell(request: StaffRequest, outcome: BulkOutcome) -> None:
    changed = len(outcome.changed)
    if changed:
        text = ngettext("%(n)s ticket changed.", "%(n)s tickets changed.", changed)
        messages.success(request, text % {"n": changed})
    for line in skipped_words(outcome.skipped):
        messages.warning(request, line)
    if not changed and not outcome.skipped:
        messages.info(request, _("No tickets were chosen."))


@require_POST
@needs(Right.SEE_TICKETS)
def views(request: StaffRequest) -> HttpResponse:
    """Keep the filter under a name."""
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the view a name."))
        return redirect(f"{reverse('inbox')}?{request.POST.get('query', '')[:1000]}")
    everybody = form.cleaned_data["for_everybody"] and request.user.may(Right.MANAGE_DESK)
    view = keep_view(
        name=form.cleaned_data["name"],
        filters=read_filter(form.filter()).as_query(),
        owner_id=None if everybody else request.user.pk,
        at=now(),
    )
    return redirect(f"{reverse('inbox')}?{form.cleaned_data['query']}&saved={view.pk}")


@require_POST
@needs(Right.SEE_TICKETS)
def view_removal(request: StaffRequest, view_id: int) -> HttpResponse:
    remove_view(view_id=get_object_or_404(editable_views(request.user), pk=view_id).pk)
    return redirect("inbox")
