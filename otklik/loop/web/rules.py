"""The rules of a program, in the order in which they are asked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.loop.access import editable_rules
from otklik.loop.labels import CONDITION_PROBLEMS, RULE_HINTS, RULE_KINDS
from otklik.loop.models import AlertRule
from otklik.loop.operations.rules import (
    OwnerMissing,
    RuleChanged,
    RuleRefused,
    RuleRetired,
    change_rule,
    create_rule,
    move_rule,
    retire_rule,
    switch_rule,
)
from otklik.loop.queries.preview import would_have_raised
from otklik.loop.rules.vocabulary import RuleKind
from otklik.loop.web.programs import chosen_program, frame
from otklik.loop.web.rule_form import RuleForm
from otklik.partners.public import Program


@require_safe
@needs(Right.MANAGE_PROGRAMS)
def index(request: StaffRequest) -> HttpResponse:
    context = frame(request, "alert-rules")
    rules = editable_rules(request.user).filter(program=context["program"]).order_by("position", "pk")
    context |= {
        "rules": rules.select_related("owner", "team"),
        "kinds": [(kind.value, RULE_KINDS[kind], RULE_HINTS[kind]) for kind in RuleKind],
    }
    return render(request, "loop/settings/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_PROGRAMS)
def new(request: StaffRequest) -> HttpResponse:
    _programs, program = chosen_program(request)
    kind = next((kind for kind in RuleKind if kind.value == request.GET.get("kind")), None)
    if program is None or kind is None:
        return redirect("alert-rules")
    form = RuleForm(request.POST or None, kind=kind, program_id=program.pk)
    return _form(request, form, program, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_PROGRAMS)
def edit(request: StaffRequest, rule_id: int) -> HttpResponse:
    rule = get_object_or_404(editable_rules(request.user).select_related("program"), pk=rule_id)
    form = RuleForm(request.POST or None, kind=RuleKind(rule.kind), program_id=rule.program_id, rule=rule)
    return _form(request, form, rule.program, rule)


@require_POST
@needs(Right.MANAGE_PROGRAMS)
def move(request: StaffRequest, rule_id: int) -> HttpResponse:
    rule = get_object_or_404(editable_rules(request.user), pk=rule_id)
    is_up = request.POST.get("way") != "down"
    move_rule(rule_id=rule.pk, is_up=is_up, by=actor_for(request), at=now())
    return _back(rule)


@require_POST
@needs(Right.MANAGE_PROGRAMS)
def switch(request: StaffRequest, rule_id: int) -> HttpResponse:
    rule = get_object_or_404(editable_rules(request.user), pk=rule_id)
    is_active = request.POST.get("way") == "on"
    try:
        switch_rule(rule_id=rule.pk, is_active=is_active, by=actor_for(request), at=now())
    except RuleRetired:
        messages.info(request, _("Somebody else put this rule out of use. Make a new one."))
    else:
        messages.success(request, _("Switched on.") if is_active else _("Switched off."))
    return _back(rule)


@require_POST
@needs(Right.MANAGE_PROGRAMS)
def retire(request: StaffRequest, rule_id: int) -> HttpResponse:
    rule = get_object_or_404(editable_rules(request.user), pk=rule_id)
    retire_rule(rule_id=rule.pk, by=actor_for(request), at=now())
    messages.success(request, _("The rule is out of use. Alerts that it raised go on."))
    return _back(rule)


def _back(rule: AlertRule) -> HttpResponse:
    return redirect(f"{reverse('alert-rules')}?program={rule.program_id}")


def _form(request: StaffRequest, form: RuleForm, program: Program, rule: AlertRule | None) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "program": program,
        "rule": rule,
        "kind": form.kind,
        "hint": RULE_HINTS[form.kind],
    }
    if form.is_valid():
        if request.POST.get("preview"):
            context["preview"] = would_have_raised(
                program_id=program.pk, kind=form.kind, conditions=form.conditions(), at=now()
            )
        elif saved := _save(request, form, program, rule):
            messages.success(request, _("Saved."))
            return _back(saved)
    return render(request, "loop/settings/rule.html", context, status=422 if form.errors else 200)


def _save(
    request: StaffRequest, form: RuleForm, program: Program, rule: AlertRule | None
) -> AlertRule | None:
    terms, by, at = form.terms(), actor_for(request), now()
    try:
        if rule is None:
            return create_rule(program_id=program.pk, terms=terms, by=by, at=at)
        version = form.cleaned_data["version"]
        return change_rule(rule_id=rule.pk, terms=terms, expected_version=version, by=by, at=at)
    except RuleRefused as refused:
        for problem in refused.problems:
            form.add_error(None, str(CONDITION_PROBLEMS[problem]))
    except OwnerMissing:
        form.add_error("owner_way", _("Choose which person or which team."))
    except RuleChanged:
        form.add_error(None, _("Somebody else changed this rule meanwhile. Open it anew."))
    except RuleRetired:
        form.add_error(None, _("Somebody else put this rule out of use. Make a new one."))
    return None
