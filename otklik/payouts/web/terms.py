"""When and from what amount a program pays, and what was agreed with a partner instead."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import Partner, Program, visible_programs
from otklik.payouts.models import PaymentTerms
from otklik.payouts.operations.amounts import WrongAmount
from otklik.payouts.operations.terms import TermsChanged, TermsRefused, follow_program, set_terms
from otklik.payouts.rules.schedule import Terms, next_pay_day
from otklik.payouts.rules.vocabulary import Schedule
from otklik.payouts.web.forms import TermsForm
from otklik.payouts.web.picking import changeable_partners
from otklik.payouts.web.problems import TERMS_PROBLEMS

A_PAGE = 50


@require_safe
@needs(Right.SEE_MONEY)
def listed(request: StaffRequest) -> HttpResponse:
    """Programs first, then the partners with terms of their own."""
    if not request.user.may(Right.SEE_ALL_PARTNERS):
        raise Http404
    today = timezone.localdate(now())
    programs = list(visible_programs(request.user).order_by("name", "pk"))
    general = {row.program_id: row for row in PaymentTerms.objects.filter(program__in=programs, partner=None)}
    own = PaymentTerms.objects.filter(program__in=programs).exclude(partner=None)
    context = {
        "programs": [
            (program, general.get(program.pk), _pay_day(general.get(program.pk), today))
            for program in programs
        ],
        "page": Paginator(
            own.select_related("partner", "program").order_by("partner__name_key", "pk"), A_PAGE
        ).get_page(request.GET.get("page")),
        "may_edit": request.user.may(Right.EDIT_MONEY),
    }
    return render(request, "payouts/terms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_MONEY)
def of_program(request: StaffRequest, program_id: int) -> HttpResponse:
    if not request.user.may(Right.SEE_ALL_PARTNERS):
        raise Http404
    program = get_object_or_404(visible_programs(request.user), pk=program_id)
    return _edited(request, program, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_MONEY)
def of_partner(request: StaffRequest, partner_id: int) -> HttpResponse:
    partner = get_object_or_404(changeable_partners(request).select_related("program"), pk=partner_id)
    return _edited(request, partner.program, partner)


@require_POST
@needs(Right.EDIT_MONEY)
def drop(request: StaffRequest, partner_id: int) -> HttpResponse:
    partner = get_object_or_404(changeable_partners(request), pk=partner_id)
    follow_program(partner_id=partner.pk, by=actor_for(request), at=now())
    messages.success(request, _("The terms of the program hold for this partner again."))
    return redirect("money-partner", partner.pk)


def _edited(request: StaffRequest, program: Program, partner: Partner | None) -> HttpResponse:
    rows = PaymentTerms.objects.filter(program=program)
    known = rows.filter(partner=partner).first()
    shown = known or rows.filter(partner=None).first() or PaymentTerms(program=program)
    form = TermsForm(request.POST or None, initial=_initial(shown, known), is_of_program=partner is None)
    contested = None
    if form.is_valid():
        try:
            set_terms(
                program_id=program.pk,
                partner_id=partner.pk if partner else None,
                terms=form.terms(),
                minimum=form.cleaned_data["minimum"],
                needs_details=form.cleaned_data.get("needs_details", True),
                expected_version=form.cleaned_data["version"],
                by=actor_for(request),
                at=now(),
            )
        except TermsRefused as refused:
            field, text = TERMS_PROBLEMS[refused.problem]
            form.add_error(field, str(text))
        except WrongAmount:
            form.add_error("minimum", _("A currency has fewer digits after the point."))
        except TermsChanged as changed:
            form = _opened_again(form, changed.version, is_of_program=partner is None)
            contested = rows.filter(partner=partner).first()
        else:
            messages.success(request, _("Saved."))
            return redirect("money-partner", partner.pk) if partner else redirect("payment-terms")
    context = {
        "form": form,
        "program": program,
        "partner": partner,
        "is_own": partner is not None and known is not None,
        "contested": contested,
    }
    return render(request, "payouts/terms_form.html", context, status=422 if form.errors else 200)


def _initial(shown: PaymentTerms, known: PaymentTerms | None) -> dict[str, Any]:
    return {
        "version": known.version if known else 0,
        "schedule": shown.schedule,
        "day": shown.day,
        "net_days": shown.net_days,
        "notice_days": shown.notice_days,
        "needs_details": shown.needs_details,
        "minimum": "\n".join(f"{currency} {amount}" for currency, amount in sorted(shown.minimum.items())),
    }


def _opened_again(form: TermsForm, version: int, *, is_of_program: bool) -> TermsForm:
    """With all that was typed; saving once more is meant so."""
    again = TermsForm({**dict(form.data.items()), "version": version}, is_of_program=is_of_program)
    again.add_error(
        None,
        _(
            "Somebody changed these terms while you were writing. What they say now stands above; what you "
            "typed is kept. Save once more to put yours in its place."
        ),
    )
    return again


def _pay_day(terms: PaymentTerms | None, today: Any) -> Any:
    if terms is None:
        return None
    known = Terms(Schedule(terms.schedule), terms.day, terms.net_days, terms.notice_days)
    return next_pay_day(known, today).pay_on
