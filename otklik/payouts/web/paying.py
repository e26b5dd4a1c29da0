"""What happened to a payout or to a whole batch, told by who pays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from otklik.events.public import Actor
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.tabular.export import csv_lines
from otklik.partners.public import Partner
from otklik.payouts.access import editable, visible_batches, visible_payouts
from otklik.payouts.labels import BATCH_STATES, PAY_METHODS, PAYOUT_STATES
from otklik.payouts.models import Payout, PayoutBatch
from otklik.payouts.operations.batches import FileTaken, NotCovered
from otklik.payouts.operations.ledger import BalanceTooLarge
from otklik.payouts.operations.paying import (
    DetailsChanged,
    NoNewDay,
    SentBatch,
    WrongMove,
    cancel_payout,
    mark_failed,
    mark_paid,
    mark_returned,
    mark_sent,
    move_payout,
    send_batch,
)
from otklik.payouts.operations.settling import NotApproved, mark_batch_paid, move_batch, take_pay_file
from otklik.payouts.rules.vocabulary import BatchState, PayMethod, PayoutProblem
from otklik.payouts.web.forms import DayForm
from otklik.payouts.web.problems import BALANCE_TOO_LARGE, FILE_TAKEN

_MOST_NAMED = 10


class ReasonMissing(Exception):
    """A closed list was left at nothing."""


class DayMissing(Exception):
    """No new day was given, or one that is over."""


class DayToCome(Exception):
    """Nothing happened yet on a day that is still to come."""


_REFUSALS = (
    ReasonMissing,
    DayMissing,
    DayToCome,
    NoNewDay,
    NotCovered,
    DetailsChanged,
    BalanceTooLarge,
    FileTaken,
)


@require_POST
@needs(Right.EDIT_MONEY)
def change(request: StaffRequest, payout_id: int) -> HttpResponse:
    """One of the buttons of a payout; the same one twice changes nothing the second time."""
    payout = get_object_or_404(editable(request.user, visible_payouts(request.user)), pk=payout_id)
    form, doing = DayForm(request.POST), _OF_PAYOUT.get(request.POST.get("change", ""))
    if doing is None or not form.is_valid():
        messages.error(request, _("Nothing was changed: a day or a reason is not one."))
        return redirect("payout", payout.pk)
    try:
        done = doing(payout, form.cleaned_data, actor_for(request), now())
    except WrongMove as refused:
        told = _("Nothing was changed: the payout is %(state)s by now.")
        messages.info(request, told % {"state": PAYOUT_STATES[refused.state]})
    except _REFUSALS as refused:
        messages.error(request, _refusal(refused))
    else:
        messages.success(request, done)
    return redirect("payout", payout.pk)


@require_POST
@needs(Right.EDIT_MONEY)
def change_batch(request: StaffRequest, batch_id: int) -> HttpResponse:
    """One of the buttons of a batch."""
    batch = get_object_or_404(editable(request.user, visible_batches(request.user)), pk=batch_id)
    form, doing = DayForm(request.POST), _OF_BATCH.get(request.POST.get("change", ""))
    if doing is None or not form.is_valid():
        messages.error(request, _("Nothing was changed: a day or a reason is not one."))
        return redirect("batch", batch.pk)
    try:
        done = doing(batch, form.cleaned_data, actor_for(request), now())
    except WrongMove:
        batch.refresh_from_db()
        told = _("Nothing was sent: the state of the batch is “%(state)s”.")
        messages.info(request, told % {"state": BATCH_STATES[BatchState(batch.state)]})
    except _REFUSALS as refused:
        messages.error(request, _refusal(refused))
    else:
        messages.success(request, done)
    return redirect("batch", batch.pk)


@require_POST
@needs(Right.EDIT_MONEY)
def pay_file(request: StaffRequest, batch_id: int) -> HttpResponseBase:
    """What to transfer, with the accounts: taking it is written down, hence no GET."""
    batch = get_object_or_404(editable(request.user, visible_batches(request.user)), pk=batch_id)
    try:
        lines = take_pay_file(batch_id=batch.pk, by=actor_for(request), at=now())
    except NotApproved:
        messages.error(request, _("There is a file to pay from once the batch is approved."))
        return redirect("batch", batch.pk)
    columns = (
        _("Payout"),
        _("Partner"),
        _("Partner’s number"),
        _("Amount"),
        _("Currency"),
        _("Way of paying"),
        _("Holder"),
        _("Account"),
    )
    cells = [
        (
            one.payout_id,
            one.partner,
            one.external_id,
            one.amount,
            one.currency,
            str(PAY_METHODS[PayMethod(one.method)]) if one.method else "",
            one.holder,
            one.account,
        )
        for one in lines
    ]
    response = StreamingHttpResponse(csv_lines(columns, cells), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="batch-{batch.pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _send(payout: Payout, said: dict[str, Any], by: Actor, at: datetime) -> str:
    mark_sent(payout_id=payout.pk, on=_on(said, at), reference=said["reference"], by=by, at=at)
    return _("Noted: the payout is sent.")


def _pay(payout: Payout, said: dict[str, Any], by: Actor, at: datetime) -> str:
    mark_paid(payout_id=payout.pk, on=_on(said, at), reference=said["reference"], by=by, at=at)
    return _("Noted: the payout arrived.")


def _fail(payout: Payout, said: dict[str, Any], by: Actor, at: datetime) -> str:
    mark_failed(payout_id=payout.pk, problem=_problem(said), on=_on(said, at), by=by, at=at)
    return _("Noted: the payout failed. The money is on the balance again.")


def _return(payout: Payout, said: dict[str, Any], by: Actor, at: datetime) -> str:
    mark_returned(payout_id=payout.pk, problem=_problem(said), on=_on(said, at), by=by, at=at)
    return _("Noted: the payout came back. The money is on the balance again.")


def _move(payout: Payout, said: dict[str, Any], by: Actor, at: datetime) -> str:
    move_payout(payout_id=payout.pk, expected_on=_new_day(said, at), problem=_problem(said), by=by, at=at)
    return _("Moved. The partner is told the new day.")


def _cancel(payout: Payout, said: dict[str, Any], by: Actor, at: datetime) -> str:
    cancel_payout(payout_id=payout.pk, by=by, at=at)
    return _("Called off. The money is free for the next batch.")


def _send_all(batch: PayoutBatch, said: dict[str, Any], by: Actor, at: datetime) -> str:
    return _sent_text(send_batch(batch_id=batch.pk, on=_on(said, at), by=by, at=at))


def _pay_all(batch: PayoutBatch, said: dict[str, Any], by: Actor, at: datetime) -> str:
    paid = mark_batch_paid(batch_id=batch.pk, on=_on(said, at), by=by, at=at)
    return ngettext("Noted: %(n)s payout arrived.", "Noted: %(n)s payouts arrived.", paid) % {"n": paid}


def _move_all(batch: PayoutBatch, said: dict[str, Any], by: Actor, at: datetime) -> str:
    day, problem = _new_day(said, at), _problem(said)
    moved = move_batch(batch_id=batch.pk, expected_on=day, problem=problem, by=by, at=at)
    return ngettext("%(n)s payout was moved.", "%(n)s payouts were moved.", moved) % {"n": moved}


_OF_PAYOUT: dict[str, Callable[[Payout, dict[str, Any], Actor, datetime], str]] = {
    "sent": _send,
    "paid": _pay,
    "failed": _fail,
    "returned": _return,
    "moved": _move,
    "cancelled": _cancel,
}
_OF_BATCH: dict[str, Callable[[PayoutBatch, dict[str, Any], Actor, datetime], str]] = {
    "sent": _send_all,
    "paid": _pay_all,
    "moved": _move_all,
}


def _on(said: dict[str, Any], at: datetime) -> date:
    today = timezone.localdate(at)
    day: date = said["on"] or today
    if day > today:
        raise DayToCome
    return day


def _new_day(said: dict[str, Any], at: datetime) -> date:
    day: date | None = said["on"]
    if day is None or day < timezone.localdate(at):
        raise DayMissing
    return day


def _problem(said: dict[str, Any]) -> PayoutProblem:
    if not said["problem"]:
        raise ReasonMissing
    return PayoutProblem(said["problem"])


def _sent_text(sent: SentBatch) -> str:
    text = ngettext("Noted: %(n)s payout is sent.", "Noted: %(n)s payouts are sent.", sent.sent)
    parts = [text % {"n": sent.sent}]
    if sent.short:
        short = _("Not sent, because a hold or a chargeback came in between: %(names)s.")
        parts.append(short % {"names": _names(sent.short)})
    if sent.moved:
        moved = _("Not sent, because the account is another one by now: %(names)s. Call these payouts off.")
        parts.append(moved % {"names": _names(sent.moved)})
    return " ".join(parts)


def _names(partner_ids: list[int]) -> str:
    rows = Partner.objects.filter(pk__in=partner_ids[:_MOST_NAMED]).order_by("name_key", "pk")
    more = "…" if len(partner_ids) > _MOST_NAMED else ""
    return ", ".join(rows.values_list("name", flat=True)) + more


def _refusal(refused: Exception) -> str:
    texts = {
        ReasonMissing: _("Choose a reason: the partner reads it."),
        DayMissing: _("Choose a new day that is not over."),
        DayToCome: _("Nothing was changed: this day is still to come."),
        NoNewDay: _("Nothing was moved: this is the day already, or nothing is awaited any more."),
        NotCovered: _(
            "Nothing was sent: a chargeback or a hold came in between, and this money is no longer there."
        ),
        BalanceTooLarge: str(BALANCE_TOO_LARGE),
        FileTaken: str(FILE_TAKEN),
        DetailsChanged: _(
            "Nothing was sent: the partner’s account is another one by now. Call the payout off; the next "
            "batch pays to the new account."
        ),
    }
    return texts[type(refused)]
