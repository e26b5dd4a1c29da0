"""What the closed lists of payouts are called on screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from otklik.payouts.rules.vocabulary import DeclineReason, HoldReason, PayoutProblem

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
