"""What waits for somebody: batches to approve, holds to decide, payouts that are late, requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from otklik.identity.public import User
from otklik.payouts.access import (
    visible_adjustments,
    visible_batches,
    visible_details,
    visible_holds,
    visible_payouts,
    visible_requests,
)
from otklik.payouts.models import (
    AccountDetails,
    Adjustment,
    Hold,
    Payout,
    PayoutBatch,
    PayoutRequest,
)
from otklik.payouts.queries.approvals import approvals_of
from otklik.payouts.rules.delay import Awaited, days_late
from otklik.payouts.rules.vocabulary import (
    AWAITED,
    AdjustmentState,
    ApprovalRefusal,
    BatchState,
    DetailsState,
    HoldState,
    PayoutState,
    RequestState,
)

MOST = 20
# More than these are not late one by one: something is wrong with all of them.
_MOST_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class WaitingBatch:
    """``refusal``: why this person may not approve it; None: they may."""

    batch: PayoutBatch
    approvals: int
    refusal: ApprovalRefusal | None


@dataclass(frozen=True, slots=True)
class LatePayout:
    payout: Payout
    days: int


@dataclass(frozen=True, slots=True)
class Waiting:
    batches: list[WaitingBatch]
    holds: list[Hold]
    holds_count: int
    late: list[LatePayout]
    adjustments: list[Adjustment]
    details: list[AccountDetails]
    requests: list[PayoutRequest]
    requests_count: int


def waiting_for(user: User, on: date) -> Waiting:
    holds = visible_holds(user).filter(state=HoldState.OPEN)
    requests = visible_requests(user).filter(state=RequestState.ASKED)
    adjustments = visible_adjustments(user).filter(state=AdjustmentState.PROPOSED).select_related("partner")
    details = visible_details(user).filter(state=DetailsState.PROPOSED).select_related("partner")
    return Waiting(
        batches=_batches(user),
        holds=list(holds.select_related("partner").order_by("decide_by", "pk")[:MOST]),
        holds_count=holds.count(),
        late=late_payouts(user, on),
        adjustments=list(adjustments.order_by("proposed_at", "pk")[:MOST]),
        details=list(details.order_by("proposed_at", "pk")[:MOST]),
        requests=list(requests.select_related("partner").order_by("created_at", "pk")[:MOST]),
        requests_count=requests.count(),
    )


def late_payouts(user: User, on: date) -> list[LatePayout]:
    """The longest late first."""
    rows = visible_payouts(user).filter(state__in=list(AWAITED), expected_on__lt=on)
    looked_at = rows.select_related("partner").order_by("expected_on", "pk")[:_MOST_LOOKED_AT]
    late = [LatePayout(payout, late_by(payout, on)) for payout in looked_at]
    return [one for one in late if one.days][:MOST]


def late_by(payout: Payout, on: date) -> int:
    """Days; 0: not late."""
    awaited = Awaited(
        key=payout.pk,
        state=PayoutState(payout.state),
        expected_on=payout.expected_on,
        original_expected_on=payout.original_expected_on,
        notice_days=0,
        sent_on=payout.sent_at.date() if payout.sent_at else None,
    )
    return days_late(awaited, on)


def _batches(user: User) -> list[WaitingBatch]:
    rows = visible_batches(user).filter(state=BatchState.CALCULATED).select_related("program")
    batches = list(rows.annotate(approvals_count=Count("approvals")).order_by("pay_on", "pk")[:MOST])
    found = approvals_of(batches)
    return [
        WaitingBatch(batch, batch.approvals_count, found[batch.pk].refusal_for(user.pk)) for batch in batches
    ]
