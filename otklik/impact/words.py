"""Amounts of causes and of the score, as people say them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy, npgettext_lazy

from otklik.impact.rules.vocabulary import Exposure, Outcome
from otklik.kit.templatetags.otklik import figure, signed

# "When ..., its NPS is about 9 points lower": by one more of what is counted,
_ONE_MORE: dict[Exposure, Promise] = {
    Exposure.BREACHES: _("When a partner waits past a promised time once more in 90 days"),
    Exposure.UNANSWERED: _("When one more ticket of a partner is left without our word"),
    Exposure.REOPENED: _("When one more ticket of a partner that we took for solved comes back"),
    Exposure.HANDED_OVER: _("When a partner’s tickets are handed over once more in 90 days"),
    Exposure.FOREIGN_LANGUAGE: _(
        "When one more ticket of a partner is answered by somebody who does not speak its language"
    ),
    Exposure.PAYOUTS_LATE: _("When one more payout to a partner fails or comes late"),
    Exposure.MANAGER_CHANGED: _("When a partner gets another account manager"),
}
# and by so much more of what lasts.
_LONGER = {
    Exposure.WAIT_MEDIAN: ngettext_lazy(
        "When a partner usually waits %(n)s business hour longer for our answer",
        "When a partner usually waits %(n)s business hours longer for our answer",
        "count",
    ),
    Exposure.WAIT_LONG: ngettext_lazy(
        "When a partner’s longest waits are %(n)s business hour longer",
        "When a partner’s longest waits are %(n)s business hours longer",
        "count",
    ),
    Exposure.MONEY_HELD: ngettext_lazy(
        "When a partner’s money is held for %(n)s day more",
        "When a partner’s money is held for %(n)s days more",
        "count",
    ),
}
# CSAT is asked of one ticket, and its causes are what happened in that ticket.
_ONE_MORE_IN_TICKET: dict[Exposure, Promise] = {
    Exposure.BREACHES: _("When a promised time is missed once more in a ticket"),
    Exposure.REOPENED: _("When a ticket that we took for solved comes back once more"),
    Exposure.HANDED_OVER: _("When a ticket is handed over once more"),
    Exposure.FOREIGN_LANGUAGE: _("When a ticket is answered by somebody who does not speak its language"),
}
_LONGER_IN_TICKET = {
    Exposure.WAIT_MEDIAN: ngettext_lazy(
        "When a ticket waits %(n)s business hour longer for our first answer",
        "When a ticket waits %(n)s business hours longer for our first answer",
        "count",
    )
}
_HOURS = npgettext_lazy("of a cause", "%(n)s business hour", "%(n)s business hours", "count")
_TICKETS = ngettext_lazy("%(n)s ticket", "%(n)s tickets", "count")
_UNITS = {
    Exposure.WAIT_MEDIAN: _HOURS,
    Exposure.WAIT_LONG: _HOURS,
    # "2 times more" would be read as threefold: what is counted has a noun.
    Exposure.BREACHES: ngettext_lazy("%(n)s missed promise", "%(n)s missed promises", "count"),
    Exposure.UNANSWERED: _TICKETS,
    Exposure.REOPENED: ngettext_lazy("%(n)s return", "%(n)s returns", "count"),
    Exposure.HANDED_OVER: ngettext_lazy("%(n)s hand-over", "%(n)s hand-overs", "count"),
    Exposure.FOREIGN_LANGUAGE: _TICKETS,
    Exposure.MONEY_HELD: ngettext_lazy("%(n)s day", "%(n)s days", "count"),
    Exposure.PAYOUTS_LATE: ngettext_lazy("%(n)s payout", "%(n)s payouts", "count"),
    Exposure.MANAGER_CHANGED: ngettext_lazy("%(n)s change of manager", "%(n)s changes of manager", "count"),
}


def when(exposure: Exposure, change: float, outcome: Outcome) -> str:
    """The beginning of a sentence about a partner, or a ticket: what happens to it, and how much of it."""
    once, longer = (
        (_ONE_MORE, _LONGER) if outcome is Outcome.NPS else (_ONE_MORE_IN_TICKET, _LONGER_IN_TICKET)
    )
    if exposure in once:
        return str(once[exposure])
    return longer[exposure] % {"n": number(change), "count": plural_of(change)}


def dose(exposure: Exposure, value: float) -> str:
    """6 business hours, 2 missed promises, 0.5 tickets."""
    return _UNITS[exposure] % {"n": number(value), "count": plural_of(value)}


def tickets(value: float) -> str:
    return _TICKETS % {"n": number(value), "count": plural_of(value)}


def number(value: float, decimals: int | None = None) -> str:
    """With so many decimals, or as many as say something: whole ones none."""
    return figure(value, _decimals(value) if decimals is None else decimals).replace("-", "\u2212")


def span(low: float, high: float) -> str:
    return number(low) if low == high else f"{number(low)}\u2013{number(high)}"


def points(value: float) -> str:
    """An amount of the outcome without its sign: 9 points."""
    size = round(abs(value), score_decimals(value))
    return ngettext("%(n)s point", "%(n)s points", plural_of(size)) % {"n": number(size)}


def mean_words(value: float, outcome: Outcome) -> str:
    """NPS has a sign; CSAT, of 0 to 100, would with one read as a change."""
    return signed(value) if outcome is Outcome.NPS else figure(value)


def score(value: float | None) -> str:
    """A change of the outcome, with its sign."""
    return signed(value, score_decimals(value))


def score_span(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    decimals = score_decimals(max(abs(low), abs(high)))
    return f"{signed(low, decimals)} … {signed(high, decimals)}"


def score_decimals(value: float | None) -> int:
    return 0 if value is not None and abs(value) >= 2 else 1


def answers_words(answers: int) -> str:
    return ngettext("%(n)s answer", "%(n)s answers", answers) % {"n": figure(answers)}


def weeks_words(weeks: int) -> str:
    return ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": figure(weeks)}


def plural_of(value: float) -> int:
    """Of a number as it is written; a fraction is spoken of as two are: 0.5 hours, «0,5 часа»."""
    return round(abs(value)) if _decimals(value) == 0 else 2


def _decimals(value: float) -> int:
    if abs(value) >= 10:
        return 0
    most = 1 if abs(value) >= 1 else 2
    return next(places for places in range(most + 1) if round(value, places) == round(value, most))
