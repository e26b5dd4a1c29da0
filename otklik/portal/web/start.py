"""First steps: what the partner does, what we do, and what to begin with."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.dialogue.public import (
    OnboardingStep,
    ProgramManners,
    Side,
    finish_step,
    onboarding_progress,
    resources_of,
)
from otklik.kit.clock import now
from otklik.portal.web.guard import PortalRequest, actor_for_person, person_page


@require_safe
@person_page
def show(request: PortalRequest) -> HttpResponse:
    person = request.person
    steps = OnboardingStep.objects.filter(onboarding__partner=person.partner)
    context = {
        "progress": onboarding_progress(person.partner.pk, language=person.language),
        "steps": steps.order_by("position", "pk"),
        "resources": resources_of(ProgramManners.objects.filter(program=person.program).first()),
        "today": timezone.localdate(now()),
    }
    return render(request, "portal/start/start.html", context)


@require_POST
@person_page
def step(request: PortalRequest, step_id: int) -> HttpResponse:
    """Their own steps only: ours are ours to finish."""
    rows = OnboardingStep.objects.filter(onboarding__partner=request.person.partner, side=Side.THEIRS)
    found = get_object_or_404(rows, pk=step_id)
    done = request.POST.get("done") == "1"
    finish_step(step_id=found.pk, done=done, by=actor_for_person(request), at=now())
    messages.success(request, _("Noted: it is done.") if done else _("Noted: it is not done yet."))
    return redirect("portal-start")
