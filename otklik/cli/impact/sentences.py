"""What was found, in sentences: the verdict, why it is what it is, and what to hear beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from otklik.cli.impact import errors
from otklik.cli.impact.findings import Findings
from otklik.cli.impact.question import Scale
from otklik.kit.phrases import Phrases, phrases
from otklik.kit.tabular import TableError, describe
from otklik.stats.clustered import FEWEST_UNITS, Estimate
from otklik.stats.impact import Study
from otklik.stats.impact_verdict import MOST_BAD, BadRow, Confounder, Note, Reason, Verdict

LOCALE = Path(__file__).parents[1] / "locale"


@dataclass(frozen=True)
class Said:
    """``verdict`` is empty where only drivers were asked for; ``beside``: notes, then confounders."""

    verdict: str
    because: list[str]
    beside: list[str]
    confounders: list[str]


def speak(language: str) -> Phrases:
    return phrases(language, LOCALE)


def sentences(found: Findings, say: Phrases) -> Said:
    if found.refused:
        return Said(_refused(say), [_bad_rows(found, say)], [], [])
    if found.study is None:
        return Said("", [], [], [])
    study = found.study
    because = [_reason(one, found, study, say) for one in study.verdict.reasons]
    notes = [_note(one, study, say) for one in study.verdict.notes]
    return Said(
        _verdict(found, study, say),
        because,
        notes,
        [confounder(one, say) for one in study.verdict.confounders],
    )


def _refused(say: Phrases) -> str:
    return say.gettext("Refused: these rows carry no verdict.")


def _bad_rows(found: Findings, say: Phrases) -> str:
    counted = ", ".join(
        say.gettext("%(what)s: %(n)s", what=bad_row(reason, say), n=say.number(rows))
        for reason, rows in found.quality.reasons
    )
    share = say.percent(found.quality.bad_share, 1)
    return say.gettext(
        "%(share)s of the rows are bad, %(most)s at most may be: %(counted)s.",
        share=share,
        most=say.percent(MOST_BAD),
        counted=counted,
    )


def bad_row(reason: BadRow, say: Phrases) -> str:
    return {
        BadRow.IMPOSSIBLE_TIMES: say.gettext("moments that cannot be"),
        BadRow.DUPLICATE_ANSWER: say.gettext("the same answer twice"),
        BadRow.SCORE_OUT_OF_RANGE: say.gettext("scores that are no whole number from 0 to 10"),
        BadRow.ANSWER_BEFORE_EXPOSURE: say.gettext("answers given before the cause"),
        BadRow.VALUE_UNREADABLE: say.gettext("values that are no numbers"),
    }[reason]


def _verdict(found: Findings, study: Study, say: Phrases) -> str:
    exposure, verdict = found.question.exposure, study.verdict.verdict
    outcome = say.gettext("NPS") if found.scale is Scale.SCORES else f"“{found.question.outcome}”"
    if verdict is Verdict.EFFECT and study.within is not None and study.within.effect is not None:
        effect = study.within.effect
        values = {"exposure": exposure, "outcome": outcome, "by": amount(abs(effect), say)}
        if effect < 0:
            return say.gettext(
                "An effect: one unit more of “%(exposure)s” takes %(outcome)s down by %(by)s.", **values
            )
        return say.gettext(
            "An effect: one unit more of “%(exposure)s” takes %(outcome)s up by %(by)s.", **values
        )
    if verdict is Verdict.NO_EFFECT_SEEN:
        return say.gettext(
            "No effect seen: between a low and a high “%(exposure)s” (%(swing)s apart) %(outcome)s "
            "differs by less "
            "than %(worth)s.",
            exposure=exposure,
            outcome=outcome,
            swing=amount(study.swing, say),
            worth=amount(study.worth_noticing, say),
        )
    if verdict is Verdict.CANNOT_TELL:
        return say.gettext(
            "Cannot tell whether “%(exposure)s” moves %(outcome)s.", exposure=exposure, outcome=outcome
        )
    return _refused(say)


def _reason(reason: Reason, found: Findings, study: Study, say: Phrases) -> str:
    fixed = {
        Reason.NO_UNITS: say.gettext(
            "Nobody said whose answers these are, so whatever is constant for a partner may stand behind the "
            "difference. Name the column of partners with --unit."
        ),
        Reason.NOTHING_TO_COMPARE: say.gettext(
            "Within the same partner and period the exposure hardly ever differs, so there is nothing to "
            "compare."
        ),
        Reason.FUTURE_MOVES_PAST: say.gettext(
            "The exposure of the next period “moves” the outcome of this one, which it cannot: something "
            "that changes "
            "in time moves both, or low scores bring the exposure."
        ),
        Reason.RANKS_DISAGREE: say.gettext("Taken as ranks instead of amounts the answers say the opposite."),
    }
    if reason in fixed:
        return fixed[reason]
    if reason is Reason.BAD_ROWS:
        return _bad_rows(found, say)
    if reason is Reason.TOO_FEW_UNITS:
        n = 0 if study.within is None else study.within.units
        return say.ngettext(
            "%(n)s partner is too few: nothing is inferred under %(fewest)s.",
            "%(n)s partners are too few: nothing is inferred under %(fewest)s.",
            n,
            fewest=say.number(FEWEST_UNITS),
        )
    return _interval_says(reason, study, say)


def _interval_says(reason: Reason, study: Study, say: Phrases) -> str:
    interval = estimate(study.within, say)
    if reason is Reason.INTERVAL_EXCLUDES_ZERO:
        return say.gettext(
            "Within the same partner: %(estimate)s, which leaves no room for 0.", estimate=interval
        )
    if reason is Reason.INTERVAL_IS_SMALL:
        return say.gettext(
            "Within the same partner: %(estimate)s; even its far end is small.", estimate=interval
        )
    visible = study.verdict.smallest_visible
    text = say.gettext(
        "Within the same partner: %(estimate)s, which holds both nothing and a change worth noticing.",
        estimate=interval,
    )
    if visible is not None:
        text += " " + say.gettext(
            "Such data would show an effect four times out of five only from %(visible)s a unit up.",
            visible=amount(visible, say),
        )
    return text


def _note(note: Note, study: Study, say: Phrases) -> str:
    robust = 0.0 if study.sensitivity is None else study.sensitivity.robustness_of_verdict
    return {
        Note.POOLED_DISAGREES: say.gettext(
            "Between partners it looks different (%(estimate)s): there, what is constant for a partner "
            "stands "
            "in the way.",
            estimate=estimate(study.pooled, say),
        ),
        Note.RANKS_DO_NOT_CONFIRM: say.gettext(
            "Taken as ranks instead of amounts the answers do not confirm it."
        ),
        Note.PLACEBO_MISSING: say.gettext(
            "No placebo: with --lead, the exposure of the next period, a hidden cause may show itself."
        ),
        Note.PLACEBO_TOO_WEAK: say.gettext("The placebo could not have caught a hidden cause of this size."),
        Note.EASILY_EXPLAINED_AWAY: say.gettext(
            "Something unmeasured that explains %(share)s of what is left of both would take the verdict "
            "back.",
            share=say.percent(robust, 1),
        ),
        Note.SMALLER_THAN_WORTH_NOTICING: say.gettext(
            "It is there, but even at its largest smaller than what is worth noticing (%(worth)s).",
            worth=amount(study.worth_noticing, say),
        ),
    }[note]


def confounder(one: Confounder, say: Phrases) -> str:
    return {
        Confounder.ONLY_TICKET_OPENERS_ASKED: say.gettext(
            "perhaps only people who had opened a ticket were asked"
        ),
        Confounder.HARD_TICKETS_ARE_SLOWER: say.gettext(
            "hard questions take longer, and annoy by themselves"
        ),
        Confounder.UNHAPPY_OPEN_MORE: say.gettext("the unhappy open more tickets"),
        Confounder.NON_RESPONSE: say.gettext("whoever does not answer may feel differently"),
        Confounder.CHANGES_IN_TIME: say.gettext("something else may change in time for the same partner"),
        Confounder.UNITS_DIFFER: say.gettext("partners differ from each other in more than the exposure"),
    }[one]


def estimate(found: Estimate | None, say: Phrases) -> str:
    if found is None or found.effect is None:
        return "–"
    text = signed(found.effect, say)
    if found.interval is None:
        return text
    low, high = found.interval
    places = _places(max(abs(low), abs(high), abs(found.effect)))
    return f"{text} ({say.span(low, high, places)})"


def signed(value: float, say: Phrases) -> str:
    return say.signed(value, _places(abs(value)))


def amount(value: float, say: Phrases) -> str:
    return say.number(value, _places(abs(value)))


def _places(size: float) -> int:
    """Enough for two or three telling digits."""
    places = 1
    while size and size < 10 ** (1 - places) and places < 6:
        places += 1
    return places


def explain(error: TableError | errors.CannotStudy, say: Phrases) -> str:
    """Why there is nothing to show, and what to do."""
    if isinstance(error, TableError):
        return describe(error, say.gettext)
    if isinstance(error, errors.NothingAsked):
        return say.gettext(
            "Say what may move the outcome: --exposure COLUMN, or --drivers COLUMN,COLUMN for a list."
        )
    if isinstance(error, errors.ColumnTwice):
        return say.gettext(
            "Column “%(column)s” is named in two places; each column has one part.", column=error.column
        )
    if isinstance(error, errors.NeedsExposure):
        return say.gettext("%(option)s means something only together with --exposure.", option=error.option)
    if isinstance(error, errors.NeedsUnit):
        return say.gettext(
            "--lead is looked at within the same partner: name the column of partners with --unit."
        )
    if isinstance(error, errors.PeriodIsNoTime):
        return _no_time(error, say)
    if isinstance(error, errors.NoNumbers):
        return say.gettext(
            "Row %(row)s, column “%(column)s” holds “%(value)s”, and most of its other cells are no "
            "numbers either. "
            "Name another column.",
            row=error.row,
            column=error.column,
            value=error.value,
        )
    if isinstance(error, errors.TooFewRows):
        text = say.ngettext("%(n)s usable row is too few.", "%(n)s usable rows are too few.", error.rows)
        if not error.left_out:
            return text
        return f"{text} " + say.ngettext(
            "%(n)s row has a blank where a value is needed.",
            "%(n)s rows have a blank where a value is needed.",
            error.left_out,
        )
    if isinstance(error, errors.ParquetUnreadable):
        return say.gettext("The Parquet file cannot be read: %(reason)s", reason=error.reason)
    assert isinstance(error, errors.CannotCompare)
    return say.gettext("These columns cannot be compared: %(reason)s.", reason=error.reason)


def _no_time(error: errors.PeriodIsNoTime, say: Phrases) -> str:
    if not error.column:
        return say.gettext("--cause-date needs --period, which says when the answers were given.")
    return say.gettext(
        "--cause-date needs a --period that is a date, a month (2025-03), a quarter (2025-Q1) or a year; "
        "row %(row)s "
        "holds “%(value)s”.",
        row=error.row,
        value=error.value,
    )
