"""What a trigger would have done to past tickets, before it is switched on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.desk.models import Trigger
from otklik.desk.operations.rule_keeping import NotTried, fingerprint, switch_on
from otklik.desk.queries.automation import rule_of
from otklik.desk.queries.dry_run import Look, begin, examples_of, go_on
from otklik.desk.rules.automation import BadRule, Rule
from otklik.desk.web.settings import words
from otklik.desk.web.settings.sentences import Reader
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now

_SALT = "desk.dry-run"
DAYS = (7, 30, 90)


@require_safe
@needs(Right.MANAGE_DESK)
def dry_run(request: StaffRequest, trigger_id: int) -> HttpResponse:
    """Each step fetches the next one; how far it is travels with it, signed, so that nothing is stored."""
    trigger = get_object_or_404(Trigger, pk=trigger_id)
    try:
        rule = rule_of(trigger)
    except BadRule:
        messages.error(request, _("This trigger cannot be read. Write it anew."))
        return redirect("trigger", trigger.pk)
    tried = fingerprint(trigger)
    look = _look(request, tried) or begin(rule, days=_days(request), at=now())
    if not look.is_done:
        look = go_on(rule, look, at=now())
    context = _context(request, trigger, rule, look)
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, f"desk/settings/{'_dry_run' if is_part else 'dry_run'}.html", context)


def _context(request: StaffRequest, trigger: Trigger, rule: Rule, look: Look) -> dict[str, Any]:
    reader = Reader()
    signed = signing.dumps({"tried": fingerprint(trigger), "look": look.to_dict()}, salt=_SALT, compress=True)
    found = examples_of(rule, look.examples, request.user, at=now()) if look.is_done else []
    return {
        "trigger": trigger,
        "look": look,
        "state": signed,
        "days": DAYS,
        "conditions": reader.conditions(rule),
        "actions": reader.actions(rule.actions),
        "examples": [(one.ticket, reader.actions(one.actions)) for one in found],
        "would_do": [(words.ACTION.get(kind, kind), count) for kind, count in look.would_do.items()],  # type: ignore[call-overload]
    }


@require_POST
@needs(Right.MANAGE_DESK)
def trigger_on(request: StaffRequest, trigger_id: int) -> HttpResponse:
    """Only with the outcome of a finished dry run of the trigger as it is now."""
    trigger = get_object_or_404(Trigger, pk=trigger_id)
    seen = _read(request.POST.get("state", ""))
    try:
        if not seen.get("look", {}).get("is_done"):
            raise NotTried(trigger.pk)
        switch_on(trigger_id=trigger.pk, tried=seen["tried"], by=actor_for(request), at=now())
    except (NotTried, BadRule):
        text = _(
            "Look first at what it would have done as it is now; somebody may have changed it meanwhile."
        )
        messages.warning(request, text)
        return redirect("trigger-dry-run", trigger.pk)
    messages.success(request, _("Switched on."))
    return redirect("triggers")


def _look(request: StaffRequest, tried: str) -> Look | None:
    """None where there is none, or the trigger was changed since."""
    seen = _read(request.GET.get("state", ""))
    return Look.from_dict(seen["look"]) if seen.get("tried") == tried else None


def _read(state: str) -> dict[str, Any]:
    try:
        read: dict[str, Any] = signing.loads(state, salt=_SALT, max_age=3600)
    except signing.BadSignature:
        return {}
    return read


def _days(request: StaffRequest) -> int:
    wanted = request.GET.get("days", "")
    return int(wanted) if wanted in {str(days) for days in DAYS} else 30
