"""What buttons of a wave's pages do: one change each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.feedback.access import plannable_waves
from otklik.feedback.mailing.letters import link_of
from otklik.feedback.models import Invitation, Wave
from otklik.feedback.operations.by_hand import (
    AlreadyAsked,
    AlreadySent,
    CannotAsk,
    LeavesTooLate,
    NotOfThisProgram,
    add_person,
    hand_over_link,
    remove_person,
)
from otklik.feedback.operations.series import NotRepeating, stop_repeating
from otklik.feedback.operations.waves import (
    ClosesTooEarly,
    NotADraft,
    NotRunning,
    SurveyArchived,
    cancel_wave,
    close_wave,
    move_closing,
    start_wave,
    take_out_of_draft,
)
from otklik.feedback.rules.plans import PlanRefused, read_plan
from otklik.feedback.rules.vocabulary import HandReason, InvitationState, Refusal, WaveState
from otklik.feedback.tokens import invitation_token
from otklik.feedback.web.waves.forms import LastDayForm, ReasonForm
from otklik.feedback.web.waves.pages import BY_LINK, rows_in
from otklik.feedback.web.waves.words import PROBLEMS, REFUSALS, STATES, WAITS_FOR_LINK, state_words
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import name_key, visible_contacts

PAGE, FOUND = 50, 20


@require_POST
@needs(Right.RUN_SURVEYS)
def start(request: StaffRequest, wave_id: int) -> HttpResponse:
    wave = get_object_or_404(plannable_waves(request.user), pk=wave_id)
    try:
        start_wave(wave_id=wave.pk, by=actor_for(request), at=now())
    except NotADraft:
        messages.warning(request, _("The wave was started already."))
    except SurveyArchived:
        messages.error(request, _("This survey was put away: nobody is asked with it."))
    except ClosesTooEarly:
        messages.error(request, _("The wave would close before it begins. Change its closing."))
    except PlanRefused as refused:
        messages.error(request, str(PROBLEMS[refused.problem]))
    return redirect("wave", wave.pk)


@require_POST
@needs(Right.RUN_SURVEYS)
def close(request: StaffRequest, wave_id: int) -> HttpResponse:
    return _end(request, wave_id, close_wave)


@require_POST
@needs(Right.RUN_SURVEYS)
def cancel(request: StaffRequest, wave_id: int) -> HttpResponse:
    return _end(request, wave_id, cancel_wave)


@require_POST
@needs(Right.RUN_SURVEYS)
def end_of_series(request: StaffRequest, wave_id: int) -> HttpResponse:
    wave = get_object_or_404(plannable_waves(request.user), pk=wave_id)
    try:
        stop_repeating(wave_id=wave.pk, by=actor_for(request), at=now())
    except NotRepeating:
        messages.warning(request, _("The wave does not repeat."))
    return redirect("wave", wave.pk)


def _end(request: StaffRequest, wave_id: int, end: Callable[..., Wave]) -> HttpResponse:
    wave = get_object_or_404(plannable_waves(request.user), pk=wave_id)
    try:
        end(wave_id=wave.pk, by=actor_for(request), at=now())
    except NotRunning:
        messages.warning(request, _("The wave has ended already."))
    return redirect("wave", wave.pk)


@require_POST
@needs(Right.RUN_SURVEYS)
def last_day(request: StaffRequest, wave_id: int) -> HttpResponse:
    wave = get_object_or_404(plannable_waves(request.user), pk=wave_id)
    form = LastDayForm(request.POST)
    try:
        if form.is_valid():
            move_closing(
                wave_id=wave.pk, closes_at=form.cleaned_data["closes_at"], by=actor_for(request), at=now()
            )
        else:
            messages.error(request, _("This is no date and time."))
    except ClosesTooEarly:
        messages.error(request, _("The closing lies in the past. To end the wave now, close it."))
    except NotRunning:
        messages.warning(request, _("The wave has ended already."))
    return redirect("wave", wave.pk)


@require_safe
@needs(Right.RUN_SURVEYS)
def people(request: StaffRequest, wave_id: int) -> HttpResponse:
    wave = get_object_or_404(plannable_waves(request.user).select_related("survey"), pk=wave_id)
    rows = Invitation.objects.filter(wave=wave).select_related("wave", "contact", "partner", "picked_by")
    chosen = {name: request.GET.get(name, "") for name in ("state", "reason", "q")}
    rows = rows_in(rows, chosen["state"])
    if chosen["reason"] in set(Refusal):
        rows = rows.filter(reason=chosen["reason"])
    page = Paginator(rows.order_by("pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "wave": wave,
        "survey": wave.survey,
        "tab": "waves",
        "page": page,
        "lines": [_person(row) for row in page],
        "chosen": chosen,
        "states": [*((state.value, STATES[state]) for state in InvitationState), (BY_LINK, WAITS_FOR_LINK)],
        "reasons": [(refusal.value, REFUSALS[refusal]) for refusal in Refusal],
        "found": _found(request, wave, chosen["q"]),
        "taken_out": _taken_out(request, wave),
        "adding": ReasonForm(adding=True),
        "removing": ReasonForm(adding=False),
    }
    return render(request, "feedback/waves/people.html", context)


@require_POST
@needs(Right.RUN_SURVEYS)
def addition(request: StaffRequest, wave_id: int, contact_id: int) -> HttpResponse:
    """A draft takes back whom it left out; a wave that runs asks one more."""
    wave = get_object_or_404(plannable_waves(request.user), pk=wave_id)
    contact = get_object_or_404(visible_contacts(request.user), pk=contact_id)
    form = ReasonForm(request.POST, adding=True)
    by, at = actor_for(request), now()
    try:
        if wave.state == WaveState.DRAFT:
            take_out_of_draft(wave_id=wave.pk, contact_id=contact.pk, out=False, by=by, at=at)
        elif form.is_valid():
            why = HandReason(form.cleaned_data["why"])
            add_person(wave_id=wave.pk, contact_id=contact.pk, why=why, by=by, at=at)
            messages.success(request, _("The person will be asked, and is marked as picked by hand."))
        else:
            messages.error(request, _("Say why."))
    except CannotAsk as refused:
        messages.error(request, _("Not asked: %(why)s.") % {"why": REFUSALS[refused.refusal]})
    except LeavesTooLate:
        messages.error(
            request, _("Not asked: the mail would leave only after the closing. Move the closing first.")
        )
    except AlreadyAsked:
        messages.warning(request, _("This person is in the wave already."))
    except NotOfThisProgram:
        messages.error(request, _("This person does not belong to the program, or has left it."))
    except (NotRunning, NotADraft):
        messages.warning(request, _("Only a wave that runs can ask one more."))
    return redirect("wave-people", wave.pk)


@require_POST
@needs(Right.RUN_SURVEYS)
def exclusion(request: StaffRequest, wave_id: int, contact_id: int) -> HttpResponse:
    """From a draft."""
    wave = get_object_or_404(plannable_waves(request.user), pk=wave_id)
    contact = get_object_or_404(visible_contacts(request.user), pk=contact_id)
    try:
        take_out_of_draft(wave_id=wave.pk, contact_id=contact.pk, out=True, by=actor_for(request), at=now())
    except NotADraft:
        messages.warning(request, _("The wave was started meanwhile; its plan is frozen."))
    return redirect("wave-people", wave.pk)


@require_POST
@needs(Right.RUN_SURVEYS)
def removal(request: StaffRequest, invitation_id: int) -> HttpResponse:
    waves = plannable_waves(request.user)
    invitation = get_object_or_404(Invitation.objects.filter(wave__in=waves), pk=invitation_id)
    form = ReasonForm(request.POST, adding=False)
    try:
        if form.is_valid():
            why = HandReason(form.cleaned_data["why"])
            remove_person(invitation_id=invitation.pk, why=why, by=actor_for(request), at=now())
        else:
            messages.error(request, _("Say why."))
    except AlreadySent:
        messages.warning(request, _("The invitation has left already, or was withdrawn."))
    return redirect("wave-people", invitation.wave_id)


@require_POST
@needs(Right.RUN_SURVEYS)
def handover(request: StaffRequest, invitation_id: int) -> HttpResponse:
    """Shows the person's own link, to be given to them in another way than by mail."""
    waves = plannable_waves(request.user)
    invitation = get_object_or_404(Invitation.objects.filter(wave__in=waves), pk=invitation_id)
    try:
        handed = hand_over_link(invitation_id=invitation.pk, by=actor_for(request), at=now())
    except CannotAsk as refused:
        messages.error(request, _("Not asked: %(why)s.") % {"why": REFUSALS[refused.refusal]})
    except AlreadySent:
        messages.warning(request, _("The invitation has left already, or was withdrawn."))
    except NotRunning:
        messages.warning(request, _("The wave has ended already."))
    else:
        context = {"wave": handed.wave, "row": handed, "link": link_of(invitation_token(handed.pk))}
        return render(request, "feedback/waves/link.html", context)
    return redirect("wave-people", invitation.wave_id)


def _person(row: Invitation) -> dict[str, Any]:
    why = REFUSALS[Refusal(row.reason)] if row.reason in set(Refusal) else row.reason
    return {
        "row": row,
        "state": state_words(row),
        "why": why,
        "may_hand_over": row.wave.state == WaveState.RUNNING
        and (row.state == InvitationState.PLANNED or (row.state == InvitationState.SENT and not row.address)),
        "may_remove": row.state == InvitationState.PLANNED,
    }


def _found(request: StaffRequest, wave: Wave, q: str) -> list[Any]:
    q = q.replace("\0", "")  # PostgreSQL knows no text with a NUL in it
    if not q.strip():
        return []
    named = Q(name_key__contains=name_key(q)) | Q(addresses__normalised=q.strip().lower())
    rows = visible_contacts(request.user).filter(named, partner__program_id=wave.program_id, erased_at=None)
    return list(rows.select_related("partner").distinct().order_by("name_key", "pk")[:FOUND])


def _taken_out(request: StaffRequest, wave: Wave) -> list[Any]:
    if wave.state != WaveState.DRAFT:
        return []
    ids = read_plan(wave.plan).taken_out
    return list(visible_contacts(request.user).filter(pk__in=ids[:500]).select_related("partner"))
