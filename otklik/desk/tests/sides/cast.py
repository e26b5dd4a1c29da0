"""Short ways to say what happens in a ticket, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile

from otklik.desk.models import Attachment, Blob, EndCustomer, Message, Ticket
from otklik.desk.operations.messages import receive_message, reply
from otklik.desk.operations.sides import set_customer, store_customer
from otklik.desk.operations.tickets import create_ticket
from otklik.desk.rules.vocabulary import Channel, Side
from otklik.events.public import Actor
from tests.world import NOW, World

SYSTEM = Actor.system()
LATER = NOW + timedelta(hours=1)
VERA, GLEB, CLIENT = "vera@aurora.example", "gleb@aurora.example", "client@shop.example"


def dmitri(world: World) -> Actor:
    return Actor.person(world.dmitri.pk)


def ask(world: World, text: str = "Where is our payout?", **facts: Any) -> Ticket:
    given = {
        "program_id": world.program.pk,
        "subject": "Payout",
        "channel": Channel.EMAIL,
        "side": Side.PARTNER,
        "text": text,
        "contact_id": world.vera.pk,
        "requester_name": "Vera Orlova",
        "requester_address": VERA,
    }
    at = facts.pop("at", NOW)
    return create_ticket(**{**given, **facts}, by=SYSTEM, at=at)  # type: ignore[typeddict-item]


def stranger_asks(world: World, address: str, **facts: Any) -> Ticket:
    return ask(world, contact_id=None, requester_name="Somebody", requester_address=address, **facts)


def partner_says(world: World, ticket: Ticket, text: str, **facts: Any) -> Message:
    given = {"contact_id": world.vera.pk, "from_name": "Vera Orlova", "from_address": VERA}
    return _says(ticket, text, side=Side.PARTNER, **{**given, **facts})


def client_says(ticket: Ticket, text: str, customer: EndCustomer, **facts: Any) -> Message:
    given = {"customer_id": customer.pk, "from_name": customer.name, "from_address": customer.address}
    return _says(ticket, text, side=Side.CUSTOMER, **{**given, **facts})


def _says(ticket: Ticket, text: str, **facts: Any) -> Message:
    at = facts.pop("at", LATER)
    given = {"channel": Channel.EMAIL, "by": SYSTEM, "at": at}
    return receive_message(ticket_id=ticket.pk, text=text, **{**given, **facts})


def we_say(world: World, ticket: Ticket, text: str, **facts: Any) -> Message:
    facts.setdefault("at", LATER)
    return reply(ticket_id=ticket.pk, text=text, by=dmitri(world), **facts)


def client_of(world: World, address: str = CLIENT, name: str = "Klim Client") -> EndCustomer:
    return store_customer(partner_id=world.aurora.pk, name=name, address=address, by=SYSTEM, at=NOW)


def with_client(world: World, ticket: Ticket, customer: EndCustomer | None = None) -> EndCustomer:
    customer = customer or client_of(world)
    set_customer(ticket_id=ticket.pk, customer_id=customer.pk, by=dmitri(world), at=NOW)
    return customer


def a_file(message: Message, name: str, content: bytes, *, inline: bool = False) -> Attachment:
    import hashlib

    digest = hashlib.sha256(content).hexdigest()
    blob = Blob.objects.filter(sha256=digest).first()
    if blob is None:
        blob = Blob(sha256=digest, size=len(content), created_at=NOW)
        blob.file.save(f"{digest[:2]}/{digest}", ContentFile(content), save=True)
    return Attachment.objects.create(
        message=message,
        blob=blob,
        filename=name,
        content_type="text/plain",
        content_id="cid@x" if inline else "",
        is_inline=inline,
    )
