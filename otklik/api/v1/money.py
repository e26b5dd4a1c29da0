"""Balances, payouts, holds, statements and the lines of the ledger over REST."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from otklik.api.rules.scopes import Scope
from otklik.api.v1.auth import Bearer, owner_of
from otklik.api.v1.money_refusals import refused_rows, wrong_line
from otklik.api.v1.money_schemas import (
    BalancePage,
    EntriesIn,
    EntriesOut,
    EntryIn,
    HoldPage,
    RowsRefusedOut,
    StatementPage,
)
from otklik.api.v1.paging import MOST, page_by_id
from otklik.api.v1.partners import program_by
from otklik.api.v1.schemas import Id, Text
from otklik.events.public import Actor
from otklik.identity.public import Right, User
from otklik.kit.clock import now
from otklik.payouts.public import (
    EntriesRefused,
    EntryKind,
    LineProblem,
    NewEntry,
    RefusedLine,
    money_partners,
    record_entries,
    told,
    visible_balances,
    visible_holds,
    visible_statements,
)

router = Router(tags=["money"])
READ = Bearer(Scope.MONEY_READ, Right.SEE_MONEY)
WRITE = Bearer(Scope.MONEY_WRITE, Right.EDIT_MONEY)
Limit = Annotated[int, Field(ge=1, le=MOST)]
Row = TypeVar("Row", bound=Model)
# It is tomorrow already somewhere.
FURTHEST_ZONE = timedelta(hours=14)


@router.get("/holds", auth=READ, response=HoldPage)
def holds(
    request: HttpRequest,
    program: Query[Text | None] = None,
    partner_id: Id | None = None,
    state: Query[Text | None] = None,
    after: str | None = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    rows = narrowed(visible_holds(owner_of(request)), program, partner_id)
    if state:
        rows = rows.filter(state=state)
    items, following = page_by_id(rows, after, limit)
    return {"items": [shown_money(row, "amount") for row in items], "next": following}


@router.get("/statements", auth=READ, response=StatementPage)
def statements(
    request: HttpRequest,
    program: Query[Text | None] = None,
    partner_id: Id | None = None,
    after: str | None = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    rows = narrowed(visible_statements(owner_of(request)), program, partner_id)
    items, following = page_by_id(rows, after, limit)
    return {"items": [shown_money(row, "opening", "closing") for row in items], "next": following}


@router.get("/balances", auth=READ, response=BalancePage)
def balances(
    request: HttpRequest,
    program: Query[Text | None] = None,
    partner_id: Id | None = None,
    after: str | None = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    rows = narrowed(visible_balances(owner_of(request)), program, partner_id)
    items, following = page_by_id(rows, after, limit)
    return {"items": [shown_money(row, "total", "held", "planned") for row in items], "next": following}


@router.post("/entries", auth=WRITE, response={200: EntriesOut, 422: RowsRefusedOut})
def write_entries(request: HttpRequest, payload: EntriesIn) -> Status[EntriesOut] | Status[RowsRefusedOut]:
    """Add up to 500 lines to the ledger, all or none. A line whose ``source_key`` is known is left where it
    says the same, and refuses the request where it says something else."""
    owner, at = owner_of(request), now()
    program = program_by(payload.program, owner)
    try:
        stored = record_entries(
            program_id=program.pk,
            entries=_entries(payload.rows, owner, at),
            by=Actor.person(owner.pk),
            at=at,
        )
    except EntriesRefused as refused:
        return Status(422, _refusal(refused.lines))
    return Status(200, EntriesOut(recorded=stored.recorded, known=stored.known))


def narrowed(rows: QuerySet[Row], program: str | None, partner_id: int | None) -> QuerySet[Row]:
    if program:
        rows = rows.filter(partner__program__slug=program)
    return rows if partner_id is None else rows.filter(partner_id=partner_id)


def shown_money(row: Model, *amounts: str) -> dict[str, Any]:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return values | {name: told(values[name], values["currency"]) for name in amounts}


def _entries(rows: Sequence[EntryIn], owner: User, at: datetime) -> list[NewEntry]:
    """Raises EntriesRefused."""
    ours = set(
        money_partners(owner).filter(pk__in={row.partner_id for row in rows}).values_list("pk", flat=True)
    )
    last_day = (at + FURTHEST_ZONE).date()
    kinds = {kind.value for kind in EntryKind}
    wrong = []
    for place, row in enumerate(rows):
        if row.partner_id not in ours:
            wrong.append(RefusedLine(place, LineProblem.UNKNOWN_PARTNER))
        elif row.kind not in kinds:
            wrong.append(RefusedLine(place, LineProblem.UNKNOWN_KIND))
        elif row.earned_on > last_day:
            wrong.append(RefusedLine(place, LineProblem.IN_THE_FUTURE))
    if wrong:
        raise EntriesRefused(wrong)
    return [
        NewEntry(
            partner_id=row.partner_id,
            currency=row.currency,
            kind=EntryKind(row.kind),
            amount=Decimal(row.amount),
            earned_on=row.earned_on,
            source_key=row.source_key,
            source=row.source,
            note=row.note,
        )
        for row in rows
    ]


def _refusal(lines: Sequence[RefusedLine]) -> RowsRefusedOut:
    return refused_rows([wrong_line(line.place, "", line.problem) for line in lines])
