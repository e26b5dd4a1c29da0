"""Statements: what a partner was told of a period, to read, to print and as a file."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import name_key, visible_programs
from otklik.payouts.access import visible_statements
from otklik.payouts.operations.statements import queue_statements
from otklik.payouts.queries.ledger import statement_lines, statement_sums
from otklik.payouts.web.ledger import CHUNK, entries_csv

A_PAGE = 50
LINES = 100
MOST_PRINTED = 5000


@require_safe
@needs(Right.SEE_MONEY)
def listed(request: StaffRequest) -> HttpResponse:
    """The latest period first; found by its number or the partner's name."""
    asked = request.GET.get("q", "").replace("\x00", "")[:200].strip()
    rows = visible_statements(request.user).select_related("partner").order_by("-end", "-pk")
    if asked:
        by_number = rows.filter(number__icontains=asked)
        wanted = name_key(asked)
        rows = by_number | rows.filter(partner__name_key__contains=wanted) if wanted else by_number
    may_issue = request.user.may(Right.EDIT_MONEY) and request.user.may(Right.SEE_ALL_PARTNERS)
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "wanted": asked,
        "programs": list(visible_programs(request.user).order_by("name", "pk")) if may_issue else [],
    }
    return render(request, "payouts/statements.html", context)


@require_safe
@needs(Right.SEE_MONEY)
def show(request: StaffRequest, statement_id: int) -> HttpResponse:
    rows = visible_statements(request.user).select_related("partner", "program")
    statement = get_object_or_404(rows, pk=statement_id)
    is_printed = "print" in request.GET
    lines = Paginator(statement_lines(statement), MOST_PRINTED if is_printed else LINES)
    context = {
        "statement": statement,
        "sums": statement_sums(statement),
        "page": lines.get_page(request.GET.get("page")),
        "is_printed": is_printed,
    }
    return render(request, "payouts/statement.html", context)


@require_safe
@needs(Right.SEE_MONEY)
def file(request: StaffRequest, statement_id: int) -> HttpResponseBase:
    statement = get_object_or_404(visible_statements(request.user), pk=statement_id)
    name = statement.number.replace("/", "-")
    return entries_csv(statement_lines(statement).iterator(chunk_size=CHUNK), f"statement-{name}")


@require_POST
@needs(Right.EDIT_MONEY)
def issue(request: StaffRequest) -> HttpResponse:
    """Those that are due are issued every hour; this is for who does not want to wait."""
    if not request.user.may(Right.SEE_ALL_PARTNERS):
        messages.error(request, _("Statements are issued for a whole program."))
        return redirect("statements")
    wanted = request.POST.get("program", "")
    known = wanted if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else "0"
    program = visible_programs(request.user).filter(pk=known).first()
    if program is None:
        messages.error(request, _("Choose a program."))
        return redirect("statements")
    queue_statements(program_id=program.pk, by=actor_for(request), at=now())
    text = _("Statements of %(program)s are being issued: one for every period that is over and has none.")
    messages.success(request, text % {"program": program.name})
    return redirect("statements")
