"""Which words two groups of texts differ in: log-odds ratios with an informative Dirichlet prior.

Monroe, Colaresi and Quinn, "Fightin' Words: Lexical Feature Selection and Evaluation for Identifying the
Content of Political Conflict", Political Analysis 16 (4), 2008, pp. 372-403, equations 15, 16 (prior), 19-22.
The prior is the words of both groups together (or of a larger body of texts): a rare word must show more
before it stands out. See docs/formulas/log-odds.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from otklik.stats.nps import Floats
from otklik.stats.special import two_sided_p

FEWEST_WORDS = 50
FEWEST_TIMES = 3
PRIOR_WORDS = 100.0
LARGEST_SHARE_OF_FALSE = 0.05


class WordsVerdict(StrEnum):
    DIFFERENT = "different"
    NO_DIFFERENCE_SEEN = "no_difference_seen"
    CANNOT_TELL = "cannot_tell"


class NotWordCounts(ValueError):
    """Counts must be whole, not negative, and of the same words in both groups."""


@dataclass(frozen=True, slots=True)
class LogOdds:
    """Arrays of shape (words,): ``delta`` above 0 is a word of the first group; ``z`` = delta / its sd."""

    delta: Floats
    sd: Floats
    z: Floats


@dataclass(frozen=True, slots=True)
class Separating:
    """``first`` and ``second``: numbers of the words that belong to one group by more than chance, the
    clearest first. Of all words named on the way at most 5 % are expected to be there by chance."""

    verdict: WordsVerdict
    first: tuple[int, ...] = ()
    second: tuple[int, ...] = ()
    odds: LogOdds | None = None


def log_odds(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    *,
    prior: npt.ArrayLike | None = None,
    size: float = PRIOR_WORDS,
) -> LogOdds:
    """With y and n a group's counts of words (words,) and their sum, alpha the prior and A its sum:
    delta = ln[(y1 + alpha) / (n1 + A - y1 - alpha)] - ln[(y2 + alpha) / (n2 + A - y2 - alpha)],
    sd^2 = 1 / (y1 + alpha) + 1 / (y2 + alpha).

    ``prior``: counts of the same words in the body of texts to learn from (both groups when None), scaled to
    ``size`` words. Every word must occur in it. Raises NotWordCounts.
    """
    y1, y2 = _counts(first), _counts(second)
    if y1.shape != y2.shape or y1.ndim != 1:
        raise NotWordCounts("both groups must count the same words")
    known = y1 + y2 if prior is None else _counts(prior)
    if known.shape != y1.shape or (known <= 0).any() or size <= 0:
        raise NotWordCounts("two counts and a prior above 0 for each word are needed")
    if len(known) < 2:
        raise NotWordCounts("a word can only stand out among others")
    alpha = known / known.sum() * size
    delta = _logit(y1 + alpha) - _logit(y2 + alpha)
    sd = np.sqrt(1 / (y1 + alpha) + 1 / (y2 + alpha))
    return LogOdds(delta, sd, delta / sd)


def separating_words(first: npt.ArrayLike, second: npt.ArrayLike) -> Separating:
    """Words (of those with 3 appearances or more in all) that one group uses more, by the rule of Benjamini
    and Hochberg at 5 %. Under 50 words in either group one cannot tell."""
    y1, y2 = _counts(first), _counts(second)
    if y1.shape != y2.shape:
        raise NotWordCounts("both groups must count the same words")
    tested = np.flatnonzero(y1 + y2 >= FEWEST_TIMES)
    if min(y1.sum(), y2.sum()) < FEWEST_WORDS or not len(tested) or np.count_nonzero(y1 + y2) < 2:
        return Separating(WordsVerdict.CANNOT_TELL)
    used = np.flatnonzero(y1 + y2 > 0)
    odds = log_odds(y1[used], y2[used])
    z = np.zeros(len(y1))
    z[used] = odds.z
    passed = tested[benjamini_hochberg(two_sided_p(z[tested]), LARGEST_SHARE_OF_FALSE)]
    order = passed[np.argsort(-np.abs(z[passed]), kind="stable")]
    ours = tuple(int(word) for word in order if z[word] > 0)
    theirs = tuple(int(word) for word in order if z[word] < 0)
    verdict = WordsVerdict.DIFFERENT if len(order) else WordsVerdict.NO_DIFFERENCE_SEEN
    full = LogOdds(*(_spread(values, used, len(y1)) for values in (odds.delta, odds.sd, odds.z)))
    return Separating(verdict, ours, theirs, full)


def benjamini_hochberg(p_values: npt.ArrayLike, rate: float) -> npt.NDArray[np.bool_]:
    """Which of these tests stand so that at most ``rate`` of those that do are expected to be false.

    Benjamini and Hochberg, Journal of the Royal Statistical Society B 57, 1995, pp. 289-300: with p in
    ascending order, all up to the largest k with p(k) <= k / m * rate.
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    limits = np.arange(1, len(p) + 1) / max(len(p), 1) * rate
    within = np.flatnonzero(p[order] <= limits)
    stands = np.zeros(len(p), dtype=np.bool_)
    if len(within):
        stands[order[: within[-1] + 1]] = True
    return stands


def _counts(given: npt.ArrayLike) -> Floats:
    counts = np.asarray(given, dtype=np.float64)
    if not np.isfinite(counts).all() or (counts < 0).any() or (counts != np.floor(counts)).any():
        raise NotWordCounts("counts of words are whole and not below 0")
    return counts


def _logit(pseudo: Floats) -> Floats:
    return np.asarray(np.log(pseudo) - np.log(pseudo.sum() - pseudo))


def _spread(values: Floats, places: npt.NDArray[np.intp], size: int) -> Floats:
    whole = np.zeros(size)
    whole[places] = values
    return whole
