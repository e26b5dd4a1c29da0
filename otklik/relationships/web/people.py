"""One person of the map: what they said and asked, and what is stated of them. In full, or beside the picture
where htmx asks."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import AlreadyErased, Contact, state_authority, state_influence
from otklik.relationships.access import editable_people, map_people
from otklik.relationships.models import InfluenceLine, Tie
from otklik.relationships.operations.people import (
    NotOnStaff,
    NotTheirPerson,
    remove_influence_line,
    remove_tie,
    state_influence_line,
    state_tie,
)
from otklik.relationships.queries.person import person_page
from otklik.relationships.rules.vocabulary import InfluenceKind, TieKind, TieLevel
from otklik.relationships.web.forms import LineForm, PlaceForm, TieForm
from otklik.relationships.web.maps import period_of
from otklik.relationships.web.words import Words

_GONE = gettext_lazy("The person or colleague is not here any more. Nothing was changed.")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SEE_FEEDBACK)
def person(request: StaffRequest, contact_id: int) -> HttpResponse:
    """Who decides, and how much their word weighs, is stated by those who may change the partner."""
    if request.method != "POST":
        rows = map_people(request.user).select_related("partner")
        return _page(request, get_object_or_404(rows, pk=contact_id))
    contact = _editable(request, contact_id)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, contact, form=form)
    said = form.cleaned_data
    by, at = actor_for(request), now()
    try:
        state_authority(contact_id=contact.pk, authority=said["authority"], by=by, at=at)
        state_influence(contact_id=contact.pk, influence=said["influence"], by=by, at=at)
    except AlreadyErased:
        messages.error(request, _GONE)
    return _back(request, contact)


@require_POST
@needs(Right.EDIT_PARTNERS)
def tie(request: StaffRequest, contact_id: int) -> HttpResponse:
    contact = _editable(request, contact_id)
    form = TieForm(request.POST)
    if not form.is_valid():
        return _page(request, contact, tie_form=form)
    said = form.cleaned_data
    try:
        state_tie(
            contact_id=contact.pk,
            user_id=said["user"],
            kind=TieKind(said["kind"]),
            level=TieLevel(said["level"]),
            by=actor_for(request),
            at=now(),
        )
    except (NotOnStaff, NotTheirPerson):
        messages.error(request, _GONE)
    return _back(request, contact)


@require_POST
@needs(Right.EDIT_PARTNERS)
def influence(request: StaffRequest, contact_id: int) -> HttpResponse:
    contact = _editable(request, contact_id)
    form = LineForm(request.POST, contact=contact)
    if not form.is_valid():
        return _page(request, contact, line_form=form)
    said = form.cleaned_data
    try:
        state_influence_line(
            source_id=contact.pk,
            target_id=said["target"],
            kind=InfluenceKind(said["kind"]),
            by=actor_for(request),
            at=now(),
        )
    except NotTheirPerson:
        messages.error(request, _GONE)
    return _back(request, contact)


@require_POST
@needs(Right.EDIT_PARTNERS)
def untie(request: StaffRequest, tie_id: int) -> HttpResponse:
    rows = Tie.objects.filter(contact__in=editable_people(request.user)).select_related("contact__partner")
    row = get_object_or_404(rows, pk=tie_id)
    # Somebody may have taken it off meanwhile: it is off the map.
    with suppress(Tie.DoesNotExist):
        remove_tie(tie_id=row.pk, by=actor_for(request), at=now())
    return _back(request, row.contact, _("The tie is off the map."))


@require_POST
@needs(Right.EDIT_PARTNERS)
def remove_influence(request: StaffRequest, line_id: int) -> HttpResponse:
    rows = InfluenceLine.objects.filter(source__in=editable_people(request.user))
    row = get_object_or_404(rows.select_related("source__partner", "target__partner"), pk=line_id)
    with suppress(InfluenceLine.DoesNotExist):
        remove_influence_line(line_id=row.pk, by=actor_for(request), at=now())
    # Either end's panel may have been open.
    shown = row.target if request.POST.get("beside") == str(row.target_id) else row.source
    return _back(request, shown, _("The line is off the map."))


def _editable(request: StaffRequest, contact_id: int) -> Contact:
    """For whoever may only look, the same as somebody who is not there."""
    return get_object_or_404(editable_people(request.user).select_related("partner"), pk=contact_id)


def _is_part(request: StaffRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _page(request: StaffRequest, contact: Contact, **forms: Any) -> HttpResponse:
    at = now()
    _chosen, since = period_of(request, at)
    wrong = any(form.is_bound for form in forms.values())
    page, words = person_page(contact, user=request.user, since=since, at=at), Words()
    context = {
        "contact": contact,
        "page": page,
        "ties": [(tie, words.contacts(tie.contacts)) for tie in page.person.ties],
        "may_edit": editable_people(request.user).filter(pk=contact.pk).exists(),
    }
    if context["may_edit"]:
        placed = {"authority": contact.authority, "influence": contact.influence}
        context |= {
            "form": forms.get("form") or PlaceForm(initial=placed),
            "tie_form": forms.get("tie_form") or TieForm(initial={"user": contact.partner.manager_id}),
            "line_form": forms.get("line_form") or LineForm(contact=contact),
        }
    if _is_part(request):
        # htmx shows nothing of an answer that says 422.
        return render(request, "relationships/_person.html", context)
    return render(request, "relationships/person.html", context, status=422 if wrong else 200)


def _back(request: StaffRequest, contact: Contact, told: str = "") -> HttpResponse:
    """The person anew beside the picture, which draws itself anew, or the map at this person."""
    if _is_part(request):
        contact.refresh_from_db()
        page = _page(request, contact)
        page["HX-Trigger"] = "map-changed"
        return page
    if told:
        messages.success(request, told)
    where = redirect("partner-map", contact.partner_id)
    where["Location"] += f"#person-{contact.pk}"
    return where
