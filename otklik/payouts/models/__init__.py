from otklik.payouts.models.adjustments import Adjustment
from otklik.payouts.models.details import AccountDetails
from otklik.payouts.models.hands import Hand
from otklik.payouts.models.holds import Hold
from otklik.payouts.models.ledger import Balance, Entry, MoneyImport
from otklik.payouts.models.notices import ToldNotice
from otklik.payouts.models.payouts import BatchApproval, LeftOut, Payout, PayoutBatch, PayoutRequest
from otklik.payouts.models.reports import PartnerReport, ReportLine
from otklik.payouts.models.statements import Statement
from otklik.payouts.models.terms import PaymentTerms
from otklik.payouts.models.uploads import MoneyUpload

__all__ = [
    "AccountDetails",
    "Adjustment",
    "Balance",
    "BatchApproval",
    "Entry",
    "Hand",
    "Hold",
    "LeftOut",
    "MoneyImport",
    "MoneyUpload",
    "PartnerReport",
    "PaymentTerms",
    "Payout",
    "PayoutBatch",
    "PayoutRequest",
    "ReportLine",
    "Statement",
    "ToldNotice",
]
