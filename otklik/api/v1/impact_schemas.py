"""What moves the score, over the wire: the record that the pages of impact read. Words of closed lists are
those of ``impact/rules/vocabulary.py`` and ``stats/impact_verdict.py``."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema
from pydantic import Field


class SlopeOut(Schema):
    """Change of the outcome per unit of exposure; ``smallest_visible``: the true effect that would be seen 4
    times out of 5."""

    effect: float | None
    se: float | None
    low: float | None
    high: float | None
    n: int
    units: int
    smallest_visible: float | None


class BinOut(Schema):
    """Answers whose exposure lies from ``low`` to ``high``, against those of the lowest bin."""

    low: float
    high: float
    mean_dose: float
    mean_outcome: float
    n: int
    effect: float | None
    band_low: float | None
    band_high: float | None
    monotone: float | None


class SeenOut(Schema):
    mean: float
    p1: float
    p10: float
    p50: float
    p90: float
    p99: float
    zero_share: float


class StudyOut(Schema):
    """``verdict``: effect, no_effect_seen, cannot_tell, refused. ``within``: partners compared with
    themselves; this decides. ``pooled``: partners with each other. ``placebo``: the exposure that came
    after the answer."""

    exposure: str
    verdict: str
    reasons: list[str]
    notes: list[str]
    confounders: list[str] = Field(description="What these data cannot rule out.")
    level: float = Field(description="Of the intervals of within, pooled and doses; the placebo's is 0.95.")
    pooled: SlopeOut | None
    within: SlopeOut | None
    placebo: SlopeOut | None
    ordered_slope: float | None
    ordered_p: float | None
    robustness: float | None
    robustness_of_verdict: float | None
    swing: float = Field(description="From a low tenth of exposures to a high one.")
    worth_noticing: float
    doses: list[BinOut]
    seen: SeenOut


class DriverOut(Schema):
    name: str
    lmg: float
    low: float | None
    high: float | None
    share: float
    johnson: float
    last: float


class DriversOut(Schema):
    """Parts of the variance of the outcome: support + outside + unexplained = 1."""

    found: list[DriverOut]
    n: int
    partners: int
    r_squared: float
    unexplained: float
    unexplained_low: float | None
    unexplained_high: float | None
    support: float
    support_low: float | None
    support_high: float | None
    outside: float
    not_separable: list[list[str]]
    collinear: list[list[str]]
    constant: list[str]


class SpanOut(Schema):
    """Answers ``first`` to ``last`` months from the first whole one under it on; negative before it came."""

    first: int
    last: int
    n: int
    effect: float | None
    low: float | None
    high: float | None


class ChangeStudyOut(Schema):
    """What one policy change did, by two-stage differences. ``average``: points on the ``under`` answers
    given under it, None where nothing was computed. ``before``: the same months before it came against
    earlier ones, which should be nothing."""

    change: int
    version: int
    verdict: str
    reasons: list[str]
    notes: list[str]
    doubts: list[str] = Field(description="What no answers can rule out.")
    level: float
    average: SlopeOut | None
    before: list[SpanOut]
    since: list[SpanOut]
    worth_noticing: float
    rows: int
    bad: int
    under: int
    left_out: int
    split: int
    partners: int
    reached: int


class BadRowOut(Schema):
    reason: str
    rows: int


class ReportOut(Schema):
    """``rows`` looked at, ``bad`` of them failed the gate; ``left_out``: support is not known for their whole
    window. Above 5 % bad nothing is said (``passed`` false)."""

    outcome: str
    since: date
    until: date
    rows: int
    bad: int
    bad_rows: list[BadRowOut]
    left_out: int
    passed: bool
    answers: int
    partners: int
    asked: int | None
    answers_a_week: float
    outcome_mean: float
    outcome_variance: float
    design_effect: float
    studies: list[StudyOut]
    drivers: DriversOut | None
    changes: list[ChangeStudyOut]


class ComputedOut(Schema):
    """One computation. ``state``: computing, done, failed; ``failure``: too_long, ended, broken."""

    id: int
    program_id: int
    outcome: str
    state: str
    failure: str
    asked_at: datetime
    ended_at: datetime | None


class ComputedPage(Schema):
    items: list[ComputedOut]
    next: str | None = Field(description="Pass it as `after` to read on; null on the last page.")


class ImpactOut(ComputedOut):
    report: ReportOut


class ChangeOut(Schema):
    """A policy change: it came to ``reached`` partners from the day ``first`` to the day ``last``.
    ``version`` grows with every correction."""

    id: int
    program_id: int
    name: str
    about: str
    version: int
    recorded_at: datetime
    saved_at: datetime
    reached: int
    first: date
    last: date


class ChangePage(Schema):
    items: list[ChangeOut]
    next: str | None = Field(description="Pass it as `after` to read on; null on the last page.")


class ChangeFoundOut(ChangeOut):
    outcome: str
    report_id: int | None = Field(description="The newest report of this program and outcome.")
    result: ChangeStudyOut | None = Field(description="Null until a report has studied this version.")
