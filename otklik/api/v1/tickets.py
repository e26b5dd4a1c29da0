"""Tickets and their messages over REST. A program acts as the owner of its token: it sees and answers the
tickets that person does."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status
from ninja.errors import HttpError
from pydantic import BaseModel, Field

from otklik.api.operations.tickets import LEAVE, Changes, change_ticket
from otklik.api.rules.scopes import Scope
from otklik.api.v1.auth import Bearer, owner_of
from otklik.api.v1.keys import Key, once
from otklik.api.v1.paging import MOST, page_by_id, page_newest_first
from otklik.api.v1.partners import program_by
from otklik.api.v1.schemas import Id, Moment, Text
from otklik.api.v1.ticket_schemas import (
    MessageIn,
    MessageOut,
    MessagePage,
    TicketChange,
    TicketIn,
    TicketOut,
    TicketPage,
)
from otklik.desk.public import (
    CannotOwn,
    Channel,
    Message,
    NewTicket,
    NobodyToWriteTo,
    NotAllowed,
    Priority,
    Side,
    Ticket,
    TicketClosed,
    TicketGone,
    TicketMergedAway,
    TicketStatus,
    Topic,
    answerable_tickets,
    create_tickets_bulk,
    receive_message,
    reply,
    visible_messages,
    visible_tickets,
    write_note,
)
from otklik.events.public import Actor
from otklik.identity.public import Right, User, active_staff
from otklik.kit.clock import now
from otklik.partners.public import Contact, Program, visible_contact, visible_partners

router = Router(tags=["tickets"])
READ = Bearer(Scope.TICKETS_READ, Right.SEE_TICKETS)
WRITE = Bearer(Scope.TICKETS_WRITE, Right.ANSWER_TICKETS)
Limit = Annotated[int, Field(ge=1, le=MOST)]
Word = TypeVar("Word", bound=StrEnum)
Said = TypeVar("Said")


class Kind(StrEnum):
    REPLY = "reply"
    NOTE = "note"
    INCOMING = "incoming"


@router.get("/tickets", auth=READ, response=TicketPage)
def tickets(
    request: HttpRequest,
    program: Query[Text | None] = None,
    partner_id: Id | None = None,
    contact_id: Id | None = None,
    owner_id: Id | None = None,
    status: Query[Text | None] = None,
    is_open: bool | None = None,
    since: Moment | None = None,
    created_since: Moment | None = None,
    created_before: Moment | None = None,
    after: str | None = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """Latest activity first; ``since``: only what changed at or after. ``created_since`` is within the
    period, ``created_before`` no more."""
    asked = {
        "program__slug": program or None,
        "partner_id": partner_id,
        "contact_id": contact_id,
        "owner_id": owner_id,
        "status": _word(TicketStatus, status, "status"),
        "is_open": is_open,
        "updated_at__gte": since,
        "created_at__gte": created_since,
        "created_at__lt": created_before,
    }
    rows = visible_tickets(owner_of(request)).select_related("topic")
    rows = rows.filter(**{name: value for name, value in asked.items() if value is not None})
    items, following = page_newest_first(rows, "updated_at", after, limit)
    return {"items": items, "next": following}


@router.get("/tickets/{ticket_id}", auth=READ, response=TicketOut)
def ticket(request: HttpRequest, ticket_id: Id) -> Ticket:
    return get_object_or_404(visible_tickets(owner_of(request)).select_related("topic"), pk=ticket_id)


@router.get("/tickets/{ticket_id}/messages", auth=READ, response=MessagePage)
def messages(
    request: HttpRequest, ticket_id: Id, after: str | None = None, limit: Limit = 100
) -> dict[str, Any]:
    """Oldest first, internal notes among them, with those of tickets that were merged into this one."""
    owner = owner_of(request)
    found = get_object_or_404(visible_tickets(owner), pk=ticket_id)
    family = Ticket.objects.filter(Q(pk=found.pk) | Q(merged_into_id=found.pk)).values("pk")
    rows = visible_messages(owner).filter(ticket_id__in=family).prefetch_related("attachments__blob")
    items, following = page_by_id(rows, after, limit)
    return {"items": items, "next": following}


@router.post("/tickets", auth=WRITE, response={200: TicketOut, 201: TicketOut})
def create(request: HttpRequest, payload: TicketIn, key: Key = None) -> Status[Ticket]:
    """Begin a ticket in a partner's name: 201. With the header ``Idempotency-Key`` the same call again is
    200 and the same ticket; another body under the same key is 409."""
    owner = owner_of(request)
    program = program_by(payload.program, owner)
    contact = _contact(payload.contact_id, owner)
    new = NewTicket(
        program_id=program.pk,
        subject=payload.subject,
        channel=Channel.API,
        side=Side.PARTNER,
        text=payload.text,
        partner_id=_partner_id(payload.partner_id, contact, program, owner),
        contact_id=contact.pk if contact is not None else None,
        requester_name=payload.requester_name,
        requester_address=payload.requester_address,
        topic_id=_topic_id(payload.topic),
        owner_id=_owner_id(payload.owner_id),
        priority=_word(Priority, payload.priority, "priority"),
        language=payload.language,
        created_key=f"api:{owner.pk}:{key}" if key else None,
    )
    opened = _once(
        # Not as the calls of a ticket are named: a key may look like its number and another key.
        f"begin:{new.created_key}" if key else None,
        payload,
        lambda: create_tickets_bulk([new], by=Actor.person(owner.pk), at=now())[0],
    )
    return Status(201 if opened.is_new else 200, opened.ticket)


@router.patch("/tickets/{ticket_id}", auth=WRITE, response=TicketOut)
def change(request: HttpRequest, ticket_id: Id, payload: TicketChange) -> Ticket:
    """All that is named, or nothing."""
    owner = owner_of(request)
    found = get_object_or_404(answerable_tickets(owner), pk=ticket_id)
    given = payload.model_fields_set
    changes = Changes(
        status=_word(TicketStatus, payload.status, "status"),
        owner_id=_owner_id(payload.owner_id) if "owner_id" in given else LEAVE,
        priority=_word(Priority, payload.priority, "priority") if "priority" in given else LEAVE,
        topic_id=_topic_id(payload.topic) if "topic" in given else LEAVE,
    )
    by = Actor.person(owner.pk)
    return _done(lambda: change_ticket(ticket_id=found.pk, changes=changes, by=by, at=now()))


@router.post("/tickets/{ticket_id}/messages", auth=WRITE, response={201: MessageOut})
def write(request: HttpRequest, ticket_id: Id, payload: MessageIn, key: Key = None) -> Status[Message]:
    """A reply, a note, or something the partner said elsewhere. With the header ``Idempotency-Key`` the same
    call again is the same message; another body under the same key is 409."""
    owner = owner_of(request)
    found = get_object_or_404(answerable_tickets(owner), pk=ticket_id)
    kind = _word(Kind, payload.kind, "kind")
    name = f"api:{owner.pk}:{found.pk}:{key}" if key else None
    match kind:
        case Kind.NOTE:
            said = _once(name, payload, lambda: _note(found, payload, name, owner))
        case Kind.INCOMING:
            said = _once(name, payload, lambda: _incoming(found, payload, name, owner))
        case _:
            said = _once(name, payload, lambda: _reply(found, payload, name, owner))
    return Status(201, said)


def _note(found: Ticket, payload: MessageIn, key: str | None, owner: User) -> Message:
    return write_note(ticket_id=found.pk, text=payload.text, key=key, by=Actor.person(owner.pk), at=now())


def _incoming(found: Ticket, payload: MessageIn, key: str | None, owner: User) -> Message:
    contact = _contact(payload.contact_id, owner)
    if contact is not None and contact.partner_id != found.partner_id:
        raise HttpError(422, "contact_id: works at another partner than the ticket's.")
    return receive_message(
        ticket_id=found.pk,
        side=Side.PARTNER,
        channel=Channel.API,
        text=payload.text,
        contact_id=contact.pk if contact is not None else None,
        from_name=payload.from_name or (contact.name if contact is not None else ""),
        from_address=payload.from_address,
        key=key,
        by=Actor.person(owner.pk),
        at=now(),
    )


def _reply(found: Ticket, payload: MessageIn, key: str | None, owner: User) -> Message:
    return reply(
        ticket_id=found.pk,
        text=payload.text,
        to_partner=payload.to_partner,
        to_customer=payload.to_customer,
        status_after=_word(TicketStatus, payload.status_after, "status_after"),
        key=key,
        by=Actor.person(owner.pk),
        at=now(),
    )


def _once(name: str | None, payload: BaseModel, act: Callable[[], Said]) -> Said:
    return once(name, payload, lambda: _done(act))


def _done(act: Callable[[], Said]) -> Said:
    """Facts of the desk, as a program is told them."""
    try:
        return act()
    except TicketMergedAway as moved:
        raise HttpError(409, f"The ticket was merged into {moved.into_id}.") from None
    except TicketGone:
        raise HttpError(404, "There is nothing here, or it is not yours to see.") from None
    except TicketClosed:
        raise HttpError(409, "The ticket is closed. Open it again, or begin another one.") from None
    except NotAllowed as refused:
        text = f"status: from {refused.before.value} it cannot become {refused.after.value}."
        raise HttpError(409, text) from None
    except NobodyToWriteTo:
        raise HttpError(422, "to_partner, to_customer: that side has nobody in this ticket.") from None
    except CannotOwn:
        raise HttpError(422, "owner_id: nobody who works here has this id.") from None


def _contact(contact_id: int | None, owner: User) -> Contact | None:
    if contact_id is None:
        return None
    found = visible_contact(owner, contact_id)
    if found is None or found.erased_at is not None:
        raise HttpError(422, "contact_id: there is no such contact, or it is not yours to see.")
    return found


def _partner_id(partner_id: int | None, contact: Contact | None, program: Program, owner: User) -> int | None:
    if contact is not None:
        if partner_id not in (None, contact.partner_id):
            raise HttpError(422, "contact_id: works at another partner.")
        if contact.partner.program_id != program.pk:
            raise HttpError(422, "contact_id: belongs to another program.")
        return contact.partner_id
    if partner_id is None:
        return None
    if not visible_partners(owner).filter(pk=partner_id, program=program, erased_at=None).exists():
        raise HttpError(422, "partner_id: there is no such partner in this program.")
    return partner_id


def _topic_id(key: str | None) -> int | None:
    if key is None:
        return None
    found = Topic.objects.filter(key=key).values_list("pk", flat=True).first()
    if found is None:
        raise HttpError(422, f"topic: {key!r} is not known.")
    return int(found)


def _owner_id(user_id: int | None) -> int | None:
    if user_id is not None and not active_staff().filter(pk=user_id).exists():
        raise HttpError(422, "owner_id: nobody who works here has this id.")
    return user_id


def _word(kind: type[Word], value: str | None, field: str) -> Word | None:
    if value is None:
        return None
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        raise HttpError(422, f"{field}: {value!r} is not known. Use one of: {known}.") from None
