"""Every way we could think of by which one side of a ticket would come to read what was not for it.

Aurora asks, its client Klim is the third side. What only staff, only the partner or only the client may read
carries a word of its own; whatever goes out is searched for the words of the others, raw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from otklik.desk.access import visible_messages
from otklik.desk.models import EndCustomer, Mailbox, MailCopy, Message, Participant, Ticket
from otklik.desk.operations.calls import Direction, log_call
from otklik.desk.operations.mailing import mail_for, recipients_of
from otklik.desk.operations.merging import CustomersWouldRead, DifferentPartners, merge_tickets
from otklik.desk.operations.messages import write_note
from otklik.desk.operations.replying import NobodyToWriteTo
from otklik.desk.operations.returning import take_back
from otklik.desk.operations.sides import (
    AddressOfContact,
    AddressOfOurs,
    OnOtherSide,
    TooLateToHide,
    WrongPartner,
    add_participant,
    remove_participant,
    set_customer,
    share_message,
    store_customer,
)
from otklik.desk.operations.splitting import split_ticket
from otklik.desk.operations.sub_requests import answer_sub_request, ask_department
from otklik.desk.operations.tickets import set_partner, set_subject
from otklik.desk.queries.canned import variable_values
from otklik.desk.queries.installation import read_tokens
from otklik.desk.queries.sides import (
    addresses_for,
    conversation_for,
    file_for,
    files_for,
    history_for,
    messages_for,
    page_for,
    references_for,
    shown_ticket,
    subject_for,
)
from otklik.desk.queries.threading import gather_facts, sender_of
from otklik.desk.rules.mail.parsed import MailPerson
from otklik.desk.rules.reply_token import GoodToken
from otklik.desk.rules.threading import Flag, Headers, Known, place
from otklik.desk.rules.visibility import (
    TO_BOTH,
    TO_CUSTOMER,
    TO_PARTNER,
    NoteLeavesTheHouse,
    SideNotInTicket,
)
from otklik.desk.rules.vocabulary import Channel, MessageKind, Side, TicketStatus, Verdict
from otklik.desk.tests.sides.cast import (
    CLIENT,
    GLEB,
    LATER,
    SYSTEM,
    VERA,
    a_file,
    ask,
    client_of,
    client_says,
    dmitri,
    partner_says,
    we_say,
    with_client,
)
from otklik.identity.models import Team
from otklik.partners.models import Contact
from otklik.search.public import find, search_kinds
from tests.world import NOW, World

pytestmark = pytest.mark.django_db

STAFF, PARTNER, CUSTOMER = "staffword", "partnerword", "clientword"
RIVAL = "rival@shop.example"
# What must not be in anything that reaches the side.
FORBIDDEN = {Side.PARTNER: (STAFF, CUSTOMER, CLIENT), Side.CUSTOMER: (STAFF, PARTNER, VERA, GLEB)}
OUTSIDE = (Side.PARTNER, Side.CUSTOMER)
Case = tuple[Ticket, EndCustomer]


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = str(tmp_path)  # type: ignore[attr-defined]


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


def test_each_side_reads_its_own_and_nothing_else(case: Case) -> None:
    ticket, _ = case
    said = {side: [one.text for one in conversation_for(side, ticket)] for side in OUTSIDE}
    assert said == {
        Side.PARTNER: [f"{PARTNER} asks", f"{PARTNER} answered"],
        Side.CUSTOMER: [f"{CUSTOMER} asks", f"{CUSTOMER} answered"],
    }
    assert messages_for(Side.STAFF, ticket).count() == 5
    assert_sealed(ticket)


def test_replies_start_with_the_side_that_is_answered(world: World, case: Case) -> None:
    ticket, client = case
    client_says(ticket, f"{CUSTOMER} again", client, at=LATER + timedelta(minutes=1))
    answer = we_say(world, ticket, f"{CUSTOMER} reply", at=LATER + timedelta(minutes=2))
    assert (answer.visible_to_partner, answer.visible_to_customer) == (False, True)
    assert_sealed(ticket)


def test_replies_to_nobody_or_to_a_side_that_is_not_there_are_refused(world: World, case: Case) -> None:
    ticket, _ = case
    with pytest.raises(NobodyToWriteTo):
        we_say(world, ticket, "?", to_partner=False, to_customer=False)
    alone = ask(world)
    with pytest.raises(NobodyToWriteTo):
        we_say(world, alone, "?", to_partner=True, to_customer=True)


def test_quoted_history_is_nobodys_but_staffs(world: World, case: Case) -> None:
    """A partner's mail quotes what we told them alone; shown to the client, the quote stays behind."""
    ticket, _ = case
    said = partner_says(
        world,
        ticket,
        "Please tell my client",
        quote=f"> {PARTNER} answered",
        html=f"<p>Please</p><blockquote>{PARTNER} answered</blockquote>",
        signature=f"{PARTNER} signature",
    )
    share_message(message_id=said.pk, to_partner=True, to_customer=True, by=dmitri(world), at=LATER)
    assert "Please tell my client" in [one.text for one in conversation_for(Side.CUSTOMER, ticket)]
    assert_sealed(ticket)


def test_an_answer_of_ours_that_came_by_mail_shows_no_html_with_history(world: World, case: Case) -> None:
    ticket, _ = case
    Message.objects.filter(ticket=ticket, kind="reply", visible_to_customer=True).update(
        html=f"<p>{CUSTOMER}</p><blockquote>{PARTNER}</blockquote>", quote=f"> {PARTNER}"
    )
    assert_sealed(ticket)


@pytest.mark.parametrize("audience", [(True, False), (False, True), (True, True)])
def test_mails_name_nobody_of_the_other_side(world: World, case: Case, audience: tuple[bool, bool]) -> None:
    """Addresses in To and Cc, ids in References, the subject, the quote below, the reply address."""
    ticket, _ = case
    answer = we_say(
        world,
        ticket,
        "Hello",
        to_partner=audience[0],
        to_customer=audience[1],
        at=LATER + timedelta(minutes=5),
    )
    message = Message.objects.select_related("ticket__mailbox", "author").get(pk=answer.pk)
    sent = dict(mails_of(message))
    assert set(sent) == {side for side, is_in in zip(OUTSIDE, audience, strict=True) if is_in}
    for side, raw in sent.items():
        text = raw.decode().casefold()
        assert [word for word in FORBIDDEN[side] if word in text] == []
        assert (VERA if side is Side.PARTNER else CLIENT) in text
        (token,) = read_tokens([line for line in raw.decode().split() if "+r-" in line])
        assert isinstance(token, GoodToken)
        assert token.recipient.side is side


def test_references_list_no_id_of_a_mail_the_side_never_got(case: Case) -> None:
    """Even the id of a shared message: it says from whose server, and when, we heard of the matter."""
    ticket, _ = case
    assert references_for(Side.PARTNER, ticket) == [f"{PARTNER}.1@aurora.example"]
    assert references_for(Side.CUSTOMER, ticket) == [f"{CUSTOMER}.1@shop.example"]


def test_attachments_go_with_their_message(world: World, case: Case) -> None:
    ticket, client = case
    for word, said in (
        (PARTNER, partner_says(world, ticket, f"{PARTNER} file")),
        (CUSTOMER, client_says(ticket, f"{CUSTOMER} file", client)),
        (STAFF, Message.objects.get(ticket=ticket, kind="note")),
    ):
        a_file(said, f"{word}.pdf", word.encode())
    found = {side: {file.filename for file in files_for(side, ticket)} for side in (*OUTSIDE, Side.STAFF)}
    assert found[Side.PARTNER] == {f"{PARTNER}.pdf"}
    assert found[Side.CUSTOMER] == {f"{CUSTOMER}.pdf"}
    assert len(found[Side.STAFF]) == 3
    # By its number, as somebody would try it.
    for file in files_for(Side.STAFF, ticket):
        allowed = {side for side in OUTSIDE if file_for(side, ticket, file.pk) is not None}
        assert allowed == {side for side in OUTSIDE if file.filename in found[side]}
    elsewhere = ask(world)
    assert file_for(Side.PARTNER, elsewhere, files_for(Side.PARTNER, ticket)[0].pk) is None
    assert_sealed(ticket)


def test_pictures_in_a_shared_mail_may_be_of_its_history(world: World, case: Case) -> None:
    ticket, _ = case
    said = partner_says(world, ticket, "See the screenshot")
    a_file(said, "attached.png", b"for both")
    a_file(said, f"{PARTNER}.png", PARTNER.encode(), inline=True)
    share_message(message_id=said.pk, to_partner=True, to_customer=True, by=dmitri(world), at=LATER)
    assert [file.filename for file in files_for(Side.CUSTOMER, ticket)] == ["attached.png"]
    assert len(files_for(Side.PARTNER, ticket)) == 2
    assert_sealed(ticket)


def test_equal_files_are_stored_once_and_still_belong_to_their_messages(world: World, case: Case) -> None:
    ticket, client = case
    hidden = a_file(partner_says(world, ticket, f"{PARTNER} file"), f"{PARTNER}.pdf", b"same")
    own = a_file(client_says(ticket, f"{CUSTOMER} file", client), f"{CUSTOMER}.pdf", b"same")
    assert hidden.blob_id == own.blob_id
    assert file_for(Side.CUSTOMER, ticket, hidden.pk) is None
    assert file_for(Side.CUSTOMER, ticket, own.pk) is not None


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
    set_partner(ticket_id=ticket.pk, partner_id=world.borealis.pk, by=dmitri(world), at=LATER)
    ticket.refresh_from_db()
    for side in OUTSIDE:
        assert conversation_for(side, ticket) == []
        assert files_for(side, ticket) == []


def test_the_status_page_says_nothing_of_departments_and_notes(world: World, case: Case) -> None:
    ticket, _ = case
    team = Team.objects.create(name=f"{STAFF} team")
    asked = ask_department(
        ticket_id=ticket.pk,
        team_id=team.pk,
        question=f"{STAFF} question",
        put_on_hold=True,
        by=dmitri(world),
        at=LATER,
    )
    ticket.refresh_from_db()
    assert {page_for(side, ticket).word for side in OUTSIDE} == {"in_work"}
    answer_sub_request(sub_request_id=asked.pk, answer=f"{STAFF} answer", by=dmitri(world), at=LATER)
    assert_sealed(ticket)


def test_calls_and_promises_are_written_for_staff(world: World, case: Case) -> None:
    ticket, client = case
    for side in OUTSIDE:
        log_call(
            direction=Direction.INCOMING,
            number="+7 495 123-45-67",
            minutes=1,
            text=f"{STAFF} record",
            ticket_id=ticket.pk,
            side=side,
            customer_id=client.pk if side is Side.CUSTOMER else None,
            by=dmitri(world),
            at=LATER,
        )
    assert_sealed(ticket)


@pytest.mark.parametrize("kind", [MessageKind.NOTE, MessageKind.AUTO])
def test_one_wrong_flag_is_not_enough(world: World, case: Case, kind: MessageKind) -> None:
    """Notes, and automatic mails, which quote whatever they answer."""
    ticket, _ = case
    wrong = Message.objects.create(
        ticket=ticket,
        kind=kind,
        side=Side.STAFF,
        channel=Channel.STAFF,
        visible_to_partner=True,
        visible_to_customer=True,
        text=f"{STAFF} by mistake",
        happened_at=NOW,
        created_at=NOW,
    )
    file = a_file(wrong, f"{STAFF}.txt", STAFF.encode())
    assert [file_for(side, ticket, file.pk) for side in OUTSIDE] == [None, None]
    assert_sealed(ticket)
    with pytest.raises(NoteLeavesTheHouse):
        share_message(message_id=wrong.pk, to_partner=True, to_customer=False, by=dmitri(world), at=LATER)


def test_out_of_office_of_one_side_is_not_read_by_the_other(world: World, case: Case) -> None:
    ticket, _ = case
    partner_says(
        world,
        ticket,
        f"{PARTNER} is away, {PARTNER} answered",
        verdict=Verdict.AUTO_REPLY,
        kind=MessageKind.AUTO,
    )
    assert_sealed(ticket)


def test_what_is_held_or_was_taken_back_was_never_said(world: World, case: Case) -> None:
    ticket, _ = case
    held = we_say(world, ticket, f"{STAFF} too early", to_partner=True, to_customer=True, hold_seconds=30)
    assert_sealed(ticket)
    take_back(message_id=held.pk, by=dmitri(world), at=LATER + timedelta(seconds=5))
    assert_sealed(ticket)


def test_sharing_is_for_who_is_there_and_cannot_be_undone_for_who_has_read(world: World, case: Case) -> None:
    ticket, _ = case
    theirs = Message.objects.filter(ticket=ticket, side="customer").get()
    with pytest.raises(TooLateToHide):
        share_message(message_id=theirs.pk, to_partner=True, to_customer=False, by=dmitri(world), at=LATER)
    alone = ask(world)
    with pytest.raises(SideNotInTicket):
        share_message(
            message_id=Message.objects.get(ticket=alone).pk,
            to_partner=True,
            to_customer=True,
            by=dmitri(world),
            at=LATER,
        )


def test_subjects_stay_with_the_side_that_wrote_them(world: World, case: Case) -> None:
    ticket, client = case
    set_subject(ticket_id=ticket.pk, subject=f"{STAFF} fraud?", by=dmitri(world), at=LATER)
    partner_says(world, ticket, f"{PARTNER} more", subject=f"Re: {PARTNER} new subject")
    ticket.refresh_from_db()
    assert subject_for(Side.PARTNER, ticket) == f"{PARTNER} subject"
    assert subject_for(Side.CUSTOMER, ticket) == f"{CUSTOMER} subject"
    values = variable_values(ticket, world.dmitri, language="en", now=NOW)
    assert not any(STAFF in (value or "") for value in values.values())
    begun = ask(
        world,
        f"{CUSTOMER} begins",
        subject=f"{CUSTOMER} subject",
        side=Side.CUSTOMER,
        contact_id=None,
        partner_id=world.aurora.pk,
        customer_id=client.pk,
        requester_name="Klim",
        requester_address=CLIENT,
    )
    assert subject_for(Side.PARTNER, begun) == ""
    assert CLIENT not in str(addresses_for(TO_PARTNER, begun))
    silent = ask(world, f"{PARTNER} only", subject=f"{PARTNER} only")
    with_client(world, silent, client)
    assert subject_for(Side.CUSTOMER, Ticket.objects.get(pk=silent.pk)) == ""


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


def test_what_a_side_is_given_has_no_field_for_secrets(case: Case) -> None:
    """Whoever adds one here has to think about it."""
    ticket, _ = case
    said = conversation_for(Side.CUSTOMER, ticket)[0]
    assert set(asdict(said)) == {"id", "kind", "side", "name", "text", "html", "at", "files"}
    assert set(asdict(page_for(Side.CUSTOMER, ticket))) == {
        "ticket_id",
        "subject",
        "word",
        "owner",
        "messages",
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda t, w: we_say(w, t, "Solved", to_partner=True, status_after=TicketStatus.SOLVED),
        lambda t, w: partner_says(w, t, f"{PARTNER} back"),
        lambda t, w: write_note(ticket_id=t.pk, text=f"{STAFF} more", by=dmitri(w), at=LATER),
    ],
)
def test_whatever_happens_next_the_sides_stay_apart(
    world: World, case: Case, change: Callable[[Ticket, World], object]
) -> None:
    ticket, _ = case
    change(ticket, world)
    assert_sealed(ticket)
