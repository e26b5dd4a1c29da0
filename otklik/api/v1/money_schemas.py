"""Money over the wire: amounts are texts, exact, with a point, in the digits of their currency."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from otklik.api.v1.schemas import MOST_ROWS, Id, Strict, Text

# Longer than amounts are: what is too large is told as such, with its line.
Amount = Annotated[str, Field(pattern=r"^-?[0-9]{1,30}(\.[0-9]{1,4})?$")]
Key = Annotated[Text, Field(min_length=1, max_length=120)]
More = Field(description="Pass it as `after` to read on; null on the last page.")


class PayoutOut(Schema):
    id: int
    program_id: int
    partner_id: int
    batch_id: int | None = Field(description="Null where it was brought in from elsewhere.")
    amount: str
    currency: str
    state: str
    expected_on: date
    original_expected_on: date = Field(description="What the partner was told first.")
    sent_at: datetime | None
    paid_on: date | None
    reference: str
    problem: str = Field(description="Why it failed, came back or is late; empty where it is none of these.")
    source_key: str
    created_at: datetime


class PayoutPage(Schema):
    items: list[PayoutOut]
    next: str | None = More


class HoldOut(Schema):
    id: int
    partner_id: int
    amount: str
    currency: str
    reason: str
    checking: str
    decide_by: date
    state: str
    opened_at: datetime
    decided_at: datetime | None
    outcome_note: str


class HoldPage(Schema):
    items: list[HoldOut]
    next: str | None = More


class StatementOut(Schema):
    id: int
    program_id: int
    partner_id: int
    number: str
    currency: str
    start: date
    end: date
    opening: str
    closing: str
    lines_count: int
    issued_at: datetime


class StatementPage(Schema):
    items: list[StatementOut]
    next: str | None = More


class BalanceOut(Schema):
    partner_id: int
    currency: str
    total: str = Field(description="Below zero where the partner owes.")
    held: str
    planned: str = Field(description="In payouts that are not sent yet; still part of the total.")


class BalancePage(Schema):
    items: list[BalanceOut]
    next: str | None = More


class EntryIn(Strict):
    source_key: Key = Field(description="Names the line in your system: the same key twice is one line.")
    partner_id: Id
    amount: Amount = Field(description="As text, with its sign: chargebacks and fees are below zero.")
    currency: Annotated[Text, Field(max_length=3)]
    earned_on: date
    kind: Annotated[Text, Field(max_length=20)] = "earned"
    source: Annotated[Text, Field(max_length=60)] = ""
    note: Annotated[Text, Field(max_length=200)] = ""


class EntriesIn(Strict):
    program: Text
    rows: Annotated[list[EntryIn], Field(min_length=1, max_length=MOST_ROWS)]


class EntriesOut(Schema):
    recorded: int
    known: int = Field(description="They were there already, word for word.")


class WrongLine(Schema):
    row: int | None = Field(description="From 0, in the order of the request; null for all of it.")
    field: str = ""
    problem: str
    message: str = Field(description="What is wrong, and what to do.")


class RowsRefusedOut(Schema):
    """Nothing is stored. ``lines`` is empty where the request itself does not fit the description."""

    code: str
    message: str
    where: str
    lines: list[WrongLine] = []


class PayoutIn(Strict):
    source_key: Key = Field(description="Names the payout in your system: the same key twice is one payout.")
    partner_id: Id
    amount: Amount = Field(description="As text, above zero, no finer than the currency.")
    currency: Annotated[Text, Field(max_length=3)]
    state: Annotated[Text, Field(max_length=20)]
    expected_on: date
    sent_on: date | None = None
    paid_on: date | None = None
    reference: Annotated[Text, Field(max_length=120)] = ""
    problem: Annotated[Text, Field(max_length=20)] = ""


class PayoutsIn(Strict):
    program: Text
    rows: Annotated[list[PayoutIn], Field(min_length=1, max_length=MOST_ROWS)]
    totals: dict[Annotated[str, Field(pattern="^[A-Z]{3}$")], Amount] = Field(
        default={}, description="What the rows add up to, by currency; other sums are refused."
    )


class PayoutsOut(Schema):
    """``recorded + changed + known`` are all rows."""

    recorded: int
    changed: int = Field(description="Payouts that moved on.")
    known: int = Field(description="They said the same already.")
    totals: dict[str, str] = Field(description="Of all rows, by currency.")


class StateIn(Strict):
    state: Annotated[Text, Field(max_length=20)] = Field(description="sent, paid, failed or returned")
    on: date | None = Field(default=None, description="The day it happened; today if left out.")
    reference: Annotated[Text, Field(max_length=120)] = Field(
        default="", description="Of the bank, for sent and paid."
    )
    problem: Annotated[Text, Field(max_length=20)] = Field(
        default="", description="Why it failed or was returned; needed for these."
    )
    already_left: bool = Field(
        default=False,
        description="For sent: the money is gone. A hold or a chargeback that came meanwhile then does not "
        "refuse it; what is missing is owed.",
    )
