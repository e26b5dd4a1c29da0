"""Results of surveys in words. The figures come from the queries as they are; nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from otklik.feedback.labels import role_name
from otklik.feedback.rules.results import CannotTell, Figure, Share, Weighted
from otklik.feedback.rules.vocabulary import Refusal, SurveyKind
from otklik.feedback.web.waves.words import REFUSALS
from otklik.feedback.words import interval_words, score_text, summary_sentence
from otklik.kit.templatetags.otklik import figure as number
from otklik.kit.templatetags.otklik import percent
from otklik.stats.intervals import Interval
from otklik.stats.verdicts import TOO_FEW_ANSWERS, Comparison, Verdict

SCORE_NAMES: dict[SurveyKind, Promise | str] = {
    SurveyKind.NPS: "NPS",
    SurveyKind.CSAT: _("Satisfied (4 and 5 of 5)"),
    SurveyKind.CES: _("Easy (5 to 7 of 7)"),
}


def score_words(kind: SurveyKind, score: float | None) -> str:
    """NPS in points, a share as per cent; a dash where there is none."""
    if kind is SurveyKind.NPS:
        return score_text(score)
    return percent(score)


def limits_words(kind: SurveyKind, interval: Interval | None) -> str:
    if interval is None:
        return ""
    if kind is SurveyKind.NPS:
        return interval_words(interval)
    return f"{percent(interval.low)} … {percent(interval.high)}"


def share_words(share: Share) -> str:
    """ "34% (28% … 41%)"; a dash where there is nothing to have a share of."""
    return f"{percent(share.share)} ({limits_of(share)})" if share.n else number(None)


def limits_of(share: Share) -> str:
    interval = share.interval
    return "" if interval is None else f"{percent(interval.low)} … {percent(interval.high)}"


def refusal_words(reason: str) -> str:
    return str(REFUSALS[Refusal(reason)]) if reason in set(Refusal) else gettext("left out")


def figure_sentence(found: Figure) -> str:
    if found.reason is CannotTell.NOBODY:
        return gettext("Nobody has answered yet.")
    if found.summary is not None:
        return summary_sentence(found.summary)
    if found.reason is not None or found.score is None or found.interval is None:
        return _too_few(found.n)
    return ngettext(
        "Going by %(n)s answer, the true share of good answers lies between %(low)s and %(high)s. The mean "
        "of the scores is %(mean)s.",
        "Going by %(n)s answers, the true share of good answers lies between %(low)s and %(high)s. The mean "
        "of the scores is %(mean)s.",
        found.n,
    ) % {
        "n": number(found.n),
        "low": percent(found.interval.low),
        "high": percent(found.interval.high),
        "mean": number(found.mean, 2),
    }


def weighted_sentence(kind: SurveyKind, found: Weighted) -> str:
    """What the weighted score is, or why there is none."""
    match found.reason:
        case CannotTell.NOBODY:
            return gettext("Nobody has answered yet.")
        case CannotTell.TOO_FEW:
            return _too_few(sum(stratum.answers for stratum in found.strata))
        case CannotTell.NOBODY_OF_ROLE:
            return gettext(
                "One cannot tell: nobody answered of these roles: %(roles)s. No weight makes up for people "
                "who said nothing."
            ) % {"roles": ", ".join(role_name(role) for role in found.empty)}
        case CannotTell.MORE_ANSWERS_THAN_PEOPLE:
            return gettext(
                "One cannot tell: some role has more answers than people today. Look at one wave, or correct "
                "the roles of the people."
            )
    return gettext(
        "Every role counts by the number of its people today: %(score)s, the true value lies between "
        "%(low)s and %(high)s. As precise as %(n)s answers of a plain sample."
    ) % {
        "score": score_words(kind, found.score),
        "low": score_words(kind, found.interval.low if found.interval else None),
        "high": score_words(kind, found.interval.high if found.interval else None),
        "n": number(found.n_effective),
    }


def change_sentence(change: Comparison, before: str) -> str:
    """The last wave against the one before."""
    names = {"wave": before}
    if change.verdict is Verdict.CANNOT_TELL or change.difference is None or change.interval is None:
        return gettext("One cannot tell whether the score has changed since %(wave)s.") % names
    names |= {
        "change": number(abs(change.difference) * 100, 1),
        "low": score_text(change.interval.low),
        "high": score_text(change.interval.high),
    }
    if change.verdict is Verdict.NO_DIFFERENCE_SEEN:
        return (
            gettext("No change seen since %(wave)s: the true one lies between %(low)s and %(high)s.") % names
        )
    if change.verdict is Verdict.UP:
        return gettext("Up %(change)s points since %(wave)s; the true change: %(low)s … %(high)s.") % names
    return gettext("Down %(change)s points since %(wave)s; the true change: %(low)s … %(high)s.") % names


def left_out_lines(counts: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(refusal_words(reason), amount) for reason, amount in counts]


def _too_few(n: int) -> str:
    return ngettext(
        "Only %(n)s answer: too few for a score. From %(least)s answers on there is one.",
        "Only %(n)s answers: too few for a score. From %(least)s answers on there is one.",
        n,
    ) % {"n": n, "least": TOO_FEW_ANSWERS}
