"""A partner's own figures against ours: uploaded, explained, taken home."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, BinaryIO, cast

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.tabular import TableError, csv_lines
from otklik.partners.imports.public import refusal_of, refusal_text
from otklik.partners.public import Partner
from otklik.payouts.access import money_partners, visible_balances, visible_reports
from otklik.payouts.models import PartnerReport
from otklik.payouts.operations.report_files import ReportFileRefused, take_report_file
from otklik.payouts.operations.uploads import key_of
from otklik.payouts.queries.reconciled import explained, report_table
from otklik.payouts.report_problems import report_problem_lines
from otklik.payouts.rules.schedule import Period
from otklik.payouts.web.import_forms import ReportForm
from otklik.payouts.web.picking import picked_partner, picker

A_PAGE = 50


@require_safe
@needs(Right.SEE_MONEY)
def listed(request: StaffRequest) -> HttpResponse:
    rows = visible_reports(request.user).select_related("partner", "uploaded_by", "uploaded_by_contact")
    page = Paginator(rows.order_by("-uploaded_at", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "payouts/reconciliations.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SEE_MONEY)
def new(request: StaffRequest) -> HttpResponse:
    """First whose figures, then the file."""
    partners = money_partners(request.user).filter(erased_at=None).select_related("program")
    partner = picked_partner(request, partners)
    if partner is None:
        return picker(request, "reconciliation", "payouts/reconciliation_partner.html")
    balances = visible_balances(request.user).filter(partner=partner).order_by("currency")
    currencies = list(balances.values_list("currency", flat=True)) or [partner.program.currency]
    form = ReportForm(
        request.POST or None,
        request.FILES or None,
        initial=last_month(timezone.localdate(now())),
        currencies=currencies,
    )
    context: dict[str, Any] = {"form": form, "partner": partner, "problems": []}
    if form.is_valid():
        try:
            return redirect("reconciliation", _taken(request, partner, form).pk)
        except TableError as error:
            form.add_error("file", refusal_text(refusal_of(error)))
        except ReportFileRefused as refused:
            context |= {"problems": report_problem_lines(refused), "columns": refused.columns}
    status = 422 if form.errors or context["problems"] else 200
    return render(request, "payouts/reconciliation_form.html", context, status=status)


@require_safe
@needs(Right.SEE_MONEY)
def show(request: StaffRequest, report_id: int) -> HttpResponse:
    rows = visible_reports(request.user).select_related("partner", "uploaded_by", "uploaded_by_contact")
    report = get_object_or_404(rows, pk=report_id)
    return render(request, "payouts/reconciliation.html", {"report": report, "found": explained(report)})


@require_safe
@needs(Right.SEE_MONEY)
def download(request: StaffRequest, report_id: int) -> HttpResponseBase:
    return report_download(get_object_or_404(visible_reports(request.user), pk=report_id))


def report_download(report: PartnerReport) -> HttpResponseBase:
    columns, rows = report_table(report)
    # Spreadsheets split by the separator of their own language.
    separator = ";" if get_language() == "ru" else ","
    lines = list(csv_lines(columns, rows, delimiter=separator))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"reconciliation-{report.start}-{report.end}-{report.currency}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def last_month(today: date) -> Mapping[str, date]:
    end = today.replace(day=1) - timedelta(days=1)
    return {"start": end.replace(day=1), "end": end}


def _taken(request: StaffRequest, partner: Partner, form: ReportForm) -> PartnerReport:
    data = form.cleaned_data
    return take_report_file(
        partner_id=partner.pk,
        currency=data["currency"],
        period=Period(data["start"], data["end"]),
        file=cast(BinaryIO, data["file"].file),
        zone=timezone.get_default_timezone(),
        form_key=key_of(data["key"], data["file"], partner.pk, data["start"], data["end"], data["currency"]),
        by=actor_for(request),
        at=now(),
    )
