"""What a person reads when a change about money is refused."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from otklik.kit.money import AmountProblem
from otklik.payouts.rules.holds import HoldProblem
from otklik.payouts.rules.schedule import TermsProblem

HOLD_PROBLEMS: Mapping[HoldProblem, tuple[str, Promise]] = {
    HoldProblem.NOT_POSITIVE: ("amount", _("Write an amount above zero.")),
    HoldProblem.MORE_THAN_THERE_IS: (
        "amount",
        _("This is more than the balance has free of other holds. Hold a smaller part."),
    ),
    HoldProblem.DECIDED_IN_THE_PAST: ("decide_by", _("This day is over. Choose a later one.")),
    HoldProblem.TOO_LONG: (
        "decide_by",
        _("A decision takes %(days)s days at most. Choose an earlier day."),
    ),
    HoldProblem.NOTHING_SAID: ("checking", _("Write what is being checked: the partner has to know.")),
}
AMOUNT_PROBLEMS: Mapping[AmountProblem, Promise] = {
    AmountProblem.NOT_A_NUMBER: _("This is not an amount. Write digits, as in 1234.50."),
    AmountProblem.AMBIGUOUS: _(
        "This can be read in two ways. Write the digits after the point too: 1234.00."
    ),
    AmountProblem.TOO_MANY_DIGITS: _("The currency has fewer digits after the point."),
    AmountProblem.NEGATIVE: _("Write an amount above zero."),
    AmountProblem.TOO_LARGE: _(
        "The number is too large: amounts stay below 1,000,000,000,000. Check the decimal mark."
    ),
}
BALANCE_TOO_LARGE = _(
    "Nothing was changed: the balance would pass 900,000,000,000,000, the largest sum that is kept."
)
FILE_TAKEN = _(
    "You took the file to pay from. Somebody else has to call this off, once it is certain that nothing of "
    "it was transferred: the next batch would pay it once more."
)
TERMS_PROBLEMS: Mapping[TermsProblem, tuple[str, Promise]] = {
    TermsProblem.BAD_DAY: ("day", _("This schedule has no such day.")),
    TermsProblem.BAD_NET_DAYS: ("net_days", _("Write a smaller number of days.")),
    TermsProblem.BAD_NOTICE_DAYS: ("notice_days", _("Write a smaller number of days.")),
}
