"""Every way we could think of by which one side of a ticket would come to read what was not for it.

Aurora asks, its client Klim is the third side. What only staff, only the partner or only the client may read
carries a word of its own; whatever goes out is searched for the words of the others, raw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta

import pytest

from otklik.desk.models import Message, Ticket
from otklik.desk.operations.automatic import write_automatically
from otklik.desk.operations.calls import Direction, log_call
from otklik.desk.operations.messages import write_note
from otklik.desk.operations.notices import Notice, send_notice
from otklik.desk.operations.replying import NobodyToWriteTo
from otklik.desk.operations.returning import take_back
from otklik.desk.operations.sides import (
    TooLateToHide,
    share_message,
)
from otklik.desk.operations.sub_requests import answer_sub_request, ask_department
from otklik.desk.operations.tickets import set_subject
from otklik.desk.queries.canned import variable_values
from otklik.desk.queries.doors import visit_by
from otklik.desk.queries.installation import read_tokens
from otklik.desk.queries.links import ticket_page
from otklik.desk.queries.sides import (
    addresses_for,
    conversation_for,
    file_for,
    files_for,
    messages_for,
    page_for,
    references_for,
    subject_for,
)
from otklik.desk.rules.reply_token import GoodToken
from otklik.desk.rules.visibility import (
    TO_PARTNER,
    NoteLeavesTheHouse,
    SideNotInTicket,
)
from otklik.desk.rules.vocabulary import Channel, MessageKind, Side, TicketStatus, Verdict
from otklik.desk.tests.sides.cast import (
    CLIENT,
    LATER,
    VERA,
    a_file,
    ask,
    client_says,
    dmitri,
    partner_says,
    we_say,
    with_client,
)
from otklik.desk.tests.sides.leaks import (
    CUSTOMER,
    FORBIDDEN,
    OUTSIDE,
    PARTNER,
    STAFF,
    Case,
    assert_sealed,
    mails_of,
)
from otklik.identity.models import Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


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
    write_automatically(ticket, text="A rule says hello", key="rule:1", by=dmitri(world), at=LATER)
    assert STAFF not in Message.objects.get(key="rule:1").subject
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


@pytest.mark.parametrize("notice", list(Notice))
def test_a_notice_to_the_client_holds_no_key_to_the_partners_page(
    world: World, case: Case, notice: Notice
) -> None:
    """The ticket's own key opens what the partner reads."""
    _, client = case
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
    set_subject(ticket_id=begun.pk, subject=f"{STAFF} fraud?", by=dmitri(world), at=LATER)
    partner_says(world, begun, f"{PARTNER} joins")
    message = send_notice(ticket_id=begun.pk, notice=notice, key=f"notice:{begun.pk}", at=LATER)
    assert message is not None
    assert [person["address"] for person in message.to] == [CLIENT]
    sent = f"{message.subject} {message.text} {message.html}"
    assert [word for word in (*FORBIDDEN[Side.CUSTOMER], begun.public_key) if word in sent] == []
    visit = visit_by(ticket_page(Side.CUSTOMER, begun).rstrip("/").rpartition("/")[2])
    assert visit is not None
    assert visit.side is Side.CUSTOMER
    assert_sealed(begun)


def test_what_a_side_is_given_has_no_field_for_secrets(case: Case) -> None:
    """Whoever adds one here has to think about it."""
    ticket, _ = case
    said = conversation_for(Side.CUSTOMER, ticket)[0]
    fields = {"id", "kind", "side", "name", "text", "html", "at", "files"}
    # That something is about money is no secret: what it says is hidden from whoever may not know.
    assert set(asdict(said)) == fields | {"about_money"}
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
