"""The map of one partner, as a picture and as a table, and what is stated on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import AlreadyErased, Contact, state_authority, state_influence
from otklik.relationships.access import editable_maps, editable_people, map_partners
from otklik.relationships.models import InfluenceLine, Tie
from otklik.relationships.operations.people import (
    NotOnStaff,
    NotTheirPerson,
    remove_influence_line,
    remove_tie,
    state_influence_line,
    state_tie,
)
from otklik.relationships.queries.partner import PartnerMap, partner_map
from otklik.relationships.rules.layout import TooManyPeople
from otklik.relationships.rules.vocabulary import InfluenceKind, TieKind, TieLevel
from otklik.relationships.web.drawing import draw
from otklik.relationships.web.forms import LineForm, PlaceForm, TieForm

PERIODS = {
    "183": pgettext_lazy("time looked at", "half a year"),
    "92": pgettext_lazy("time looked at", "three months"),
    "365": pgettext_lazy("time looked at", "a year"),
    "all": pgettext_lazy("time looked at", "all time"),
}
STALE_AFTER = timedelta(days=365)
_GONE = gettext_lazy("The person or colleague is not here any more. Nothing was changed.")


@require_safe
@needs(Right.SEE_FEEDBACK)
def partner(request: StaffRequest, partner_id: int) -> HttpResponse:
    rows = map_partners(request.user).select_related("manager", "program")
    subject = get_object_or_404(rows, pk=partner_id)
    at = now()
    chosen, since = _period(request, at)
    found = partner_map(subject, user=request.user, since=since, at=at)
    context = {
        "partner": subject,
        "map": found,
        "picture": _picture(found),
        "cells": [(cell, segment) for cell, segment in found.segments.items() if segment.people],
        "periods": PERIODS,
        "chosen": chosen,
        "is_stale": found.stated_at is not None and at - found.stated_at > STALE_AFTER,
        "may_edit": editable_maps(request.user).filter(pk=subject.pk).exists(),
    }
    return render(request, "relationships/map.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PARTNERS)
def person(request: StaffRequest, contact_id: int) -> HttpResponse:
    """Where somebody stands: who decides, and how much their word weighs."""
    contact = get_object_or_404(editable_people(request.user).select_related("partner"), pk=contact_id)
    form = PlaceForm(request.POST or None, initial=_placed(contact))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        by, at = actor_for(request), now()
        try:
            state_authority(contact_id=contact.pk, authority=said["authority"], by=by, at=at)
            state_influence(contact_id=contact.pk, influence=said["influence"], by=by, at=at)
        except AlreadyErased:
            messages.error(request, _GONE)
        return _back(contact)
    return _person_page(request, contact, form=form)


@require_POST
@needs(Right.EDIT_PARTNERS)
def tie(request: StaffRequest, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(editable_people(request.user).select_related("partner"), pk=contact_id)
    form = TieForm(request.POST)
    if not form.is_valid():
        return _person_page(request, contact, tie_form=form)
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
    return _back(contact)


@require_POST
@needs(Right.EDIT_PARTNERS)
def influence(request: StaffRequest, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(editable_people(request.user).select_related("partner"), pk=contact_id)
    form = LineForm(request.POST, contact=contact)
    if not form.is_valid():
        return _person_page(request, contact, line_form=form)
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
    return _back(contact)


@require_POST
@needs(Right.EDIT_PARTNERS)
def untie(request: StaffRequest, tie_id: int) -> HttpResponse:
    rows = Tie.objects.filter(contact__in=editable_people(request.user)).select_related("contact")
    row = get_object_or_404(rows, pk=tie_id)
    remove_tie(tie_id=row.pk, by=actor_for(request), at=now())
    messages.success(request, _("The tie is off the map."))
    return _back(row.contact)


@require_POST
@needs(Right.EDIT_PARTNERS)
def remove_influence(request: StaffRequest, line_id: int) -> HttpResponse:
    rows = InfluenceLine.objects.filter(source__in=editable_people(request.user)).select_related("source")
    row = get_object_or_404(rows, pk=line_id)
    remove_influence_line(line_id=row.pk, by=actor_for(request), at=now())
    messages.success(request, _("The line is off the map."))
    return _back(row.source)


def _period(request: StaffRequest, at: datetime) -> tuple[str, datetime | None]:
    chosen = request.GET.get("since", "")
    if chosen not in PERIODS:
        chosen = "183"
    return chosen, None if chosen == "all" else at - timedelta(days=int(chosen))


def _picture(found: PartnerMap) -> str:
    """Nothing where a picture could not be read: the table holds everybody."""
    try:
        return draw(found)
    except TooManyPeople:
        return ""


def _person_page(request: StaffRequest, contact: Contact, **forms: Any) -> HttpResponse:
    wrong = any(form.is_bound for form in forms.values())
    context = {
        "contact": contact,
        "form": forms.get("form") or PlaceForm(initial=_placed(contact)),
        "tie_form": forms.get("tie_form") or TieForm(initial={"user": contact.partner.manager_id}),
        "line_form": forms.get("line_form") or LineForm(contact=contact),
        "ties": Tie.objects.filter(contact=contact).select_related("user").order_by("pk"),
        "lines": InfluenceLine.objects.filter(source=contact).select_related("source", "target"),
    }
    return render(request, "relationships/person.html", context, status=422 if wrong else 200)


def _placed(contact: Contact) -> dict[str, str]:
    return {"authority": contact.authority, "influence": contact.influence}


def _back(contact: Contact) -> HttpResponse:
    where = redirect("partner-map", contact.partner_id)
    where["Location"] += f"#person-{contact.pk}"
    return where
