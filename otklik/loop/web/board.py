"""The board of the loop: what waits, and what came of it."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now
from otklik.loop.access import visible_alerts
from otklik.loop.labels import OUTCOMES
from otklik.loop.queries.figures import BoardFilter, board, causes_of, lateness_is
from otklik.loop.rules.deadlines import lateness
from otklik.loop.rules.vocabulary import Lateness
from otklik.partners.public import visible_programs

A_PAGE = 50
PERIODS = (30, 90, 365)
_SHOWN = ("open", "late", "asleep", "tell", "closed")


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest) -> HttpResponse:
    at, days = now(), _days(request.GET.get("days", ""))
    programs = list(visible_programs(request.user).order_by("name"))
    program = next((one.pk for one in programs if str(one.pk) == request.GET.get("program")), None)
    mine = request.user.pk if request.GET.get("mine") else None
    asked = BoardFilter(at - timedelta(days=days), at, program_id=program, owner_id=mine)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in _SHOWN else "open"
    rows = visible_alerts(request.user).filter(_shown(chosen, asked), _asked(asked))
    rows = rows.select_related("partner", "contact", "owner")
    order = ("-closed_at", "-pk") if chosen in ("closed", "tell") else ("due_at", "pk")
    page = Paginator(rows.order_by(*order), A_PAGE).get_page(request.GET.get("page"))
    found = board(request.user, asked, at=at)
    context = {
        "page": page,
        "lines": [(alert, lateness(alert.standing, at)) for alert in page.object_list],
        "board": found,
        "outcomes": [(OUTCOMES[outcome], n) for outcome, n in found.closed.outcomes.items()],
        "causes": causes_of(request.user, asked)[:10],
        "tabs": _tabs(found.now.open, found.now.overdue, found.now.asleep, found.now.to_tell),
        "chosen": chosen,
        "programs": programs,
        "program": program,
        "mine": mine,
        "days": days,
        "periods": PERIODS,
    }
    return render(request, "loop/board.html", context)


def _days(text: str) -> int:
    return next((days for days in PERIODS if str(days) == text), 90)


def _asked(asked: BoardFilter) -> Q:
    told = {"program_id": asked.program_id, "owner_id": asked.owner_id}
    return Q(**{name: value for name, value in told.items() if value is not None})


def _shown(chosen: str, asked: BoardFilter) -> Q:
    at = asked.end
    return {
        "open": Q(closed_at=None),
        "late": lateness_is(Lateness.OVERDUE, at) | lateness_is(Lateness.ESCALATED, at),
        "asleep": Q(closed_at=None, snoozed_until__gt=at),
        "tell": Q(owes_word=True),
        "closed": Q(closed_at__isnull=False, opened_at__gte=asked.start),
    }[chosen]


def _tabs(opened: int, late: int, asleep: int, tell: int) -> list[tuple[str, str, int | None]]:
    return [
        ("open", _("Open alerts"), opened),
        ("late", _("Overdue alerts"), late),
        ("asleep", _("Put off"), asleep),
        ("tell", _("To be told"), tell),
        ("closed", _("Closed alerts"), None),
    ]
