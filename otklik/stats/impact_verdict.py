"""What may be said about an effect: codes and numbers, from the fits of `panel`, `ordered` and `sensitivity`.

The within-unit interval decides. Bad data and too few units refuse before anything is looked at; a future
exposure that "moves" today's outcome, or ranks that say the opposite of amounts, take an effect back. What
cannot be ruled out is named beside every verdict, an effect included.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from otklik.stats.clustered import FEWEST_UNITS, Estimate
from otklik.stats.nps import Floats
from otklik.stats.ordered import OrderedFit
from otklik.stats.sensitivity import Sensitivity

MOST_BAD = 0.05
SURE_ENOUGH = 0.05
ENOUGH_RESPONSE = 0.8
_FRAGILE = 0.05


class BadRow(StrEnum):
    IMPOSSIBLE_TIMES = "impossible_times"
    DUPLICATE_ANSWER = "duplicate_answer"
    SCORE_OUT_OF_RANGE = "score_out_of_range"
    ANSWER_BEFORE_EXPOSURE = "answer_before_exposure"
    VALUE_UNREADABLE = "value_unreadable"


class Verdict(StrEnum):
    EFFECT = "effect"
    NO_EFFECT_SEEN = "no_effect_seen"
    CANNOT_TELL = "cannot_tell"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why the verdict is what it is.

    NOTHING_TO_COMPARE: within units and periods the exposure or the outcome never varies, or one unit's does.
    NO_UNITS: nobody said whose answers these are.
    """

    BAD_ROWS = "bad_rows"
    NO_UNITS = "no_units"
    TOO_FEW_UNITS = "too_few_units"
    NOTHING_TO_COMPARE = "nothing_to_compare"
    FUTURE_MOVES_PAST = "future_moves_past"
    RANKS_DISAGREE = "ranks_disagree"
    INTERVAL_TOO_WIDE = "interval_too_wide"
    INTERVAL_IS_SMALL = "interval_is_small"
    INTERVAL_EXCLUDES_ZERO = "interval_excludes_zero"


class Note(StrEnum):
    """What a reader should hear beside the verdict, though it does not change it."""

    POOLED_DISAGREES = "pooled_disagrees"
    RANKS_DO_NOT_CONFIRM = "ranks_do_not_confirm"
    PLACEBO_MISSING = "placebo_missing"
    PLACEBO_TOO_WEAK = "placebo_too_weak"
    EASILY_EXPLAINED_AWAY = "easily_explained_away"
    SMALLER_THAN_WORTH_NOTICING = "smaller_than_worth_noticing"


class Confounder(StrEnum):
    ONLY_TICKET_OPENERS_ASKED = "only_ticket_openers_asked"
    HARD_TICKETS_ARE_SLOWER = "hard_tickets_are_slower"
    UNHAPPY_OPEN_MORE = "unhappy_open_more"
    NON_RESPONSE = "non_response"
    CHANGES_IN_TIME = "changes_in_time"
    UNITS_DIFFER = "units_differ"


@dataclass(frozen=True, slots=True)
class Gate:
    """Rows looked at; `bad_share` counts a row once however much is wrong with it, `reasons` by what is."""

    rows: int
    bad_rows: int
    reasons: tuple[tuple[BadRow, int], ...]

    @property
    def bad_share(self) -> float:
        return self.bad_rows / self.rows if self.rows else 0.0

    @property
    def passed(self) -> bool:
        return self.rows > 0 and self.bad_share <= MOST_BAD


@dataclass(frozen=True, slots=True)
class ImpactVerdict:
    """`smallest_visible`: the true effect of one unit of exposure these data would show 4 times out of 5."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    notes: tuple[Note, ...]
    confounders: tuple[Confounder, ...]
    smallest_visible: float | None


def gate(rows: int, bad: Mapping[BadRow, npt.NDArray[np.bool_]]) -> Gate:
    """Data quality from masks (rows,) of what is wrong; reasons with no row are left out."""
    counted = tuple((reason, int(mask.sum())) for reason, mask in bad.items() if mask.any())
    union = np.zeros(rows, dtype=np.bool_)
    for mask in bad.values():
        union |= mask
    return Gate(rows, int(union.sum()), counted)


def typical_swing(exposure: npt.ArrayLike) -> float:
    """A change of exposure that happens: from the lowest tenth to the highest, both ends values that were
    seen. Of what is the same for nearly everybody: how far the others usually lie from there, the median of
    their distances, since the one worst case is no usual change. 0 only where nothing varies."""
    values: Floats = np.asarray(exposure, dtype=np.float64)
    if not values.size:
        return 0.0
    # Interpolated ends would make a tenth of a breach of 20 breaches in 200 answers, and any slope small.
    low, high = np.quantile(values, [0.1, 0.9], method="inverted_cdf").tolist()
    if high > low:
        return float(high - low)
    others = values[values != low]
    return float(np.median(np.abs(others - low))) if others.size else 0.0


def named_confounders(
    *,
    everybody_asked: bool,
    difficulty_held: bool,
    tickets_held: bool,
    response_share: float | None,
    units_known: bool = True,
) -> tuple[Confounder, ...]:
    """What these data cannot rule out.

    `everybody_asked`: people without tickets too; `difficulty_held`, `tickets_held`: topic or difficulty, and
    the number of tickets, are among the controls; `response_share`: answers over people asked, if known;
    `units_known`: whose answers these are, so that what is constant for a partner is taken out. Whatever
    else changes in time within a partner is always on the list.
    """
    possible = {
        Confounder.ONLY_TICKET_OPENERS_ASKED: not everybody_asked,
        Confounder.HARD_TICKETS_ARE_SLOWER: not difficulty_held,
        Confounder.UNHAPPY_OPEN_MORE: not tickets_held,
        Confounder.NON_RESPONSE: response_share is None or response_share < ENOUGH_RESPONSE,
        Confounder.CHANGES_IN_TIME: True,
        Confounder.UNITS_DIFFER: not units_known,
    }
    return tuple(confounder for confounder, open_ in possible.items() if open_)


def judge(
    quality: Gate,
    within: Estimate | None,
    *,
    swing: float,
    worth_noticing: float,
    pooled: Estimate | None = None,
    placebo: Estimate | None = None,
    ordered: OrderedFit | None = None,
    sensitivity: Sensitivity | None = None,
    confounders: Sequence[Confounder] = (),
) -> ImpactVerdict:
    """The verdict on a slope.

    `swing`: the change of exposure a reader has in mind (`typical_swing`); `worth_noticing`: the change of
    outcome they would act on. no_effect_seen: over a swing the whole interval stays below what is worth
    noticing. `placebo`: slope of the next exposure with today's held; `ordered`: its first column is the
    exposure. The ranks take an effect back only where they are sure of the opposite. `within` None: nobody
    knows whose answers these are, so nothing can be told, however sure the pooled slope looks.
    """
    if within is None:
        verdict, reason = (
            (Verdict.CANNOT_TELL, Reason.NO_UNITS) if quality.passed else (Verdict.REFUSED, Reason.BAD_ROWS)
        )
        return ImpactVerdict(verdict, (reason,), (), tuple(confounders), None)
    verdict, reason = _verdict(quality, within, abs(swing), worth_noticing)
    reasons = [reason]
    if verdict is not Verdict.REFUSED and _excludes_zero(placebo):
        reasons = [Reason.FUTURE_MOVES_PAST] + reasons * (verdict is Verdict.CANNOT_TELL)
        verdict = Verdict.CANNOT_TELL
    if verdict is Verdict.EFFECT and _ranks_disagree(within, ordered):
        verdict, reasons = Verdict.CANNOT_TELL, [Reason.RANKS_DISAGREE]
    notes: tuple[Note, ...] = ()
    if verdict is not Verdict.REFUSED:
        notes = tuple(
            _notes(verdict, within, abs(swing), worth_noticing, pooled, placebo, ordered, sensitivity)
        )
    visible = None if verdict is Verdict.REFUSED else within.smallest_visible
    return ImpactVerdict(verdict, tuple(reasons), notes, tuple(confounders), visible)


def _verdict(quality: Gate, within: Estimate, swing: float, worth_noticing: float) -> tuple[Verdict, Reason]:
    if not quality.passed:
        return Verdict.REFUSED, Reason.BAD_ROWS
    if within.units < FEWEST_UNITS:
        return Verdict.REFUSED, Reason.TOO_FEW_UNITS
    if within.interval is None:
        return Verdict.REFUSED, Reason.NOTHING_TO_COMPARE
    if _excludes_zero(within):
        return Verdict.EFFECT, Reason.INTERVAL_EXCLUDES_ZERO
    if max(-within.interval.low, within.interval.high) * swing < worth_noticing:
        return Verdict.NO_EFFECT_SEEN, Reason.INTERVAL_IS_SMALL
    return Verdict.CANNOT_TELL, Reason.INTERVAL_TOO_WIDE


def _notes(
    verdict: Verdict,
    within: Estimate,
    swing: float,
    worth_noticing: float,
    pooled: Estimate | None,
    placebo: Estimate | None,
    ordered: OrderedFit | None,
    sensitivity: Sensitivity | None,
) -> list[Note]:
    effect = within.effect or 0.0
    found = []
    if verdict is Verdict.EFFECT:
        if max(abs(limit) for limit in within.interval or (0.0,)) * swing < worth_noticing:
            found.append(Note.SMALLER_THAN_WORTH_NOTICING)
        if ordered is not None and not _ranks_confirm(effect, ordered):
            found.append(Note.RANKS_DO_NOT_CONFIRM)
        if sensitivity is not None and sensitivity.robustness_of_verdict < _FRAGILE:
            found.append(Note.EASILY_EXPLAINED_AWAY)
    if pooled is not None and pooled.interval is not None and within.interval is not None:
        apart = pooled.interval.high < within.interval.low or within.interval.high < pooled.interval.low
        if apart or (_excludes_zero(pooled) and _excludes_zero(within) and (pooled.effect or 0) * effect < 0):
            found.append(Note.POOLED_DISAGREES)
    if placebo is None or placebo.interval is None:
        found.append(Note.PLACEBO_MISSING)
    elif verdict is Verdict.EFFECT and (placebo.smallest_visible or 0) > abs(effect):
        found.append(Note.PLACEBO_TOO_WEAK)
    return found


def _excludes_zero(estimate: Estimate | None) -> bool:
    interval = estimate.interval if estimate is not None else None
    return interval is not None and (interval.low > 0 or interval.high < 0)


def _ranks_disagree(within: Estimate, ordered: OrderedFit | None) -> bool:
    if ordered is None or within.effect is None:
        return False
    opposite = float(ordered.slopes[0]) * within.effect < 0
    return opposite and float(ordered.p_values()[0]) < SURE_ENOUGH


def _ranks_confirm(effect: float, ordered: OrderedFit) -> bool:
    return float(ordered.slopes[0]) * effect > 0 and float(ordered.p_values()[0]) < SURE_ENOUGH
