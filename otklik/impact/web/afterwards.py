"""What became of partners, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from otklik.impact.queries.outcomes import After
from otklik.impact.rules.outcomes import Later, Outcome, Side, Split, Stands, Told
from otklik.kit.templatetags.otklik import figure, percent, signed
from otklik.stats.clustered import FEWEST_UNITS

TITLES: Mapping[Later, tuple[Promise, Promise]] = {
    Later.RENEWED: (
        gettext_lazy("Renewal of the contract"),
        gettext_lazy(
            "The last decision of each partner in two years: the contract’s day was moved by two months or "
            "more, or the partner left."
        ),
    ),
    Later.STAYED: (
        gettext_lazy("Staying"),
        gettext_lazy("Partners who were there half a year ago: who is still with us."),
    ),
    Later.EARNED: (
        gettext_lazy("Sales"),
        gettext_lazy(
            "How much more a partner earned in a quarter than in the quarter before, as a share of the mean "
            "of the two."
        ),
    ),
}
CONFOUNDERS: Mapping[Stands, tuple[Promise, Promise]] = {
    Stands.LARGE_SERVED_BETTER: (
        gettext_lazy("Large partners are served better."),
        gettext_lazy("They answer kindly and stay for reasons of their own."),
    ),
    Stands.LEAVING_ANSWER_WORSE: (
        gettext_lazy("Whoever is about to leave answers worse."),
        gettext_lazy("Then the decision comes first, and the score only tells of it."),
    ),
    Stands.ONLY_WHO_ANSWERED: (
        gettext_lazy("Only those who answered are here."),
        gettext_lazy("The silent may leave more often, whatever we did."),
    ),
    Stands.MARKET: (
        gettext_lazy("Markets and seasons move both."),
        gettext_lazy("A good season makes partners sell more and like us better."),
    ),
}
GOOD, BAD = "good", "bad"
SIDES: Mapping[str, Mapping[Split, Promise]] = {
    GOOD: {
        Split.SCORE: gettext_lazy("Promoters before"),
        Split.PROMISES: gettext_lazy("All promises kept before"),
    },
    BAD: {
        Split.SCORE: gettext_lazy("Detractors before"),
        Split.PROMISES: gettext_lazy("Some promise broken before"),
    },
}
# What became of one partner: 1 and 0.
_BECAME: Mapping[Later, tuple[Promise, Promise]] = {
    Later.RENEWED: (
        pgettext_lazy("what became of a partner", "renewed"),
        pgettext_lazy("what became of a partner", "left"),
    ),
    Later.STAYED: (
        pgettext_lazy("what became of a partner", "still with us"),
        pgettext_lazy("what became of a partner", "left"),
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """``way``: the query of the page with the partners of this side."""

    label: Promise
    side: Side
    value: str
    way: str


@dataclass(frozen=True, slots=True)
class Said:
    verdict: str
    rows: tuple[Row, Row]
    difference: str
    within: str


@dataclass(frozen=True, slots=True)
class Card:
    title: Promise
    meaning: Promise
    said: tuple[Said, ...]
    missing: str


def cards(found: After, *, with_revenue: bool) -> list[Card]:
    """What the reader may see: earnings tell revenue."""
    shown = [one for one in Later if with_revenue or one is not Later.EARNED]
    return [
        Card(
            *TITLES[later],
            said=tuple(_said(one) for one in found.outcomes if one.later is later),
            missing=_missing(later, found),
        )
        for later in shown
    ]


def _missing(later: Later, found: After) -> str:
    if later is Later.EARNED and not found.has_earnings:
        return _("The data do not have it: nothing that partners earned is in the ledger of payouts.")
    if later is Later.RENEWED and found.open_contracts:
        return ngettext(
            "%(n)s contract is past its day by 90 days or more, and nobody recorded what became of it: it "
            "counts for neither.",
            "%(n)s contracts are past their day by 90 days or more, and nobody recorded what became of "
            "them: they count for neither.",
            found.open_contracts,
        ) % {"n": figure(found.open_contracts)}
    return ""


def _said(one: Outcome) -> Said:
    return Said(
        _verdict(one),
        (
            _row(one, GOOD),
            _row(one, BAD),
        ),
        _difference(one),
        _within(one),
    )


def _row(one: Outcome, side: str) -> Row:
    of_side = one.good if side == GOOD else one.bad
    way = urlencode({"later": one.later.value, "split": one.split.value, "side": side})
    return Row(SIDES[side][one.split], of_side, _mean(one, of_side), way)


def _verdict(one: Outcome) -> str:
    if one.told is Told.TOO_FEW and not one.is_too_few:
        return _("Cannot tell: there are partners enough, but they differ too little in what is compared.")
    if one.told is Told.TOO_FEW:
        return ngettext(
            "Cannot tell: %(n)s partner so far, and it takes %(fewest)s, at least five on each side.",
            "Cannot tell: %(n)s partners so far, and it takes %(fewest)s, at least five on each side.",
            one.partners,
        ) % {"n": figure(one.partners), "fewest": FEWEST_UNITS}
    return str(_VERDICTS[one.split][one.told])


_VERDICTS: Mapping[Split, Mapping[Told, Promise]] = {
    Split.SCORE: {
        Told.BETTER: gettext_lazy("It goes together with the score: promoters do better."),
        Told.WORSE: gettext_lazy("Against expectation: detractors do better."),
        Told.NO_DIFFERENCE: gettext_lazy("No difference between promoters and detractors is seen."),
        Told.CANNOT_TELL: gettext_lazy("Cannot tell whether promoters do better."),
    },
    Split.PROMISES: {
        Told.BETTER: gettext_lazy("It goes together with kept promises: they do better."),
        Told.WORSE: gettext_lazy("Against expectation: those whose promises were broken do better."),
        Told.NO_DIFFERENCE: gettext_lazy("No difference between kept and broken promises is seen."),
        Told.CANNOT_TELL: gettext_lazy("Cannot tell whether kept promises make a difference."),
    },
}


def _mean(one: Outcome, side: Side) -> str:
    if side.mean is None:
        return _("too few")
    return _change(side.mean) if one.later is Later.EARNED else percent(side.mean)


def _difference(one: Outcome) -> str:
    if one.difference is None or one.interval is None:
        return ""
    said = _("Difference: %(difference)s percentage points (%(low)s to %(high)s).")
    if one.later is Later.EARNED:
        # Not the one of the two means above: season by season, with passives between.
        said = _(
            "Difference with the season taken out: %(difference)s percentage points (%(low)s to %(high)s)."
        )
    return said % {
        "difference": signed(100 * one.difference),
        "low": signed(100 * one.interval.low),
        "high": signed(100 * one.interval.high),
    }


def _within(one: Outcome) -> str:
    if one.within is None:
        return ""
    if one.within.effect is None or one.within.interval is None:
        return _("The same partner in better and worse times: cannot tell, hardly anybody changed sides.")
    return _(
        "The same partner in better and worse times: %(effect)s percentage points (%(low)s to %(high)s)."
    ) % {
        "effect": signed(100 * one.within.effect),
        "low": signed(100 * one.within.interval.low),
        "high": signed(100 * one.within.interval.high),
    }


def became(later: Later, result: float) -> str:
    """What became of one partner, in words or as the change of what it earned."""
    if later is Later.EARNED:
        return _change(result)
    did, did_not = _BECAME[later]
    return str(did if result else did_not)


def _change(mean: float) -> str:
    return f"{signed(100 * mean)}%"
