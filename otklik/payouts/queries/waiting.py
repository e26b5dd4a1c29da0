"""What waits for somebody: batches to approve, holds to decide, payouts that are late, requests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
    BatchApproval,
    Entry,
    Hold,
    Payout,
    PayoutBatch,
    PayoutRequest,
)
from otklik.payouts.rules.batch import may_approve
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


def approval_refusals(user: User, batches: Sequence[PayoutBatch]) -> Mapping[int, ApprovalRefusal | None]:
    """By batch."""
    ids = [batch.pk for batch in batches]
    approvers = defaultdict(set)
    for pk, user_id in BatchApproval.objects.filter(batch__in=ids).values_list("batch_id", "user_id"):
        approvers[pk].add(user_id)
    adjusters = defaultdict(set)
    by_hand = Entry.objects.filter(batch__in=ids, by_hand__isnull=False)
    decided = Adjustment.objects.filter(entry__batch__in=ids, entry__by_hand__isnull=False)
    for pk, user_id in (
        *by_hand.values_list("batch_id", "by_hand_id"),
        *decided.values_list("entry__batch_id", "decided_by_id"),
    ):
        adjusters[pk].add(user_id)
    return {
        batch.pk: may_approve(
            user.pk,
            state=BatchState(batch.state),
            calculated_by=batch.calculated_by_id,
            approvers=approvers[batch.pk],
            adjusters=adjusters[batch.pk],
        )
        for batch in batches
    }


def _batches(user: User) -> list[WaitingBatch]:
    rows = visible_batches(user).filter(state=BatchState.CALCULATED).select_related("program")
    batches = list(rows.annotate(approvals_count=Count("approvals")).order_by("pay_on", "pk")[:MOST])
    refusals = approval_refusals(user, batches)
    return [WaitingBatch(batch, batch.approvals_count, refusals[batch.pk]) for batch in batches]
