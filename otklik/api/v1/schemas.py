"""What goes over the wire. Times are ISO 8601 with a zone; NPS is on -100..100."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from otklik.kit.clock import as_utc

# PostgreSQL refuses NUL in text, and no name holds one.
Text = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
Comment = Annotated[str, Field(max_length=20_000, pattern=r"^[^\x00]*$")]
Moment = Annotated[AwareDatetime, AfterValidator(as_utc)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
MOST_ROWS = 500


class Strict(Schema):
    """Input with a field we do not know is refused: a misspelt name must not be lost in silence."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    code: str
    message: str
    where: str = ""


class ProgramOut(Schema):
    id: int
    slug: str
    name: str
    currency: str


class PartnerOut(Schema):
    id: int
    program_id: int
    name: str
    external_id: str
    status: str
    tier: str
    segment: str
    country: str
    language: str
    time_zone: str
    manager_id: int | None
    # Null too where the owner of the token may not see revenue.
    revenue: Decimal | None
    contract_started_on: date | None
    renewal_on: date | None
    custom: dict[str, Any]
    created_at: datetime


class ContactOut(Schema):
    id: int
    partner_id: int
    name: str
    external_id: str
    job_title: str
    authority: str
    influence: str
    role: str
    languages: list[str]
    time_zone: str
    consent: str
    is_active: bool
    created_at: datetime


class ResponseOut(Schema):
    """``partner_id`` is null for an answer from an anonymous link; ``is_late``: given after its wave was
    closed, and counted."""

    id: int
    partner_id: int | None
    contact_id: int | None
    kind: str
    score: int
    comment: str
    role: str
    tier: str
    segment: str
    country: str
    channel: str
    manager_id: int | None
    source_key: str
    responded_at: datetime
    is_late: bool


class PartnerPage(Schema):
    items: list[PartnerOut]
    next: str | None = Field(description="Pass it as `after` to read on; null on the last page.")


class ContactPage(Schema):
    items: list[ContactOut]
    next: str | None


class ResponsePage(Schema):
    items: list[ResponseOut]
    next: str | None


class PartnerIn(Strict):
    """Absent fields stay as they are; an empty text empties the field."""

    name: Text | None = None
    external_id: Text | None = None
    status: str | None = None
    tier: Text | None = None
    segment: Text | None = None
    country: Text | None = None
    language: Text | None = None
    time_zone: Text | None = None
    manager_email: Text | None = None
    revenue: Annotated[Decimal, Field(max_digits=16, decimal_places=2, ge=0)] | None = None
    contract_number: Text | None = None
    contract_started_on: date | None = None
    renewal_on: date | None = None


class ContactIn(Strict):
    name: Text | None = None
    partner_id: Id | None = None
    partner_external_id: Text | None = None
    partner_name: Text | None = None
    external_id: Text | None = None
    job_title: Text | None = None
    authority: str | None = None
    influence: str | None = None
    role: str | None = None
    emails: Annotated[list[Text], Field(max_length=20)] = []
    phones: Annotated[list[Text], Field(max_length=20)] = []
    time_zone: Text | None = None
    consent: str | None = None


class ResponseIn(Strict):
    source_key: Annotated[Text, Field(min_length=1, max_length=200)]
    partner_id: Id
    contact_id: Id | None = None
    score: Annotated[int, Field(ge=0, le=10)]
    responded_at: Moment
    comment: Comment = ""
    language: Annotated[Text, Field(max_length=10)] = ""


class PartnersIn(Strict):
    program: Text
    rows: Annotated[list[PartnerIn], Field(min_length=1, max_length=MOST_ROWS)]


class ContactsIn(Strict):
    program: Text
    rows: Annotated[list[ContactIn], Field(min_length=1, max_length=MOST_ROWS)]


class ResponsesIn(Strict):
    program: Text
    survey: Text = "NPS"
    kind: str = "nps"
    rows: Annotated[list[ResponseIn], Field(min_length=1, max_length=MOST_ROWS)]


class Outcome(Schema):
    """What became of one row, in the order of the request."""

    result: str
    id: int | None
    problem: str | None = None
    field: str | None = None


class Outcomes(Schema):
    rows: list[Outcome]


class Figure(Schema):
    """A score on -100..100. ``nps`` and ``interval`` are null under five answers; ``interval`` also where
    everybody of a known population answered."""

    n: int
    detractors: int
    passives: int
    promoters: int
    nps: float | None
    interval: list[float] | None
    shrunk: float | None
    kind: str
    method: str
    level: float


class Change(Schema):
    """Against the period before. ``verdict``: up, down, no_difference_seen, cannot_tell."""

    before: Figure
    difference: float | None
    interval: list[float] | None
    verdict: str
    reason: str | None


class TrendOut(Figure):
    start: date


class SegmentOut(Figure):
    by: str
    value: str
    name: str


class NpsOut(Figure):
    scores: list[int] = Field(description="Answers per score, 0 to 10.")
    comparison: Change
    trend: list[TrendOut]
    segments: list[SegmentOut]
