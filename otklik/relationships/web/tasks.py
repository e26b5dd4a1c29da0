"""Tasks that closed waves raised: of everybody's partners one sees, one's own first."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.relationships.access import editable_calls, visible_calls
from otklik.relationships.models import CallToAction
from otklik.relationships.operations.calls import (
    CallClosed,
    CallFollowsAlert,
    WordMissing,
    assign_call,
    close_call,
)
from otklik.relationships.operations.people import NotOnStaff
from otklik.relationships.rules.vocabulary import CallKind, CallState
from otklik.relationships.web.forms import AssignForm, CloseForm

A_PAGE = 50
_CLOSED = gettext_lazy("Somebody closed this task meanwhile.")
_FOLLOWS = gettext_lazy("An alert asks the same: follow it up there, and this task ends with it.")


@require_safe
@needs(Right.SEE_FEEDBACK)
def index(request: StaffRequest) -> HttpResponse:
    rows = visible_calls(request.user)
    show, kind = request.GET.get("show", "open"), request.GET.get("kind", "")
    mine = "mine" in request.GET
    if mine:
        rows = rows.filter(owner=request.user)
    if kind in list(CallKind):
        rows = rows.filter(kind=kind)
    page = Paginator(_shown(rows, show), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "show": show, "kind": kind, "mine": mine, "kinds": list(CallKind)}
    return render(request, "relationships/tasks.html", context)


def _shown(rows: QuerySet[CallToAction], show: str) -> QuerySet[CallToAction]:
    rows = rows.select_related("contact", "partner", "owner")
    if show == "closed":
        return rows.exclude(state=CallState.OPEN).order_by("-raised_at", "pk")
    # Of one day the weightiest of its list first.
    return rows.filter(state=CallState.OPEN).order_by("due_on", "place", "pk")


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest, call_id: int) -> HttpResponse:
    return _page(request, _visible(request, call_id))


@require_POST
@needs(Right.SEE_FEEDBACK)
def assign(request: StaffRequest, call_id: int) -> HttpResponse:
    call = get_object_or_404(editable_calls(request.user), pk=call_id)
    form = AssignForm(request.POST)
    if not form.is_valid():
        return _page(request, _visible(request, call_id), assign_form=form)
    said = form.cleaned_data
    try:
        assign_call(
            call_id=call.pk, owner_id=said["owner"], due_on=said["due_on"], by=actor_for(request), at=now()
        )
    except CallClosed:
        messages.error(request, _CLOSED)
    except CallFollowsAlert:
        messages.error(request, _FOLLOWS)
    except NotOnStaff:
        messages.error(request, _("This colleague does not work here any more."))
    return redirect("map-task", call.pk)


@require_POST
@needs(Right.SEE_FEEDBACK)
def close(request: StaffRequest, call_id: int) -> HttpResponse:
    call = get_object_or_404(editable_calls(request.user), pk=call_id)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, _visible(request, call_id), close_form=form)
    said = form.cleaned_data
    try:
        close_call(
            call_id=call.pk,
            state=CallState(said["state"]),
            note=said["note"],
            by=actor_for(request),
            at=now(),
        )
    except CallClosed:
        messages.error(request, _CLOSED)
    except CallFollowsAlert:
        messages.error(request, _FOLLOWS)
    except WordMissing:
        form.add_error("note", _("Write why the task is dropped."))
        return _page(request, _visible(request, call_id), close_form=form)
    return redirect("map-tasks")


def _visible(request: StaffRequest, call_id: int) -> CallToAction:
    rows = visible_calls(request.user).select_related("contact", "partner", "owner", "wave", "closed_by")
    return get_object_or_404(rows, pk=call_id)


def _page(
    request: StaffRequest,
    call: CallToAction,
    *,
    assign_form: AssignForm | None = None,
    close_form: CloseForm | None = None,
) -> HttpResponse:
    is_ours = call.state == CallState.OPEN and call.alert_id is None
    may_edit = is_ours and editable_calls(request.user).filter(pk=call.pk).exists()
    context = {
        "call": call,
        "may_edit": may_edit,
        "assign_form": assign_form or AssignForm(initial={"owner": call.owner_id, "due_on": call.due_on}),
        "close_form": close_form or CloseForm(),
    }
    status = 422 if assign_form or close_form else 200
    return render(request, "relationships/task.html", context, status=status)
