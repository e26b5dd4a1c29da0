"""Surveys over the wire. Scores of NPS on -100..100, of CSAT and CES the share of good answers on 0..100;
shares and rates on 0..1."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field


class SurveyOut(Schema):
    id: int
    program_id: int
    name: str
    kind: str
    created_at: datetime
    archived_at: datetime | None


class SurveyPage(Schema):
    items: list[SurveyOut]
    next: str | None = Field(description="Pass it as `after` to read on; null on the last page.")


class ScoreOut(Schema):
    """``score``, ``interval`` and ``mean`` are null under five answers, and ``reason`` says why. Kinds of
    answers and ``nps`` for NPS only."""

    n: int
    detractors: int | None
    passives: int | None
    promoters: int | None
    nps: float | None
    score: float | None
    interval: list[float] | None
    mean: float | None
    reason: str | None


class ShareOut(Schema):
    """``interval``: Wilson's; both null where n is 0."""

    hits: int
    n: int
    share: float | None
    interval: list[float] | None


class PartOut(ScoreOut):
    by: str
    value: str
    name: str
    response_rate: ShareOut


class PointOut(ScoreOut):
    """A month (its first day), or a wave."""

    start: date
    wave_id: int | None
    name: str | None


class StratumOut(Schema):
    role: str
    people: int
    answers: int
    weight: float | None


class WeightedOut(Schema):
    """Never in place of the plain score."""

    score: float | None
    interval: list[float] | None
    n_effective: float | None
    reason: str | None
    roles: list[StratumOut]


class OptionOut(Schema):
    label: str
    share: ShareOut


class QuestionOut(Schema):
    key: str
    kind: str
    label: str
    shown: int
    answered: int
    options: list[OptionOut]
    score: ScoreOut | None


class InvitationsOut(Schema):
    """``states``: how many of each; ``left_out``: how many for each reason."""

    states: dict[str, int]
    left_out: dict[str, int]
    opened: int


class LeftOutOut(Schema):
    """A wave that left people with an open ticket out. ``points``: by how much NPS comes out higher without
    them, by the answers of the last year, with its interval; null where nobody can tell."""

    wave_id: int
    name: str
    people: int
    share: float = Field(description="Of the people it could have asked.")
    points: float | None
    interval: list[float] | None


class ResultsOut(ScoreOut):
    survey_id: int
    kind: str
    scores: list[int] = Field(description="Confirmed answers per score, 0 to 10.")
    late: int = Field(description="Counted, and given after the wave was closed.")
    duplicates: int = Field(description="Not counted: second answers from one device.")
    without_invitation: int
    response_rate: ShareOut
    unconfirmed: ShareOut
    invitations: InvitationsOut
    left_out_for_tickets: list[LeftOutOut]
    parts: list[PartOut]
    months: list[PointOut]
    waves: list[PointOut]
    questions: list[QuestionOut]
    weighted: WeightedOut | None


class AnswerOut(Schema):
    """``partner_id`` and ``contact_id`` are null for an answer from an anonymous link. Only ``complete`` ones
    count in any figure."""

    id: int
    status: str
    is_late: bool
    score: int
    comment: str
    answers: dict[str, Any]
    may_contact: bool | None
    language: str
    channel: str
    partner_id: int | None
    contact_id: int | None
    invitation_id: int | None
    version_id: int
    role: str
    segment: str
    tier: str
    country: str
    manager_id: int | None
    responded_at: datetime


class AnswerPage(Schema):
    items: list[AnswerOut]
    next: str | None
