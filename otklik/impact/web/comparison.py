"""Channels, teams and topics side by side, and the same figures as CSV."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.cache import cache
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.desk.public import Channel
from otklik.identity.public import Right, StaffRequest, needs
from otklik.impact.queries.comparing import Compared, compared
from otklik.impact.rules.comparing import By
from otklik.impact.web.room import Room, read_room
from otklik.impact.web.row_ways import ways_of
from otklik.impact.web.side_by_side import (
    BYS,
    columns_of_file,
    headline,
    measures_of,
    named,
    rows_of_file,
)
from otklik.kit.clock import now
from otklik.kit.tabular.export import csv_lines

PERIODS = (30, 90, 365)
_KEPT_SECONDS = 60


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest) -> HttpResponse:
    room = read_room(request.user, request.GET)
    if room is None:
        return render(request, "impact/nobody.html", {"room": "comparison", "asked": ""})
    by, days = read_by(request), read_days(request)
    found = _found(room, by, days)
    shown = named(by, found)
    context = {
        "room": "comparison",
        "asked": room.query,
        "chosen": room,
        "by": by.value,
        "by_name": BYS[by].one,
        "bys": [(one.value, words.tab) for one, words in BYS.items()],
        "days": days,
        "periods": PERIODS,
        "found": found,
        "headline": headline(by, found),
        "measures": measures_of(by, shown, found),
        "lines": shown,
        "rows": list(zip(shown, ways_of(request.user, room, by, days, found, shown), strict=True)),
        "may_export": request.user.may(Right.EXPORT),
    }
    return render(request, "impact/comparison.html", context)


@require_safe
@needs(Right.SEE_FEEDBACK)
@needs(Right.EXPORT)
def file(request: StaffRequest) -> StreamingHttpResponse:
    room = read_room(request.user, request.GET)
    if room is None:
        raise Http404
    by, days = read_by(request), read_days(request)
    found = _found(room, by, days)
    # Written before the response starts: the language of the request is gone while it streams.
    lines = list(csv_lines(columns_of_file(by), rows_of_file(named(by, found), found)))
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{by.value}-{days}-days.csv"'},
    )


def _found(room: Room, by: By, days: int) -> Compared:
    """Kept for a minute: whoever looks at one period looks at the others, and at the file, next."""
    since, until = read_period(days)
    key = f"impact.comparison:{room.program.pk}:{by}:{days}:{until}"
    known: Compared | None = cache.get(key)
    if known is None:
        known = compared(by, program_id=room.program.pk, since=since, until=until)
        cache.set(key, known, timeout=_KEPT_SECONDS)
    return known


def read_period(days: int) -> tuple[date, date]:
    """The first and the last day, of UTC as all days of facts are."""
    until = now().date()
    return until - timedelta(days=days - 1), until


def read_by(request: StaffRequest) -> By:
    return next((one for one in By if one.value == request.GET.get("by")), By.CHANNEL)


def read_days(request: StaffRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in map(str, PERIODS) else 365


def read_value(request: StaffRequest, by: By) -> str | int | None:
    """One of the values compared, as ``Compared`` has it. Nothing is there under another word."""
    asked = request.GET.get("value", "")
    if by is By.CHANNEL and asked in set(Channel):
        return asked
    if by is By.CHANNEL or not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        raise Http404
    return int(asked) or None
