"""The closed lists of payouts. Stored values never change."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

# The name of their facts.
PAYOUT_FACTS = "payouts"


class EntryKind(StrEnum):
    """Why a line stands in the ledger. Its sign belongs to it: see ``SIGNS``."""

    EARNED = "earned"
    """A commission for a conversion, a lead, a share of revenue."""
    BONUS = "bonus"
    CHARGEBACK = "chargeback"
    """The advertiser, the shop or the card's bank took a conversion back after it was counted."""
    FEE = "fee"
    """Of the transfer, where the terms lay it on the partner; taxes withheld as well."""
    ADJUSTMENT = "adjustment"
    """By hand: proposed by one person and approved by another."""
    REVERSAL = "reversal"
    """Takes another entry back whole, with the sign turned; the wrong one stays where it is."""
    PAYOUT = "payout"
    """Money that left."""
    RETURN = "return"
    """Money that left and came back: the transfer failed or was returned."""
    OPENING = "opening"
    """The balance brought along from what was used before."""


class Sign(StrEnum):
    """Which amounts a kind of entry takes. None takes zero."""

    PLUS = "plus"
    MINUS = "minus"
    EITHER = "either"


SIGNS: Mapping[EntryKind, Sign] = {
    EntryKind.EARNED: Sign.PLUS,
    EntryKind.BONUS: Sign.PLUS,
    EntryKind.CHARGEBACK: Sign.MINUS,
    EntryKind.FEE: Sign.MINUS,
    EntryKind.ADJUSTMENT: Sign.EITHER,
    EntryKind.REVERSAL: Sign.EITHER,
    EntryKind.PAYOUT: Sign.MINUS,
    EntryKind.RETURN: Sign.PLUS,
    EntryKind.OPENING: Sign.EITHER,
}

TRANSFERS = frozenset({EntryKind.PAYOUT, EntryKind.RETURN})
"""What moves money and is nothing a partner earned; no part of a reconciliation of earnings."""

IMPORTED_ENTRIES = (
    EntryKind.EARNED,
    EntryKind.BONUS,
    EntryKind.CHARGEBACK,
    EntryKind.FEE,
    EntryKind.OPENING,
)
"""What a file or a program may bring. The others follow from something done here."""


class HoldReason(StrEnum):
    """Why a part is held. The partner reads it, with what is being checked and until when."""

    TRAFFIC_CHECK = "traffic_check"
    FRAUD_CHECK = "fraud_check"
    ADVERTISER_CONFIRMS = "advertiser_confirms"
    """The advertiser has not confirmed these conversions, or has not paid for them."""
    CHARGEBACKS = "chargebacks"
    """More of them than usual: a reserve for those to come."""
    DOCUMENTS_MISSING = "documents_missing"
    """Contract, act, invoice, tax form."""
    DETAILS_CHANGED = "details_changed"
    """New account details: the first payout to them waits until somebody has asked the partner back."""
    COMPLIANCE = "compliance"
    """Who they are, sanctions lists, where the money comes from."""
    TERMS_BREACH = "terms_breach"
    DISPUTE = "dispute"
    """Figures of the two sides differ."""
    PARTNER_ASKED = "partner_asked"
    """The partner wants the money to stay, for example until new details are there."""
    OTHER = "other"


class HoldState(StrEnum):
    OPEN = "open"
    RELEASED = "released"
    KEPT = "kept"
    """The partner does not get it: the amount left the balance."""


class RequestState(StrEnum):
    ASKED = "asked"
    PLANNED = "planned"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class DeclineReason(StrEnum):
    NOTHING_AVAILABLE = "nothing_available"
    BELOW_MINIMUM = "below_minimum"
    ON_HOLD = "on_hold"
    DETAILS_MISSING = "details_missing"
    DOCUMENTS_MISSING = "documents_missing"
    ALREADY_PLANNED = "already_planned"
    OFF_SCHEDULE = "off_schedule"
    """The terms know no payouts between the dates."""
    OTHER = "other"


class BatchState(StrEnum):
    CALCULATED = "calculated"
    APPROVED = "approved"
    SENT = "sent"
    SETTLED = "settled"
    """Every payout in it came to an end."""
    CANCELLED = "cancelled"


class PayoutState(StrEnum):
    PLANNED = "planned"
    APPROVED = "approved"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    """The transfer never went through; the money is on the balance again."""
    RETURNED = "returned"
    """It went through and came back, sometimes weeks later; the money is on the balance again."""
    CANCELLED = "cancelled"


BATCH_MOVES: Mapping[BatchState, frozenset[BatchState]] = {
    BatchState.CALCULATED: frozenset({BatchState.APPROVED, BatchState.CANCELLED}),
    BatchState.APPROVED: frozenset({BatchState.SENT, BatchState.CANCELLED}),
    BatchState.SENT: frozenset({BatchState.SETTLED}),
    # A payout of a settled batch may still be returned; the batch stays settled.
    BatchState.SETTLED: frozenset(),
    BatchState.CANCELLED: frozenset(),
}

PAYOUT_MOVES: Mapping[PayoutState, frozenset[PayoutState]] = {
    PayoutState.PLANNED: frozenset({PayoutState.APPROVED, PayoutState.CANCELLED}),
    PayoutState.APPROVED: frozenset({PayoutState.SENT, PayoutState.CANCELLED}),
    PayoutState.SENT: frozenset({PayoutState.PAID, PayoutState.FAILED, PayoutState.RETURNED}),
    PayoutState.PAID: frozenset({PayoutState.RETURNED}),
    PayoutState.FAILED: frozenset(),
    PayoutState.RETURNED: frozenset(),
    PayoutState.CANCELLED: frozenset(),
}

AWAITED = frozenset({PayoutState.PLANNED, PayoutState.APPROVED, PayoutState.SENT})
"""The partner still waits for these."""
RESERVED = frozenset({PayoutState.PLANNED, PayoutState.APPROVED})
"""Still on the balance and no longer free: the next batch must not plan the same money again."""


class PayoutProblem(StrEnum):
    """Why a payout failed, came back or is late."""

    NONE = ""
    DETAILS_WRONG = "details_wrong"
    NAME_DIFFERS = "name_differs"
    """The account belongs to somebody else."""
    ACCOUNT_CLOSED = "account_closed"
    BANK_REFUSED = "bank_refused"
    COMPLIANCE = "compliance"
    LIMIT = "limit"
    """Of the bank, the wallet or the payment system."""
    METHOD_DOWN = "method_down"
    AWAITS_APPROVAL = "awaits_approval"
    """Ours: calculated in time and not approved in time."""
    FUNDS = "funds"
    """Ours: the account the batch is paid from was short."""
    BANK_HOLIDAY = "bank_holiday"
    PARTNER_ASKED = "partner_asked"
    OTHER = "other"


class AdjustmentState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"


class PayMethod(StrEnum):
    """How a partner is paid."""

    IBAN = "iban"
    BANK = "bank"
    """An account in a country without IBAN."""
    WALLET = "wallet"
    """A payment system: e-mail address or number of an account there."""
    CRYPTO = "crypto"
    OTHER = "other"


class DetailsState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    """In force: the next batch pays there."""
    DECLINED = "declined"
    REPLACED = "replaced"


class Schedule(StrEnum):
    """How often a period of earnings closes, and with it how often there is a payout."""

    WEEKLY = "weekly"
    TWICE_MONTHLY = "twice_monthly"
    """From the 1st to the 15th and from the 16th to the month's end."""
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class MoneyFileKind(StrEnum):
    ENTRIES = "entries"
    PAYOUTS = "payouts"


class LeftOutReason(StrEnum):
    """Why a partner, or a part of what a partner has, is not in a batch."""

    NOTHING = "nothing"
    OWES = "owes"
    """The balance is below zero after chargebacks; later earnings pay it off."""
    HELD = "held"
    PLANNED_ALREADY = "planned_already"
    """In another batch that is not sent yet."""
    DETAILS_MISSING = "details_missing"
    REQUESTED_LESS = "requested_less"
    BELOW_MINIMUM = "below_minimum"
    TOO_FINE = "too_fine"
    """Less than the smallest unit of the currency; it stays and grows."""


class HandKind(StrEnum):
    """What somebody did with lines that a batch pays out later."""

    AGREED = "agreed"
    """To somebody else's change by hand. Bars only where somebody else is left to approve: two people looked
    at the change already."""
    BROUGHT_IN = "brought_in"
    CHANGED = "changed"
    """A change by hand: proposed it, took a line back, said that a payout came back."""


class ApprovalRefusal(StrEnum):
    CALCULATED_IT = "calculated_it"
    APPROVED_ALREADY = "approved_already"
    ADJUSTED_IT = "adjusted_it"
    """Proposed or approved an adjustment that the batch pays out, or said that a payout came back."""
    BROUGHT_IT_IN = "brought_it_in"
    """Imported or sent lines that the batch pays out."""
    NOT_OPEN = "not_open"
    """Approved in full, sent or cancelled."""


class Notice(StrEnum):
    """What a partner is told without asking."""

    SOON = "soon"
    """The payout comes on its day, ``notice_days`` ahead."""
    MOVED = "moved"
    """Expected later than it was said, and the old day is not over yet."""
    DELAYED = "delayed"
    """The day is over and the money is not there."""
    HELD = "held"
    HOLD_CHANGED = "hold_changed"
    HOLD_LATE = "hold_late"
    """The day of the decision is over and there is none."""
    HOLD_DECIDED = "hold_decided"


class UploadState(StrEnum):
    """Of a money file on its way in."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    """Nothing of it is recorded."""


class DifferenceKind(StrEnum):
    """What explains that the partner's figures and ours differ. Amounts are theirs minus ours."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    AMOUNT_DIFFERS = "amount_differs"
    ROUNDING = "rounding"
    OTHER_DAY = "other_day"
    """The same line on another side of the period's edge, in most cases because of the time zone."""
    OTHER_CURRENCY = "other_currency"
    REJECTED = "rejected"
    """Counted there; here it was taken back."""
    ON_HOLD = "on_hold"
    """Counted there; here it waits for a check."""
    DOUBLED_THERE = "doubled_there"
    DOUBLED_HERE = "doubled_here"


class LineProblem(StrEnum):
    """Why a line of a money file is wrong. One wrong line refuses the whole file."""

    MISSING = "missing"
    UNKNOWN_COLUMN = "unknown_column"
    COLUMN_TWICE = "column_twice"
    RAGGED = "ragged"
    """Not as many cells as the header has columns."""
    TOO_LONG = "too_long"
    UNKNOWN_PARTNER = "unknown_partner"
    UNKNOWN_CURRENCY = "unknown_currency"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_STATE = "unknown_state"
    BAD_MOVE = "bad_move"
    """The payout is known, and from its state no way leads to the one given."""
    CONTRADICTS = "contradicts"
    """The day it was paid on, of a payout that is not paid."""
    BAD_DATE = "bad_date"
    AMBIGUOUS_DATE = "ambiguous_date"
    """03/04/2026, and no line of the file tells whether days or months come first."""
    IN_THE_FUTURE = "in_the_future"
    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS_AMOUNT = "ambiguous_amount"
    TOO_MANY_DIGITS = "too_many_digits"
    TOO_LARGE = "too_large"
    SUM_TOO_LARGE = "sum_too_large"
    """With this line the partner's balance or the file comes to more than can be kept."""
    WRONG_SIGN = "wrong_sign"
    ZERO = "zero"
    DOUBLED_KEY = "doubled_key"
    """The key stands twice in the file."""
    CHANGED = "changed"
    """The key is known with another amount, partner, currency, kind or day of earning."""
    TOTAL_DIFFERS = "total_differs"
    NO_LINES = "no_lines"
    TOO_MANY_LINES = "too_many_lines"
