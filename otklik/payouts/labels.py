"""What the closed lists of payouts are called on screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from otklik.payouts.rules.accounts import AccountProblem
from otklik.payouts.rules.vocabulary import (
    AdjustmentState,
    ApprovalRefusal,
    BatchState,
    DeclineReason,
    DetailsState,
    DifferenceKind,
    EntryKind,
    HoldReason,
    HoldState,
    LeftOutReason,
    LineProblem,
    MoneyFileKind,
    PayMethod,
    PayoutProblem,
    PayoutState,
    RequestState,
    Schedule,
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
ENTRY_KINDS: dict[EntryKind, Promise] = {
    EntryKind.EARNED: pgettext_lazy("line of the ledger", "earned"),
    EntryKind.BONUS: pgettext_lazy("line of the ledger", "bonus"),
    EntryKind.CHARGEBACK: pgettext_lazy("line of the ledger", "chargeback"),
    EntryKind.FEE: pgettext_lazy("line of the ledger", "fee"),
    EntryKind.ADJUSTMENT: pgettext_lazy("line of the ledger", "change by hand"),
    EntryKind.REVERSAL: pgettext_lazy("line of the ledger", "line taken back"),
    EntryKind.PAYOUT: pgettext_lazy("line of the ledger", "payout"),
    EntryKind.RETURN: pgettext_lazy("line of the ledger", "payout that came back"),
    EntryKind.OPENING: pgettext_lazy("line of the ledger", "balance brought along"),
}
ADJUSTMENT_STATES: dict[AdjustmentState, Promise] = {
    AdjustmentState.PROPOSED: pgettext_lazy("state of a change by hand", "waits for a second person"),
    AdjustmentState.APPROVED: pgettext_lazy("state of a change by hand", "made"),
    AdjustmentState.DECLINED: pgettext_lazy("state of a change by hand", "declined"),
}
REQUEST_STATES: dict[RequestState, Promise] = {
    RequestState.ASKED: pgettext_lazy("state of a request", "waits for a batch"),
    RequestState.PLANNED: pgettext_lazy("state of a request", "planned"),
    RequestState.DECLINED: pgettext_lazy("state of a request", "declined"),
    RequestState.WITHDRAWN: pgettext_lazy("state of a request", "withdrawn"),
}
PAY_METHODS: dict[PayMethod, Promise] = {
    PayMethod.IBAN: pgettext_lazy("way of paying", "bank transfer to an IBAN"),
    PayMethod.BANK: pgettext_lazy("way of paying", "bank transfer to another account"),
    PayMethod.WALLET: pgettext_lazy("way of paying", "payment system"),
    PayMethod.CRYPTO: pgettext_lazy("way of paying", "cryptocurrency"),
    PayMethod.OTHER: pgettext_lazy("way of paying", "another way"),
}
DETAILS_STATES: dict[DetailsState, Promise] = {
    DetailsState.PROPOSED: pgettext_lazy("state of account details", "wait for a second person"),
    DetailsState.CONFIRMED: pgettext_lazy("state of account details", "in force"),
    DetailsState.DECLINED: pgettext_lazy("state of account details", "declined"),
    DetailsState.REPLACED: pgettext_lazy("state of account details", "replaced"),
}
SCHEDULES: dict[Schedule, Promise] = {
    Schedule.WEEKLY: pgettext_lazy("schedule of payouts", "every week"),
    Schedule.TWICE_MONTHLY: pgettext_lazy("schedule of payouts", "twice a month"),
    Schedule.MONTHLY: pgettext_lazy("schedule of payouts", "every month"),
    Schedule.QUARTERLY: pgettext_lazy("schedule of payouts", "every quarter"),
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
    ApprovalRefusal.CALCULATED_IT: gettext_lazy("You calculated this batch; others have to approve it."),
    ApprovalRefusal.APPROVED_ALREADY: gettext_lazy("You approved it; somebody else has to approve it too."),
    ApprovalRefusal.ADJUSTED_IT: gettext_lazy(
        "You changed a balance by hand that this batch pays out, or said that a payout came back; others "
        "have to approve it."
    ),
    ApprovalRefusal.BROUGHT_IT_IN: gettext_lazy(
        "You brought in lines that this batch pays out, by a file or a program of yours; others have to "
        "approve it."
    ),
    ApprovalRefusal.NOT_OPEN: gettext_lazy("This batch does not wait for an approval any more."),
}
# What is wrong with a line of a money file, and what to do: page, command and API say the same.
LINE_PROBLEMS: dict[LineProblem, Promise] = {
    LineProblem.MISSING: gettext_lazy("Nothing stands here. Add the column, or fill in the cell."),
    LineProblem.UNKNOWN_COLUMN: gettext_lazy(
        "There is no such column. Call it as the list of columns does, or take it out."
    ),
    LineProblem.COLUMN_TWICE: gettext_lazy("The column is there twice. Leave one of them."),
    LineProblem.RAGGED: gettext_lazy(
        "The line has not as many cells as the header. Look for a separator inside a value."
    ),
    LineProblem.TOO_LONG: gettext_lazy("This is too long. Shorten it."),
    LineProblem.UNKNOWN_PARTNER: gettext_lazy(
        "No partner of this program has this external id. Check it, or write it on the partner’s page."
    ),
    LineProblem.UNKNOWN_CURRENCY: gettext_lazy("This is no currency. Write its three letters, as in EUR."),
    LineProblem.UNKNOWN_KIND: gettext_lazy(
        "This word is not in the list. The guide names the words that a file may hold."
    ),
    LineProblem.UNKNOWN_STATE: gettext_lazy(
        "This is no state of a payout. Write planned, approved, sent, paid, failed, returned or cancelled."
    ),
    LineProblem.BAD_MOVE: gettext_lazy(
        "The payout cannot get into this state any more. Look at its page: it is further already."
    ),
    LineProblem.CONTRADICTS: gettext_lazy(
        "This payout is not paid and has a day of payment. Take out the day, or change the state."
    ),
    LineProblem.BAD_DATE: gettext_lazy("This is no date. Write dates as 2026-12-31."),
    LineProblem.AMBIGUOUS_DATE: gettext_lazy("Day or month first? Write dates as 2026-12-31."),
    LineProblem.IN_THE_FUTURE: gettext_lazy(
        "This day is still to come. Check the year, and which of day and month is first."
    ),
    LineProblem.NOT_A_NUMBER: gettext_lazy("This is not a number. Write amounts as 1234.56."),
    LineProblem.AMBIGUOUS_AMOUNT: gettext_lazy("A thousand or a fraction? Write amounts as 1234.56."),
    LineProblem.TOO_MANY_DIGITS: gettext_lazy(
        "There are more digits after the point than the currency has. Round the amount."
    ),
    LineProblem.TOO_LARGE: gettext_lazy(
        "The number is too large: amounts stay below 1,000,000,000,000. Check the decimal mark."
    ),
    LineProblem.SUM_TOO_LARGE: gettext_lazy(
        "With this line the sum passes 900,000,000,000,000, the largest that is kept. Check the decimal mark."
    ),
    LineProblem.WRONG_SIGN: gettext_lazy(
        "The sign is wrong: chargebacks and fees are below zero, everything else is above."
    ),
    LineProblem.ZERO: gettext_lazy("The amount is zero. Take the line out."),
    LineProblem.DOUBLED_KEY: gettext_lazy(
        "This key is in the file twice. Every line needs a key of its own."
    ),
    LineProblem.CHANGED: gettext_lazy(
        "The line is known and said something else here. What is recorded stays: correct it by a new line."
    ),
    LineProblem.TOTAL_DIFFERS: gettext_lazy(
        "The lines do not add up to this total. Look for one that is missing or doubled."
    ),
    LineProblem.NO_LINES: gettext_lazy("There are no lines in it. Check that this is the right file."),
    LineProblem.TOO_MANY_LINES: gettext_lazy("There are too many lines. Split the file."),
}


def line_problem_text(problem: LineProblem) -> str:
    """In the active language."""
    return str(LINE_PROBLEMS[problem])


def entry_word(kind: str, language: str) -> str:
    """For lines that are written after the request's own language is over."""
    with override(language):
        return str(ENTRY_KINDS[EntryKind(kind)])


FILE_KINDS: dict[MoneyFileKind, Promise] = {
    MoneyFileKind.ENTRIES: pgettext_lazy("what is in a file", "lines of the ledger"),
    MoneyFileKind.PAYOUTS: pgettext_lazy("what is in a file", "payouts"),
}
# Why a file could not be taken in at all, beyond what reading it tells.
UPLOAD_REFUSALS: dict[str, Promise] = {
    "busy": gettext_lazy("Others kept writing the same lines. Wait for them and upload the file again."),
    "file_gone": gettext_lazy("The file is no longer there. Upload it again; what is recorded is skipped."),
}
DIFFERENCES: dict[DifferenceKind, Promise] = {
    DifferenceKind.MISSING_HERE: pgettext_lazy("difference of figures", "only in the file"),
    DifferenceKind.MISSING_THERE: pgettext_lazy("difference of figures", "only in the books of the program"),
    DifferenceKind.AMOUNT_DIFFERS: pgettext_lazy("difference of figures", "another amount"),
    DifferenceKind.ROUNDING: pgettext_lazy("difference of figures", "rounding"),
    DifferenceKind.OTHER_DAY: pgettext_lazy("difference of figures", "on a day of another period"),
    DifferenceKind.OTHER_CURRENCY: pgettext_lazy("difference of figures", "in another currency"),
    DifferenceKind.REJECTED: pgettext_lazy("difference of figures", "taken back"),
    DifferenceKind.ON_HOLD: pgettext_lazy("difference of figures", "waits for a check"),
    DifferenceKind.DOUBLED_THERE: pgettext_lazy("difference of figures", "twice in the file"),
    DifferenceKind.DOUBLED_HERE: pgettext_lazy("difference of figures", "twice in the books of the program"),
}
# Read by the partner too.
DIFFERENCE_HINTS: dict[DifferenceKind, Promise] = {
    DifferenceKind.MISSING_HERE: gettext_lazy(
        "The books of the program have no such line in this period. Its number and its time help to find it."
    ),
    DifferenceKind.MISSING_THERE: gettext_lazy(
        "The program counts these lines and the file has none like them."
    ),
    DifferenceKind.AMOUNT_DIFFERS: gettext_lazy("Both sides have the line, and the amounts differ."),
    DifferenceKind.ROUNDING: gettext_lazy("Parts of a cent, rounded line by line on one side."),
    DifferenceKind.OTHER_DAY: gettext_lazy(
        "The same line lies inside the period on one side and outside on the other, mostly because of the "
        "time zone. It is counted in the neighbouring period."
    ),
    DifferenceKind.OTHER_CURRENCY: gettext_lazy("The other side has this line in another currency."),
    DifferenceKind.REJECTED: gettext_lazy("It was counted here too, and taken back later."),
    DifferenceKind.ON_HOLD: gettext_lazy("It is known and waits for a check, so it is not counted yet."),
    DifferenceKind.DOUBLED_THERE: gettext_lazy("The same line stands in the file more than once."),
    DifferenceKind.DOUBLED_HERE: gettext_lazy(
        "The same line stands in the books more than once: a mistake here."
    ),
}
REPORT_COLUMNS: dict[str, Promise] = {
    "day": pgettext_lazy("column of a file", "the date"),
    "amount": pgettext_lazy("column of a file", "the amount"),
}
# What the partner reads under the amount, before the words of whoever opened the hold.
HOLD_EXPLAINED: dict[HoldReason, Promise] = {
    HoldReason.TRAFFIC_CHECK: gettext_lazy(
        "We are checking where the visitors behind this amount came from."
    ),
    HoldReason.FRAUD_CHECK: gettext_lazy(
        "Something about these conversions looks unusual, and we look closer."
    ),
    HoldReason.ADVERTISER_CONFIRMS: gettext_lazy(
        "The advertiser has not confirmed these conversions yet, or has not paid for them."
    ),
    HoldReason.CHARGEBACKS: gettext_lazy(
        "More conversions than usual were taken back. This part is kept ready for those to come."
    ),
    HoldReason.DOCUMENTS_MISSING: gettext_lazy(
        "A document is missing, without which we may not pay this part."
    ),
    HoldReason.DETAILS_CHANGED: gettext_lazy(
        "Your account details are new. Before the first payout to them we make sure that it was you."
    ),
    HoldReason.COMPLIANCE: gettext_lazy("The law obliges us to check this before we pay."),
    HoldReason.TERMS_BREACH: gettext_lazy("We think that the terms of the program were not kept here."),
    HoldReason.DISPUTE: gettext_lazy("Your figures and ours differ, and we are finding out why."),
    HoldReason.PARTNER_ASKED: gettext_lazy("You asked us to keep this amount for now."),
    HoldReason.OTHER: gettext_lazy("The reason is told below."),
}
ACCOUNT_PROBLEMS: dict[AccountProblem, tuple[str, Promise]] = {
    AccountProblem.NO_HOLDER: ("holder", gettext_lazy("Write whose account it is.")),
    AccountProblem.MISSING: ("account", gettext_lazy("Write the account: this is too short for one.")),
    AccountProblem.TOO_LONG: ("account", gettext_lazy("This is too long for an account.")),
    AccountProblem.NOT_AN_IBAN: (
        "account",
        gettext_lazy(
            "An IBAN begins with two letters of the country and two digits. Choose another way of paying for "
            "other accounts."
        ),
    ),
    AccountProblem.BAD_CHECKSUM: (
        "account",
        gettext_lazy("The check digits do not fit: a digit is wrong or two changed places."),
    ),
}
