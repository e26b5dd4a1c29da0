"""The map of one partner, as a picture and as a table."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now
from otklik.relationships.access import editable_maps, map_partners
from otklik.relationships.queries.partner import PartnerMap, partner_map
from otklik.relationships.rules.layout import TooManyPeople
from otklik.relationships.web.drawing import Links, draw
from otklik.relationships.web.legend import legend
from otklik.relationships.web.rows import rows_of
from otklik.relationships.web.words import Words

PERIODS = {
    "183": pgettext_lazy("time looked at", "half a year"),
    "92": pgettext_lazy("time looked at", "three months"),
    "365": pgettext_lazy("time looked at", "a year"),
    "all": pgettext_lazy("time looked at", "all time"),
}
STALE_AFTER = timedelta(days=365)


@require_safe
@needs(Right.SEE_FEEDBACK)
def partner(request: StaffRequest, partner_id: int) -> HttpResponse:
    rows = map_partners(request.user).select_related("manager", "program")
    subject = get_object_or_404(rows, pk=partner_id)
    at = now()
    chosen, since = period_of(request, at)
    found = partner_map(subject, user=request.user, since=since, at=at)
    words = Words()
    may_edit = editable_maps(request.user).filter(pk=subject.pk).exists()
    context = {
        "partner": subject,
        "map": found,
        "rows": rows_of(found.people, words),
        "picture": _picture(found, words, chosen, may_edit=may_edit),
        "legend": legend(words),
        "cells": [(cell, segment) for cell, segment in found.segments.items() if segment.people],
        "periods": PERIODS,
        "chosen": chosen,
        # Hundreds of links: looked up once.
        "person_at": reverse("map-person", args=[0]).removesuffix("0/"),
        "ticket_at": reverse("ticket", args=[0]).removesuffix("0/"),
        "place_old": _("Nobody has confirmed this for a year."),
        "is_stale": found.stated_at is not None and at - found.stated_at > STALE_AFTER,
        "may_edit": may_edit,
    }
    return render(request, "relationships/map.html", context)


def period_of(request: StaffRequest, at: datetime) -> tuple[str, datetime | None]:
    chosen = request.GET.get("since", "")
    if chosen not in PERIODS:
        chosen = "183"
    return chosen, None if chosen == "all" else at - timedelta(days=int(chosen))


def _picture(found: PartnerMap, words: Words, chosen: str, *, may_edit: bool) -> str:
    """Nothing where a picture could not be read: the table holds everybody."""
    # One address looked up and filled in, not three hundred looked up.
    person = reverse("map-person", args=[0]).replace("/0/", "/{}/") + f"?since={chosen}"
    vacancy = reverse("contact-new", args=[found.partner.pk]) if may_edit else "#missing"
    try:
        return draw(found, words, Links(person.format, vacancy))
    except TooManyPeople:
        return ""
