"""What support and the score move in turn, as far as the data have it."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.impact.queries.outcomes import After, after
from otklik.impact.web.afterwards import CONFOUNDERS, cards
from otklik.impact.web.room import Room, read_room
from otklik.kit.clock import now
from otklik.partners.public import may_see_revenue

_KEPT_SECONDS = 600


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest) -> HttpResponse:
    room = read_room(request.user, request.GET)
    if room is None:
        return render(request, "impact/nobody.html", {"room": "outcomes", "asked": ""})
    found, revenue = _found(room), may_see_revenue(request.user)
    context = {
        "room": "outcomes",
        "asked": room.query,
        "chosen": room,
        "found": found,
        "cards": cards(found, with_revenue=revenue),
        "sees_revenue": revenue,
        "confounders": CONFOUNDERS.values(),
    }
    return render(request, "impact/outcomes.html", context)


def _found(room: Room) -> After:
    """Kept for ten minutes: it is of two years, and hardly changes within a day."""
    until = now().date()
    key = f"impact.outcomes:{room.program.pk}:{until}"
    known: After | None = cache.get(key)
    if known is None:
        known = after(room.program.pk, until=until)
        cache.set(key, known, timeout=_KEPT_SECONDS)
    return known
