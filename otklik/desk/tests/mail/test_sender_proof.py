"""A mailbox that names the server which checks senders: From alone opens nothing there."""

from __future__ import annotations

import pytest

from otklik.desk.models import InboundMail, Mailbox, Message, Ticket
from otklik.desk.queries.flags import warnings_of
from otklik.desk.rules.vocabulary import Side
from otklik.desk.tests.mail.letters import arrive, message_of, raw
from otklik.desk.tests.mail.test_intake import flags
from otklik.desk.tests.mail.test_threads import reply_address
from tests.world import World

OURS = "mx.program.example"
PASS = f"{OURS}; dmarc=pass header.from=aurora.example"
FORGED = f"{OURS}; dmarc=fail header.from=aurora.example"


@pytest.fixture
def mailbox(mailbox: Mailbox) -> Mailbox:
    mailbox.trusted_server = OURS
    mailbox.save()
    return mailbox


@pytest.fixture
def ticket(mailbox: Mailbox) -> Ticket:
    return message_of(arrive(mailbox, checked(PASS, message_id="root@x"))[0]).ticket


def checked(*found: str, **said: object) -> bytes:
    """A mail above which the receiving server, and below it its sender, wrote what was found."""
    lines = "".join(f"Authentication-Results: {one}\r\n" for one in found)
    return lines.encode() + raw(**said)  # type: ignore[arg-type]


def test_a_proved_writer_joins_by_a_header_as_ever(mailbox: Mailbox, ticket: Ticket) -> None:
    [row] = arrive(mailbox, checked(PASS, in_reply_to="root@x", text="And yet?"))
    assert (message_of(row).ticket, row.sender_proof, flags(ticket)) == (ticket, "proved", [])


@pytest.mark.parametrize(
    ("found", "proof"),
    [
        ((FORGED,), "failed"),
        ((FORGED, PASS), "failed"),
        (("mx.evil.example; dmarc=pass header.from=aurora.example",), "unproved"),
        ((f"{OURS}; spf=none", PASS), "unproved"),
        ((f"{OURS};\r\n spf=none\r\n (;\r\n dmarc=pass header.from=aurora.example)",), "unproved"),
        ((), "unproved"),
    ],
    ids=["failed", "own verdict below", "another server", "below ours", "in a folded comment", "none"],
)
def test_a_forged_contact_begins_a_ticket_of_its_own_which_says_so(
    mailbox: Mailbox, ticket: Ticket, found: tuple[str, ...], proof: str
) -> None:
    [row] = arrive(mailbox, checked(*found, in_reply_to="root@x", text="Pay to another account"))
    message = message_of(row)
    assert (message.ticket != ticket, row.sender_proof) == (True, proof)
    assert flags(message.ticket) == [f"sender_{proof}", "same_matter"], "its ticket is a suggestion"
    assert len(warnings_of([message.ticket_id])[message.pk]) == 2, "and the agent reads both"


def test_the_address_that_we_gave_them_is_proof_enough_for_a_partner(
    mailbox: Mailbox, ticket: Ticket
) -> None:
    address = reply_address(mailbox, ticket)
    [row] = arrive(mailbox, checked(to=address, text="From my telephone"))
    assert (message_of(row).ticket, flags(ticket)) == (ticket, ["sender_unproved"])


def test_case_15_a_token_does_not_let_a_forged_colleague_answer(
    world: World, mailbox: Mailbox, ticket: Ticket
) -> None:
    address = reply_address(mailbox, ticket, Side.STAFF, world.dmitri.pk)
    forged = f"{OURS}; dmarc=fail header.from=example.com"
    [row] = arrive(mailbox, checked(forged, sender="dmitri@example.com", to=address, text="Paid."))
    message = message_of(row)
    assert (message.ticket, message.kind, message.author) == (ticket, "note", None)
    assert flags(ticket) == ["sender_failed", "unverified_colleague"]
    proved = f"{OURS}; dkim=pass header.d=example.com"
    [row] = arrive(mailbox, checked(proved, sender="dmitri@example.com", to=address, text="Paid indeed."))
    assert (message_of(row).kind, message_of(row).author) == ("reply", world.dmitri)


def test_whoever_is_named_in_reply_to_has_to_be_proved_and_not_the_form_that_wrote(
    mailbox: Mailbox, ticket: Ticket
) -> None:
    found = f"{OURS}; dmarc=pass header.from=stranger.example"
    mail = checked(
        found, sender="noreply@stranger.example", Reply_To="vera@aurora.example", in_reply_to="root@x"
    )
    [row] = arrive(mailbox, mail)
    assert (message_of(row).ticket != ticket, row.sender_proof) == (True, "unproved")


def test_a_mailbox_that_trusts_nobody_works_as_before(mailbox: Mailbox, ticket: Ticket) -> None:
    Mailbox.objects.update(trusted_server="")
    [row] = arrive(mailbox, checked(FORGED, in_reply_to="root@x", text="And yet?"))
    assert (message_of(row).ticket, row.sender_proof, flags(ticket)) == (ticket, "", [])
    assert Message.objects.count() == InboundMail.objects.count() == 2
