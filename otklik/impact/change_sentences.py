"""What a study of a policy change says, sentence by sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.impact.labels import OUTCOMES
from otklik.impact.rules.change_study import ChangeStudy, Span
from otklik.impact.rules.vocabulary import ChangeReason, Outcome
from otklik.impact.words import points, score_decimals, score_span
from otklik.kit.templatetags.otklik import figure, percent
from otklik.stats.clustered import FEWEST_UNITS
from otklik.stats.impact_verdict import MOST_BAD, Note, Verdict
from otklik.stats.staggered import FEWEST_TREATED


def change_sentence(study: ChangeStudy, outcome: Outcome) -> str:
    values = {"outcome": OUTCOMES[outcome], "worth": points(study.worth_noticing)}
    if study.verdict is Verdict.EFFECT:
        return _effect_sentence(study, outcome)
    if study.verdict is Verdict.NO_EFFECT_SEEN:
        return _("No effect seen: whatever it did to %(outcome)s, it is less than %(worth)s.") % values
    if study.verdict is Verdict.CANNOT_TELL:
        return _("From these answers nobody can tell whether it moved %(outcome)s on the whole.") % values
    return _("Nothing is computed for this change: see why below.")


def _effect_sentence(study: ChangeStudy, outcome: Outcome) -> str:
    assert study.average is not None
    effect = study.average.effect or 0.0
    low, high = sorted(abs(end or 0.0) for end in (study.average.low, study.average.high))
    decimals = score_decimals(low)
    values = {
        "outcome": OUTCOMES[outcome],
        "by": points(effect),
        "low": figure(low, decimals),
        "high": figure(high, decimals),
    }
    if effect < 0:
        text = _(
            "At partners it came to, %(outcome)s is about %(by)s lower than it would have been without it "
            "(%(low)s to %(high)s)."
        )
    else:
        text = _(
            "At partners it came to, %(outcome)s is about %(by)s higher than it would have been without it "
            "(%(low)s to %(high)s)."
        )
    return text % values


def change_reasons(study: ChangeStudy) -> list[str]:
    return [_reason(reason, study) for reason in study.reasons]


def _reason(reason: ChangeReason, study: ChangeStudy) -> str:
    if reason is ChangeReason.TOO_FEW_PARTNERS:
        return ngettext(
            "%(n)s partner is too few: nothing is inferred under %(fewest)s.",
            "%(n)s partners are too few: nothing is inferred under %(fewest)s.",
            study.partners,
        ) % {"n": figure(study.partners), "fewest": FEWEST_UNITS}
    if reason is ChangeReason.TOO_FEW_REACHED:
        return ngettext(
            "%(n)s partner answered under it: too few. From %(fewest)s on something can be told.",
            "%(n)s partners answered under it: too few. From %(fewest)s on something can be told.",
            study.reached,
        ) % {"n": figure(study.reached), "fewest": FEWEST_TREATED}
    if reason is ChangeReason.INTERVAL_TOO_WIDE:
        return _(
            "The effect lies somewhere in %(span)s: that holds both nothing and a change worth acting on."
        ) % {"span": _span_of(study)}
    return _REASONS[reason]()


_REASONS = {
    ChangeReason.BAD_ROWS: lambda: (
        _("More than %(most)s of the answers cannot be right.") % {"most": percent(MOST_BAD)}
    ),
    ChangeReason.NOT_YET: lambda: _(
        "Nobody it came to has answered under it yet. The month in the middle of which it came does not "
        "count."
    ),
    ChangeReason.EVERYBODY_AT_ONCE: lambda: _(
        "It came to everybody in the same month: there is nobody left to compare with, and whatever else "
        "happened then looks the same. Next time begin with some partners and follow with the others."
    ),
    ChangeReason.NOBODY_LEFT: lambda: _(
        "Nothing without it is left to compare with: whoever answered under it never answered before it, or "
        "nobody was without it any more at the time."
    ),
    ChangeReason.ALWAYS_THE_SAME: lambda: _("The answers hardly differ, so there is nothing to tell apart."),
    ChangeReason.APART_BEFORE: lambda: _(
        "In the months before it came, those it would reach had left the path of the others already. "
        "Whatever made them differ then may go on, and looks like the change."
    ),
    ChangeReason.INTERVAL_IS_SMALL: lambda: _(
        "Even the far end of the interval is less than what is worth acting on."
    ),
    ChangeReason.INTERVAL_EXCLUDES_ZERO: lambda: _(
        "What partners said under it was put beside what was to be expected of them: their own answers "
        "before it came, moved by as much as those of partners without it moved since. The whole interval "
        "lies on one side of zero."
    ),
}


def change_notes(study: ChangeStudy) -> list[str]:
    said = {
        Note.SMALLER_THAN_WORTH_NOTICING: _(
            "It is there, but even at its largest it is less than %(worth)s, and not worth much effort."
        )
        % {"worth": points(study.worth_noticing)},
    }
    return [*(said[note] for note in study.notes if note in said), *_by_month(study)]


def _by_month(study: ChangeStudy) -> list[str]:
    """What comes and goes, or turns, is lost in an average."""
    if study.verdict is Verdict.EFFECT or ChangeReason.APART_BEFORE in study.reasons:
        return []
    lower = [span_words(one) for one in study.since if one.high is not None and one.high < 0]
    higher = [span_words(one) for one in study.since if one.low is not None and one.low > 0]
    said = []
    if lower:
        said.append(
            _("Month by month more can be told: the whole band lies below zero (%(spans)s).")
            % {"spans": ", ".join(lower)}
        )
    if higher:
        said.append(
            _("Month by month more can be told: the whole band lies above zero (%(spans)s).")
            % {"spans": ", ".join(higher)}
        )
    return said


def before_sentence(study: ChangeStudy) -> str:
    """Whether partners had left the path of the others before it came."""
    if study.average is None:
        return ""
    meant = _("Until it came, those it would reach should have gone the way of the others.")
    known = [one for one in study.before if one.low is not None]
    if not known:
        return f"{meant} " + _("There are too few answers from before it to check this.")
    if ChangeReason.APART_BEFORE in study.reasons:
        return f"{meant} " + _("They did not, so no verdict stands on this.")
    text = f"{meant} " + _("They did, as far as can be seen.")
    if Note.PLACEBO_TOO_WEAK in study.notes:
        text += " " + _("With so few answers, though, this check could hardly have caught anything.")
    return text


def visible_sentence(study: ChangeStudy) -> str:
    """What these answers could have shown at all."""
    if study.average is None or study.average.smallest_visible is None:
        return ""
    return _(
        "An effect of %(points)s would be seen in such answers four times out of five; a smaller one would "
        "more often be missed."
    ) % {"points": points(study.average.smallest_visible)}


def span_words(one: Span) -> str:
    """Which months: 1–3 months since it came."""
    if one.first < 0:
        return _("%(first)s–%(last)s months before") % {"first": -one.last, "last": -one.first}
    return _("months %(first)s–%(last)s under it") % {"first": one.first + 1, "last": one.last + 1}


def _span_of(study: ChangeStudy) -> str:
    return "" if study.average is None else score_span(study.average.low, study.average.high)
