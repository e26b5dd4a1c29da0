"""A policy change recorded, corrected, removed by whoever says how partners are served."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.impact.access import editable_changes, recording_programs
from otklik.impact.models import PolicyChange
from otklik.impact.operations.changes import (
    ChangedMeanwhile,
    correct_change,
    record_change,
    remove_change,
)
from otklik.impact.queries.changes import listed_starts, tier_days, tier_sizes
from otklik.impact.rules.change_starts import NobodyReached
from otklik.impact.web.asked import chosen_program, query_of, read_outcome
from otklik.impact.web.change_forms import ChangeForm, listed_text, tier_field
from otklik.kit.clock import now
from otklik.partners.public import Program


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_DESK)
def new(request: StaffRequest) -> HttpResponse:
    programs = list(recording_programs(request.user).order_by("name", "pk"))
    if not programs:
        raise Http404
    program = _asked_program(request, programs)
    form = ChangeForm(
        request.POST or None, request.FILES or None, program_id=program.pk, sizes=tier_sizes(program.pk)
    )
    if form.is_valid():
        try:
            change = record_change(program=program, terms=form.terms(), by=actor_for(request), at=now())
        except NobodyReached:
            form.add_error(None, _nobody())
        else:
            messages.success(request, _("Recorded. What it did is computed now, and then every night."))
            return redirect("impact-change", change.pk)
    return _form(request, form, program, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_DESK)
def edit(request: StaffRequest, change_id: int) -> HttpResponse:
    rows = editable_changes(request.user).select_related("program")
    change = get_object_or_404(rows, pk=change_id)
    form = _filled(request, change)
    if form.is_valid() and _is_corrected(request, form, change):
        messages.success(request, _("Saved. What it did is computed anew."))
        return redirect("impact-change", change.pk)
    return _form(request, form, change.program, change)


@require_POST
@needs(Right.MANAGE_DESK)
def removal(request: StaffRequest, change_id: int) -> HttpResponse:
    change = get_object_or_404(editable_changes(request.user).select_related("program"), pk=change_id)
    try:
        remove_change(change_id=change.pk, by=actor_for(request), at=now())
    except PolicyChange.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Removed."))
    return redirect(f"{reverse('impact-changes')}?{query_of(change.program, read_outcome(''))}")


def _asked_program(request: StaffRequest, programs: Sequence[Program]) -> Program:
    """What was typed for one program is never recorded in another."""
    posted = request.POST.get("program")
    if posted is None:
        outcome = read_outcome(request.GET.get("outcome", ""))
        return chosen_program(programs, request.GET.get("program", ""), outcome)
    found = next((one for one in programs if str(one.pk) == posted), None)
    if found is None:
        raise Http404
    return found


def _is_corrected(request: StaffRequest, form: ChangeForm, change: PolicyChange) -> bool:
    """Else the form says why not. Raises Http404 where somebody removed it meanwhile."""
    version = form.cleaned_data["version"] or 0
    try:
        correct_change(
            change_id=change.pk, version=version, terms=form.terms(), by=actor_for(request), at=now()
        )
    except NobodyReached:
        form.add_error(None, _nobody())
        return False
    except ChangedMeanwhile:
        form.add_error(None, _meanwhile())
        return False
    except PolicyChange.DoesNotExist as error:
        raise Http404 from error
    return True


def _filled(request: StaffRequest, change: PolicyChange) -> ChangeForm:
    """Tiers that nobody is in any more stand there as long as the change names them."""
    days, sizes = tier_days(change.pk), tier_sizes(change.program_id)
    sizes = {**dict.fromkeys(days, 0), **sizes}
    initial = {
        "version": change.version,
        "name": change.name,
        "about": change.about,
        "listed": listed_text(change.program_id, list(listed_starts(change.pk))),
        **{tier_field(tier): days.get(tier) for tier in sizes},
    }
    return ChangeForm(
        request.POST or None,
        request.FILES or None,
        initial=initial,
        program_id=change.program_id,
        sizes=sizes,
    )


def _form(
    request: StaffRequest, form: ChangeForm, program: Program, change: PolicyChange | None
) -> HttpResponse:
    context = {
        "room": "changes",
        "asked": query_of(program, read_outcome(request.GET.get("outcome", ""))),
        "form": form,
        "program": program,
        "change": change,
    }
    return render(request, "impact/change_form.html", context, status=422 if form.errors else 200)


def _nobody() -> str:
    return _("It holds for nobody yet. Give a tier its day, or name partners one by one.")


def _meanwhile() -> str:
    return _("Somebody else corrected it meanwhile. Open the page again: what they wrote would be lost.")
