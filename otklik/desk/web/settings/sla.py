"""What is promised to whom, and when somebody is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk.models import BusinessCalendar, SlaPolicy
from otklik.desk.operations.keeping import NameTaken
from otklik.desk.operations.policies import (
    PROGRESS,
    move_policy,
    save_calendar,
    save_policy,
    tickets_affected,
)
from otklik.desk.web.settings.lists import Line, Table, form_page, listed
from otklik.desk.web.settings.sla_forms import CalendarForm, PolicyForm
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.jobs.public import progress_of
from otklik.kit.calendar import BadCalendar, EmptyCalendar, Window, read_calendar, windows_on
from otklik.kit.clock import now
from otklik.kit.zones import zone_label

PREVIEW_DAYS = 14


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    hours: str


@require_safe
@needs(Right.MANAGE_DESK)
def sla_policies(request: StaffRequest) -> HttpResponse:
    rows = SlaPolicy.objects.select_related("program", "calendar").prefetch_related("topics")
    context = {"policies": rows, "progress": progress_of(PROGRESS)}
    return render(request, "desk/settings/policies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_DESK)
def sla_policy(request: StaffRequest, policy_id: int | None = None) -> HttpResponse:
    row = get_object_or_404(SlaPolicy, pk=policy_id) if policy_id is not None else None
    form = PolicyForm(request.POST or None, policy=row)
    if form.is_valid():
        try:
            save_policy(
                policy_id=policy_id,
                fields=form.plain(),
                topics=form.cleaned_data["topics"],
                targets=list(form.targets()),
                by=actor_for(request),
                at=now(),
            )
        except NameTaken:
            form.add_error("name", _("Another policy has this name."))
        else:
            messages.success(request, _("Saved. Deadlines of open tickets are being counted anew."))
            return redirect("sla-policies")
    return form_page(
        request,
        form,
        title=row.name if row else _("New policy"),
        back="sla-policies",
        back_label=_("SLA policies"),
        template="desk/settings/policy.html",
    )


@require_POST
@needs(Right.MANAGE_DESK)
def sla_policy_place(request: StaffRequest, policy_id: int) -> HttpResponse:
    get_object_or_404(SlaPolicy, pk=policy_id)
    move_policy(policy_id=policy_id, up=request.POST.get("way") == "up", by=actor_for(request), at=now())
    return redirect("sla-policies")


@require_safe
@needs(Right.MANAGE_DESK)
def calendars(request: StaffRequest) -> HttpResponse:
    lines = [
        Line(
            reverse("calendar", args=[row.pk]),
            row.name,
            [zone_label(row.definition.get("zone", "")), str(row.version)],
        )
        for row in BusinessCalendar.objects.all()
    ]
    table = Table(
        _("Working calendars"),
        reverse("calendar-new"),
        _("New calendar"),
        [pgettext("of a thing", "Name"), _("Time zone"), _("Version")],
        lines,
        (_("No calendars yet"), _("A calendar says when somebody is there; deadlines count its hours.")),
        icon="calendar",
    )
    return listed(request, table)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_DESK)
def calendar(request: StaffRequest, calendar_id: int | None = None) -> HttpResponse:
    row = get_object_or_404(BusinessCalendar, pk=calendar_id) if calendar_id is not None else None
    form = CalendarForm(request.POST or None, row=row)
    definition: Any = row.definition if row else None
    if form.is_valid():
        definition = form.definition()
        if "preview" not in request.POST and _saved(request, form, calendar_id, definition):
            return redirect("calendars")
    return form_page(
        request,
        form,
        title=row.name if row else _("New calendar"),
        back="calendars",
        back_label=_("Working calendars"),
        template="desk/settings/calendar.html",
        days=list(_preview(form, definition)),
        affected=tickets_affected(row.pk) if row else 0,
        row=row,
    )


def _saved(request: StaffRequest, form: CalendarForm, calendar_id: int | None, definition: Any) -> bool:
    affected = tickets_affected(calendar_id) if calendar_id else 0
    try:
        save_calendar(
            calendar_id=calendar_id,
            name=form.cleaned_data["name"],
            definition=definition,
            by=actor_for(request),
            at=now(),
        )
    except BadCalendar as error:
        form.complain(error)
    except EmptyCalendar:
        form.add_error(None, _("Not one working hour within two years: give hours to at least one day."))
    except NameTaken:
        form.add_error("name", _("Another calendar has this name."))
    else:
        messages.success(request, _said(affected))
        return True
    return False


def _said(affected: int) -> str:
    if not affected:
        return _("Saved.")
    return ngettext(
        "Saved. The deadlines of %(count)s open ticket are being counted anew.",
        "Saved. The deadlines of %(count)s open tickets are being counted anew.",
        affected,
    ) % {"count": affected}


def _preview(form: CalendarForm, definition: Any) -> Iterator[Day]:
    """Of the next days on the calendar's own clock; nothing where the calendar cannot be read."""
    try:
        found = read_calendar(definition) if definition else None
    except BadCalendar as error:
        if not form.errors:
            form.complain(error)
        return
    if found is None:
        return
    today = now().astimezone(ZoneInfo(found.zone)).date()
    for number in range(PREVIEW_DAYS):
        day = today + timedelta(days=number)
        yield Day(day, ", ".join(_hours(window) for window in windows_on(found, day)))


def _hours(window: Window) -> str:
    return "–".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in window)
