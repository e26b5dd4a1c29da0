"""Who answers: profiles, absences, and whether somebody takes tickets at the moment."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk import labels
from otklik.desk.models import Absence, AgentProfile
from otklik.desk.operations.absences import AlreadyHandedOver, OddAbsence, cancel_absence, plan_absence
from otklik.desk.operations.keeping import save_profile
from otklik.desk.operations.routing import note_presence, set_availability
from otklik.desk.queries.routing import presence
from otklik.desk.rules.vocabulary import Availability
from otklik.desk.web.settings.forms import AbsenceForm, AvailabilityForm, ProfileForm
from otklik.desk.web.settings.lists import Line, Table, form_page, listed, yes_no
from otklik.identity.public import RIGHTS, Right, StaffRequest, User, active_staff, actor_for, needs
from otklik.kit.clock import now

_MOST = 200


@require_safe
@needs(Right.MANAGE_DESK)
def agent_profiles(request: StaffRequest) -> HttpResponse:
    """Everybody who may answer, those without a profile too."""
    moment = now()
    answering = [role for role, rights in RIGHTS.items() if Right.ANSWER_TICKETS in rights]
    people = active_staff().filter(grants__role__in=answering).distinct()
    known = {row.user_id: row for row in AgentProfile.objects.all()}
    lines = []
    for person in people:
        profile = known.get(person.pk) or AgentProfile(user=person, takes_tickets=False)
        cells = [
            str(labels.AVAILABILITY[presence(profile, moment)]),
            ", ".join(sorted(profile.languages)),
            str(profile.capacity),
            yes_no(profile.takes_tickets),
        ]
        lines.append(Line(reverse("agent-profile", args=[person.pk]), person.name, cells))
    table = Table(
        _("Who answers"),
        reverse("absence-new"),
        _("Plan an absence"),
        [_("Name"), _("Now"), _("Languages"), _("Open tickets at once"), _("Gets tickets by routing")],
        lines,
        (
            _("Nobody answers tickets yet"),
            _("Give somebody a role that answers tickets: then they stand here."),
        ),
        icon="users",
    )
    return listed(request, table)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_DESK)
def agent_profile(request: StaffRequest, user_id: int) -> HttpResponse:
    person = get_object_or_404(active_staff(), pk=user_id)
    return _profile(request, person, "agent-profiles", _("Who answers"))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_TICKETS)
def my_desk(request: StaffRequest) -> HttpResponse:
    """Own languages, topics, hours and signature."""
    return _profile(request, request.user, "inbox", _("Inbox"))


def _profile(request: StaffRequest, person: User, back: str, back_label: str) -> HttpResponse:
    is_own = back == "inbox"
    profile = AgentProfile.objects.filter(user=person).first() or AgentProfile(
        user=person, takes_tickets=False
    )
    form = ProfileForm(request.POST or None, profile=profile, is_own=is_own)
    if form.is_valid():
        fields = form.values()
        if is_own and profile._state.adding:
            # Who makes a profile for themselves does not thereby get tickets by routing.
            fields["takes_tickets"] = False
        topics = form.cleaned_data["topics"]
        save_profile(user_id=person.pk, fields=fields, topics=topics, by=actor_for(request), at=now())
        messages.success(request, _("Saved."))
        return redirect(back)
    title = _("My desk") if is_own else person.name
    return form_page(
        request,
        form,
        title=title,
        back=back,
        back_label=back_label,
        template="desk/settings/profile.html",
        zone=person.time_zone,
        is_own=is_own,
    )


@require_POST
@needs(Right.ANSWER_TICKETS)
def availability(request: StaffRequest) -> HttpResponse:
    """Set by the person; a page that stays open posts nothing but that it is there."""
    form = AvailabilityForm(request.POST)
    if not request.POST.get("availability"):
        note_presence(user_id=request.user.pk, at=now())
        return HttpResponse(status=204)
    if form.is_valid():
        word = Availability(form.cleaned_data["availability"])
        set_availability(user_id=request.user.pk, availability=word, at=now())
    else:
        messages.error(request, _("Choose one from the list."))
    return redirect("inbox")


@require_safe
@needs(Right.MANAGE_DESK)
def absences(request: StaffRequest) -> HttpResponse:
    rows = Absence.objects.select_related("user", "deputy").order_by("-starts_at")[:_MOST]
    lines = [
        {
            "absence": row,
            "until": date_format(timezone.localtime(row.ends_at), "DATETIME_FORMAT") if row.ends_at else "",
        }
        for row in rows
    ]
    return render(request, "desk/settings/absences.html", {"lines": lines, "now": now()})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_DESK)
def absence(request: StaffRequest) -> HttpResponse:
    form = AbsenceForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            plan_absence(
                user_id=typed["user"].pk,
                starts_at=typed["starts_at"],
                ends_at=typed["ends_at"],
                deputy_id=typed["deputy"].pk if typed["deputy"] else None,
                note=typed["note"],
                by=actor_for(request),
                at=now(),
            )
        except OddAbsence:
            form.add_error(None, _("It has to end after it begins, and somebody else has to stand in."))
        else:
            messages.success(request, _("Saved. Tickets are handed over when the absence begins."))
            return redirect("absences")
    title = _("Plan an absence")
    return form_page(request, form, title=title, back="absences", back_label=_("Absences"))


@require_POST
@needs(Right.MANAGE_DESK)
def absence_removal(request: StaffRequest, absence_id: int) -> HttpResponse:
    row = get_object_or_404(Absence, pk=absence_id)
    try:
        cancel_absence(absence_id=row.pk, by=actor_for(request), at=now())
    except AlreadyHandedOver:
        messages.warning(request, _("It has begun: tickets were handed over. Give them back by hand."))
    else:
        messages.success(request, _("The absence was taken out of the plan."))
    return redirect("absences")
