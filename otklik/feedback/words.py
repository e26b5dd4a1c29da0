"""Verdicts as sentences. The figures come from ``stats`` as they are; nothing is decided here.

Points are the -100..100 people read, always with one decimal: "6.0 points" needs no plural form of its own.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language, gettext, ngettext

from otklik.analytics.public import Dimension
from otklik.feedback.rules.periods import Period, Step
from otklik.kit.phrases import Phrases, phrases
from otklik.kit.templatetags.otklik import figure, signed
from otklik.stats.intervals import Interval
from otklik.stats.nps import points
from otklik.stats.verdicts import (
    TOO_FEW_ANSWERS,
    Comparison,
    Kind,
    League,
    Reason,
    Standing,
    Summary,
    Verdict,
)


def speech() -> Phrases:
    """Numbers and dates in the reader's language."""
    return phrases((get_language() or "en").split("-")[0])


def score_text(score: float | None) -> str:
    """A score on [-1, 1] as people read it, with a true minus; a dash where there is none."""
    return figure(None) if score is None else figure(points(score), 1).replace("-", "\u2212")


def interval_words(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return f"{score_text(interval.low)} … {score_text(interval.high)}"


def answers_text(n: int) -> str:
    return ngettext("%(n)s answer", "%(n)s answers", n) % {"n": figure(n)}


def period_text(period: Period) -> str:
    """Months where the period is made of whole ones, else its first and last day."""
    say = speech()
    if not period.is_whole_months:
        return f"{say.date(period.start)} – {say.date(period.last_day)}"
    if (period.start.year, period.start.month) == (period.last_day.year, period.last_day.month):
        return say.month(period.start)
    return f"{say.month(period.start)} – {say.month(period.last_day)}"


def running_period_text(period: Period, today: date) -> str:
    """A period that is not over yet says so: it stands beside whole ones."""
    text = period_text(period)
    return gettext("%(period)s, so far") % {"period": text} if today <= period.last_day else text


def bucket_text(start: date, step: Step, *, short: bool = False) -> str:
    say = speech()
    return say.quarter(start, short=short) if step is Step.QUARTER else say.month(start, short=short)


def summary_sentence(summary: Summary) -> str:
    if summary.n == 0:
        return gettext("Nobody has answered in this period.")
    if summary.kind is Kind.TOO_FEW:
        return ngettext(
            "Only %(n)s answer: too few for a score. From %(least)s answers on there is one.",
            "Only %(n)s answers: too few for a score. From %(least)s answers on there is one.",
            summary.n,
        ) % {"n": summary.n, "least": TOO_FEW_ANSWERS}
    if summary.kind is Kind.COUNT or summary.interval is None:
        return gettext("Everybody has answered, so this is a count and not an estimate.")
    sentence = ngettext(
        "Going by %(n)s answer, the true score lies between %(low)s and %(high)s. Statements like this hold "
        "95 times out of 100.",
        "Going by %(n)s answers, the true score lies between %(low)s and %(high)s. Statements like this hold "
        "95 times out of 100.",
        summary.n,
    ) % {
        "n": figure(summary.n),
        "low": score_text(summary.interval.low),
        "high": score_text(summary.interval.high),
    }
    if summary.small:
        sentence += " " + gettext("With so few answers one more person moves the score by several points.")
    return sentence


def comparison_sentence(comparison: Comparison, before: Period) -> str:
    """What became of the score since the earlier period, or why one cannot tell."""
    names = {"period": period_text(before)}
    if comparison.difference is None or comparison.interval is None:
        return _nothing_to_compare(comparison) % names
    names |= {
        "change": figure(abs(points(comparison.difference)), 1),
        "signed": signed(points(comparison.difference), 1),
        "old": score_text(comparison.before.nps),
        "new": score_text(comparison.after.nps),
        "low": signed(points(comparison.interval.low), 1),
        "high": signed(points(comparison.interval.high), 1),
        "margin": figure(points(comparison.worth_noticing), 0),
    }
    match comparison.verdict:
        case Verdict.UP:
            text = gettext(
                "NPS rose by %(change)s points, from %(old)s to %(new)s, against %(period)s. This is more "
                "than chance: the true change lies between %(low)s and %(high)s points."
            )
        case Verdict.DOWN:
            text = gettext(
                "NPS fell by %(change)s points, from %(old)s to %(new)s, against %(period)s. This is more "
                "than chance: the true change lies between %(low)s and %(high)s points."
            )
        case Verdict.NO_DIFFERENCE_SEEN:
            text = gettext(
                "NPS is where it was in %(period)s (%(old)s then, %(new)s now): the true change lies between "
                "%(low)s and %(high)s, less than the %(margin)s points worth acting on."
            )
        case _:
            text = gettext(
                "One cannot tell whether NPS has changed since %(period)s (%(old)s then, %(new)s now): the "
                "answers fit anything between %(low)s and %(high)s points."
            )
    return text % names + _what_would_show(comparison)


def _nothing_to_compare(comparison: Comparison) -> str:
    if comparison.before.n == 0 and comparison.after.n > 0:
        return gettext("There is nothing to compare with: nobody answered in %(period)s.")
    if comparison.before.nps is None and comparison.after.nps is not None:
        return gettext("One cannot tell whether NPS has changed: too few answers in %(period)s.")
    return gettext("One cannot tell whether NPS has changed since %(period)s: too few answers.")


def _what_would_show(comparison: Comparison) -> str:
    if comparison.reason is not Reason.INTERVAL_TOO_WIDE or comparison.smallest_visible is None:
        return ""
    if comparison.smallest_visible >= 1:
        return " " + gettext("So few answers show hardly any change at all.")
    return " " + gettext("With so many answers only a change of about %(points)s points would show.") % {
        "points": figure(points(comparison.smallest_visible), 0)
    }


def change_words(comparison: Comparison) -> str:
    """The change of one row, in a few words."""
    if comparison.verdict is Verdict.CANNOT_TELL or comparison.difference is None:
        return gettext("cannot tell")
    if comparison.verdict is Verdict.NO_DIFFERENCE_SEEN:
        return gettext("no change seen")
    text = gettext("up %(change)s") if comparison.verdict is Verdict.UP else gettext("down %(change)s")
    return text % {"change": figure(abs(points(comparison.difference)), 1)}


def league_sentence(dimension: Dimension, found: League) -> str:
    """Whether the rows may be put in an order; "" where there is only one."""
    if len(found.summaries) < 2:
        return ""
    if found.ranked and all(standing is Standing.NOT_SEPARABLE for standing in found.standings):
        return gettext(
            "They differ by more than chance, though none can be told from the whole by itself. In the order "
            "of the shrunk value."
        )
    if found.ranked:
        return gettext(
            "They differ by more than chance. In the order of the shrunk value; those that stand apart are "
            "named."
        )
    if found.verdict is Verdict.NO_DIFFERENCE_SEEN:
        return gettext("They do not differ by more than chance, so there is no order of merit here.")
    return gettext("Too few answers to tell whether they differ.")


def standing_words(standing: Standing) -> str:
    if standing is Standing.ABOVE:
        return gettext("above the rest")
    if standing is Standing.BELOW:
        return gettext("below the rest")
    return ""
