"""May segments be ranked? Where they do not differ beyond chance there is no league table."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from otklik.stats.nps import nps, whole_counts
from otklik.stats.periods import Verdict
from otklik.stats.shrinkage import Heterogeneity, Prior, fit_prior, heterogeneity
from otklik.stats.summary import Summary, summarise, with_shrunk


class Standing(StrEnum):
    """A segment's shrunk interval against the score of all answers together."""

    ABOVE = "above"
    BELOW = "below"
    NOT_SEPARABLE = "not_separable"


@dataclass(frozen=True, slots=True)
class League:
    """Whether segments may be ranked at all.

    `ranked` is False when they do not differ beyond chance or one cannot tell: show no league table, say
    `verdict` (no_difference_seen or cannot_tell). When True, `order` holds segment indexes from the highest
    shrunk score down. `standings` has one entry per segment (all not_separable when not ranked).
    """

    ranked: bool
    verdict: Verdict | None
    test: Heterogeneity | None
    prior: Prior | None
    order: tuple[int, ...]
    standings: tuple[Standing, ...]
    summaries: tuple[Summary, ...]


def league(counts: npt.ArrayLike, *, level: float = 0.95, known: Sequence[Summary] | None = None) -> League:
    """May these k segments (partners, managers, countries), counts (k, 3), be put in an order?

    Only when the test of heterogeneity says that they differ (p_sparse < 1 - level) and a prior can be
    fitted. cannot_tell: fewer than two segments have answers enough to learn from. A standing compares a
    segment's shrunk interval with the score of all answers. `known`: summaries of these counts at this
    level, without a prior, where the caller has them already.
    """
    people = whole_counts(counts).reshape(-1, 3)
    test, prior = heterogeneity(people), fit_prior(people)
    if known is None:
        known = summarise(people, level=level)
    summaries = tuple(with_shrunk(known, prior, level))
    nowhere = (Standing.NOT_SEPARABLE,) * len(people)
    if prior is None:
        return League(False, Verdict.CANNOT_TELL, test, None, (), nowhere, summaries)
    if test is None or test.p_sparse >= 1 - level:
        return League(False, Verdict.NO_DIFFERENCE_SEEN, test, prior, (), nowhere, summaries)
    # The summaries hold the shrunk values already; none is a count here, which would have none.
    found = [(summary.shrunk, *(summary.shrunk_interval or ())) for summary in summaries]
    mean, low, high = np.array(found, dtype=np.float64).T
    overall = float(nps(people.sum(axis=0)))
    answered = people.sum(axis=1) > 0
    order = [int(i) for i in np.argsort(-mean, kind="stable") if answered[i]]
    above, below = answered & (low > overall), answered & (high < overall)
    standings = np.select([above, below], [Standing.ABOVE, Standing.BELOW], Standing.NOT_SEPARABLE)
    return League(True, None, test, prior, tuple(order), tuple(Standing(s) for s in standings), summaries)
