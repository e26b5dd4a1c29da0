"""The board of the loop: what waits, and what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, User, needs
from otklik.kit.clock import now
from otklik.loop.access import visible_alerts
from otklik.loop.models import Alert
from otklik.loop.queries.figures import BoardFilter, board, came_of_it, causes_of
from otklik.loop.rules.deadlines import lateness
from otklik.loop.web.causes_behind import PERIODS, period
from otklik.partners.public import may_see_revenue, visible_programs

A_PAGE = 50
RECOVERIES = 6
CAUSES = 10
_SHOWN = ("open", "late", "asleep", "tell", "closed")


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest) -> HttpResponse:
    """The list and what waits; what came of it all is asked for when the page stands."""
    at = now()
    asked, context = asked_for(request, at)
    chosen = tab_of(request)
    rows = listed(request.user, chosen, asked).select_related("partner", "contact", "owner")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    found = board(request.user, asked, at=at)
    context |= {
        "page": page,
        "lines": [(alert, lateness(alert.standing, at)) for alert in page.object_list],
        "board": found,
        "tabs": _tabs(found.now.open, found.now.overdue, found.now.asleep, found.now.to_tell),
        "chosen": chosen,
    }
    return render(request, "loop/board.html", context)


@require_safe
@needs(Right.SEE_FEEDBACK)
def results(request: StaffRequest) -> HttpResponse:
    """A part of the board, or a page of its own where there is no script."""
    asked, context = asked_for(request, now())
    context |= {
        "found": came_of_it(request.user, asked, latest=RECOVERIES),
        "causes": causes_of(request.user, asked)[:CAUSES],
        "shows_revenue": may_see_revenue(request.user),
    }
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, "loop/_results.html" if is_part else "loop/results.html", context)


def tab_of(request: StaffRequest) -> str:
    chosen = request.GET.get("show", "")
    return chosen if chosen in _SHOWN else "open"


def listed(user: User, chosen: str, asked: BoardFilter) -> QuerySet[Alert]:
    """The alerts of one tab, the most urgent or the latest first."""
    order = ("-closed_at", "-pk") if chosen in ("closed", "tell") else ("due_at", "pk")
    return visible_alerts(user).filter(_shown(chosen, asked), _asked(asked)).order_by(*order)


def asked_for(request: StaffRequest, at: datetime) -> tuple[BoardFilter, dict[str, Any]]:
    """And how the page says it."""
    days = period(request.GET.get("days", ""))
    programs = list(visible_programs(request.user).order_by("name"))
    program = next((one.pk for one in programs if str(one.pk) == request.GET.get("program")), None)
    mine = request.user.pk if request.GET.get("mine") else None
    told = {"days": days, "program": program or "", "mine": "1" if mine else ""}
    context = {
        "programs": programs,
        "program": program,
        "mine": mine,
        "days": days,
        "periods": PERIODS,
        "asked": urlencode({name: value for name, value in told.items() if value}),
    }
    return BoardFilter(at - timedelta(days=days), at, program_id=program, owner_id=mine), context


def _asked(asked: BoardFilter) -> Q:
    told = {"program_id": asked.program_id, "owner_id": asked.owner_id}
    return Q(**{name: value for name, value in told.items() if value is not None})


def _shown(chosen: str, asked: BoardFilter) -> Q:
    at = asked.end
    return {
        "open": Q(closed_at=None),
        "late": Q(closed_at=None, first_contact_at=None, due_at__lte=at),
        "asleep": Q(closed_at=None, snoozed_until__gt=at),
        "tell": Q(owes_word=True),
        "closed": Q(closed_at__isnull=False, opened_at__gte=asked.start),
    }[chosen]


def _tabs(opened: int, late: int, asleep: int, tell: int) -> list[tuple[str, str, int | None]]:
    return [
        ("open", _("Open alerts"), opened),
        ("late", _("Overdue alerts"), late),
        ("asleep", pgettext("alerts", "Put off"), asleep),
        ("tell", _("To be told"), tell),
        ("closed", _("Closed alerts"), None),
    ]
