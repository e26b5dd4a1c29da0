"""The wizard up to its start: choose a file, say what its columns mean."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.tabular import TableError, csv_lines
from otklik.partners.imports.operations.receive import read_otherwise, receive_file
from otklik.partners.imports.operations.start import AlreadyStarted, BadMapping, start_run
from otklik.partners.imports.queries import past_runs
from otklik.partners.imports.reasons import complaints_of, refusal_of, refusal_text
from otklik.partners.imports.sample import Sample
from otklik.partners.imports.targets import UnknownTarget, import_targets, target_named
from otklik.partners.imports.web import pages
from otklik.partners.imports.web.forms import MappingForm, ReadingForm, UploadForm
from otklik.partners.models import ImportRun, Program

RUNS_A_PAGE = 30


@require_GET
@needs(Right.IMPORT)
def run_list(request: StaffRequest) -> HttpResponse:
    page = Paginator(past_runs(), RUNS_A_PAGE).get_page(request.GET.get("page"))
    labels = {target.name: target.label for target in import_targets}
    return render(request, "partners/imports/list.html", {"page": page, "labels": labels})


@require_http_methods(["GET", "POST"])
@needs(Right.IMPORT)
def upload(request: StaffRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None, initial=_upload_initial(request))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = receive_file(
                target=target_named(form.cleaned_data["target"]),
                program_id=form.cleaned_data["program"].pk,
                file=file,
                name=file.name,
                reading=form.reading,
                user_id=request.user.pk,
                at=now(),
            )
            return _go(request, reverse("import-mapping", args=[run.pk]))
        except TableError as error:
            form.add_error("file", refusal_text(refusal_of(error)))
    return render(request, "partners/imports/upload.html", {"form": form, "targets": list(import_targets)})


@require_GET
@needs(Right.IMPORT)
def column_template(request: StaffRequest, target: str) -> HttpResponseBase:
    try:
        fields = target_named(target).fields
    except UnknownTarget as error:
        raise Http404 from error
    lines = csv_lines([str(f.label) for f in fields], [[str(f.example) for f in fields]])
    return csv_response(lines, f"{target}.csv")


@require_http_methods(["GET", "POST"])
@needs(Right.IMPORT)
def mapping(request: StaffRequest, run_id: int) -> HttpResponse:
    run = get_object_or_404(ImportRun, pk=run_id)
    if run.state != ImportRun.State.MAPPING:
        return redirect("import-run", run_id=run.pk)
    form = _mapping_form(request, run)
    if request.method == "POST" and form.is_valid() and _started(request, run, form):
        return redirect("import-run", run_id=run.pk)
    page = pages.mapping_page(run, form, ReadingForm(initial=run.options.get("reading")), now())
    return render(request, "partners/imports/mapping.html", page)


def _started(request: StaffRequest, run: ImportRun, form: MappingForm) -> bool:
    """Start the run; False where the form has to be shown again, with what is wrong on it."""
    sample, chosen = Sample.from_json(run.sample), form.mapping()
    if form.order_is_open(sample, chosen):
        form.add_error("order", _("These dates can be read in two ways. Choose one."))
        return False
    try:
        start_run(
            run_id=run.pk,
            mapping=chosen,
            hints=form.hints(sample, chosen),
            options=form.options(),
            by=actor_for(request),
            at=now(),
        )
    except BadMapping:
        for complaint in complaints_of(form.target, chosen, run.columns):
            form.add_error(None, complaint)
        return False
    except AlreadyStarted:  # a second click
        pass
    return True


@require_POST
@needs(Right.IMPORT)
def preview(request: StaffRequest, run_id: int) -> HttpResponse:
    run = get_object_or_404(ImportRun, pk=run_id)
    if run.state != ImportRun.State.MAPPING:
        return _go(request, reverse("import-run", args=[run.pk]))
    form = _mapping_form(request, run)
    form.is_valid()
    return render(request, "partners/imports/_preview.html", pages.preview_part(run, form, now()))


@require_POST
@needs(Right.IMPORT)
def reading(request: StaffRequest, run_id: int) -> HttpResponse:
    run = get_object_or_404(ImportRun, pk=run_id)
    asked = ReadingForm(request.POST)
    if run.state == ImportRun.State.MAPPING and asked.is_valid():
        try:
            read_otherwise(run_id=run.pk, reading=asked.reading)
        except TableError as error:
            asked.add_error(None, refusal_text(refusal_of(error)))
            page = pages.mapping_page(run, _mapping_form(request, run, bound=False), asked, now())
            return render(request, "partners/imports/mapping.html", page)
        except AlreadyStarted:
            pass
    return redirect("import-mapping", run_id=run.pk)


def _mapping_form(request: StaffRequest, run: ImportRun, *, bound: bool = True) -> MappingForm:
    data = request.POST if bound and request.method == "POST" else None
    initial = MappingForm.initial_for(run, request.user.time_zone)
    return MappingForm(run, target_named(run.target), data, initial=initial)


def _upload_initial(request: HttpRequest) -> dict[str, object]:
    first = next(iter(import_targets), None)
    return {
        "target": request.GET.get("target") or (first.name if first else ""),
        "program": request.GET.get("program") or Program.objects.values_list("pk", flat=True).first(),
    }


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """Onward, also from a form that htmx sent."""
    return HttpResponseClientRedirect(url) if request.headers.get("HX-Request") else redirect(url)


def csv_response(lines: object, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")  # type: ignore[arg-type]
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
