"""How often what is said of an effect is right: programs whose truth is known, drawn and judged anew.

The runs are those of the slow tests (``otklik/stats/tests/simulated_programs.py``) with seeds nobody has
looked at. The error of a share is its Monte-Carlo error, one standard deviation.
"""

from __future__ import annotations

from math import sqrt

from otklik.stats.clustered import Errors
from otklik.stats.impact_verdict import Reason, Verdict
from otklik.stats.tests.simulated_programs import covered, share, verdicts, within_seen
from tests.bench.harness import Sheet, note

SEED = 7_000
FALSE_SEEDS = (11, 12, 13, 7060)
COVERAGE = ((20, 1000), (30, 1000), (49, 1000), (50, 1000), (100, 1000), (600, 400))
EFFECTS = (0.1, 0.2, 0.3, 0.4, 0.6)
PARTNERS = 60


def run() -> Sheet:
    sheet = Sheet("Verdicts on effects whose truth is known")
    _coverage(sheet)
    _false_effects(sheet)
    _hidden(sheet)
    _power(sheet)
    _placebo(sheet)
    return sheet


def _coverage(sheet: Sheet) -> None:
    """Where partners answer unevenly, which is the harder case."""
    for partners, runs in COVERAGE:
        note(f"coverage, {partners} partners")
        found = covered(runs, SEED + partners, partners=partners, uneven=True)
        usual = covered(runs, SEED + partners, errors=Errors.CRV1, partners=partners, uneven=True)
        low, high = (0.93, 0.97) if partners >= 50 else (0.925, 0.975)
        sheet.add(
            f"interval of {partners} partners holds the truth",
            _share(found, runs),
            f"target {low:.1%} to {high:.1%}: {_met(low <= found <= high)}; usual errors (CRV1) {usual:.1%}",
        )


def _false_effects(sheet: Sheet) -> None:
    """In several draws, because a single one of 2,000 programs strays by half a percent."""
    for partners, seeds, runs in ((PARTNERS, FALSE_SEEDS, 2000), (25, FALSE_SEEDS[:1], 1000)):
        rates, unsure = [], []
        for seed in seeds:
            note(f"no effect, {partners} partners, seed {seed}")
            found = verdicts(runs, seed, partners=partners)
            rates.append(share(found, Verdict.EFFECT))
            unsure.append(share(found, Verdict.CANNOT_TELL))
        of_all, rate = runs * len(seeds), sum(rates) / len(seeds)
        limit = 0.05 + 2 * _error(0.05, of_all)
        draws = (
            f"; in draws of {runs:,}: {', '.join(f'{one:.1%}' for one in rates)}" if len(seeds) > 1 else ""
        )
        sheet.add(
            f"no effect, {partners} partners: called one",
            _share(rate, of_all),
            f"target at most {limit:.1%} of {of_all:,}: {_met(rate <= limit)}{draws};"
            f" cannot tell {sum(unsure) / len(unsure):.0%}",
        )


def _hidden(sheet: Sheet) -> None:
    note("hidden confounder")
    found = verdicts(300, SEED + 1, partners=PARTNERS, hidden=1.0)
    named = sum("changes_in_time" in one.confounders for one in found) / len(found)
    remark = f"nothing in the data can tell; 'changes in time' is named in {named:.0%}"
    sheet.add("no effect, hidden cause changing in time", _share(share(found, Verdict.EFFECT), 300), remark)


def _power(sheet: Sheet) -> None:
    reached = False
    for effect in EFFECTS:
        note(f"power, effect {effect}")
        found = verdicts(200, SEED + 2, partners=PARTNERS, effect=effect)
        seen, called = sum(map(within_seen, found)) / len(found), share(found, Verdict.EFFECT)
        remark = f"slope seen {seen:.0%}, no effect seen {share(found, Verdict.NO_EFFECT_SEEN):.0%}"
        if seen >= 0.9 and not reached:
            reached = True
            remark += f"; target at 90 % power at least 75 %: {_met(called >= 0.75)}"
        sheet.add(f"{effect} points lost per unit of wait: called an effect", _share(called, 200), remark)


def _placebo(sheet: Sheet) -> None:
    note("reverse cause")
    found = verdicts(300, SEED + 3, partners=PARTNERS, reverse=0.6)
    passing = [one for one in found if within_seen(one)]
    caught = sum(Reason.FUTURE_MOVES_PAST in one.reasons for one in found) / len(found)
    sheet.add(
        "a bad mood that makes people wait: caught by the future wait",
        _share(caught, 300),
        f"target over 80 %: {_met(caught > 0.8)}; {len(passing) / 300:.0%} would pass for an effect"
        f" without it, {share(found, Verdict.EFFECT):.0%} do with it",
    )


def _share(found: float, runs: int) -> str:
    return f"{found:.1%} ± {_error(found, runs):.1%}"


def _error(chance: float, runs: int) -> float:
    return sqrt(chance * (1 - chance) / runs)


def _met(reached: bool) -> str:
    return "met" if reached else "MISSED"
