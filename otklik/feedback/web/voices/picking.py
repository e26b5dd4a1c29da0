"""Finding the partner that somebody means, before anything is written down about them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from otklik.feedback.access import Scope
from otklik.identity.public import StaffRequest
from otklik.partners.public import Partner, name_key, visible_partners

MOST = 20


def usable_partners(request: StaffRequest) -> QuerySet[Partner]:
    return visible_partners(request.user).filter(erased_at=None)


def found_partners(request: StaffRequest, program_id: int | None = None) -> Sequence[Partner]:
    """By a part of the name in the address; without one, the first by name."""
    rows = usable_partners(request).select_related("program")
    if program_id is not None:
        rows = rows.filter(program_id=program_id)
    if wanted := name_key(request.GET.get("q", "")[:200]):
        rows = rows.filter(name_key__contains=wanted)
    return list(rows.order_by("name_key", "pk")[:MOST])


def may_see_unattached(scope: Scope, program_id: int) -> bool:
    """What belongs to no partner would vanish from the list of who sees own partners only."""
    return scope.covers(program_id)
