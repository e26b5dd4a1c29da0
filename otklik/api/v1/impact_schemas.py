"""What moves the score, over the wire: the record that the pages of impact read, documented as it is there
(``impact/rules/report.py``)."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from otklik.impact.public import ChangeStudy, Drivers, ExposureStudy


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
    studies: list[ExposureStudy]
    drivers: Drivers | None
    changes: list[ChangeStudy]


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
    result: ChangeStudy | None = Field(description="Null until a report has studied this version.")
