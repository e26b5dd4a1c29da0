"""Files of money: brought in, refused with every wrong line, and what each one recorded."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.jobs.public import progress_of
from otklik.kit.clock import now
from otklik.kit.tabular import TableError, csv_lines
from otklik.partners.imports.public import refusal_of, refusal_text
from otklik.partners.public import shown_timeline, visible_programs
from otklik.payouts.access import visible_imports, visible_uploads
from otklik.payouts.labels import LINE_PROBLEMS, UPLOAD_REFUSALS
from otklik.payouts.models import MoneyImport, MoneyUpload
from otklik.payouts.operations.uploads import progress_key, receive_money_file
from otklik.payouts.rules.file_rows import MOST_PROBLEMS, OPTIONAL, REQUIRED
from otklik.payouts.rules.vocabulary import LineProblem, MoneyFileKind, UploadState
from otklik.payouts.web.import_forms import MoneyFileForm

A_PAGE = 30
_MOST_UPLOADS = 10
_EXAMPLES = {
    "key": "order-1001",
    "partner": "A-17",
    "amount": "12.50",
    "currency": "EUR",
    "earned_on": "2026-02-01",
    "kind": "earned",
    "source": "newsletter",
    "state": "planned",
    "expected_on": "2026-02-15",
}


@dataclass(frozen=True, slots=True)
class ProblemLine:
    line: int
    column: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class CurrencyLine:
    """Sums of one currency: of the file, and of its parts, which add up to it."""

    currency: str
    whole: Decimal
    parts: list[Decimal]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SEE_MONEY)
def overview(request: StaffRequest) -> HttpResponse:
    """What came in so far; and the form, for those who may bring in more."""
    if not request.user.may(Right.SEE_ALL_PARTNERS):
        raise Http404
    form = None
    if request.user.may(Right.EDIT_MONEY):
        form = MoneyFileForm(
            request.POST or None,
            request.FILES or None,
            programs=visible_programs(request.user).order_by("name", "pk"),
        )
    elif request.method == "POST":
        raise Http404
    if form is not None and form.is_valid() and (upload := _received(request, form)):
        return redirect("money-upload", upload.pk)
    imports = visible_imports(request.user).select_related("program", "created_by")
    uploads = visible_uploads(request.user).exclude(state=UploadState.DONE)
    context = {
        "form": form,
        "page": Paginator(imports.order_by("-created_at", "-pk"), A_PAGE).get_page(request.GET.get("page")),
        "uploads": uploads.select_related("program", "uploaded_by").order_by("-uploaded_at")[:_MOST_UPLOADS],
        "columns": [(kind.value, REQUIRED[kind], OPTIONAL[kind]) for kind in MoneyFileKind],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "payouts/imports.html", context, status=status)


@require_safe
@needs(Right.EDIT_MONEY)
def upload(request: StaffRequest, upload_id: int) -> HttpResponse:
    """A file on its way in, or why it was refused."""
    row = get_object_or_404(
        visible_uploads(request.user).select_related("program", "uploaded_by"), pk=upload_id
    )
    if row.state == UploadState.DONE:
        return redirect("money-imported", row.money_import_id)
    return render(request, "payouts/upload.html", _upload_context(row))


@require_safe
@needs(Right.EDIT_MONEY)
def upload_state(request: StaffRequest, upload_id: int) -> HttpResponse:
    """The part of the page that changes; when the work is over the whole page is shown anew."""
    row = get_object_or_404(visible_uploads(request.user), pk=upload_id)
    response = render(request, "payouts/_upload_state.html", _upload_context(row))
    if row.state != UploadState.WAITING:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@needs(Right.SEE_MONEY)
def imported(request: StaffRequest, import_id: int) -> HttpResponse:
    rows = visible_imports(request.user).select_related("program", "created_by")
    row = get_object_or_404(rows, pk=import_id)
    lines, _more = shown_timeline("money_import", row.pk, rights=frozenset(request.user.rights))
    context = {"row": row, "currencies": _currencies(row), "lines": lines}
    return render(request, "payouts/imported.html", context)


@require_safe
@needs(Right.EDIT_MONEY)
def empty_table(request: StaffRequest, kind: str) -> HttpResponseBase:
    if kind not in set(MoneyFileKind):
        raise Http404
    columns = [*REQUIRED[MoneyFileKind(kind)], *OPTIONAL[MoneyFileKind(kind)]]
    lines = csv_lines(columns, [[_EXAMPLES.get(column, "") for column in columns]])
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return answer


def problem_lines(problems: list[list[Any]]) -> list[ProblemLine]:
    """As an upload keeps them."""
    return [
        ProblemLine(line, column, value, str(LINE_PROBLEMS[LineProblem(problem)]))
        for line, column, problem, value in problems
    ]


def _received(request: StaffRequest, form: MoneyFileForm) -> MoneyUpload | None:
    """None: the form says what is wrong."""
    file = form.cleaned_data["file"]
    try:
        return receive_money_file(
            program_id=form.cleaned_data["program"].pk,
            kind=MoneyFileKind(form.cleaned_data["kind"]),
            file=file,
            name=file.name,
            zone=timezone.get_current_timezone_name(),
            said_totals=form.cleaned_data["totals"],
            user_id=request.user.pk,
            form_key=form.cleaned_data["key"],
            clock=now,
        )
    except TableError as error:
        form.add_error("file", refusal_text(refusal_of(error)))
        return None


def _upload_context(row: MoneyUpload) -> dict[str, Any]:
    refusal = ""
    if row.refusal:
        code = row.refusal["code"]
        refusal = str(UPLOAD_REFUSALS[code]) if code in UPLOAD_REFUSALS else refusal_text(row.refusal)
    progress = progress_of(progress_key(row.pk)) if row.state == UploadState.WAITING else None
    return {
        "row": row,
        "refusal": refusal,
        "problems": problem_lines(row.problems),
        "is_cut": len(row.problems) >= MOST_PROBLEMS,
        "most": MOST_PROBLEMS,
        "progress": progress,
    }


def _currencies(row: MoneyImport) -> list[CurrencyLine]:
    if not row.outcome:
        return []
    return [
        CurrencyLine(
            currency,
            Decimal(whole),
            [
                Decimal(row.outcome[name]["totals"].get(currency, "0"))
                for name in ("new", "changed", "same")
                if name != "changed" or row.kind == MoneyFileKind.PAYOUTS
            ],
        )
        for currency, whole in sorted(row.totals.items())
    ]
