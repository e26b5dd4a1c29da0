"""Batches: listed, calculated, approved by two, called off."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, names_of, needs
from otklik.kit.clock import now
from otklik.partners.public import Partner, shown_timeline, visible_programs
from otklik.payouts.access import approvable_batches, editable, visible_batches
from otklik.payouts.labels import APPROVAL_REFUSALS, PAYOUT_PROBLEMS
from otklik.payouts.models import PayoutBatch
from otklik.payouts.operations.batches import (
    ApprovalRefused,
    BatchTooLarge,
    BatchUnderWay,
    FileTaken,
    NotCovered,
    NothingToPay,
    approve_batch,
    calculate_batch,
    cancel_batch,
)
from otklik.payouts.queries.approvals import Approvals, approvals_of, never_paid_to
from otklik.payouts.rules.vocabulary import AWAITED, BatchState, PayoutState
from otklik.payouts.web.forms import BatchForm
from otklik.payouts.web.problems import FILE_TAKEN

A_PAGE = 50
_MOST_NAMED = 10


@require_safe
@needs(Right.SEE_MONEY)
def listed(request: StaffRequest) -> HttpResponse:
    _refuse_who_sees_own_only(request)
    rows = visible_batches(request.user).select_related("program").order_by("-pay_on", "-pk")
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "may_edit": request.user.may(Right.EDIT_MONEY),
    }
    return render(request, "payouts/batches.html", context)


@require_safe
@needs(Right.SEE_MONEY)
def show(request: StaffRequest, batch_id: int) -> HttpResponse:
    rows = visible_batches(request.user).select_related("program", "calculated_by", "exported_by")
    batch = get_object_or_404(rows, pk=batch_id)
    payouts = batch.payouts.select_related("partner", "details").order_by("partner__name_key", "pk")
    left_out = batch.left_out.select_related("partner").order_by("partner__name_key", "pk")
    waits = batch.state == BatchState.CALCULATED
    approvals = approvals_of([batch])[batch.pk]
    refusal = approvals.refusal_for(request.user.pk)
    may_approve = waits and request.user.may(Right.APPROVE_MONEY)
    open_states = (BatchState.CALCULATED, BatchState.APPROVED)
    page = Paginator(payouts, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "page": page,
        "new_accounts": never_paid_to([one.details_id for one in page]),
        "left_out": Paginator(left_out, A_PAGE).get_page(request.GET.get("left")),
        "approvals": list(batch.approvals.select_related("user").order_by("at", "pk")),
        "may_approve": may_approve and refusal is None,
        "refusal": APPROVAL_REFUSALS[refusal] if may_approve and refusal else "",
        "nobody_is_left": approvals.nobody_is_left,
        "brought_in_by": names_of(approvals.hands),
        "lines": shown_timeline("batch", batch.pk, rights=frozenset(request.user.rights))[0],
        **_buttons(request, batch),
        "may_cancel": batch.state in open_states and request.user.may(Right.EDIT_MONEY),
    }
    return render(request, "payouts/batch.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_MONEY)
def new(request: StaffRequest) -> HttpResponse:
    _refuse_who_sees_own_only(request)
    today = timezone.localdate(now())
    last_month = today.replace(day=1) - timedelta(days=1)
    form = BatchForm(
        request.POST or None,
        initial={"pay_on": today, "earned_until": last_month, **_asked(request)},
        programs=visible_programs(request.user).order_by("name", "pk"),
    )
    if form.is_valid():
        try:
            batch = calculate_batch(
                program_id=form.cleaned_data["program"].pk,
                currency=form.cleaned_data["currency"],
                pay_on=form.cleaned_data["pay_on"],
                earned_until=form.cleaned_data["earned_until"],
                note=form.cleaned_data["note"],
                form_key=form.cleaned_data["form_key"],
                by=actor_for(request),
                at=now(),
            )
        except NothingToPay as nothing:
            form.add_error(None, _nothing_to_pay(nothing))
        except BatchTooLarge:
            text = _("The payouts come to more than 900,000,000,000,000, the largest sum of a batch.")
            form.add_error(None, text)
        else:
            messages.success(request, _calculated(approvals_of([batch])[batch.pk]))
            return redirect("batch", batch.pk)
    return render(request, "payouts/batch_form.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@needs(Right.APPROVE_MONEY)
def approve(request: StaffRequest, batch_id: int) -> HttpResponse:
    batch = get_object_or_404(approvable_batches(request.user), pk=batch_id)
    try:
        batch = approve_batch(batch_id=batch.pk, by=actor_for(request), at=now())
    except ApprovalRefused as refused:
        messages.error(request, str(APPROVAL_REFUSALS[refused.refusal]))
    except NotCovered as short:
        messages.error(request, _not_covered(short))
    else:
        done = batch.state == BatchState.APPROVED
        both = _("Approved. The payouts can be sent.")
        messages.success(request, both if done else _("Approved. One more person has to approve it."))
    return redirect("batch", batch.pk)


@require_POST
@needs(Right.EDIT_MONEY)
def cancel(request: StaffRequest, batch_id: int) -> HttpResponse:
    batch = get_object_or_404(editable(request.user, visible_batches(request.user)), pk=batch_id)
    try:
        cancel_batch(batch_id=batch.pk, by=actor_for(request), at=now())
    except BatchUnderWay:
        messages.error(request, _under_way(batch))
    except FileTaken:
        messages.error(request, str(FILE_TAKEN))
    else:
        messages.success(request, _("The batch is called off. The money is free for the next one."))
    return redirect("batch", batch.pk)


def _buttons(request: StaffRequest, batch: PayoutBatch) -> dict[str, object]:
    """What can be done to all of it at once."""
    may_edit = request.user.may(Right.EDIT_MONEY)
    states = set(batch.payouts.values_list("state", flat=True).distinct()) if may_edit else set()
    return {
        "may_send": batch.state == BatchState.APPROVED and PayoutState.APPROVED in states,
        "may_mark_paid": PayoutState.SENT in states,
        "may_move": bool(states & AWAITED),
        "may_take_file": may_edit and batch.state in (BatchState.APPROVED, BatchState.SENT),
        "problems": [(problem.value, word) for problem, word in PAYOUT_PROBLEMS.items()],
        "today": timezone.localdate(now()),
    }


def _refuse_who_sees_own_only(request: StaffRequest) -> None:
    if not request.user.may(Right.SEE_ALL_PARTNERS):
        raise Http404


def _asked(request: StaffRequest) -> dict[str, str]:
    """Where the page was opened from: whose request is to be paid."""
    return {name: request.GET[name][:20] for name in ("program", "currency") if name in request.GET}


def _calculated(approvals: Approvals) -> str:
    if approvals.nobody_is_left:
        return _("The batch is calculated. Nobody may approve it yet: the page says why.")
    if approvals.missing == 1:
        return _("The batch is calculated. One other person has to approve it.")
    return _("The batch is calculated. Two other people have to approve it.")


def _nothing_to_pay(nothing: NothingToPay) -> str:
    if not nothing.plan.left_out:
        return _("Nobody has a balance in this currency yet.")
    return _(
        "Nobody has an amount that can be paid. What they have is on hold, planned already, below the "
        "smallest payout, or has no confirmed account details to go to."
    )


def _not_covered(short: NotCovered) -> str:
    rows = Partner.objects.filter(pk__in=short.partner_ids[:_MOST_NAMED]).order_by("name_key", "pk")
    names = ", ".join(rows.values_list("name", flat=True))
    more = "…" if len(short.partner_ids) > _MOST_NAMED else ""
    text = _(
        "A chargeback or a hold came after the calculation, and this money is no longer there: %(names)s. "
        "Call the batch off and calculate it anew."
    )
    return text % {"names": names + more}


def _under_way(batch: PayoutBatch) -> str:
    if batch.state == BatchState.CANCELLED:
        return _("The batch was called off before.")
    return _("Part of this batch is on its way. It cannot be called off any more.")
