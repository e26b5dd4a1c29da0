"""The partner's own statistics against the books: uploaded, explained, taken home."""

from __future__ import annotations

from datetime import timedelta
from typing import BinaryIO, cast

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from otklik.kit.clock import now
from otklik.kit.tabular import TableError, describe
from otklik.payouts.public import (
    Period,
    ReportFileRefused,
    explained,
    key_of,
    own_balances,
    partner_reports,
    report_problem_lines,
    report_table,
    take_report_file,
)
from otklik.portal.web.guard import PortalRequest, actor_for_person
from otklik.portal.web.limits import is_too_often
from otklik.portal.web.money import A_PAGE, csv_file, money_page
from otklik.portal.web.money_forms import FiguresForm


@require_http_methods(["GET", "HEAD", "POST"])
@money_page
def overview(request: PortalRequest) -> HttpResponse:
    """What was compared so far, and the form for more."""
    partner = request.person.partner
    end = timezone.localdate(now()).replace(day=1) - timedelta(days=1)
    form = FiguresForm(
        request.POST or None,
        request.FILES or None,
        initial={"start": end.replace(day=1), "end": end},
        currencies=[one.currency for one in own_balances(partner.pk)] or [request.person.program.currency],
    )
    refused: ReportFileRefused | None = None
    status = 200
    if request.method == "POST":
        status = 422
        if is_too_often(request, "write", str(request.person.account_id), at=now()):
            form.add_error(None, _("This was tried many times. Please wait an hour and try once more."))
            status = 429
        elif form.is_valid():
            try:
                return redirect("portal-figure", _taken(request, form))
            except TableError as error:
                form.add_error("file", describe(error, _))
            except ReportFileRefused as found:
                refused = found
    rows = partner_reports(partner.pk).order_by("-uploaded_at", "-pk")
    context = {
        "form": form,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "problems": report_problem_lines(refused) if refused else [],
        "columns": refused.columns if refused else [],
    }
    return render(request, "portal/money/figures.html", context, status=status)


@require_safe
@money_page
def show(request: PortalRequest, report_id: int) -> HttpResponse:
    report = get_object_or_404(partner_reports(request.person.partner.pk), pk=report_id)
    return render(request, "portal/money/figure.html", {"report": report, "found": explained(report)})


@require_safe
@money_page
def file(request: PortalRequest, report_id: int) -> HttpResponseBase:
    report = get_object_or_404(partner_reports(request.person.partner.pk), pk=report_id)
    columns, rows = report_table(report)
    name = f"reconciliation-{report.start}-{report.end}-{report.currency}"
    # Read now: what is streamed later speaks another language.
    return csv_file(columns, list(rows), name)


def _taken(request: PortalRequest, form: FiguresForm) -> int:
    person, data = request.person, form.cleaned_data
    report = take_report_file(
        partner_id=person.partner.pk,
        currency=data["currency"],
        period=Period(data["start"], data["end"]),
        file=cast(BinaryIO, data["file"].file),
        zone=timezone.get_default_timezone(),
        contact_id=person.contact.pk,
        form_key=key_of(
            data["key"], data["file"], person.partner.pk, data["start"], data["end"], data["currency"]
        ),
        by=actor_for_person(request),
        at=now(),
    )
    return report.pk
