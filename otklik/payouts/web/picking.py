"""Whose money: the first step of whatever is opened for a partner."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from otklik.identity.public import StaffRequest
from otklik.partners.public import Partner, name_key
from otklik.payouts.access import editable, money_partners

_MOST_PARTNERS = 20
_LARGEST_ID = 2**63 - 1


def picked_partner(request: StaffRequest, among: QuerySet[Partner] | None = None) -> Partner | None:
    """Of the address; None: nobody is chosen yet. Raises Http404 for one that is not ``among`` those, by
    default those whose money is theirs to change."""
    wanted = _whole_number(request.GET.get("partner", ""))
    if wanted is None:
        return None
    return get_object_or_404(changeable_partners(request) if among is None else among, pk=wanted)


def changeable_partners(request: StaffRequest) -> QuerySet[Partner]:
    return editable(request.user, money_partners(request.user)).filter(erased_at=None)


def picker(request: StaffRequest, purpose: str, template: str = "payouts/pick_partner.html") -> HttpResponse:
    """``purpose``: "hold" or "adjustment"; the page is worded after it. Another ``template`` has words of its
    own."""
    rows = money_partners(request.user).filter(erased_at=None).select_related("program")
    asked = request.GET.get("q", "")[:200]
    if wanted := name_key(asked):
        rows = rows.filter(name_key__contains=wanted)
    partners: list[Partner] = list(rows.order_by("name_key", "pk")[:_MOST_PARTNERS])
    context = {"partners": partners, "wanted": asked, "purpose": purpose}
    return render(request, template, context)


def _whole_number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    return number if (number := int(text)) <= _LARGEST_ID else None
