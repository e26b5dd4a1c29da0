"""How each program asks, and who does not want to be asked."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.feedback.access import visible_objections
from otklik.feedback.models import AskingRules
from otklik.feedback.operations.asking_rules import FIELDS, save_asking_rules
from otklik.feedback.operations.objections import (
    NotInForce,
    OnlyThePerson,
    ReasonMissing,
    lift_complaint,
)
from otklik.feedback.queries.objections import objections_in_force
from otklik.feedback.queries.sending import sending_state
from otklik.feedback.web.mailing.forms import AskingRulesForm
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import Program, visible_programs

A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_SURVEYS)
def rules(request: StaffRequest) -> HttpResponse:
    programs = list(visible_programs(request.user).order_by("name", "pk"))
    program = _chosen(request, programs)
    if program is None:
        return render(request, "feedback/mailing/rules.html", {"programs": ()})
    known = AskingRules.objects.filter(program=program).first() or AskingRules(program=program)
    initial = {name: getattr(known, name) for name in FIELDS}
    form = AskingRulesForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        save_asking_rules(program_id=program.pk, values=form.cleaned_data, by=actor_for(request), at=now())
        messages.success(request, _("Saved."))
        return redirect(_address(program.pk))
    listed = objections_in_force(visible_objections(request.user), program.pk, at=now())
    context = {
        "programs": programs,
        "program": program,
        "form": form,
        "page": Paginator(listed, A_PAGE).get_page(request.GET.get("page")),
        "state": sending_state([program.pk], at=now()),
        "has_server": bool(settings.OTKLIK.mail_url or settings.OTKLIK.anymail_backend),
        "per_minute": settings.OTKLIK.survey_mails_per_minute,
    }
    return render(request, "feedback/mailing/rules.html", context)


@require_POST
@needs(Right.RUN_SURVEYS)
def lift(request: StaffRequest, objection_id: int) -> HttpResponse:
    """A complaint that was a mistake."""
    objection = get_object_or_404(visible_objections(request.user), pk=objection_id)
    because = request.POST.get("because", "").replace("\x00", "")
    try:
        lift_complaint(objection_id=objection.pk, because=because, by=actor_for(request), at=now())
    except OnlyThePerson:
        messages.error(request, _("Only the person can take this back, by the link in their mail."))
    except NotInForce:
        messages.info(request, _("This was taken back before."))
    except ReasonMissing:
        messages.error(request, _("Write why the complaint was a mistake."))
    else:
        messages.success(request, _("This person may be asked again."))
    return redirect(_address(objection.program_id))


def _chosen(request: HttpRequest, programs: list[Program]) -> Program | None:
    wanted = request.GET.get("program", "")
    if not wanted:
        return programs[0] if programs else None
    found = next((one for one in programs if str(one.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


def _address(program_id: int) -> str:
    return f"{reverse('asking-rules')}?program={program_id}"
