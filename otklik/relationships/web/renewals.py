"""Partners by the time left until the renewal and by risk, and where more could be sold: as checked last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.chunks import in_chunks
from otklik.kit.clock import now
from otklik.loop.public import Owed, owed_to
from otklik.partners.public import Partner, may_see_revenue
from otklik.relationships.labels import BANDS, DUES, OPENINGS, PROOFS, RISKS
from otklik.relationships.models import AccountCheck, OpeningFound
from otklik.relationships.rules.renewals import Band, Due, Opening, Proof, RiskReason
from otklik.relationships.web.lists import (
    CHUNK,
    csv_answer,
    may_export,
    narrowed,
    page_of,
    reasons_in_words,
    rows_for_file,
    rows_of,
    word_of,
)


@dataclass(frozen=True, slots=True)
class RenewalLine:
    partner: Partner
    days: int | None
    points: float
    band: str
    reasons: Sequence[Sequence[object]]


@require_safe
@needs(Right.SEE_FEEDBACK)
def index(request: StaffRequest) -> HttpResponse:
    by = narrowed(request)
    due, band = word_of(request.GET, "due", list(Due)), word_of(request.GET, "risk", list(Band))
    revenue = may_see_revenue(request.user)
    rows = rows_of(_checks(revenue, due, band), request.user, by)
    page = page_of(rows, request.GET.get("page"))
    today = now().date()
    context = {
        "page": page,
        "lines": [_line(one, revenue, today) for one in page.object_list],
        "by": by,
        "due": due,
        "dues": DUES.items(),
        "band": band,
        "bands": BANDS.items(),
        "as_of": min((one.checked_at for one in page.object_list), default=None),
        "may_export": may_export(request.user),
        "query": request.GET.urlencode(),
    }
    return render(request, "relationships/renewals.html", context)


@require_safe
@needs(Right.EXPORT)
def file(request: StaffRequest) -> HttpResponseBase:
    due, band = word_of(request.GET, "due", list(Due)), word_of(request.GET, "risk", list(Band))
    revenue = may_see_revenue(request.user)
    rows = rows_of(_checks(revenue, due, band), request.user, narrowed(request))
    columns = (_("Partner"), _("Account manager"), _("Renewal"), _("Risk"), _("Points"), _("Because"))
    return csv_answer("renewals", columns, _renewal_cells(rows, revenue))


@require_safe
@needs(Right.SEE_FEEDBACK)
def openings(request: StaffRequest) -> HttpResponse:
    by, kind = narrowed(request), word_of(request.GET, "opening", list(Opening))
    revenue = may_see_revenue(request.user)
    found = rows_of(_openings(revenue, kind), request.user, by)
    page = page_of(found.filter(is_blocked=False), request.GET.get("page"))
    lines, held_back = _free(list(page.object_list))
    context = {
        "page": page,
        "lines": [(one, one.points if revenue else one.plain_points, _proofs(one, revenue)) for one in lines],
        "blocked": found.filter(is_blocked=True).count() + held_back,
        "by": by,
        "kind": kind,
        "kinds": OPENINGS.items(),
        "as_of": min((one.found_at for one in page.object_list), default=None),
        "may_export": may_export(request.user),
        "query": request.GET.urlencode(),
    }
    return render(request, "relationships/openings.html", context)


@require_safe
@needs(Right.EXPORT)
def openings_file(request: StaffRequest) -> HttpResponseBase:
    kind, revenue = word_of(request.GET, "opening", list(Opening)), may_see_revenue(request.user)
    found = rows_of(_openings(revenue, kind), request.user, narrowed(request)).filter(is_blocked=False)
    columns = (_("Partner"), _("Account manager"), _("Opening"), _("Products"), _("Points"), _("Evidence"))
    return csv_answer("openings", columns, _opening_cells(found, revenue))


def _checks(revenue: bool, due: str, band: str) -> QuerySet[AccountCheck]:
    points, of_band = ("points", "band") if revenue else ("plain_points", "plain_band")
    rows = AccountCheck.objects.order_by("step", f"-{points}", "partner_id")
    rows = rows.select_related("partner__manager")
    if due:
        rows = rows.filter(step=list(Due).index(Due(due)))
    return rows.filter(**{of_band: band}) if band else rows


def _line(one: AccountCheck, revenue: bool, today: date) -> RenewalLine:
    ends = one.partner.renewal_on
    days = None if ends is None else (ends - today).days
    if revenue:
        return RenewalLine(one.partner, days, one.points, one.band, one.reasons)
    plain = [reason for reason in one.reasons if reason[0] != RiskReason.REVENUE_FALLS]
    return RenewalLine(one.partner, days, one.plain_points, one.plain_band, plain)


def _renewal_cells(rows: QuerySet[AccountCheck], revenue: bool) -> Iterator[list[object]]:
    today = now().date()
    for row in rows_for_file(rows):
        one = _line(row, revenue, today)
        yield [
            one.partner.name,
            one.partner.manager.name if one.partner.manager else "",
            one.partner.renewal_on or "",
            str(BANDS[Band(one.band)]),
            round(one.points, 1),
            reasons_in_words(one.reasons, RISKS),
        ]


def _openings(revenue: bool, kind: str) -> QuerySet[OpeningFound]:
    points = "points" if revenue else "plain_points"
    rows = OpeningFound.objects.order_by(f"-{points}", "pk").select_related("partner__manager")
    if not revenue:
        rows = rows.filter(plain_points__gt=0)
    return rows.filter(kind=kind) if kind else rows


def _free(found: list[OpeningFound]) -> tuple[list[OpeningFound], int]:
    """Without those where something came up since the check, and how many they are."""
    owed = owed_to([one.partner_id for one in found])
    free = [one for one in found if owed[one.partner_id] == Owed()]
    return free, len(found) - len(free)


def _proofs(one: OpeningFound, revenue: bool) -> list[list[object]]:
    return [proof for proof in one.proofs if revenue or proof[0] != Proof.REVENUE_GROWS]


def _opening_cells(rows: QuerySet[OpeningFound], revenue: bool) -> Iterator[list[object]]:
    for some in in_chunks(rows_for_file(rows), CHUNK):
        for one in _free(some)[0]:
            yield [
                one.partner.name,
                one.partner.manager.name if one.partner.manager else "",
                str(OPENINGS[Opening(one.kind)]),
                ", ".join(one.products),
                round(one.points if revenue else one.plain_points, 1),
                reasons_in_words(_proofs(one, revenue), PROOFS),
            ]
