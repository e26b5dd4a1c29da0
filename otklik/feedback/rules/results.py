"""What is said of the answers to one survey: its score with the interval, shares, and the score weighted to a
population. All figures on [-1, 1] (NPS) or [0, 1] (shares); no sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from otklik.feedback.rules.vocabulary import SurveyKind
from otklik.stats.intervals import Interval
from otklik.stats.nps import counts_from_histogram
from otklik.stats.share import wilson
from otklik.stats.verdicts import TOO_FEW_ANSWERS, Summary, summarise
from otklik.stats.weights import DesignScore, PopulationTooSmall, StratumWithoutAnswers, post_stratified

# The score from which an answer counts as a good one: 4 and 5 of five faces, 5 to 7 of seven steps.
FIRST_GOOD: dict[SurveyKind, int] = {SurveyKind.CSAT: 4, SurveyKind.CES: 5}
SCORES = 11
Scores = Sequence[int]


class CannotTell(StrEnum):
    """Why there is no score."""

    NOBODY = "nobody"
    TOO_FEW = "too_few"
    NOBODY_OF_ROLE = "nobody_of_role"
    """Of some role nobody answered: no weight makes up for people who are not there."""
    MORE_ANSWERS_THAN_PEOPLE = "more_answers_than_people"


@dataclass(frozen=True, slots=True)
class Figure:
    """``scores``: answers per score 0 to 10. ``score``: NPS on [-1, 1] with its Tango interval; for CSAT and
    CES the share of good answers on [0, 1] with its Wilson interval, and the mean of the scores. Under five
    answers there is none of them, and ``reason`` says so. ``summary``: of NPS only."""

    kind: SurveyKind
    scores: tuple[int, ...]
    score: float | None
    interval: Interval | None
    mean: float | None
    reason: CannotTell | None
    summary: Summary | None = None

    @property
    def n(self) -> int:
        return sum(self.scores)

    @property
    def good(self) -> int:
        """Promoters, or answers from ``FIRST_GOOD`` on."""
        return sum(self.scores[FIRST_GOOD.get(self.kind, 9) :])


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``n``; ``share`` and ``interval`` (Wilson) on [0, 1], None where n is 0."""

    hits: int
    n: int

    @property
    def share(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.hits, self.n)


@dataclass(frozen=True, slots=True)
class Stratum:
    """A role: its people, and its answers. ``weight``: people per answer."""

    role: str
    people: int
    answers: int

    @property
    def weight(self) -> float | None:
        return self.people / self.answers if self.answers and self.people else None


@dataclass(frozen=True, slots=True)
class Weighted:
    """A score beside the plain one, never instead of it: every role counts by its people, not by its answers.

    ``n_effective``: a plain sample that large would be as precise. None of the figures where ``reason`` says
    why; ``empty``: the roles nobody answered for.
    """

    strata: tuple[Stratum, ...]
    score: float | None = None
    interval: Interval | None = None
    n_effective: float | None = None
    reason: CannotTell | None = None
    empty: tuple[str, ...] = ()


def figures(kind: SurveyKind, rows: Sequence[Scores]) -> list[Figure]:
    """One figure for each histogram, in order; the statistics are called once for all."""
    if kind is SurveyKind.NPS:
        summaries = summarise(counts_from_histogram(np.array(rows).reshape(-1, SCORES)))
        return [_nps(tuple(scores), summary) for scores, summary in zip(rows, summaries, strict=True)]
    return [_share(kind, tuple(scores)) for scores in rows]


def figure_of(kind: SurveyKind, scores: Scores) -> Figure:
    return figures(kind, [scores])[0]


def weigh(kind: SurveyKind, scores: Mapping[str, Scores], people: Mapping[str, int]) -> Weighted:
    """Post-stratified (``stats.weights``): ``scores`` and ``people`` by role. Refused where a role has
    people and no answer."""
    roles = sorted(set(scores) | set(people))
    strata = tuple(Stratum(r, people.get(r, 0), sum(scores.get(r, ()))) for r in roles)
    answers = sum(stratum.answers for stratum in strata)
    empty = tuple(stratum.role for stratum in strata if stratum.people and not stratum.answers)
    if answers < TOO_FEW_ANSWERS:
        return Weighted(strata, reason=CannotTell.TOO_FEW if answers else CannotTell.NOBODY)
    if empty:
        return Weighted(strata, reason=CannotTell.NOBODY_OF_ROLE, empty=empty)
    counts = [_three(kind, scores.get(role, (0,) * SCORES)) for role in roles]
    try:
        found = post_stratified(counts, [stratum.people for stratum in strata])
    except (PopulationTooSmall, StratumWithoutAnswers):
        return Weighted(strata, reason=CannotTell.MORE_ANSWERS_THAN_PEOPLE)
    return _weighted(kind, strata, np.sum(counts, axis=0), found)


def _nps(scores: tuple[int, ...], summary: Summary) -> Figure:
    reason = _reason(summary.n)
    return Figure(SurveyKind.NPS, scores, summary.nps, summary.interval, None, reason, summary)


def _share(kind: SurveyKind, scores: tuple[int, ...]) -> Figure:
    n = sum(scores)
    reason = _reason(n)
    if reason is not None:
        return Figure(kind, scores, None, None, None, reason)
    good = sum(scores[FIRST_GOOD[kind] :])
    mean = sum(score * amount for score, amount in enumerate(scores)) / n
    return Figure(kind, scores, good / n, wilson(good, n), mean, None)


def _reason(n: int) -> CannotTell | None:
    if n == 0:
        return CannotTell.NOBODY
    return CannotTell.TOO_FEW if n < TOO_FEW_ANSWERS else None


def _three(kind: SurveyKind, scores: Scores) -> tuple[int, int, int]:
    """Detractors, passives, promoters; a share is the same with nobody between."""
    first = FIRST_GOOD.get(kind)
    if first is None:
        return sum(scores[:7]), sum(scores[7:9]), sum(scores[9:])
    return sum(scores[:first]), 0, sum(scores[first:])


def _weighted(
    kind: SurveyKind, strata: tuple[Stratum, ...], counts: np.typing.NDArray[np.int_], found: DesignScore
) -> Weighted:
    if kind is SurveyKind.NPS:
        (summary,) = summarise(counts[None], effective=np.array(found.effective)[None])
        return Weighted(strata, summary.nps, summary.interval, found.n_effective)
    bad, _, good = found.effective
    return Weighted(strata, good / (good + bad), wilson(good, good + bad), found.n_effective)
