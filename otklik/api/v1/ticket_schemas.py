"""Tickets over the wire. Words of closed lists are those of the desk (``docs/guide/desk-doors.md``)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from otklik.api.v1.schemas import Id, Strict, Text

Line = Annotated[str, Field(max_length=400, pattern=r"^[^\x00]*$")]
Body = Annotated[str, Field(min_length=1, max_length=100_000, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")]
Address = Annotated[str, Field(max_length=254, pattern=r"^[^\x00]*$")]


class TicketOut(Schema):
    id: int
    program_id: int
    partner_id: int | None
    contact_id: int | None
    customer_id: int | None
    subject: str
    status: str
    outcome: str
    priority: str
    topic: str | None
    team_id: int | None
    owner_id: int | None
    channel: str
    language: str
    requester_name: str
    requester_address: str
    created_at: datetime
    updated_at: datetime
    first_replied_at: datetime | None
    solved_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None = Field(description="The nearest deadline that is still owed.")
    message_count: int
    merged_into_id: int | None = Field(description="Where it lives on; it takes no changes itself any more.")

    @staticmethod
    def resolve_topic(ticket: object) -> str | None:
        topic = getattr(ticket, "topic", None)
        return None if topic is None else str(topic.key)


class TicketPage(Schema):
    items: list[TicketOut]
    next: str | None = Field(description="Pass it as `after` to read on; null on the last page.")


class FileOut(Schema):
    id: int
    filename: str
    content_type: str
    size: int

    @staticmethod
    def resolve_size(file: object) -> int:
        return int(file.blob.size)  # type: ignore[attr-defined]


class MessageOut(Schema):
    id: int
    ticket_id: int = Field(description="Another one where that was merged into the ticket asked for.")
    kind: str
    side: str
    channel: str
    visible_to_partner: bool
    visible_to_customer: bool
    author_id: int | None
    contact_id: int | None
    customer_id: int | None
    from_name: str
    from_address: str
    text: str
    delivery: str
    happened_at: datetime
    files: list[FileOut] = Field(alias="attachments")


class MessagePage(Schema):
    items: list[MessageOut]
    next: str | None


class TicketIn(Strict):
    """Somebody at a partner asks: a contact we know, or a name and address."""

    program: Text
    subject: Line = ""
    text: Body
    partner_id: Id | None = None
    contact_id: Id | None = None
    requester_name: Annotated[Line, Field(max_length=200)] = ""
    requester_address: Address = ""
    topic: Text | None = Field(None, description="Key of a topic.")
    priority: Text | None = Field(None, description="Without it the rules decide.")
    owner_id: Id | None = None
    language: Annotated[Text, Field(max_length=10)] = ""


class TicketChange(Strict):
    """What is left out stays. ``owner_id`` null gives it back to its team, ``priority`` null to the rules."""

    status: Text | None = None
    owner_id: Id | None = None
    priority: Text | None = None
    topic: Text | None = None


class MessageIn(Strict):
    """``kind``: reply (by the owner of the token, to the outside), note (for colleagues), incoming (what
    somebody at the partner said elsewhere)."""

    kind: Text
    text: Body
    to_partner: bool | None = None
    to_customer: bool | None = None
    status_after: Text | None = None
    contact_id: Id | None = None
    from_name: Annotated[Line, Field(max_length=200)] = ""
    from_address: Address = ""
