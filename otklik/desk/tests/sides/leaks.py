"""What must not cross from one side of a ticket to another, and how that is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from otklik.desk.models import EndCustomer, MailCopy, Message, Ticket
from otklik.desk.operations.mailing import mail_for, recipients_of
from otklik.desk.queries.sides import (
    addresses_for,
    files_for,
    history_for,
    page_for,
    references_for,
)
from otklik.desk.rules.visibility import (
    TO_BOTH,
    TO_CUSTOMER,
    TO_PARTNER,
)
from otklik.desk.rules.vocabulary import Side
from otklik.desk.tests.sides.cast import (
    CLIENT,
    GLEB,
    LATER,
    VERA,
)

STAFF, PARTNER, CUSTOMER = "staffword", "partnerword", "clientword"
RIVAL = "rival@shop.example"
# What must not be in anything that reaches the side.
FORBIDDEN = {Side.PARTNER: (STAFF, CUSTOMER, CLIENT), Side.CUSTOMER: (STAFF, PARTNER, VERA, GLEB)}
OUTSIDE = (Side.PARTNER, Side.CUSTOMER)
Case = tuple[Ticket, EndCustomer]


def assert_sealed(ticket: Ticket) -> None:
    """Nothing that either side can be shown holds a word of the others."""
    ticket = Ticket.objects.get(pk=ticket.pk)
    for side in OUTSIDE:
        shown = repr(page_for(side, ticket)) + repr(references_for(side, ticket))
        shown += repr(
            [(file.filename, Path(file.blob.file.path).read_bytes()) for file in files_for(side, ticket)]
        )
        audience = TO_PARTNER if side is Side.PARTNER else TO_CUSTOMER
        shown += repr(history_for(audience, ticket)) + repr(addresses_for(audience, ticket))
        assert [word for word in FORBIDDEN[side] if word in shown] == []
    both = repr(history_for(TO_BOTH, ticket))
    assert not any(word in both for word in (STAFF, PARTNER, CUSTOMER))


def mails_of(message: Message) -> Iterator[tuple[Side, bytes]]:
    for side, people in recipients_of(message).items():
        copy = MailCopy.objects.create(
            message=message,
            side=side,
            mailbox=message.ticket.mailbox,
            sent_id=f"{side}.{message.pk}@north.example",
        )
        with mail_for(copy, people, at=LATER) as mail:
            yield side, mail.as_bytes()
