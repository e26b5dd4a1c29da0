"""What if a cause were less: the change to expect, and how long until it could be seen."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.impact import sentences
from otklik.impact.labels import CAUSES, OUTCOMES
from otklik.impact.pictures import by_side
from otklik.impact.rules.goals import goal
from otklik.impact.rules.headline import headline
from otklik.impact.rules.report import ExposureStudy, Report
from otklik.impact.web.asked import answer, read_asked
from otklik.impact.web.lines import cause_line, doubts
from otklik.impact.words import answers_words, dose, number, points, score_decimals, weeks_words
from otklik.kit.templatetags.otklik import figure
from otklik.stats.goals import Goal
from otklik.stats.impact_verdict import Verdict

HALVE, NONE, OWN = "halve", "none", "own"
MOST = 10_000.0
# Beyond it nobody waits for the answers.
LONGEST_WEEKS = 520


@dataclass(frozen=True, slots=True)
class Wish:
    """``target``: the mean of the cause that is wished for; None where a number of one's own is no number."""

    word: str
    typed: str
    target: float | None


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest) -> HttpResponse:
    asked = read_asked(request)
    if asked is None or asked.report is None or not asked.report.studies:
        return answer(request, "impact/no_drivers.html", "goal", asked)
    report = asked.report
    study = _study(report, request.GET.get("cause", ""))
    wish = read_wish(request.GET, study)
    found = None if wish.target is None else goal(report, study, wish.target)
    return answer(
        request,
        "impact/goal.html",
        "goal",
        asked,
        causes=[(one.exposure.value, CAUSES[one.exposure]) for one in by_side(report.studies)],
        study=study,
        line=cause_line(study, report),
        wish=wish,
        now=dose(study.exposure, study.seen.mean),
        expected=None
        if found is None or found.expected is None or wish.target is None
        else expected(report, study, wish.target, found),
        wait="" if found is None else wait(report, found),
        is_outside=found is not None and found.outside,
        leaves_scale=found is not None and found.expected is None,
        reasons=[] if study.verdict is Verdict.EFFECT else sentences.reasons(study, report.outcome),
        visible=sentences.smallest_visible(study),
        doubts=doubts([study]),
    )


def read_wish(given: QueryDict, study: ExposureStudy) -> Wish:
    word, typed = given.get("wish", HALVE), given.get("number", "")[:20]
    if word == NONE:
        return Wish(NONE, typed, 0.0)
    if word != OWN:
        return Wish(HALVE, typed, study.seen.mean / 2)
    try:
        target = float(typed.replace(",", "."))
    except ValueError:
        return Wish(OWN, typed, None)
    return Wish(OWN, typed, target if 0 <= target <= MOST else None)


def expected(report: Report, study: ExposureStudy, target: float, found: Goal) -> str:
    """From what it is to the wish, and the change with its interval."""
    assert found.expected is not None
    assert found.interval is not None
    values = {
        "cause": CAUSES[study.exposure],
        "now": number(study.seen.mean),
        "wish": dose(study.exposure, target),
        "outcome": OUTCOMES[report.outcome],
        "by": points(found.expected),
    }
    if found.expected == 0:
        return _("That is how it is now: nothing would change.")
    low, high = sorted(abs(end) for end in (found.interval.low, found.interval.high))
    decimals = score_decimals(low)
    values |= {"low": figure(low, decimals), "high": figure(high, decimals)}
    if found.expected > 0:
        return (
            _(
                "%(cause)s: from %(now)s on average to %(wish)s. Then %(outcome)s should be about %(by)s "
                "higher (%(low)s to %(high)s)."
            )
            % values
        )
    return (
        _(
            "%(cause)s: from %(now)s on average to %(wish)s. Then %(outcome)s should be about %(by)s lower "
            "(%(low)s to %(high)s)."
        )
        % values
    )


def wait(report: Report, found: Goal) -> str:
    """How many answers it takes to see it, and how long these take to come."""
    if found.answers is None or found.weeks is None:
        return ""
    if found.weeks > LONGEST_WEEKS:
        return _(
            "It is so small a change that the answers of ten years would not show it. Look at the cause "
            "itself instead: there you see at once whether it is less."
        )
    return _(
        "To see it in the score takes %(answers)s before the change and as many after it: about %(weeks)s "
        "after it at the pace of now."
    ) % {"answers": answers_words(found.answers), "weeks": weeks_words(found.weeks)}


def _study(report: Report, given: str) -> ExposureStudy:
    """The one asked for, else the one told of first."""
    first = headline(report).first
    assert first is not None
    return next((one for one in report.studies if one.exposure.value == given), first)
