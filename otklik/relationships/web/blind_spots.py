"""What is missing of the coverage contracts over the partners one sees, most first, each with a next step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, User, needs
from otklik.partners.public import ROLE, Contact, ContactRole
from otklik.relationships.labels import STEPS
from otklik.relationships.models import AccountCheck
from otklik.relationships.rules.coverage import Step
from otklik.relationships.web.lists import (
    Narrowed,
    csv_answer,
    may_export,
    narrowed,
    page_of,
    rows_for_file,
    rows_of,
)

MOST_NAMED = 4
"""People named with a step; the map shows all."""


@dataclass(frozen=True, slots=True)
class Todo:
    step: str
    role: str
    count: int
    people: Sequence[Contact]


@require_safe
@needs(Right.SEE_FEEDBACK)
def index(request: StaffRequest) -> HttpResponse:
    by, tier = narrowed(request), request.GET.get("tier", "").replace("\x00", "")[:40]
    page = page_of(_rows(request.user, by, tier), request.GET.get("page"))
    rows = list(page.object_list)
    context = {
        "page": page,
        "lines": list(zip(rows, _todo(rows), strict=True)),
        "by": by,
        "tier": tier,
        "as_of": min((one.checked_at for one in rows), default=None),
        "may_edit": request.user.may(Right.EDIT_PARTNERS),
        "may_export": may_export(request.user),
        "sets_contracts": request.user.may(Right.MANAGE_PROGRAMS),
        "query": request.GET.urlencode(),
    }
    return render(request, "relationships/blind_spots.html", context)


@require_safe
@needs(Right.EXPORT)
def file(request: StaffRequest) -> HttpResponseBase:
    tier = request.GET.get("tier", "").replace("\x00", "")[:40]
    columns = (_("Partner"), _("Tier"), _("Account manager"), _("Next step"), _("Role"), _("How many"))
    return csv_answer("blind-spots", columns, _cells(_rows(request.user, narrowed(request), tier)))


def _rows(user: User, by: Narrowed, tier: str) -> QuerySet[AccountCheck]:
    rows = AccountCheck.objects.filter(gap__gt=0).order_by("-gap", "partner_id")
    if tier:
        rows = rows.filter(partner__tier=tier)
    return rows_of(rows.select_related("partner__manager"), user, by)


def _todo(rows: Sequence[AccountCheck]) -> list[list[Todo]]:
    """One query, for the people named."""
    ids = {pk for row in rows for _step, _role, _count, people in row.todo for pk in people[:MOST_NAMED]}
    there = Contact.objects.filter(pk__in=ids, erased_at=None, is_active=True).in_bulk()
    return [
        [
            Todo(step, role, count, [there[pk] for pk in people[:MOST_NAMED] if pk in there])
            for step, role, count, people in row.todo
        ]
        for row in rows
    ]


def _cells(rows: QuerySet[AccountCheck]) -> Iterator[list[object]]:
    for row in rows_for_file(rows):
        for step, role, count, _people in row.todo:
            yield [
                row.partner.name,
                row.partner.tier,
                row.partner.manager.name if row.partner.manager else "",
                str(STEPS[Step(step)]),
                str(ROLE[ContactRole(role)]),
                count,
            ]
