"""Payouts: read, brought in from another system, and what becomes of each."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status
from ninja.errors import HttpError

from otklik.api.v1.auth import owner_of
from otklik.api.v1.money import FURTHEST_ZONE, READ, WRITE, Limit, narrowed, shown_money
from otklik.api.v1.money_refusals import refused_rows, wrong_line
from otklik.api.v1.money_schemas import (
    PayoutIn,
    PayoutOut,
    PayoutPage,
    PayoutsIn,
    PayoutsOut,
    RowsRefusedOut,
    StateIn,
)
from otklik.api.v1.paging import page_by_id
from otklik.api.v1.partners import program_by
from otklik.api.v1.schemas import Id, Text
from otklik.events.public import Actor
from otklik.identity.public import User
from otklik.kit.clock import now
from otklik.payouts.public import (
    BalanceTooLarge,
    ChangedMeanwhile,
    DetailsChanged,
    FileLine,
    MoneyFileKind,
    MoneyFileRefused,
    MoneyLines,
    NotCovered,
    Payout,
    PayoutProblem,
    PayoutState,
    WrongMove,
    editable,
    import_money_lines,
    mark_failed,
    mark_paid,
    mark_returned,
    mark_sent,
    money_partners,
    visible_payouts,
)

router = Router(tags=["money"])
COLUMNS = (
    *("key", "partner", "amount", "currency", "state", "expected_on"),
    *("sent_on", "paid_on", "reference", "problem"),
)
# As the request calls them.
FIELDS = {"key": "source_key", "partner": "partner_id"}
NAME = "API"
LONGEST_AGO = timedelta(days=3653)


@router.get("/payouts", auth=READ, response=PayoutPage)
def payouts(
    request: HttpRequest,
    program: Query[Text | None] = None,
    partner_id: Id | None = None,
    state: Query[Text | None] = None,
    after: str | None = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    rows = narrowed(visible_payouts(owner_of(request)), program, partner_id)
    if state:
        rows = rows.filter(state=state)
    items, following = page_by_id(rows, after, limit)
    return {"items": [shown_money(row, "amount") for row in items], "next": following}


@router.post("/payouts", auth=WRITE, response={200: PayoutsOut, 422: RowsRefusedOut})
def write_payouts(request: HttpRequest, payload: PayoutsIn) -> Status[PayoutsOut] | Status[RowsRefusedOut]:
    """Bring in up to 500 payouts of another system, or what became of them; all or none. A payout whose
    ``source_key`` is known moves on; where it says the same it is left, and where it contradicts what is
    recorded the request is refused."""
    owner = owner_of(request)
    program = program_by(payload.program, owner)
    ids = {row.partner_id for row in payload.rows}
    theirs = money_partners(owner).filter(pk__in=ids, program=program).values_list("pk", flat=True)
    lines = MoneyLines(
        program_id=program.pk,
        kind=MoneyFileKind.PAYOUTS,
        name=NAME,
        digest=hashlib.sha256(payload.model_dump_json().encode()).hexdigest(),
        columns=COLUMNS,
        lines=[FileLine(place, _cells(row)) for place, row in enumerate(payload.rows, 1)],
        partners={str(pk): pk for pk in theirs},
    )
    totals = {currency: Decimal(amount) for currency, amount in payload.totals.items()}
    try:
        taken = import_money_lines(lines, totals=totals, zone=UTC, by=Actor.person(owner.pk), at=now())
    except MoneyFileRefused as refused:
        wrong = [
            wrong_line(one.line - 1 if one.line else None, FIELDS.get(one.column, one.column), one.problem)
            for one in refused.problems
        ]
        return Status(422, refused_rows(wrong))
    except ChangedMeanwhile:
        raise HttpError(409, "Others keep writing the same payouts. Send the request again.") from None
    out = PayoutsOut(recorded=taken.new, changed=taken.changed, known=taken.same, totals=dict(taken.totals))
    return Status(200, out)


@router.post("/payouts/{payout_id}/state", auth=WRITE, response=PayoutOut)
def write_state(request: HttpRequest, payout_id: Id, payload: StateIn) -> dict[str, Any]:
    """What became of a payout: sent, paid, failed or returned. A payout that is in this state already stays
    as it is; a state that cannot follow is 409."""
    owner, at = owner_of(request), now()
    payout = get_object_or_404(editable(owner, visible_payouts(owner)), pk=payout_id)
    on = _day(payload.on, at)
    try:
        moved = _moved(payout, payload, on, owner, at)
    except WrongMove as wrong:
        text = f"The payout is {wrong.state.value}; it does not become {payload.state}."
        raise HttpError(409, text) from None
    except NotCovered:
        raise HttpError(
            409, "A hold or a chargeback came meanwhile: the balance does not cover it."
        ) from None
    except BalanceTooLarge:
        text = "The balance would pass 900000000000000, the largest sum that is kept."
        raise HttpError(409, text) from None
    except DetailsChanged:
        text = "The account it was approved for is no longer the partner's. Cancel it; the next batch pays."
        raise HttpError(409, text) from None
    return shown_money(moved, "amount")


def _moved(payout: Payout, payload: StateIn, on: date, owner: User, at: datetime) -> Payout:
    by = Actor.person(owner.pk)
    known: dict[str, Any] = {"payout_id": payout.pk, "on": on, "by": by, "at": at}
    match payload.state:
        case PayoutState.SENT:
            return mark_sent(**known, reference=payload.reference, already_left=payload.already_left)
        case PayoutState.PAID:
            return mark_paid(**known, reference=payload.reference)
        case PayoutState.FAILED:
            return mark_failed(**known, problem=_problem(payload.problem))
        case PayoutState.RETURNED:
            return mark_returned(**known, problem=_problem(payload.problem))
    raise HttpError(422, f"state: {payload.state!r} is not known. Use one of: sent, paid, failed, returned.")


def _problem(text: str) -> PayoutProblem:
    known = [problem.value for problem in PayoutProblem if problem]
    if text not in known:
        raise HttpError(422, f"problem: {text!r} is not known. Use one of: {', '.join(known)}.")
    return PayoutProblem(text)


def _day(on: date | None, at: datetime) -> date:
    if on is None:
        return at.date()
    if on > (at + FURTHEST_ZONE).date():
        raise HttpError(422, "on: this day is still to come.")
    if on < (at - LONGEST_AGO).date():
        raise HttpError(422, "on: this day is more than ten years ago.")
    return on


def _cells(row: PayoutIn) -> list[Any]:
    return [
        *(row.source_key, str(row.partner_id), Decimal(row.amount), row.currency, row.state),
        *(row.expected_on, row.sent_on, row.paid_on, row.reference, row.problem),
    ]
