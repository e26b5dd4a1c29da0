"""What the closed lists of payouts are called on screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from otklik.payouts.rules.vocabulary import (
    ApprovalRefusal,
    BatchState,
    DeclineReason,
    HoldReason,
    HoldState,
    LeftOutReason,
    PayoutProblem,
    PayoutState,
)

HOLD_REASONS: dict[HoldReason, Promise] = {
    HoldReason.TRAFFIC_CHECK: pgettext_lazy("reason of a hold", "traffic check"),
    HoldReason.FRAUD_CHECK: pgettext_lazy("reason of a hold", "fraud check"),
    HoldReason.ADVERTISER_CONFIRMS: pgettext_lazy("reason of a hold", "waiting for the advertiser"),
    HoldReason.CHARGEBACKS: pgettext_lazy("reason of a hold", "many chargebacks"),
    HoldReason.DOCUMENTS_MISSING: pgettext_lazy("reason of a hold", "documents missing"),
    HoldReason.DETAILS_CHANGED: pgettext_lazy("reason of a hold", "new account details"),
    HoldReason.COMPLIANCE: pgettext_lazy("reason of a hold", "compliance check"),
    HoldReason.TERMS_BREACH: pgettext_lazy("reason of a hold", "breach of the terms"),
    HoldReason.DISPUTE: pgettext_lazy("reason of a hold", "figures in dispute"),
    HoldReason.PARTNER_ASKED: pgettext_lazy("reason of a hold", "at the partner's wish"),
    HoldReason.OTHER: pgettext_lazy("reason of a hold", "another reason"),
}
PAYOUT_PROBLEMS: dict[PayoutProblem, Promise] = {
    PayoutProblem.DETAILS_WRONG: pgettext_lazy("problem of a payout", "wrong account details"),
    PayoutProblem.NAME_DIFFERS: pgettext_lazy("problem of a payout", "the account belongs to somebody else"),
    PayoutProblem.ACCOUNT_CLOSED: pgettext_lazy("problem of a payout", "the account is closed"),
    PayoutProblem.BANK_REFUSED: pgettext_lazy("problem of a payout", "refused by the bank"),
    PayoutProblem.COMPLIANCE: pgettext_lazy("problem of a payout", "compliance check"),
    PayoutProblem.LIMIT: pgettext_lazy("problem of a payout", "limit exceeded"),
    PayoutProblem.METHOD_DOWN: pgettext_lazy("problem of a payout", "the payment system is down"),
    PayoutProblem.AWAITS_APPROVAL: pgettext_lazy("problem of a payout", "not approved in time"),
    PayoutProblem.FUNDS: pgettext_lazy("problem of a payout", "our account was short"),
    PayoutProblem.BANK_HOLIDAY: pgettext_lazy("problem of a payout", "bank holiday"),
    PayoutProblem.PARTNER_ASKED: pgettext_lazy("problem of a payout", "at the partner's wish"),
    PayoutProblem.OTHER: pgettext_lazy("problem of a payout", "another reason"),
}
DECLINE_REASONS: dict[DeclineReason, Promise] = {
    DeclineReason.NOTHING_AVAILABLE: pgettext_lazy("request declined", "nothing is available"),
    DeclineReason.BELOW_MINIMUM: pgettext_lazy("request declined", "below the smallest payout"),
    DeclineReason.ON_HOLD: pgettext_lazy("request declined", "on hold"),
    DeclineReason.DETAILS_MISSING: pgettext_lazy("request declined", "account details missing"),
    DeclineReason.DOCUMENTS_MISSING: pgettext_lazy("request declined", "documents missing"),
    DeclineReason.ALREADY_PLANNED: pgettext_lazy("request declined", "planned already"),
    DeclineReason.OFF_SCHEDULE: pgettext_lazy("request declined", "no payouts between the dates"),
    DeclineReason.OTHER: pgettext_lazy("request declined", "another reason"),
}
HOLD_STATES: dict[HoldState, Promise] = {
    HoldState.OPEN: pgettext_lazy("state of a hold", "open"),
    HoldState.RELEASED: pgettext_lazy("state of a hold", "lifted"),
    HoldState.KEPT: pgettext_lazy("state of a hold", "kept back"),
}
PAYOUT_STATES: dict[PayoutState, Promise] = {
    PayoutState.PLANNED: pgettext_lazy("state of a payout", "planned"),
    PayoutState.APPROVED: pgettext_lazy("state of a payout", "approved"),
    PayoutState.SENT: pgettext_lazy("state of a payout", "sent"),
    PayoutState.PAID: pgettext_lazy("state of a payout", "paid"),
    PayoutState.FAILED: pgettext_lazy("state of a payout", "failed"),
    PayoutState.RETURNED: pgettext_lazy("state of a payout", "came back"),
    PayoutState.CANCELLED: pgettext_lazy("state of a payout", "called off"),
}
BATCH_STATES: dict[BatchState, Promise] = {
    BatchState.CALCULATED: pgettext_lazy("state of a batch", "waits for approval"),
    BatchState.APPROVED: pgettext_lazy("state of a batch", "approved"),
    BatchState.SENT: pgettext_lazy("state of a batch", "sent"),
    BatchState.SETTLED: pgettext_lazy("state of a batch", "settled"),
    BatchState.CANCELLED: pgettext_lazy("state of a batch", "called off"),
}
LEFT_OUT_REASONS: dict[LeftOutReason, Promise] = {
    LeftOutReason.NOTHING: pgettext_lazy("left out of a batch", "nothing to pay"),
    LeftOutReason.OWES: pgettext_lazy("left out of a batch", "owes the program"),
    LeftOutReason.HELD: pgettext_lazy("left out of a batch", "on hold"),
    LeftOutReason.PLANNED_ALREADY: pgettext_lazy("left out of a batch", "planned in another batch"),
    LeftOutReason.DETAILS_MISSING: pgettext_lazy("left out of a batch", "account details missing"),
    LeftOutReason.REQUESTED_LESS: pgettext_lazy("left out of a batch", "the partner asked for less"),
    LeftOutReason.BELOW_MINIMUM: pgettext_lazy("left out of a batch", "below the smallest payout"),
    LeftOutReason.TOO_FINE: pgettext_lazy("left out of a batch", "less than a coin"),
}
APPROVAL_REFUSALS: dict[ApprovalRefusal, Promise] = {
    ApprovalRefusal.CALCULATED_IT: gettext_lazy("You calculated this batch; two others have to approve it."),
    ApprovalRefusal.APPROVED_ALREADY: gettext_lazy("You approved it; somebody else has to approve it too."),
    ApprovalRefusal.ADJUSTED_IT: gettext_lazy(
        "You changed a balance by hand that this batch pays out; others have to approve it."
    ),
    ApprovalRefusal.NOT_OPEN: gettext_lazy("This batch does not wait for an approval any more."),
}
