"""What the base lacks, what does not help, and how many tickets reading spared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_q.tasks import async_task

from otklik.desk.public import Ticket, visible_tickets
from otklik.identity.public import Right, StaffRequest, User, actor_for, needs
from otklik.kit.clock import now
from otklik.knowledge.models import Gap
from otklik.knowledge.operations.gaps import COMPUTE, NoReason, ignore_gap, open_gap_again, write_from_gap
from otklik.knowledge.queries.deflection import PERIOD, latest_figures
from otklik.knowledge.queries.gaps import ASKED_SINCE, MOST_TICKETS, gaps_in, unhelpful
from otklik.knowledge.rules.gaps import FEWEST_ANSWERS
from otklik.knowledge.rules.vocabulary import GapState


@dataclass(frozen=True, slots=True)
class Line:
    """``examples``: those of the tickets that the reader may see."""

    gap: Gap
    examples: Sequence[Ticket]


@require_safe
@needs(Right.EDIT_ARTICLES)
def listed(request: StaffRequest) -> HttpResponse:
    failing, unclear = unhelpful(get_language() or "en", at=now())
    context: dict[str, Any] = {
        "figures": latest_figures(),
        "lines": _lines(gaps_in(GapState.OPEN), request.user),
        "decided": [*gaps_in(GapState.WRITTEN), *gaps_in(GapState.IGNORED)],
        "failing": failing,
        "unclear": unclear,
        "fewest": FEWEST_ANSWERS,
        "most": MOST_TICKETS,
        "asked_days": ASKED_SINCE.days,
        "read_days": PERIOD.days,
    }
    return render(request, "knowledge/gaps.html", context)


def _lines(gaps: Sequence[Gap], user: User) -> list[Line]:
    ids = {pk for gap in gaps for pk in gap.examples}
    seen = visible_tickets(user).only("subject").in_bulk(ids) if ids else {}
    return [Line(gap, [seen[pk] for pk in gap.examples if pk in seen]) for gap in gaps]


@require_POST
@needs(Right.EDIT_ARTICLES)
def compute(request: StaffRequest) -> HttpResponse:
    async_task(COMPUTE)
    messages.info(request, _("It is being counted. Look again in a minute."))
    return redirect("article-gaps")


@require_POST
@needs(Right.EDIT_ARTICLES)
def write(request: StaffRequest, gap_id: int) -> HttpResponse:
    gap = get_object_or_404(Gap, pk=gap_id)
    article = write_from_gap(gap_id=gap.pk, by=actor_for(request), at=now())
    return redirect("article-edit", article.pk, article.source_language)


@require_POST
@needs(Right.EDIT_ARTICLES)
def ignore(request: StaffRequest, gap_id: int) -> HttpResponse:
    gap = get_object_or_404(Gap, pk=gap_id)
    reason = request.POST.get("reason", "")
    try:
        ignore_gap(gap_id=gap.pk, reason=reason, by=actor_for(request), at=now())
    except NoReason:
        messages.error(request, _("Say why: the next one will ask."))
    else:
        messages.success(request, _("It is left as it is."))
    return redirect("article-gaps")


@require_POST
@needs(Right.EDIT_ARTICLES)
def reopen(request: StaffRequest, gap_id: int) -> HttpResponse:
    gap = get_object_or_404(Gap, pk=gap_id)
    open_gap_again(gap_id=gap.pk, by=actor_for(request), at=now())
    return redirect("article-gaps")
