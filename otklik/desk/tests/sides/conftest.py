from __future__ import annotations

from pathlib import Path

import pytest

from otklik.desk.models import Mailbox
from otklik.desk.operations.messages import write_note
from otklik.desk.rules.mail.parsed import MailPerson
from otklik.desk.tests.sides.cast import (
    GLEB,
    LATER,
    ask,
    client_says,
    dmitri,
    we_say,
    with_client,
)
from otklik.desk.tests.sides.leaks import CUSTOMER, PARTNER, STAFF, Case
from tests.world import NOW, World


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: object) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def case(world: World) -> Case:
    """A ticket in which each side has said something to us, and we to each."""
    mailbox = Mailbox.objects.create(
        address="help@north.example", name="North", program=world.program, created_at=NOW
    )
    ticket = ask(
        world,
        f"{PARTNER} asks",
        subject=f"{PARTNER} subject",
        message_id=f"{PARTNER}.1@aurora.example",
        mailbox_id=mailbox.pk,
        cc=(MailPerson("Gleb", GLEB),),
    )
    client = with_client(world, ticket)
    client_says(
        ticket,
        f"{CUSTOMER} asks",
        client,
        subject=f"{CUSTOMER} subject",
        message_id=f"{CUSTOMER}.1@shop.example",
    )
    we_say(world, ticket, f"{PARTNER} answered", to_partner=True, to_customer=False)
    we_say(world, ticket, f"{CUSTOMER} answered", to_partner=False, to_customer=True)
    write_note(ticket_id=ticket.pk, text=f"{STAFF} note", by=dmitri(world), at=LATER)
    ticket.refresh_from_db()
    return ticket, client
