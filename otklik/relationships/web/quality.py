"""How good the data is that maps and figures are drawn from: over many partners, and at one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, User, needs
from otklik.kit.clock import now
from otklik.partners.public import Contact, may_see_revenue
from otklik.relationships.access import map_partners
from otklik.relationships.labels import FAULTS
from otklik.relationships.models import AccountCheck
from otklik.relationships.queries.accounts import facts_of
from otklik.relationships.queries.quality import entries_of
from otklik.relationships.rules.quality import Behind, Fault, Finding, Friendly, find_faults, friendly_of
from otklik.relationships.web.lists import (
    Narrowed,
    csv_answer,
    may_export,
    narrowed,
    page_of,
    rows_for_file,
    rows_of,
    word_of,
)

_SUMS = (
    "people",
    "asked",
    "answered",
    "known",
    "known_promoters",
    "known_asked",
    "known_asked_promoters",
    *(fault.value for fault in Fault),
)


@dataclass(frozen=True, slots=True)
class FoundLine:
    finding: Finding
    person: Contact
    others: Sequence[Contact]


@require_safe
@needs(Right.SEE_FEEDBACK)
def index(request: StaffRequest) -> HttpResponse:
    by, fault = narrowed(request), word_of(request.GET, "fault", list(Fault))
    everything = rows_of(AccountCheck.objects.order_by(), request.user, by)
    sums = everything.aggregate(**{name: Sum(name) for name in _SUMS})
    counts = {name: value or 0 for name, value in sums.items()}
    page = page_of(_rows(request.user, by, fault), request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(row, _wrong(row)) for row in page.object_list],
        "counts": counts,
        "faults": [(one, counts[one.value]) for one in Fault],
        "friendly": _friendly(counts),
        "behind": _behind(everything, by) if may_see_revenue(request.user) else [],
        "by": by,
        "fault": fault,
        "as_of": min((one.checked_at for one in page.object_list), default=None),
        "may_export": may_export(request.user),
        "query": request.GET.urlencode(),
    }
    return render(request, "relationships/quality.html", context)


@require_safe
@needs(Right.EXPORT)
def file(request: StaffRequest) -> HttpResponseBase:
    fault = word_of(request.GET, "fault", list(Fault))
    columns = (
        _("Partner"), _("Account manager"), _("People"), _("Asked"), _("Answered"), *FAULTS.values()
    )  # fmt: skip
    return csv_answer("data-quality", columns, _cells(_rows(request.user, narrowed(request), fault)))


@require_safe
@needs(Right.SEE_FEEDBACK)
def partner(request: StaffRequest, partner_id: int) -> HttpResponse:
    """As it is now, by name."""
    subject = get_object_or_404(map_partners(request.user).select_related("manager"), pk=partner_id)
    at = now()
    findings = find_faults(entries_of([subject.pk], at=at).get(subject.pk, ()))
    people = Contact.objects.in_bulk({pk for one in findings for pk in (one.person, *one.others)})
    reached = facts_of([subject], at=at)[subject.pk].reached
    context = {
        "partner": subject,
        "lines": [FoundLine(one, people[one.person], [people[pk] for pk in one.others]) for one in findings],
        "reached": reached,
        "friendly": friendly_of(
            reached.known_asked, reached.known_asked_promoters, reached.known, reached.known_promoters
        ),
        "may_edit": request.user.may(Right.EDIT_PARTNERS),
    }
    return render(request, "relationships/quality_partner.html", context)


def _rows(user: User, by: Narrowed, fault: str) -> QuerySet[AccountCheck]:
    column = fault or "faults"
    rows = AccountCheck.objects.filter(**{f"{column}__gt": 0}).order_by(f"-{column}", "partner_id")
    return rows_of(rows.select_related("partner__manager"), user, by)


def _wrong(row: AccountCheck) -> list[tuple[Fault, int]]:
    return [(fault, count) for fault in Fault if (count := getattr(row, fault.value))]


def _friendly(counts: dict[str, int]) -> Friendly:
    return friendly_of(
        counts["known_asked"], counts["known_asked_promoters"], counts["known"], counts["known_promoters"]
    )


def _behind(rows: QuerySet[AccountCheck], by: Narrowed) -> list[tuple[Any, Behind]]:
    """Of each program: currencies differ. Units are partners: people are tied to no part of their revenue."""
    gained = rows.filter(partner__revenue__gt=0).values_list("partner__program_id")
    sums = gained.annotate(
        total=Sum("partner__revenue"),
        asked=Sum("partner__revenue", filter=Q(asked__gt=0)),
        answered=Sum("partner__revenue", filter=Q(answered__gt=0)),
    )
    names = {one.pk: one for one in by.programs}
    return [
        (names[program], Behind(float(total), float(asked or 0), float(answered or 0)))
        for program, total, asked, answered in sums.order_by("partner__program_id")
    ]


def _cells(rows: QuerySet[AccountCheck]) -> Iterator[list[object]]:
    for row in rows_for_file(rows):
        yield [
            row.partner.name,
            row.partner.manager.name if row.partner.manager else "",
            row.people,
            row.asked,
            row.answered,
            *(getattr(row, fault.value) for fault in Fault),
        ]
