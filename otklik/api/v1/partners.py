"""Programs, partners and contacts over REST."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, TypeVar

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from ninja.errors import HttpError
from pydantic import Field

from otklik.api.rules.scopes import Scope
from otklik.api.v1.auth import Bearer, owner_of
from otklik.api.v1.paging import MOST, page_by_id
from otklik.api.v1.schemas import (
    ContactIn,
    ContactOut,
    ContactPage,
    ContactsIn,
    Id,
    Outcome,
    Outcomes,
    PartnerIn,
    PartnerOut,
    PartnerPage,
    PartnersIn,
    ProgramOut,
    Text,
)
from otklik.events.public import Actor
from otklik.identity.public import Right, User
from otklik.kit.clock import now
from otklik.partners.public import (
    Authority,
    Consent,
    Contact,
    ContactRole,
    ContactRow,
    Influence,
    Partner,
    PartnerRow,
    PartnerStatus,
    Program,
    StoreOutcome,
    may_see_revenue,
    store_contacts,
    store_partners,
    visible_contacts,
    visible_partners,
    visible_program,
    visible_programs,
)

router = Router(tags=["partners"])
READ = Bearer(Scope.PARTNERS_READ, Right.SEE_PARTNERS)
# Rows written in bulk are not limited to own partners, hence the right to import.
WRITE = Bearer(Scope.PARTNERS_WRITE, Right.IMPORT)
Limit = Annotated[int, Field(ge=1, le=MOST)]
Closed = TypeVar("Closed", bound=StrEnum)


@router.get("/programs", auth=READ, response=list[ProgramOut])
def programs(request: HttpRequest) -> Sequence[Program]:
    return list(visible_programs(owner_of(request)).order_by("pk"))


@router.get("/partners", auth=READ, response=PartnerPage)
def partners(
    request: HttpRequest, program: Query[Text | None] = None, after: str | None = None, limit: Limit = 100
) -> dict[str, object]:
    rows = visible_partners(owner_of(request)).filter(erased_at=None)
    if program:
        rows = rows.filter(program__slug=program)
    items, following = page_by_id(rows, after, limit)
    return {"items": [_partner(row, owner_of(request)) for row in items], "next": following}


@router.get("/partners/{partner_id}", auth=READ, response=PartnerOut)
def partner(request: HttpRequest, partner_id: Id) -> PartnerOut:
    owner = owner_of(request)
    return _partner(get_object_or_404(visible_partners(owner), pk=partner_id, erased_at=None), owner)


@router.get("/contacts", auth=READ, response=ContactPage)
def contacts(
    request: HttpRequest, partner_id: Id | None = None, after: str | None = None, limit: Limit = 100
) -> dict[str, object]:
    rows = visible_contacts(owner_of(request)).filter(erased_at=None)
    if partner_id is not None:
        rows = rows.filter(partner_id=partner_id)
    items, following = page_by_id(rows, after, limit)
    return {"items": items, "next": following}


@router.get("/contacts/{contact_id}", auth=READ, response=ContactOut)
def contact(request: HttpRequest, contact_id: Id) -> Contact:
    return get_object_or_404(visible_contacts(owner_of(request)), pk=contact_id, erased_at=None)


@router.post("/partners", auth=WRITE, response=Outcomes)
def write_partners(request: HttpRequest, payload: PartnersIn) -> Outcomes:
    """Create or change up to 500 partners, known by external id, else by name. Sending the same rows again
    changes nothing."""
    owner = owner_of(request)
    rows = [_partner_row(row) for row in payload.rows]
    stored = store_partners(program_by(payload.program, owner).pk, rows, by=Actor.person(owner.pk), at=now())
    return _outcomes(stored)


@router.post("/contacts", auth=WRITE, response=Outcomes)
def write_contacts(request: HttpRequest, payload: ContactsIn) -> Outcomes:
    """Create or change up to 500 contacts, known at their partner by external id, e-mail address or name."""
    owner = owner_of(request)
    rows = [_contact_row(row) for row in payload.rows]
    stored = store_contacts(program_by(payload.program, owner).pk, rows, by=Actor.person(owner.pk), at=now())
    return _outcomes(stored)


def program_by(slug: str, owner: User) -> Program:
    found = visible_program(owner, slug)
    if found is None:
        raise Http404
    return found


def _partner(row: Partner, owner: User) -> PartnerOut:
    shown = PartnerOut.from_orm(row)
    return shown if may_see_revenue(owner) else shown.model_copy(update={"revenue": None})


def _partner_row(row: PartnerIn) -> PartnerRow:
    values = row.model_dump(exclude={"status"})
    return PartnerRow(**values, status=_closed(PartnerStatus, row.status, "status"))


def _contact_row(row: ContactIn) -> ContactRow:
    values = row.model_dump(exclude={"authority", "influence", "role", "consent", "emails", "phones"})
    return ContactRow(
        **values,
        emails=tuple(row.emails),
        phones=tuple(row.phones),
        authority=_closed(Authority, row.authority, "authority"),
        influence=_closed(Influence, row.influence, "influence"),
        role=_closed(ContactRole, row.role, "role"),
        consent=_closed(Consent, row.consent, "consent"),
    )


def _closed(kind: type[Closed], value: str | None, field: str) -> Closed | None:
    if value is None:
        return None
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        raise HttpError(422, f"{field}: {value!r} is not known. Use one of: {known}.") from None


def _outcomes(stored: Sequence[StoreOutcome]) -> Outcomes:
    return Outcomes(
        rows=[
            Outcome(result=one.fate.value, id=one.id, problem=one.code or None, field=one.field or None)
            for one in stored
        ]
    )
