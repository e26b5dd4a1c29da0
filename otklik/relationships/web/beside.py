"""The map in small: beside a ticket, and on the partner's page."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from otklik.desk.public import visible_tickets
from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now
from otklik.partners.public import Partner
from otklik.relationships.access import map_partners
from otklik.relationships.queries.partner import partner_map
from otklik.relationships.rules.vocabulary import Influence, Role

LOOKED_AT = timedelta(days=183)
MOST = 8
_ROLES = (Role.DECISION_MAKER, Role.INFLUENCER, Role.UNKNOWN, Role.END_USER)
_INFLUENCE = (Influence.HIGH, Influence.MEDIUM, Influence.UNKNOWN, Influence.LOW)


@require_safe
@needs(Right.SEE_FEEDBACK)
def ticket(request: StaffRequest, ticket_id: int) -> HttpResponse:
    """Who asked, among those who decide there."""
    row = get_object_or_404(visible_tickets(request.user), pk=ticket_id)
    subject = get_object_or_404(map_partners(request.user).select_related("manager"), pk=row.partner_id)
    return _small(request, subject, row.contact_id)


@require_safe
@needs(Right.SEE_FEEDBACK)
def partner(request: StaffRequest, partner_id: int) -> HttpResponse:
    subject = get_object_or_404(map_partners(request.user).select_related("manager"), pk=partner_id)
    return _small(request, subject, None)


def _small(request: StaffRequest, subject: Partner, asking: int | None) -> HttpResponse:
    at = now()
    found = partner_map(subject, user=request.user, since=at - LOOKED_AT, at=at)
    people = sorted(
        found.people,
        key=lambda one: (
            one.id != asking,
            _ROLES.index(one.member.role),
            _INFLUENCE.index(one.member.influence),
            one.row.name_key,
        ),
    )
    context = {
        "partner": subject,
        "map": found,
        "people": people[:MOST],
        "more": max(0, len(people) - MOST),
        "asking": asking,
    }
    return render(request, "relationships/_beside.html", context)
