"""What support and the score move in turn, as far as the data have it."""

from __future__ import annotations

from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.impact.queries.outcomes import After, after, cases_of_side
from otklik.impact.rules.outcomes import Later, Split
from otklik.impact.web.afterwards import CONFOUNDERS, GOOD, SIDES, TITLES, became, cards
from otklik.impact.web.room import Room, read_room
from otklik.kit.clock import now
from otklik.partners.public import may_see_revenue, visible_partners

A_PAGE = 50
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


@require_safe
@needs(Right.SEE_FEEDBACK)
def partners(request: StaffRequest) -> HttpResponse:
    """Of whom one figure is, and what became of each of them."""
    room, asked = read_room(request.user, request.GET), _read_side(request)
    if room is None or asked is None:
        raise Http404
    later, split, side = asked
    if later is Later.EARNED and not may_see_revenue(request.user):
        raise Http404
    found = cases_of_side(room.program.pk, later, split, good=side == GOOD, until=now().date())
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    known = visible_partners(request.user).in_bulk({case.partner_id for case in page.object_list})
    lines = [
        (known[case.partner_id], case.day, became(later, case.result))
        for case in page.object_list
        if case.partner_id in known
    ]
    title, meaning = TITLES[later]
    context = {
        "room": "outcomes",
        "asked": room.query,
        "chosen": room,
        "title": title,
        "meaning": meaning,
        "side": SIDES[side][split],
        "page": page,
        "lines": lines,
    }
    return render(request, "impact/outcome_partners.html", context)


def _read_side(request: StaffRequest) -> tuple[Later, Split, str] | None:
    given = request.GET
    later, split, side = (given.get(name, "") for name in ("later", "split", "side"))
    if later not in set(Later) or split not in set(Split) or side not in SIDES:
        return None
    return Later(later), Split(split), side


def _found(room: Room) -> After:
    """Kept for ten minutes: it is of two years, and hardly changes within a day."""
    until = now().date()
    key = f"impact.outcomes:{room.program.pk}:{until}"
    known: After | None = cache.get(key)
    if known is None:
        known = after(room.program.pk, until=until)
        cache.set(key, known, timeout=_KEPT_SECONDS)
    return known
