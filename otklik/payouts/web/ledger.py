"""A partner's money: balances, every line of the ledger, and all else on one page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now
from otklik.kit.tabular.export import csv_lines
from otklik.payouts.access import money_partners
from otklik.payouts.labels import ENTRY_KINDS
from otklik.payouts.models import Entry
from otklik.payouts.operations.amounts import told
from otklik.payouts.queries.ledger import EntryFilter, ledger_lines, money_page, sums_of
from otklik.payouts.queries.partner_money import pay_day

A_PAGE = 50
CHUNK = 1000


@require_safe
@needs(Right.SEE_MONEY)
def show(request: StaffRequest, partner_id: int) -> HttpResponse:
    partner = get_object_or_404(money_partners(request.user).select_related("program"), pk=partner_id)
    wanted = asked_filter(request.GET)
    rows = ledger_lines(partner, wanted)
    today = timezone.localdate(now())
    found = money_page(partner)
    may_edit = request.user.may(Right.EDIT_MONEY) and not partner.erased_at
    context = {
        "partner": partner,
        "found": found,
        "wanted": wanted,
        "kinds": [(kind.value, word, kind == wanted.kind) for kind, word in ENTRY_KINDS.items()],
        "page": Paginator(rows.select_related("statement"), A_PAGE).get_page(request.GET.get("page")),
        "sums": sums_of(rows) if wanted.is_set else [],
        "pay_day": pay_day(partner, today),
        "today": today,
        "may_edit": may_edit,
        "details": found.details.get("confirmed"),
        "details_wait": found.details.get("proposed"),
    }
    return render(request, "payouts/ledger.html", context)


@require_safe
@needs(Right.SEE_MONEY)
def file(request: StaffRequest, partner_id: int) -> HttpResponseBase:
    """What the page lists with its filters, as CSV."""
    partner = get_object_or_404(money_partners(request.user), pk=partner_id)
    rows = ledger_lines(partner, asked_filter(request.GET))
    return entries_csv(rows.iterator(chunk_size=CHUNK), f"ledger-{partner.pk}")


def asked_filter(asked: QueryDict) -> EntryFilter:
    return EntryFilter(
        currency=asked.get("currency", "")[:3].upper(),
        kind=asked.get("kind", "")[:12],
        source=asked.get("source", "").replace("\x00", "")[:60],
        start=_day(asked.get("start", "")),
        end=_day(asked.get("end", "")),
    )


def entries_csv(rows: Iterator[Entry], name: str) -> StreamingHttpResponse:
    language = get_language() or "en"
    columns = (_("Day"), _("Kind"), _("Amount"), _("Currency"), _("Source"), _("Key"), _("Note"))
    with override(language):
        words = {kind.value: str(word) for kind, word in ENTRY_KINDS.items()}
    cells = (
        (
            row.earned_on.isoformat(),
            words[row.kind],
            told(row.amount, row.currency),
            row.currency,
            row.source,
            row.source_key,
            row.note,
        )
        for row in rows
    )
    response = StreamingHttpResponse(csv_lines(columns, cells), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
