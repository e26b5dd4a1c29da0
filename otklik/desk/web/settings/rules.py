"""Triggers, and the rows that they and macros are written in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk.models import Trigger
from otklik.desk.operations.keeping import NameTaken
from otklik.desk.operations.rule_keeping import save_trigger, switch_off
from otklik.desk.queries.automation import recent_runs, rule_of
from otklik.desk.rules.automation import BadRule
from otklik.desk.web.settings import rows, words
from otklik.desk.web.settings.forms import TriggerForm
from otklik.desk.web.settings.lists import Line, Table, form_page, listed
from otklik.desk.web.settings.sentences import Reader
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now


@require_safe
@needs(Right.MANAGE_DESK)
def triggers(request: StaffRequest) -> HttpResponse:
    reader = Reader()
    lines = [
        Line(
            reverse("trigger", args=[row.pk]),
            row.name,
            [_moment(row), "; ".join(_trigger_actions(row, reader))],
            row.is_active,
            _("Kept from running in circles") if row.stopped_at else "",
        )
        for row in Trigger.objects.all()
    ]
    table = Table(
        _("Triggers and time rules"),
        reverse("trigger-new"),
        _("New trigger"),
        [_("Trigger"), _("When"), _("What it does")],
        lines,
        (
            _("No triggers yet"),
            _("A trigger does by itself what would be done by hand each time. Try it on past tickets first."),
        ),
        icon="activity",
    )
    return listed(request, table)


def _moment(row: Trigger) -> str:
    if row.when == Trigger.When.TIME:
        return _("time has passed")
    return ", ".join(str(words.EVENT.get(name, name)) for name in row.events)


def _trigger_actions(row: Trigger, reader: Reader) -> list[str]:
    try:
        return reader.actions(rule_of(row).actions)
    except BadRule:
        return [_("cannot be read; write it anew")]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_DESK)
def trigger(request: StaffRequest, trigger_id: int | None = None) -> HttpResponse:
    row = (
        get_object_or_404(Trigger.objects.select_related("stopped_ticket"), pk=trigger_id)
        if trigger_id is not None
        else None
    )
    names = ("name", "when", "events", "position")
    form = TriggerForm(request.POST or None, initial={n: getattr(row, n) for n in names} if row else {})
    if request.POST:
        conditions, actions = rows.posted_conditions(request.POST), rows.posted_actions(request.POST)
    else:
        conditions = rows.stored_conditions(row.conditions if row else {})
        actions = rows.stored_actions(_actions(row))
    if form.is_valid() and (saved := _save(request, form, trigger_id, conditions, actions)):
        return saved
    title = row.name if row else _("New trigger")
    label = _("Triggers and time rules")
    return rule_page(request, form, title, "triggers", label, conditions, actions, trigger=row)


def _save(
    request: StaffRequest,
    form: TriggerForm,
    trigger_id: int | None,
    conditions: list[rows.ConditionRow],
    actions: list[rows.ActionRow],
) -> HttpResponse | None:
    typed = form.cleaned_data
    fields = {
        "name": typed["name"],
        "when": typed["when"],
        "events": sorted(typed["events"]) if typed["when"] == Trigger.When.EVENT else [],
        "conditions": rows.as_conditions(conditions),
        "actions": [action.to_json() for action in actions],
        "position": typed["position"],
    }
    try:
        saved = save_trigger(trigger_id=trigger_id, fields=fields, by=actor_for(request), at=now())
    except NameTaken:
        form.add_error("name", _("Another trigger has this name."))
    except BadRule as bad:
        mend(form, rows.mark(bad, conditions, actions))
    else:
        if saved.is_active:
            messages.success(request, _("Saved."))
            return redirect("triggers")
        messages.success(request, _("Saved. Look at what it would have done, then switch it on."))
        return redirect("trigger-dry-run", saved.pk)
    return None


@require_POST
@needs(Right.MANAGE_DESK)
def trigger_off(request: StaffRequest, trigger_id: int) -> HttpResponse:
    row = get_object_or_404(Trigger, pk=trigger_id)
    switch_off(trigger_id=row.pk, by=actor_for(request), at=now())
    messages.success(request, _("Switched off."))
    return redirect("trigger", row.pk)


@require_safe
@needs(Right.ANSWER_TICKETS)
def rule_row(request: StaffRequest) -> HttpResponse:
    """A new row, or one whose field or action was changed: fetched into the page."""
    token = request.GET.get("row", "")
    data = QueryDict(mutable=True)
    data.update(request.GET)
    if request.GET.get("kind") == "action":
        data["action"] = token
        action = next(iter(rows.posted_actions(data)), None) or rows.ActionRow()
        return render(request, "desk/settings/_action_row.html", {"row": action})
    data["condition"] = token
    condition = next(iter(rows.posted_conditions(data)), None)
    if condition is None:
        condition = rows.ConditionRow("any" if request.GET.get("group") == "any" else "all")
    return render(request, "desk/settings/_condition_row.html", {"row": condition})


def rule_page(
    request: StaffRequest,
    form: BaseForm,
    title: str,
    back: str,
    back_label: str,
    conditions: list[rows.ConditionRow],
    actions: list[rows.ActionRow],
    **more: Any,
) -> HttpResponse:
    row = more.get("trigger")
    return form_page(
        request,
        form,
        title=title,
        back=back,
        back_label=back_label,
        template="desk/settings/rule.html",
        every=[one for one in conditions if one.group == "all"],
        some=[one for one in conditions if one.group == "any"],
        actions=actions or [rows.ActionRow()],
        runs=_runs(row) if row else [],
        has_conditions=back == "triggers",
        **more,
    )


def _runs(row: Trigger) -> list[dict[str, Any]]:
    return [{"run": run, "text": _told(run.result)} for run in recent_runs(row)]


def _told(result: dict[str, Any]) -> list[str]:
    done = len(result.get("done", []))
    told = [ngettext("%(n)s action done", "%(n)s actions done", done) % {"n": done}] if done else []
    for failure in result.get("failed", []):
        what, why = words.ACTION.get(failure["do"]), words.WHY.get(failure["why"])
        told.append(f"{what}: {why}")
    if "stopped" in result:
        told.append(str(words.STOPPED.get(result["stopped"], "")))
    return told


def _actions(row: Trigger | None) -> Any:
    return row.actions if row else []


def mend(form: BaseForm, text: str) -> None:
    form.add_error(None, text or _("Something in the rows below needs another look."))
