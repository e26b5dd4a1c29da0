"""Whether units that a policy reached had left the path of the others before it came to them.

The test that K. Borusyak, X. Jaravel and J. Spiess propose ("Revisiting Event-Study Designs: Robust and
Efficient Estimation", Review of Economic Studies 91(6), 2024): rows under the policy are left out altogether,
so that its effects cannot be mistaken for what was there before. A check that finds nothing may have been too
weak to find it (J. Roth, American Economic Review: Insights 4(3), 2022): each lead says what it could have
shown.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from otklik.stats.clustered import Estimate
from otklik.stats.panel import NotAPanel, within


@dataclass(frozen=True, slots=True)
class Lead:
    """``lead``: how long before it came, negative. `estimate`: difference from the rows further away, its
    interval holding together with those of all other leads; `n` rows."""

    lead: int
    n: int
    estimate: Estimate


def before_it_came(
    outcome: npt.ArrayLike,
    treated: npt.ArrayLike,
    units: npt.ArrayLike,
    periods: npt.ArrayLike,
    leads: npt.ArrayLike,
    *,
    level: float = 0.95,
) -> tuple[Lead, ...]:
    """Outcome (n,), treated (n,) 0 / 1, units, periods and leads (n,), the earliest lead first.

    `leads`: negative whole numbers of the rows looked at, 0 for all others, with which they are compared:
    long before it came, or in units that it never came to. Units and periods have an effect each; errors
    belong together by unit (IK). () where there is no such row. Raises NotAPanel.
    """
    y, whose, when = np.asarray(outcome, dtype=np.float64), np.asarray(units), np.asarray(periods)
    under, lead = np.asarray(treated, dtype=np.float64), np.asarray(leads)
    if not y.shape == under.shape == whose.shape == when.shape == lead.shape:
        raise NotAPanel("outcome, treated, units, periods and leads must be as long as each other")
    off = under == 0
    told, rows = np.unique(lead[off & (lead < 0)], return_counts=True)
    if not len(told):
        return ()
    fit = within(y[off], (lead[off][:, None] == told).astype(np.float64), whose[off], when[off])
    together = 1 - (1 - level) / len(told)
    return tuple(
        Lead(int(one), int(n), fit.estimate(column, level=together))
        for column, (one, n) in enumerate(zip(told, rows, strict=True))
    )
