"""Applications as staff see them: those that wait, one with its steps, and the decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.dialogue.access import visible_applications
from otklik.dialogue.labels import APPLICATION_STATES, REASONS, VETTING_OUTCOMES
from otklik.dialogue.models import VettingStep
from otklik.dialogue.operations.applications import (
    AlreadyDecided,
    ReasonNeeded,
    StepsLeft,
    decide_application,
    forget_application,
    set_step,
)
from otklik.dialogue.queries.applications import AWAITS_US, doubles_of, earlier_of, overdue
from otklik.dialogue.rules.lists import is_link
from otklik.dialogue.rules.vocabulary import (
    REFUSED_FOR,
    WANTED_MORE,
    ApplicationState,
    Decision,
    Reason,
    VettingOutcome,
)
from otklik.dialogue.web.parts import A_PAGE, typed, whole_number
from otklik.identity.public import Right, StaffRequest, active_managers, actor_for, needs, staff_choices
from otklik.kit.clock import now
from otklik.partners.public import PartnerExists, shown_timeline, visible_partners


@require_safe
@needs(Right.VET_APPLICATIONS)
def listed(request: StaffRequest) -> HttpResponse:
    """What waits for us, the next answer first; the others by state, the newest first."""
    at = now()
    chosen = request.GET.get("state", "")
    visible = visible_applications(request.user).select_related("program")
    if chosen == "overdue":
        rows = overdue(visible, at).order_by("due_at", "pk")
    elif chosen in set(map(str, ApplicationState)):
        rows = visible.filter(state=chosen).order_by("-created_at", "-pk")
    else:
        chosen = ""
        rows = visible.filter(state__in=AWAITS_US).order_by("due_at", "pk")
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "chosen": chosen,
        "overdue": overdue(visible, at).count(),
        "states": [(state.value, APPLICATION_STATES[state]) for state in ApplicationState],
        "at": at,
    }
    return render(request, "dialogue/applications.html", context)


@require_safe
@needs(Right.VET_APPLICATIONS)
def show(request: StaffRequest, application_id: int) -> HttpResponse:
    rows = visible_applications(request.user).select_related("program", "partner", "decided_by")
    application = get_object_or_404(rows, pk=application_id)
    steps = list(application.steps.select_related("done_by"))
    passed = (VettingOutcome.PASSED, VettingOutcome.SKIPPED)
    lines, _more = shown_timeline("application", application.pk, rights=frozenset(request.user.rights))
    context: dict[str, Any] = {
        "application": application,
        "steps": steps,
        "may_approve": all(step.outcome in passed for step in steps),
        "outcomes": [(outcome.value, VETTING_OUTCOMES[outcome]) for outcome in VettingOutcome],
        "refused_for": [(reason.value, REASONS[reason]) for reason in REFUSED_FOR],
        "wanted_more": [(reason.value, REASONS[reason]) for reason in WANTED_MORE],
        "managers": staff_choices(active_managers()),
        "doubles": doubles_of(application, visible_partners(request.user)),
        "earlier": earlier_of(application)[:10],
        "site_is_link": is_link(application.site),
        "words": application.words.all(),
        "may_forget": request.user.may(Right.ERASE) and application.person and not application.is_open,
        "awaits_us": application.state in AWAITS_US,
        "at": now(),
        "lines": lines,
    }
    return render(request, "dialogue/application.html", context)


@require_POST
@needs(Right.VET_APPLICATIONS)
def step(request: StaffRequest, application_id: int, vetting_id: int) -> HttpResponse:
    application = get_object_or_404(visible_applications(request.user), pk=application_id)
    found: VettingStep = get_object_or_404(application.steps, pk=vetting_id)
    outcome = request.POST.get("outcome", "")
    try:
        set_step(
            step_id=found.pk,
            outcome=VettingOutcome(outcome) if outcome else None,
            note=typed(request, "note"),
            by=actor_for(request),
            at=now(),
        )
    except ValueError:
        messages.error(request, _("Choose an outcome."))
    except AlreadyDecided:
        messages.info(request, _("This application was decided meanwhile."))
    return redirect("application", application.pk)


@require_POST
@needs(Right.VET_APPLICATIONS)
def decide(request: StaffRequest, application_id: int) -> HttpResponse:
    application = get_object_or_404(visible_applications(request.user), pk=application_id)
    at, reason = now(), request.POST.get("reason", "")
    managers = {pk for pk, _name in staff_choices(active_managers())}
    manager = whole_number(request.POST.get("manager", ""))
    try:
        decided = decide_application(
            application_id=application.pk,
            decision=Decision(request.POST.get("decision", "")),
            reason=Reason(reason) if reason else None,
            note=typed(request, "note", 2000),
            manager_id=manager if manager in managers else None,
            on=timezone.localdate(at),
            by=actor_for(request),
            at=at,
        )
    except (ValueError, ReasonNeeded):
        messages.error(request, _("Choose a reason from the list: the applicant reads a sentence for it."))
    except StepsLeft:
        messages.error(request, _("There are vetting steps left, or one failed."))
    except PartnerExists:
        messages.error(
            request, _("The program has a partner of this name. Decline the application as a double.")
        )
    except AlreadyDecided:
        messages.info(request, _("This application was decided meanwhile."))
    else:
        messages.success(request, _("Decided. The applicant is told by mail."))
        if decided.partner_id and visible_partners(request.user).filter(pk=decided.partner_id).exists():
            return redirect("partner", decided.partner_id)
    return redirect("application", application.pk)


@require_POST
@needs(Right.ERASE)
def forget(request: StaffRequest, application_id: int) -> HttpResponse:
    application = get_object_or_404(visible_applications(request.user), pk=application_id)
    if application.is_open:
        messages.error(request, _("Answer the application first."))
    else:
        forget_application(application_id=application.pk, by=actor_for(request), at=now())
        messages.success(request, _("What was written in it is gone."))
    return redirect("application", application.pk)
