"""A partner's own money: what comes, what waits and why, statements, asking for a payout."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import uuid5

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.identity.public import Right
from otklik.kit.clock import now
from otklik.kit.money import shown
from otklik.kit.tabular import csv_lines
from otklik.partners.public import shown_timeline
from otklik.payouts.public import (
    AlreadyAsked,
    BelowMinimum,
    Entry,
    MoreThanAvailable,
    OwnMoney,
    PayoutRequest,
    RequestClosed,
    WrongAmount,
    ask_payout,
    entry_word,
    late_by,
    own_money,
    partner_payouts,
    partner_requests,
    partner_statements,
    statement_lines,
    statement_sums,
    told,
    withdraw_request,
)
from otklik.portal.web.guard import OpenView, PortalRequest, actor_for_person, person_page
from otklik.portal.web.limits import is_too_often
from otklik.portal.web.money_forms import AskForm

P = ParamSpec("P")
A_PAGE = 30
LINES = 100
CHUNK = 1000
_TIMELINE = 100


def money_page(view: Callable[Concatenate[PortalRequest, P], HttpResponseBase]) -> OpenView[P]:
    """For who sees their company's money; to anybody else there is no such page."""

    @wraps(view)
    def checked(request: PortalRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.person.sees_money:
            raise Http404
        return view(request, *args, **kwargs)

    return person_page(checked)


@require_safe
@money_page
def overview(request: PortalRequest) -> HttpResponse:
    found = _own(request)
    return render(request, "portal/money/overview.html", {"found": found, "today": timezone.localdate(now())})


@require_safe
@money_page
def payouts(request: PortalRequest) -> HttpResponse:
    """The latest day first."""
    rows = partner_payouts(request.person.partner.pk).order_by("-expected_on", "-pk")
    context = {"page": Paginator(rows, A_PAGE).get_page(request.GET.get("page"))}
    return render(request, "portal/money/payouts.html", context)


@require_safe
@money_page
def payout(request: PortalRequest, payout_id: int) -> HttpResponse:
    row = get_object_or_404(partner_payouts(request.person.partner.pk), pk=payout_id)
    lines, _more = shown_timeline(
        "payout", row.pk, rights=frozenset({Right.SEE_MONEY.value}), limit=_TIMELINE
    )
    context = {
        "payout": row,
        "lines": lines,
        "days_late": late_by(row, timezone.localdate(now())),
        "was_moved": row.expected_on != row.original_expected_on,
    }
    return render(request, "portal/money/payout.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@money_page
def ask(request: PortalRequest) -> HttpResponse:
    """All that is free, or a part of it."""
    found = _own(request)
    form = AskForm(request.POST or None, currencies=[one.currency for one in found.free])
    status = 200
    if request.method == "POST":
        status = 422
        if is_too_often(request, "write", str(request.person.account_id), at=now()):
            form.add_error(None, _("This was tried many times. Please wait an hour and try once more."))
            status = 429
        elif form.is_valid() and _asked(request, form, found):
            messages.success(request, _("You asked for a payout. It comes with the next ones we calculate."))
            return redirect("portal-money")
    return render(request, "portal/money/ask.html", {"form": form, "found": found}, status=status)


@require_POST
@money_page
def withdraw(request: PortalRequest, request_id: int) -> HttpResponse:
    row = get_object_or_404(partner_requests(request.person.partner.pk), pk=request_id)
    try:
        withdraw_request(request_id=row.pk, by=actor_for_person(request), at=now())
    except RequestClosed:
        messages.info(request, _("This request was answered meanwhile."))
    else:
        messages.success(request, _("The request is withdrawn. The money stays on your balance."))
    return redirect("portal-money")


@require_safe
@money_page
def statements(request: PortalRequest) -> HttpResponse:
    rows = partner_statements(request.person.partner.pk).order_by("-end", "-pk")
    context = {"page": Paginator(rows, A_PAGE).get_page(request.GET.get("page"))}
    return render(request, "portal/money/statements.html", context)


@require_safe
@money_page
def statement(request: PortalRequest, statement_id: int) -> HttpResponse:
    row = get_object_or_404(partner_statements(request.person.partner.pk), pk=statement_id)
    context = {
        "statement": row,
        "sums": statement_sums(row),
        "page": Paginator(statement_lines(row), LINES).get_page(request.GET.get("page")),
    }
    return render(request, "portal/money/statement.html", context)


@require_safe
@money_page
def statement_file(request: PortalRequest, statement_id: int) -> HttpResponseBase:
    row = get_object_or_404(partner_statements(request.person.partner.pk), pk=statement_id)
    columns = [_("Day"), _("Kind"), _("Amount"), _("Currency"), _("Source"), _("Key")]
    # The lines are written after the language of this request is over.
    language = get_language() or "en"
    cells = _cells(statement_lines(row).iterator(chunk_size=CHUNK), language)
    return csv_file(columns, cells, f"statement-{row.number.replace('/', '-')}")


def csv_file(columns: Sequence[str], rows: Iterable[Sequence[object]], name: str) -> StreamingHttpResponse:
    # Spreadsheets split by the separator of their own language.
    separator = ";" if get_language() == "ru" else ","
    lines = csv_lines(columns, rows, delimiter=separator)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _cells(rows: Iterator[Entry], language: str) -> Iterator[list[object]]:
    """Without notes: they are written for the books."""
    for row in rows:
        yield [
            row.earned_on.isoformat(),
            entry_word(row.kind, language),
            told(row.amount, row.currency),
            row.currency,
            row.source,
            row.source_key,
        ]


def _own(request: PortalRequest) -> OwnMoney:
    at = now()
    return own_money(request.person.partner, on=timezone.localdate(at), at=at)


def _asked(request: PortalRequest, form: AskForm, found: OwnMoney) -> PayoutRequest | None:
    """None: the form says why not."""
    person, data = request.person, form.cleaned_data
    try:
        return ask_payout(
            partner_id=person.partner.pk,
            currency=data["currency"],
            amount=data["amount"],
            contact_id=person.contact.pk,
            form_key=uuid5(data["key"], str(person.contact.pk)),
            by=actor_for_person(request),
            at=now(),
        )
    except AlreadyAsked:
        form.add_error(
            None, _("You asked for a payout in this currency already. It waits for the next batch.")
        )
    except MoreThanAvailable as more:
        form.add_error("amount", _too_much(more, data["currency"], found))
    except BelowMinimum as less:
        least = shown(less.minimum, data["currency"], get_language() or "en")
        form.add_error(
            "amount", _("%(least)s is the smallest payout. Ask for that or more.") % {"least": least}
        )
    except WrongAmount:
        form.add_error("amount", _("Write an amount above zero, no finer than the currency."))
    return None


def _too_much(more: MoreThanAvailable, currency: str, found: OwnMoney) -> str:
    language = get_language() or "en"
    free = shown(more.available, currency, language)
    held = sum((one.held for one in found.balances if one.currency == currency), start=0 * more.available)
    text = _("%(free)s can be asked for at most.") % {"free": free}
    if held:
        text += " " + _("%(held)s is on hold; the reason is on the page about money.") % {
            "held": shown(held, currency, language)
        }
    return text
