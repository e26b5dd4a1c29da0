"""Which question goes where: who owns it, when they are there, and how soon answers really come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from otklik.desk.public import Hours, Opening, directory_for
from otklik.kit.clock import now
from otklik.portal.web.guard import PortalRequest, person_page


@dataclass(frozen=True, slots=True)
class Week:
    """Lines such as ("Mon – Fri", "09:00–18:00"): of the coming seven days, by the reader's clock."""

    is_open: bool
    next_open: datetime | None
    is_always: bool
    lines: tuple[tuple[str, str], ...]


@require_safe
@person_page
def channels(request: PortalRequest) -> HttpResponse:
    person = request.person
    directory = directory_for(person.partner, language=person.language, zone=person.zone, at=now())
    # Most topics share one calendar: it is drawn once, and named where another one holds.
    usual = directory.hours
    topics = [(room, week_of(room.hours) if room.hours != usual else None) for room in directory.rooms]
    context = {
        "topics": topics,
        "overall": directory.overall,
        "usual": week_of(usual),
        "zone": person.zone.key,
    }
    return render(request, "portal/channels/channels.html", context)


def week_of(hours: Hours | None) -> Week | None:
    if hours is None:
        return None
    return Week(hours.is_open, hours.next_open, hours.is_always, tuple(_lines(hours.openings)))


def _lines(openings: Iterable[Opening]) -> Iterable[tuple[str, str]]:
    days = [
        (day, ", ".join(_span(one) for one in found))
        for day, found in groupby(openings, key=lambda one: one.begins.date())
    ]
    # Seven days from today, in the order of the week.
    days.sort(key=lambda one: one[0].weekday())
    for text, same in groupby(enumerate(days), key=lambda one: (one[1][1], one[1][0].weekday() - one[0])):
        run = [day for _, (day, _) in same]
        first, last = date_format(run[0], "D"), date_format(run[-1], "D")
        yield (first if len(run) == 1 else f"{first} – {last}"), text[0]


def _span(opening: Opening) -> str:
    return f"{opening.begins:%H:%M}–{opening.until:%H:%M}"
