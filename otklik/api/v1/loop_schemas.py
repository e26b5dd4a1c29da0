"""The closed loop over the wire. Words of closed lists are those of ``loop/rules/vocabulary.py``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from otklik.api.v1.schemas import Id, Moment, Strict, Text

Words = Annotated[str, Field(max_length=10_000, pattern=r"^[^\x00]*$")]
Result = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]
Reason = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")]


class AlertOut(Schema):
    """``state``: open, contacted, waiting, closed. ``lateness``: in_time, soon, overdue, escalated, done.
    ``reasons``: why it was raised, each with the value it rests on. ``partner_id`` null: a public mention
    that belongs to nobody we know."""

    id: int
    program_id: int
    partner_id: int | None
    contact_id: int | None
    rule_id: int
    kind: str
    flow: str
    survey_kind: str
    score: int | None
    reasons: list[list[Any]]
    response_id: int | None
    mention_id: int | None
    wave_id: int | None
    state: str
    lateness: str
    owner_id: int | None
    opened_at: datetime
    due_at: datetime = Field(description="By then somebody should have spoken to them.")
    first_contact_at: datetime | None
    escalated_at: datetime | None
    escalated_to_id: int | None
    snoozed_until: datetime | None
    snooze_reason: str
    closed_at: datetime | None
    closed_by_id: int | None
    outcome: str
    result: str
    causes: list[int]
    told_at: datetime | None
    owes_word: bool = Field(description="Closed, and the partner has not heard yet what was done.")
    version: int


class AlertPage(Schema):
    items: list[AlertOut]
    next: str | None = Field(description="Pass it as `after` to read on; null on the last page.")


class FollowUpOut(Schema):
    id: int
    alert_id: int
    contact_id: int | None
    way: str
    at: datetime
    by_id: int | None
    text: str
    ticket_id: int | None
    created_at: datetime


class FollowUpPage(Schema):
    items: list[FollowUpOut]
    next: str | None


class PromiseOut(Schema):
    """A commitment of ours; it is kept or dropped where goals and commitments are."""

    id: int
    text: str
    due_on: date
    state: str


class FullAlertOut(AlertOut):
    promises: list[PromiseOut]


class CauseOut(Schema):
    id: int
    program_id: int
    parent_id: int | None
    names: dict[str, str]
    is_active: bool


class CausePage(Schema):
    items: list[CauseOut]
    next: str | None


class RuleOut(Schema):
    """When somebody has to be followed up; the first by ``position`` makes the alert."""

    id: int
    program_id: int
    name: str
    kind: str
    conditions: dict[str, Any]
    position: int
    owner_way: str
    owner_id: int | None
    team_id: int | None
    fallback_id: int | None
    deadline_hours: int
    escalation_hours: int
    escalates_to_id: int | None
    is_active: bool


class RulePage(Schema):
    items: list[RuleOut]
    next: str | None


class FollowUpIn(Strict):
    """``way``: call, letter, meeting, chat. Without ``at`` it happened now, without ``contact_id`` with the
    alert's own person."""

    way: Text
    at: Moment | None = None
    contact_id: Id | None = None
    text: Words = ""


class SnoozeIn(Strict):
    until: Moment
    reason: Reason
    version: int | None = Field(None, ge=0, description="Refused where the alert has another one by now.")


class OwnerIn(Strict):
    owner_id: Id
    version: int | None = Field(None, ge=0)


class CloseIn(Strict):
    """``outcome``: mended, explained, not_possible, thanked, not_reached, not_ours. ``causes``: ids of root
    causes, one at least."""

    outcome: Text
    causes: Annotated[list[Id], Field(min_length=1, max_length=50)]
    result: Result = ""
    version: int | None = Field(None, ge=0)
