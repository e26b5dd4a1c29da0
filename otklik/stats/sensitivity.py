"""How strong something unmeasured would have to be to explain a slope away: the robustness value.

Cinelli and Hazlett, "Making sense of sensitivity: extending omitted variable bias", JRSS B 82(1), 2020,
section 4.2. With t the slope over its plain error and df its degrees of freedom, f = |t| / sqrt(df): RV =
(sqrt(f^4 + 4 f^2) - f^2) / 2. A confounder that explains less than RV of what is left of the exposure and of
the outcome cannot bring the slope to 0.
"""

from dataclasses import dataclass
from math import sqrt

from otklik.stats.panel import Fit
from otklik.stats.special import t_quantile


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """All 0..1. `partial_r2`: share of what is left of the outcome that the exposure explains.

    `robustness`: a confounder must explain this share of what is left of both to bring the slope to 0;
    `robustness_of_verdict`: to bring 0 into its interval (0 where it is there already).
    """

    partial_r2: float
    robustness: float
    robustness_of_verdict: float


def sensitivity(t: float, df: float, *, critical: float | None = None, level: float = 0.95) -> Sensitivity:
    """Of a slope with plain t on df > 1 degrees of freedom.

    `critical`: half the interval over the plain error, where the interval comes from other (clustered)
    errors; by default Student's t with one degree less, for the confounder.
    """
    f = abs(t) / sqrt(df)
    least = (t_quantile((1 + level) / 2, df - 1) if critical is None else critical) / sqrt(df - 1)
    return Sensitivity(
        partial_r2=t * t / (t * t + df),
        robustness=_robustness(f),
        robustness_of_verdict=_robustness_of_verdict(f, least),
    )


def sensitivity_of(fit: Fit, column: int = 0, *, level: float = 0.95) -> Sensitivity | None:
    """Of a slope of a fit, its interval by clustered errors; None where nothing was inferred.

    The partial R^2 is algebra and takes the plain error. For the interval the confounder is taken to leave
    the ratio of clustered to plain error as it is.
    """
    found, plain = fit.estimate(column, level=level), fit.plain_error(column)
    if found.effect is None or found.interval is None or fit.freedom < 2 or not plain > 0:
        return None
    half = (found.interval.high - found.interval.low) / 2
    return sensitivity(found.effect / plain, fit.freedom, critical=half / plain)


def _robustness(f: float) -> float:
    # The textbook form (sqrt(f^4 + 4 f^2) - f^2) / 2 without its cancellation for large f.
    return 2 / (1 + sqrt(1 + 4 / (f * f))) if f > 0 else 0.0


def _robustness_of_verdict(f: float, least: float) -> float:
    if f <= least:
        return 0.0
    if f * least > 1:  # then a confounder that explains everything left of the outcome is not the worst
        return (f * f - least * least) / (1 + f * f)
    return _robustness(f - least)
