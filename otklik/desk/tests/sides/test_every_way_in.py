"""Every way of coming in where one does not belong: by an address, a copy, a merge, a token, a search."""

from __future__ import annotations

import pytest

from otklik.desk.access import visible_messages
from otklik.desk.models import Message, Participant
from otklik.desk.operations.merging import CustomersWouldRead, DifferentPartners, merge_tickets
from otklik.desk.operations.sides import (
    AddressOfContact,
    AddressOfOurs,
    OnOtherSide,
    WrongPartner,
    add_participant,
    remove_participant,
    set_customer,
    store_customer,
)
from otklik.desk.operations.splitting import split_ticket
from otklik.desk.operations.tickets import set_partner
from otklik.desk.queries.installation import read_tokens
from otklik.desk.queries.sides import (
    addresses_for,
    conversation_for,
    files_for,
    shown_ticket,
)
from otklik.desk.queries.threading import gather_facts, sender_of
from otklik.desk.rules.mail.parsed import MailPerson
from otklik.desk.rules.threading import Flag, Headers, Known, place
from otklik.desk.rules.visibility import (
    TO_BOTH,
    TO_CUSTOMER,
    TO_PARTNER,
)
from otklik.desk.rules.vocabulary import Side
from otklik.desk.tests.sides.cast import (
    CLIENT,
    LATER,
    SYSTEM,
    VERA,
    ask,
    client_of,
    client_says,
    dmitri,
    we_say,
    with_client,
)
from otklik.desk.tests.sides.leaks import (
    CUSTOMER,
    OUTSIDE,
    PARTNER,
    RIVAL,
    STAFF,
    Case,
    assert_sealed,
    mails_of,
)
from otklik.partners.models import Contact
from otklik.search.public import find, search_kinds
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


def test_a_client_in_copy_of_the_partners_mail_stays_on_the_clients_side(world: World, case: Case) -> None:
    _, client = case
    ours = ask(world, cc=(MailPerson("Klim", CLIENT),))
    klim = Participant.objects.get(ticket=ours, address=CLIENT)
    assert (klim.side, klim.customer_id) == ("customer", client.pk)
    we_say(world, ours, f"{PARTNER} answer", to_partner=True, to_customer=False)
    assert_sealed(ours)
    assert CLIENT not in str(addresses_for(TO_PARTNER, ours))


def test_participants_are_let_in_by_their_own_side_only(world: World, case: Case) -> None:
    ticket, _ = case

    def let_in(side: Side, address: str) -> Participant:
        return add_participant(ticket_id=ticket.pk, side=side, address=address, by=dmitri(world), at=LATER)

    world.vera.addresses.create(kind="email", value="v@home.example", normalised="v@home.example")
    boss = Contact.objects.create(partner=world.borealis, name="Boss", created_at=NOW)
    boss.addresses.create(kind="email", value="boss@borealis.example", normalised="boss@borealis.example")
    refused = (
        (Side.CUSTOMER, "v@home.example", AddressOfContact),
        (Side.PARTNER, CLIENT, OnOtherSide),
        (Side.CUSTOMER, "help@north.example", AddressOfOurs),
        (Side.PARTNER, "anna@example.com", AddressOfOurs),
        (Side.PARTNER, "boss@borealis.example", WrongPartner),
    )
    for side, address, error in refused:
        with pytest.raises(error):
            let_in(side, address)
    extra = let_in(Side.CUSTOMER, RIVAL)
    assert RIVAL in addresses_for(TO_CUSTOMER, ticket)[Side.CUSTOMER]
    assert RIVAL not in str(addresses_for(TO_PARTNER, ticket))
    remove_participant(participant_id=extra.pk, by=dmitri(world), at=LATER)
    assert RIVAL not in str(addresses_for(TO_BOTH, ticket))
    assert_sealed(ticket)


def test_somebody_on_both_sides_is_written_to_once_as_the_partner(case: Case) -> None:
    ticket, _ = case
    Participant.objects.filter(ticket=ticket, address=CLIENT).delete()
    Participant.objects.create(ticket=ticket, side="partner", address=CLIENT, since=NOW)
    found = addresses_for(TO_BOTH, ticket)
    assert sorted(address for side in found.values() for address in side).count(CLIENT) == 1


def test_who_began_a_ticket_as_the_client_gets_nothing_for_the_partner_once_taken_out(world: World) -> None:
    client = client_of(world)
    known = {"contact_id": None, "partner_id": world.aurora.pk, "customer_id": client.pk}
    began = ask(world, "Hi", side=Side.CUSTOMER, requester_address=CLIENT, at=NOW, **known)
    by = dmitri(world)
    add_participant(ticket_id=began.pk, side=Side.PARTNER, address="vera@aurora.example", by=by, at=LATER)
    set_customer(ticket_id=began.pk, customer_id=None, by=dmitri(world), at=LATER)
    began.refresh_from_db()
    assert addresses_for(TO_BOTH, began) == {Side.PARTNER: ("vera@aurora.example",)}
    assert began.requester_name == "", "an erasure would not find it here any more"


def test_an_unknown_person_in_copy_who_turns_out_to_be_the_client_leaves_the_partners_side(
    world: World,
) -> None:
    ours = ask(world, cc=(MailPerson("Klim", CLIENT),))
    key = ours.public_key
    with_client(world, ours)
    ours.refresh_from_db()
    assert CLIENT not in str(addresses_for(TO_PARTNER, ours))
    assert addresses_for(TO_BOTH, ours)[Side.CUSTOMER] == (CLIENT,)
    assert ours.public_key != key, "the link they got opens what the partner reads"


def test_a_contact_in_copy_under_the_clients_address_is_not_made_the_client(world: World) -> None:
    client, ours = client_of(world), ask(world)
    row = {"side": "partner", "address": CLIENT, "contact": world.gleb, "since": NOW}
    Participant.objects.create(ticket=ours, **row)
    with pytest.raises(OnOtherSide):
        with_client(world, ours, client)


def test_a_merge_lets_no_client_and_no_partner_read_along(world: World, case: Case) -> None:
    ticket, _ = case
    other = ask(world, f"{PARTNER} other")
    with_client(world, other, client_of(world, RIVAL, "Rita"))
    theirs = ask(world, "x", contact_id=None, partner_id=world.borealis.pk, requester_address="b@b.example")
    for target, error in ((other, CustomersWouldRead), (theirs, DifferentPartners)):
        with pytest.raises(error):
            merge_tickets(source_id=ticket.pk, target_id=target.pk, by=dmitri(world), at=LATER)
    plain = ask(world, f"{PARTNER} plain")
    merge_tickets(source_id=ticket.pk, target_id=plain.pk, by=dmitri(world), at=LATER)
    assert_sealed(plain)
    ticket.refresh_from_db()
    # The links given out before go on showing each side its own.
    for side in OUTSIDE:
        assert shown_ticket(side, ticket).pk == plain.pk
    assert_sealed(ticket)


def test_a_split_lets_nobody_in_who_was_not_there(world: World, case: Case) -> None:
    ticket, _ = case
    moved = Message.objects.filter(ticket=ticket, text__contains=PARTNER).order_by("pk").last()
    assert moved is not None
    new = split_ticket(
        ticket_id=ticket.pk, message_ids=[moved.pk], subject=f"{STAFF} matter", by=dmitri(world), at=LATER
    )
    assert (new.customer_id, conversation_for(Side.CUSTOMER, new)) == (None, [])
    assert CLIENT not in str(addresses_for(TO_BOTH, new))
    assert_sealed(ticket)


def test_another_client_in_their_place_begins_with_nothing(world: World, case: Case) -> None:
    ticket, _ = case
    with_client(world, ticket, client_of(world, RIVAL, "Rita"))
    ticket.refresh_from_db()
    assert conversation_for(Side.CUSTOMER, ticket) == []
    assert addresses_for(TO_CUSTOMER, ticket) == {Side.CUSTOMER: (RIVAL,)}
    set_customer(ticket_id=ticket.pk, customer_id=None, by=dmitri(world), at=LATER)
    ticket.refresh_from_db()
    assert addresses_for(TO_CUSTOMER, ticket) == {}
    theirs = store_customer(partner_id=world.borealis.pk, name="B", address="b@c.example", by=SYSTEM, at=NOW)
    with pytest.raises(WrongPartner):
        with_client(world, ticket, theirs)


def test_another_partner_in_their_place_begins_with_nothing(world: World, case: Case) -> None:
    ticket, _ = case
    link = ticket.public_key
    set_partner(ticket_id=ticket.pk, partner_id=world.borealis.pk, by=dmitri(world), at=LATER)
    ticket.refresh_from_db()
    assert ticket.public_key != link
    for side in OUTSIDE:
        assert conversation_for(side, ticket) == []
        assert files_for(side, ticket) == []


def test_a_token_of_the_other_side_opens_nothing_of_it(world: World, case: Case) -> None:
    """The partner forwards our mail, reply address and all, and the client answers to it."""
    ticket, client = case
    answer = Message.objects.filter(ticket=ticket, kind="reply", visible_to_partner=True).get()
    message = Message.objects.select_related("ticket__mailbox", "author").get(pk=answer.pk)
    (raw,) = [raw for _, raw in mails_of(message)]
    tokens = read_tokens([word for word in raw.decode().split() if "+r-" in word])
    facts = gather_facts(addresses={CLIENT}, message_ids=(), own_ids=(), ticket_ids={ticket.pk})
    sender = sender_of(CLIENT, facts.person(CLIENT, program_id=world.program.pk, partner_id=world.aurora.pk))
    placed = place(Headers(tokens=tokens), sender, Known(tickets=facts.tickets), at=LATER, reopen_days=14)
    assert (placed.ticket_id, placed.side, placed.flags) == (
        ticket.pk,
        Side.CUSTOMER,
        (Flag.OTHER_SIDE_TOKEN,),
    )
    client_says(ticket, f"{CUSTOMER} by a foreign token", client)
    assert_sealed(ticket)


def test_a_stranger_with_a_forwarded_mail_joins_nothing(world: World, case: Case) -> None:
    ticket, _ = case
    facts = gather_facts(addresses={RIVAL}, message_ids=(), own_ids=(), ticket_ids={ticket.pk})
    sender = sender_of(RIVAL, facts.person(RIVAL, program_id=world.program.pk))
    ids = {f"{PARTNER}.1@aurora.example", f"{CUSTOMER}.1@shop.example"}
    again = gather_facts(addresses={RIVAL}, message_ids=ids, own_ids=(), ticket_ids={ticket.pk})
    known = Known(tickets=again.tickets, by_message_id=again.remembered(ids))
    placed = place(
        Headers(references=tuple(ids), number_in_subject=ticket.pk), sender, known, at=LATER, reopen_days=14
    )
    assert placed.ticket_id is None
    assert placed.suggestion == ()


def test_search_is_for_staff_and_shows_own_rows_only(world: World, case: Case) -> None:
    ticket, _ = case
    for word in (STAFF, PARTNER, CUSTOMER):
        assert find(word, kinds=search_kinds, user=world.dmitri, limit=9)["message"]
        for user in (world.stranger, world.clara):
            found = find(word, kinds=search_kinds, user=user, limit=9)
            assert not found.get("message")
            assert not found.get("ticket")
    assert not visible_messages(world.stranger).exists()
    assert ticket.pk not in visible_messages(world.clara).values_list("ticket_id", flat=True)


def test_clients_of_partners_are_asked_for_no_score(world: World) -> None:
    """They are no contacts: no population counts them."""
    before = Contact.objects.count()
    client = client_of(world)
    ticket = ask(world)
    with_client(world, ticket, client)
    client_says(ticket, "Hello", client)
    assert Contact.objects.count() == before
    assert client_of(world, CLIENT.upper()).pk == client.pk
    with pytest.raises(AddressOfContact):
        client_of(world, VERA)
    assert client_of(world, "", "Nameless").pk != client_of(world, "", "Nameless").pk
    elsewhere = store_customer(partner_id=world.borealis.pk, name="K", address=CLIENT, by=SYSTEM, at=NOW)
    assert elsewhere.pk != client.pk
