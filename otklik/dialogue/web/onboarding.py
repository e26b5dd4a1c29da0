"""Onboarding as staff see it: who is stuck, one partner's steps."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.dialogue.access import dialogue_partners, visible_onboardings
from otklik.dialogue.operations.onboarding import NoSteps, StartedAlready, finish_step, start_onboarding
from otklik.dialogue.rules.lists import in_language
from otklik.dialogue.web.parts import A_PAGE, page_language
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now


@require_safe
@needs(Right.RUN_DIALOGUE)
def listed(request: StaffRequest) -> HttpResponse:
    """Those who are stuck first: a step of theirs or ours is over its day."""
    left = Q(steps__done_at=None)
    finished = request.GET.get("state") == "finished"
    rows = visible_onboardings(request.user).filter(finished_at__isnull=not finished)
    rows = rows.select_related("partner").annotate(
        total=Count("steps"),
        done=Count("steps", filter=~left),
        next_due=Min("steps__due_on", filter=left),
    )
    order = ("-finished_at", "-pk") if finished else ("next_due", "pk")
    page = Paginator(rows.order_by(*order), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "finished": finished, "today": timezone.localdate(now())}
    return render(request, "dialogue/onboardings.html", context)


@require_safe
@needs(Right.RUN_DIALOGUE)
def show(request: StaffRequest, partner_id: int) -> HttpResponse:
    partner = get_object_or_404(dialogue_partners(request.user), pk=partner_id)
    onboarding = visible_onboardings(request.user).filter(partner=partner).first()
    language = page_language()
    steps = onboarding.steps.select_related("done_by", "done_by_contact") if onboarding else []
    context = {
        "partner": partner,
        "onboarding": onboarding,
        "steps": [{"row": row, "title": in_language(row.titles, language)} for row in steps],
        "today": timezone.localdate(now()),
    }
    return render(request, "dialogue/onboarding.html", context)


@require_POST
@needs(Right.RUN_DIALOGUE)
def start(request: StaffRequest, partner_id: int) -> HttpResponse:
    partner = get_object_or_404(dialogue_partners(request.user), pk=partner_id)
    at = now()
    try:
        start_onboarding(partner_id=partner.pk, on=timezone.localdate(at), by=actor_for(request), at=at)
    except NoSteps:
        messages.error(request, _("The program has no steps for newcomers yet. Write them first."))
    except StartedAlready:
        messages.info(request, _("The onboarding has begun already."))
    return redirect("partner-onboarding", partner.pk)


@require_POST
@needs(Right.RUN_DIALOGUE)
def step(request: StaffRequest, partner_id: int, step_id: int) -> HttpResponse:
    onboarding = get_object_or_404(visible_onboardings(request.user), partner__pk=partner_id)
    found = get_object_or_404(onboarding.steps, pk=step_id)
    finish_step(step_id=found.pk, done=request.POST.get("done") == "1", by=actor_for(request), at=now())
    return redirect("partner-onboarding", partner_id)
