"""A run under way and what came of it."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.tabular import csv_lines
from otklik.partners.imports.operations.start import AlreadyOver, cancel_run, wake_run
from otklik.partners.imports.queries import failed_table
from otklik.partners.imports.web import pages
from otklik.partners.imports.web.views import csv_response
from otklik.partners.models import ImportRun


@require_GET
@needs(Right.IMPORT)
def run_page(request: StaffRequest, run_id: int) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects.select_related("program", "created_by"), pk=run_id)
    if run.state == ImportRun.State.MAPPING:
        return redirect("import-mapping", run_id=run.pk)
    context = pages.run_page(run, request.GET.get("page"), now())
    return render(request, "partners/imports/run.html", context)


@require_GET
@needs(Right.IMPORT)
def state(request: StaffRequest, run_id: int) -> HttpResponse:
    """The part of the run's page that changes; when the run is over the whole page is shown anew."""
    run = get_object_or_404(ImportRun.objects.select_related("program", "created_by"), pk=run_id)
    response = render(request, "partners/imports/_state.html", pages.state_part(run, now()))
    if run.is_over:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@needs(Right.IMPORT)
def cancellation(request: StaffRequest, run_id: int) -> HttpResponse:
    run = get_object_or_404(ImportRun, pk=run_id)
    with suppress(AlreadyOver):  # it ended while the person made up their mind; its page tells
        cancel_run(run_id=run.pk, by=actor_for(request), at=now())
    return redirect("import-run", run_id=run.pk)


@require_POST
@needs(Right.IMPORT)
def continuation(request: StaffRequest, run_id: int) -> HttpResponse:
    run = get_object_or_404(ImportRun, pk=run_id)
    with suppress(AlreadyOver):
        wake_run(run_id=run.pk)
    return redirect("import-run", run_id=run.pk)


@require_GET
@needs(Right.IMPORT)
def failures_csv(request: StaffRequest, run_id: int) -> HttpResponseBase:
    run = get_object_or_404(ImportRun, pk=run_id)
    columns, rows = failed_table(run)
    # Spreadsheets split by the separator of their own language.
    separator = ";" if get_language() == "ru" else ","
    return csv_response(csv_lines(columns, rows, delimiter=separator), f"import-{run.pk}-failed.csv")
