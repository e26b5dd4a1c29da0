"""Who may approve a batch, and how many are still wanted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from otklik.identity.public import Right, staff_with
from otklik.payouts.models import BatchApproval, Hand, Payout, PayoutBatch
from otklik.payouts.rules.batch import approvals_missing, free_to_approve, may_approve
from otklik.payouts.rules.vocabulary import ApprovalRefusal, BatchState, HandKind, PayoutState

APPROVING = frozenset({Right.SEE_MONEY, Right.SEE_ALL_PARTNERS, Right.APPROVE_MONEY})


@dataclass(frozen=True, slots=True)
class Approvals:
    """Of one batch; people by id. ``people``: all who have the right to approve."""

    state: BatchState
    calculated_by: int | None
    approvers: frozenset[int]
    hands: Mapping[int, HandKind]
    people: frozenset[int]

    def refusal_for(self, user_id: int) -> ApprovalRefusal | None:
        """None: the person may."""
        return may_approve(
            user_id,
            state=self.state,
            calculated_by=self.calculated_by,
            approvers=self.approvers,
            hands=self._bars,
        )

    @property
    def free(self) -> set[int]:
        return self._free(self._bars)

    @property
    def missing(self) -> int:
        return approvals_missing(self.approvers, self.free)

    def missing_after(self, user_id: int) -> int:
        """Once this person has approved too."""
        return approvals_missing(self.approvers | {user_id}, self.free)

    @property
    def nobody_is_left(self) -> bool:
        """It waits, and nobody who has the right may approve it."""
        return self.state is BatchState.CALCULATED and not self.free

    @property
    def _bars(self) -> Mapping[int, HandKind]:
        """In a house of two whoever agreed to the other's change has to do."""
        if self.approvers or self._free(self.hands):
            return self.hands
        return {user: kind for user, kind in self.hands.items() if kind is not HandKind.AGREED}

    def _free(self, hands: Mapping[int, HandKind]) -> set[int]:
        return free_to_approve(
            self.people, calculated_by=self.calculated_by, approvers=self.approvers, hands=hands
        )


def never_paid_to(details_ids: Sequence[int | None]) -> set[int]:
    """Account details that no payout arrived at: whoever approves the first one looks twice."""
    ids = {pk for pk in details_ids if pk is not None}
    paid = Payout.objects.filter(details__in=ids, state=PayoutState.PAID)
    return ids - set(paid.values_list("details_id", flat=True))


def approvals_of(batches: Sequence[PayoutBatch]) -> dict[int, Approvals]:
    """By batch; three queries."""
    ids = [batch.pk for batch in batches]
    approvers: dict[int, set[int]] = defaultdict(set)
    for pk, user_id in BatchApproval.objects.filter(batch__in=ids).values_list("batch_id", "user_id"):
        approvers[pk].add(user_id)
    hands: dict[int, dict[int, HandKind]] = defaultdict(dict)
    theirs = Hand.objects.filter(batch__in=ids).order_by("kind")
    # Of who did several the last in the order is told: what bars in any house.
    for pk, user_id, kind in theirs.values_list("batch_id", "user_id", "kind").distinct():
        hands[pk][user_id] = HandKind(kind)
    people = frozenset(staff_with(APPROVING)) if ids else frozenset()
    return {
        batch.pk: Approvals(
            BatchState(batch.state),
            batch.calculated_by_id,
            frozenset(approvers[batch.pk]),
            hands[batch.pk],
            people,
        )
        for batch in batches
    }
