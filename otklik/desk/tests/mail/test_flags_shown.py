"""What is odd about a mail stands beside it: an agent who does not see it would answer a forger."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from otklik.desk.models import Mailbox, Message, Ticket
from otklik.desk.queries.flags import SAID, flag_text
from otklik.desk.queries.installation import reply_keys
from otklik.desk.rules.reply_token import RecipientKey, make_token, tagged_address
from otklik.desk.rules.threading import Flag
from otklik.desk.rules.vocabulary import Side
from otklik.desk.tests.mail.letters import arrive, message_of, raw
from tests.world import World, make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(mailbox: Mailbox) -> Ticket:
    return message_of(arrive(mailbox, raw(message_id="root@x"))[0]).ticket


def shown_to_dmitri(world: World, message: Message) -> tuple[str, str]:
    client = Client()
    client.force_login(world.dmitri)
    return tuple(
        client.get(reverse(name, args=[message.ticket_id])).content.decode()
        for name in ("ticket", "ticket-history")
    )  # type: ignore[return-value]


def reply_address(mailbox: Mailbox, ticket: Ticket) -> str:
    return tagged_address(
        mailbox.address, make_token(ticket.pk, RecipientKey(Side.PARTNER, 0), reply_keys()[0])
    )


def test_case_16_a_forged_and_a_foreign_token_are_shown_beside_the_mail(
    world: World, mailbox: Mailbox, ticket: Ticket
) -> None:
    make_contact(world.borealis, "Timur", "timur@borealis.example", "none", "low")
    forged = "help+r-aaaaaaaaaaaaaaaaaaaaaaaa@north.example"
    for to, sender, flag in (
        (forged, "vera@aurora.example", Flag.FORGED_TOKEN),
        (reply_address(mailbox, ticket), "timur@borealis.example", Flag.FOREIGN_TOKEN),
    ):
        message = message_of(arrive(mailbox, raw(sender=sender, to=to, text=f"As {flag}"))[0])
        assert message.ticket != ticket
        for page in shown_to_dmitri(world, message):
            assert escape(str(SAID[flag])) in page


def test_case_15_an_unproved_colleague_is_shown_so(world: World, mailbox: Mailbox, ticket: Ticket) -> None:
    """A note in a colleague's name that says where to pay to."""
    mail = raw(sender="Anna Head <anna@example.com>", in_reply_to="root@x", text="Pay to account 7 instead.")
    message = message_of(arrive(mailbox, mail)[0])
    assert (message.ticket, message.kind) == (ticket, "note")
    for page in shown_to_dmitri(world, message):
        assert "nothing proves it" in page


def test_case_17_a_strangers_number_and_a_suggestion_are_shown(
    world: World, mailbox: Mailbox, ticket: Ticket
) -> None:
    subject = f"[#{ticket.pk}] Payout"
    stranger = message_of(arrive(mailbox, raw(sender="x@firm.example", subject=subject, text="1"))[0])
    assert str(SAID[Flag.FOREIGN_NUMBER]) in shown_to_dmitri(world, stranger)[0]
    vera = message_of(arrive(mailbox, raw(subject=subject, text="2"))[0])
    assert f"Maybe the same matter: #{ticket.pk}" in shown_to_dmitri(world, vera)[0]


def test_every_flag_has_words() -> None:
    assert set(Flag) <= set(SAID)
    assert all(flag_text({"flag": flag}) for flag in (*Flag, "unverified_colleague", "unknown_sender"))
    assert flag_text({"flag": "of a later version"}) == ""
