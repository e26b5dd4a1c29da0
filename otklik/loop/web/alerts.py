"""One alert: what was said, what was done about it, and what is left to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.dialogue.public import DayOver
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.loop.access import editable_alerts, visible_alerts
from otklik.loop.labels import CLOSING_PROBLEMS
from otklik.loop.models import Alert, ReAsk
from otklik.loop.operations import reasking
from otklik.loop.operations.closing import CannotClose, NotClosed, NotTheirCause, close_alert, reopen_alert
from otklik.loop.operations.locking import AlertChanged, AlertClosed
from otklik.loop.operations.owning import CannotOwn, assign_alert
from otklik.loop.operations.reasking import AskedAlready, NobodyToAsk, plan_re_ask
from otklik.loop.operations.working import (
    NoPartner,
    NotTheirPerson,
    NotYet,
    SnoozeRefused,
    note_follow_up,
    promise_action,
    snooze_alert,
    tell_partner,
    wake_alert,
)
from otklik.loop.rules.deadlines import lateness
from otklik.loop.rules.vocabulary import Way
from otklik.loop.web.forms import (
    AgainForm,
    CloseForm,
    OwnerForm,
    PromiseForm,
    SnoozeForm,
    SpokenForm,
    ToldForm,
)

Change = Callable[[Any, Alert, Any, datetime], object]
_FORMS: dict[str, type[Any]] = {
    "spoken": SpokenForm,
    "promise": PromiseForm,
    "snooze": SnoozeForm,
    "told": ToldForm,
    "again": AgainForm,
    "owner": OwnerForm,
    "close": CloseForm,
}


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest, alert_id: int) -> HttpResponse:
    return _page(request, _found(visible_alerts(request.user), alert_id), now())


@require_POST
@needs(Right.RUN_DIALOGUE)
def change(request: StaffRequest, alert_id: int, what: str) -> HttpResponse:
    """One of the page's forms: what is wrong stands beside the field, and nothing typed is lost."""
    at, alert = now(), _found(editable_alerts(request.user), alert_id)
    form = _FORMS[what](request.POST, alert=alert, at=at)
    if form.is_valid():
        try:
            _CHANGES[what](form, alert, actor_for(request), at)
        except tuple(_REFUSALS) as refused:
            # Its own form may be gone from the page: somebody else closed the alert meanwhile.
            messages.error(request, _said(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("alert", alert.pk)
    alert = _found(visible_alerts(request.user), alert_id)
    return _page(request, alert, at, status=422, **{what: form})


@require_POST
@needs(Right.RUN_DIALOGUE)
def wake(request: StaffRequest, alert_id: int) -> HttpResponse:
    alert = get_object_or_404(editable_alerts(request.user), pk=alert_id)
    try:
        wake_alert(alert_id=alert.pk, by=actor_for(request), at=now())
    except AlertClosed as closed:
        messages.info(request, _said(closed))
    return redirect("alert", alert.pk)


@require_POST
@needs(Right.RUN_DIALOGUE)
def reopen(request: StaffRequest, alert_id: int) -> HttpResponse:
    alert = get_object_or_404(editable_alerts(request.user), pk=alert_id)
    try:
        reopen_alert(alert_id=alert.pk, by=actor_for(request), at=now())
    except NotClosed:
        messages.info(request, _("It is open."))
    else:
        messages.success(request, _("Open again. What they were told before has to be told anew."))
    return redirect("alert", alert.pk)


def _found(rows: QuerySet[Alert], alert_id: int) -> Alert:
    rows = rows.select_related("program", "partner", "contact", "rule", "owner", "response", "mention")
    return get_object_or_404(rows.select_related("escalated_to", "closed_by"), pk=alert_id)


def _page(
    request: StaffRequest, alert: Alert, at: datetime, *, status: int = 200, **bound: Form
) -> HttpResponse:
    may_edit = editable_alerts(request.user).filter(pk=alert.pk).exists()
    forms = {name: bound.get(name) or form(alert=alert, at=at) for name, form in _FORMS.items()}
    context = {
        "alert": alert,
        "late": lateness(alert.standing, at),
        "asleep": alert.snoozed_until is not None and alert.snoozed_until > at,
        "follow_ups": alert.follow_ups.select_related("by", "contact"),
        "promises": alert.promises.select_related("commitment", "commitment__owner"),
        "causes": [named.cause for named in alert.causes.select_related("cause")],
        "again": ReAsk.objects.filter(alert=alert).first(),
        "may_edit": may_edit,
        "forms": forms if may_edit else {},
    }
    return render(request, "loop/alert.html", context, status=status)


def _note(form: SpokenForm, alert: Alert, by: Any, at: datetime) -> None:
    key = form.cleaned_data["key"]
    note_follow_up(alert_id=alert.pk, spoken=form.spoken(), key=key, by=by, at=at)


def _promise(form: PromiseForm, alert: Alert, by: Any, at: datetime) -> None:
    said = form.cleaned_data
    promise_action(
        alert_id=alert.pk,
        text=said["text"],
        due_on=said["due_on"],
        on=timezone.localdate(at),
        key=said["key"],
        by=by,
        at=at,
    )


def _snooze(form: SnoozeForm, alert: Alert, by: Any, at: datetime) -> None:
    said = form.cleaned_data
    snooze_alert(alert_id=alert.pk, until=said["until"], reason=said["reason"], by=by, at=at)


def _tell(form: ToldForm, alert: Alert, by: Any, at: datetime) -> None:
    how = Way(form.cleaned_data["way"])
    tell_partner(alert_id=alert.pk, how=how, happened_at=form.moment(), by=by, at=at)


def _again(form: AgainForm, alert: Alert, by: Any, at: datetime) -> None:
    due_on = form.cleaned_data["due_on"]
    plan_re_ask(alert_id=alert.pk, due_on=due_on, on=timezone.localdate(at), by=by, at=at)


def _assign(form: OwnerForm, alert: Alert, by: Any, at: datetime) -> None:
    assign_alert(alert_id=alert.pk, user_id=form.cleaned_data["owner"], by=by, at=at)


def _close(form: CloseForm, alert: Alert, by: Any, at: datetime) -> None:
    said = form.cleaned_data
    close_alert(
        alert_id=alert.pk,
        outcome=form.chosen_outcome(),
        cause_ids=said["causes"],
        result=said["result"],
        expected_version=said["version"],
        by=by,
        at=at,
    )


_CHANGES: dict[str, Change] = {
    "spoken": _note,
    "promise": _promise,
    "snooze": _snooze,
    "told": _tell,
    "again": _again,
    "owner": _assign,
    "close": _close,
}
_REFUSALS: dict[type[Exception], str] = {
    AlertClosed: "closed",
    AlertChanged: "changed",
    CannotClose: "",
    NotTheirCause: "cause",
    CannotOwn: "owner",
    NotYet: "moment",
    NotTheirPerson: "person",
    NoPartner: "partner",
    SnoozeRefused: "snooze",
    DayOver: "day",
    reasking.DayOver: "day",
    reasking.NotClosed: "open",
    NobodyToAsk: "nobody",
    AskedAlready: "asked",
}


def _said(refused: Exception) -> str:
    if isinstance(refused, CannotClose):
        return " ".join(str(CLOSING_PROBLEMS[problem]) for problem in refused.problems)
    return {
        "closed": _("The alert is closed. Reopen it to go on."),
        "changed": _("Somebody else changed this alert meanwhile. Look at what is new, then send it again."),
        "cause": _("This root cause is out of use. Choose another one."),
        "owner": _("This colleague does not see the partner, or may not follow up. Choose somebody else."),
        "moment": _("This moment lies before the alert or in the future."),
        "person": _("This person does not belong to the partner."),
        "partner": _("The mention belongs to no partner yet. Say on its page whose it is."),
        "snooze": _("Put it off until a moment within the next 60 days."),
        "day": _("This day is over."),
        "open": _("Close the alert first: they are asked how it went."),
        "nobody": _("There is nobody to ask: the alert names no person."),
        "asked": _("They were asked again already."),
    }[_REFUSALS[type(refused)]]
