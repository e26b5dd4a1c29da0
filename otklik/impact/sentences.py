"""What a report says, sentence by sentence. The figures come as they are; nothing is decided here."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.impact.labels import OUTCOMES, VERDICTS
from otklik.impact.rules.headline import headline, in_order
from otklik.impact.rules.report import ExposureStudy, Report
from otklik.impact.rules.slopes import Slope
from otklik.impact.rules.telling import told_change
from otklik.impact.rules.vocabulary import OUTSIDE_SUPPORT, Outcome
from otklik.impact.words import dose, points, score, score_decimals, score_span, when
from otklik.kit.templatetags.otklik import figure, percent
from otklik.stats.clustered import FEWEST_UNITS
from otklik.stats.impact_verdict import MOST_BAD, Note, Reason, Verdict


def headline_sentence(report: Report) -> str:
    """What moves the score, or that nobody can tell."""
    outcome = {"outcome": OUTCOMES[report.outcome]}
    if not report.passed:
        return _("Nothing is computed: too many of these answers cannot be right.")
    if report.partners < FEWEST_UNITS:
        return ngettext(
            "%(n)s partner answered: too few. From %(fewest)s partners on it can be told what moves "
            "%(outcome)s.",
            "%(n)s partners answered: too few. From %(fewest)s partners on it can be told what moves "
            "%(outcome)s.",
            report.partners,
        ) % {**outcome, "n": figure(report.partners), "fewest": FEWEST_UNITS}
    found = headline(report)
    if found.first is not None and found.verdict is Verdict.EFFECT:
        return effect_sentence(found.first, report.outcome)
    said = {study.verdict for study in report.studies}
    if said == {Verdict.NO_EFFECT_SEEN}:
        return _("Nothing that was looked at moves %(outcome)s by as much as %(worth)s.") % {
            **outcome,
            "worth": points(report.studies[0].worth_noticing),
        }
    return _("From these answers nobody can tell what moves %(outcome)s.") % outcome


def support_sentence(report: Report) -> str:
    """What support moves, where the headline tells of something else; "" where it tells of support."""
    order = in_order(report.studies)
    if not order or order[0].exposure not in OUTSIDE_SUPPORT or order[0].verdict is not Verdict.EFFECT:
        return ""
    ours = [one for one in order if one.exposure not in OUTSIDE_SUPPORT]
    outcome = {"outcome": OUTCOMES[report.outcome]}
    if ours[0].verdict is Verdict.EFFECT:
        return effect_sentence(ours[0], report.outcome)
    if all(one.verdict is Verdict.NO_EFFECT_SEEN for one in ours):
        return _("Nothing that support does was seen to move %(outcome)s.") % outcome
    return _("Nobody can tell yet whether support moves %(outcome)s.") % outcome


def verdict_sentence(study: ExposureStudy, outcome: Outcome) -> str:
    if study.verdict is Verdict.EFFECT:
        return effect_sentence(study, outcome)
    values = {"outcome": OUTCOMES[outcome], "worth": points(study.worth_noticing)}
    if study.verdict is Verdict.NO_EFFECT_SEEN:
        return _(
            "No effect seen: between a good time and a bad one (%(swing)s more) the same partner’s "
            "%(outcome)s differs by less than %(worth)s."
        ) % {**values, "swing": dose(study.exposure, study.swing)}
    if study.verdict is Verdict.CANNOT_TELL:
        return _("From these answers nobody can tell whether this moves %(outcome)s.") % values
    return _("Nothing is computed for this cause.")


def effect_sentence(study: ExposureStudy, outcome: Outcome) -> str:
    """By a change that happens, with its interval: about 9 points lower (3 to 15)."""
    assert study.within is not None
    assert study.within.effect is not None
    change = told_change(study)
    effect = study.within.effect * change
    low, high = sorted(abs(end * change) for end in (study.within.low or 0.0, study.within.high or 0.0))
    decimals = score_decimals(low)
    values = {
        "when": when(study.exposure, change, outcome),
        "outcome": OUTCOMES[outcome],
        "by": points(effect),
        "low": figure(low, decimals),
        "high": figure(high, decimals),
    }
    if effect < 0:
        return _("%(when)s, its %(outcome)s is about %(by)s lower (%(low)s to %(high)s).") % values
    return _("%(when)s, its %(outcome)s is about %(by)s higher (%(low)s to %(high)s).") % values


def counted_verdicts(report: Report) -> str:
    """How many causes ended how: those of which nobody can tell are not left out."""
    counted = Counter(study.verdict for study in report.studies)
    return ngettext(
        "%(n)s cause was looked at (%(counted)s).",
        "%(n)s causes were looked at (%(counted)s).",
        len(report.studies),
    ) % {
        "n": len(report.studies),
        "counted": ", ".join(f"{VERDICTS[one]}: {counted[one]}" for one in Verdict if counted[one]),
    }


def reasons(study: ExposureStudy, outcome: Outcome) -> list[str]:
    return [_reason(reason, study, outcome) for reason in study.reasons]


def _reason(reason: Reason, study: ExposureStudy, outcome: Outcome) -> str:
    units = 0 if study.within is None else study.within.units
    fixed = {
        Reason.BAD_ROWS: _("More than %(most)s of the answers cannot be right.")
        % {"most": percent(MOST_BAD)},
        Reason.NO_UNITS: _("Nobody knows which partners these answers belong to."),
        Reason.TOO_FEW_UNITS: ngettext(
            "%(n)s partner is too few: nothing is inferred under %(fewest)s.",
            "%(n)s partners are too few: nothing is inferred under %(fewest)s.",
            units,
        )
        % {"n": figure(units), "fewest": FEWEST_UNITS},
        Reason.NOTHING_TO_COMPARE: _(
            "At the same partner it is nearly always the same, so there are no better and worse times to "
            "compare."
        ),
        Reason.FUTURE_MOVES_PAST: f"{_what_comes_after(outcome)} "
        + _("Here it seems to: so something hidden moves both, or low scores come first."),
        Reason.RANKS_DISAGREE: _("Counted by ranks instead of points the same answers say the opposite."),
        Reason.INTERVAL_EXCLUDES_ZERO: _(
            "The same partner was compared with itself in better and worse times, and the whole interval "
            "lies on one side of zero."
        ),
        Reason.INTERVAL_IS_SMALL: _(
            "The same partner was compared with itself in better and worse times, and even the far end of "
            "the interval is less than what is worth acting on."
        ),
    }
    return fixed.get(reason) or _too_wide(study)


def _too_wide(study: ExposureStudy) -> str:
    low, high = swing_ends(study, study.within)
    return _(
        "Between a good time and a bad one (%(swing)s more) the difference lies somewhere in %(span)s: that "
        "holds both nothing and a change worth acting on."
    ) % {"swing": dose(study.exposure, study.swing), "span": score_span(low, high)}


def notes(study: ExposureStudy) -> list[str]:
    """What to hear beside the verdict. The placebo has a place of its own (``placebo``)."""
    said = {
        Note.POOLED_DISAGREES: _(
            "Partners compared with each other say something else: there, what differs between them for good "
            "stands in the way."
        ),
        Note.RANKS_DO_NOT_CONFIRM: _("Counted by ranks instead of points the answers do not confirm it."),
        Note.EASILY_EXPLAINED_AWAY: _(
            "It stands on thin ice: something unmeasured that explains %(share)s of what is left of both "
            "would take the verdict back."
        )
        % {"share": percent(study.robustness_of_verdict, 1)},
        Note.SMALLER_THAN_WORTH_NOTICING: _(
            "It is there, but even at its largest it is less than %(worth)s, and not worth much effort."
        )
        % {"worth": points(study.worth_noticing)},
    }
    return [said[note] for note in study.notes if note in said]


def placebo(study: ExposureStudy, outcome: Outcome) -> str:
    if study.placebo is None or study.placebo.low is None or study.placebo.high is None:
        return f"{_what_comes_after(outcome)} " + _(
            "If it seemed to, something hidden would be at work. Too few partners answered again to check "
            "this."
        )
    low, high = swing_ends(study, study.placebo)
    values = {"span": score_span(low, high)}
    if (low or 0) > 0 or (high or 0) < 0:
        return f"{_what_comes_after(outcome)} " + (
            _("And yet it seems to (%(span)s): something hidden is at work, so no verdict stands on this.")
            % values
        )
    text = f"{_what_comes_after(outcome)} " + (
        _(
            "If it seemed to, something hidden would be at work. It does not seem to (%(span)s), as it "
            "should be."
        )
        % values
    )
    if Note.PLACEBO_TOO_WEAK in study.notes:
        text += " " + _("With so few answers, though, this check could hardly have caught anything.")
    return text


def _what_comes_after(outcome: Outcome) -> str:
    if outcome is Outcome.CSAT:
        return _("What happens in a later ticket, rated after three months or more, cannot move this rating.")
    return _(
        "What happens before the partner’s next answer, three months later or more, cannot move this one."
    )


def robustness(study: ExposureStudy) -> str:
    if study.robustness is None or study.verdict is not Verdict.EFFECT:
        return ""
    return _(
        "To explain the effect away, something that nobody measured would have to account for %(all)s of "
        "what is left unexplained in the cause and in the score alike; %(some)s would be enough to make it "
        "doubtful."
    ) % {"all": percent(study.robustness, 1), "some": percent(study.robustness_of_verdict, 1)}


def ranks(study: ExposureStudy) -> str:
    """Whether detractor, passive, promoter as mere ranks say the same."""
    effect = None if study.within is None else study.within.effect
    if study.ordered_slope is None or study.ordered_p is None or effect is None:
        return ""
    if study.ordered_p >= 0.05:
        return _("Counted by ranks instead of points: nothing certain.")
    if study.ordered_slope * effect > 0:
        return _("Counted by ranks instead of points: the same direction.")
    return _("Counted by ranks instead of points: the opposite direction.")


def pooled_beside_within(study: ExposureStudy) -> str:
    if study.within is None or study.within.effect is None:
        return ""
    if study.pooled is None or study.pooled.effect is None:
        return ""
    return _(
        "Partners compared with each other: %(pooled)s from a good time to a bad one. Each compared with "
        "itself: %(within)s. We go by the second, because in the first stands everything in which partners "
        "differ for good: their size, their product, their market."
    ) % {
        "pooled": score(study.pooled.effect * study.swing),
        "within": score(study.within.effect * study.swing),
    }


def smallest_visible(study: ExposureStudy) -> str:
    """What these answers could have shown at all."""
    if study.within is None or study.within.smallest_visible is None:
        return ""
    return _(
        "An effect of %(points)s between a good time and a bad one (%(swing)s more) would be seen in such "
        "answers four times out of five; a smaller one would more often be missed."
    ) % {
        "points": points(study.within.smallest_visible * study.swing),
        "swing": dose(study.exposure, study.swing),
    }


def swing_ends(study: ExposureStudy, slope: Slope | None) -> tuple[float | None, float | None]:
    """The interval over the usual swing."""
    if slope is None or slope.low is None or slope.high is None:
        return None, None
    return slope.low * study.swing, slope.high * study.swing


def shares_sentence(report: Report) -> str:
    """How much of why answers differ is known at all."""
    found = report.drivers
    if found is None:
        return ""
    return _(
        "Why one answer differs from another: support %(support)s, what lies outside support %(outside)s; "
        "%(rest)s is explained by nothing we know."
    ) % {
        "support": percent(found.support),
        "outside": percent(found.outside),
        "rest": percent(found.unexplained),
    }
