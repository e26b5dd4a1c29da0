"""Erasing leaves no byte of what somebody wrote: not in the database, not on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django_q.models import OrmQ

from otklik.desk.jobs import renew_documents
from otklik.desk.models import (
    AutoReplyCount,
    Blob,
    Callback,
    Draft,
    EndCustomer,
    InboundMail,
    Mailbox,
    MailCopy,
    Message,
    Participant,
    Rating,
    SubRequest,
    Ticket,
)
from otklik.desk.operations.calls import Direction, ask_callback, log_call
from otklik.desk.operations.documents import RENEW
from otklik.desk.operations.erasing import AlreadyErased, erase_customer
from otklik.desk.operations.people import save_draft
from otklik.desk.operations.sub_requests import ask_department
from otklik.desk.rules.vocabulary import Side
from otklik.desk.tests.sides.cast import (
    CLIENT,
    GLEB,
    LATER,
    SYSTEM,
    VERA,
    a_file,
    ask,
    client_says,
    dmitri,
    partner_says,
    we_say,
    with_client,
)
from otklik.identity.models import Team
from otklik.jobs.models import OutgoingMail
from otklik.jobs.public import QuarantinedItem, quarantine, queue_mail
from otklik.kit.mail import Message as Mail
from otklik.partners.public import erase_contact, erase_partner, merge_contacts, merge_partners
from otklik.search.public import find, reindex, search_kinds
from tests.world import NOW, World

# What was written only where it has to go.
TRACE = "zyxunmistakable"


def everything_written(storage: Path) -> str:
    """All text of all tables as the database holds it, and all files with their names."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for cell in row:
                    raw = bytes(cell) if isinstance(cell, bytes | memoryview) else None
                    said.append(raw.decode("utf-8", "replace") if raw is not None else str(cell))
    for file in storage.rglob("*"):
        said.append(file.name)
        if file.is_file():
            said.append(file.read_bytes().decode("utf-8", "replace"))
    return "\n".join(said).casefold()


def a_mail(
    message: Message | None, sender: str, *, in_file: bool = False, state: str = "taken"
) -> InboundMail:
    content = f"From: {sender}\n\n{TRACE} raw {sender} {message}".encode()
    mailbox = Mailbox.objects.filter(address="help@north.example").first()
    row = InboundMail(
        mailbox=mailbox,
        key=f"1:{InboundMail.objects.count()}",
        sha256="0" * 64,
        size=len(content),
        envelope_from=sender.title(),
        envelope_to=["help@north.example", sender],
        state=state,
        message=message,
        received_at=NOW,
    )
    if in_file:
        row.file.save(f"{InboundMail.objects.count()}.eml", ContentFile(content), save=False)
    else:
        row.raw = content
    row.save()
    return row


def a_full_ticket(world: World) -> Ticket:
    """Something of hers in every place where the desk keeps words."""
    ticket = ask(
        world,
        f"{TRACE} text",
        subject=f"{TRACE} subject",
        html=f"<p>{TRACE} html</p>",
        quote=f"{TRACE} quote",
        signature=f"{TRACE} signature",
        message_id=f"{TRACE}@aurora.example",
        created_key=f"form:{VERA}",
    )
    said = Message.objects.get(ticket=ticket)
    a_file(said, f"{TRACE}.pdf", f"{TRACE} attached".encode())
    a_mail(said, VERA)
    a_mail(said, VERA, in_file=True)
    a_mail(None, VERA, state="parked")
    waiting = a_mail(None, VERA, state="quarantined")
    quarantine(
        kind="mail",
        key=str(waiting.pk),
        title=f"{VERA} → help",
        error=f"{TRACE} line",
        payload={"mail": waiting.pk},
        attempts=3,
        at=NOW,
    )
    answer = we_say(world, ticket, f"{TRACE} answered")
    MailCopy.objects.create(message=answer, side="partner", sent_id="1@north", note=f"550 {VERA} {TRACE}")
    save_draft(ticket_id=ticket.pk, user_id=world.anna.pk, text=f"{TRACE} draft", at=NOW)
    draft = Draft.objects.get()
    a_file(said, "keep.txt", f"{TRACE} of the draft".encode())
    said.attachments.filter(filename="keep.txt").update(message=None, draft=draft)
    ask_department(
        ticket_id=ticket.pk,
        team_id=Team.objects.create(name="Traffic").pk,
        question=f"{TRACE}?",
        by=dmitri(world),
        at=NOW,
    )
    ask_callback(ticket_id=ticket.pk, phone="+79990001122", wish=f"{TRACE} noon", by=SYSTEM, at=NOW)
    log_call(
        direction=Direction.INCOMING,
        number="+79990001122",
        minutes=3,
        text=f"{TRACE} said",
        ticket_id=ticket.pk,
        by=dmitri(world),
        at=LATER,
    )
    Rating.objects.create(ticket=ticket, value=4, comment=f"{TRACE} rated", at=NOW)
    AutoReplyCount.objects.create(address=VERA, day=NOW.date(), count=1)
    a_notice(f"desk-colleague:{ticket.pk}", f"{TRACE} told\nhttps://desk.example/tickets/{ticket.pk}/")
    return ticket


def a_notice(key: str, text: str) -> None:
    """To a colleague; it waits for a mail server that is away."""
    queue_mail(key=key, message=Mail(to="dmitri@example.com", subject="A new message", text=text), at=NOW)


HERS = (TRACE, "vera@", "+79990001122", "orlova")


@pytest.mark.django_db(transaction=True)
def test_case_82_erasing_a_person_leaves_no_word_file_or_raw_mail(world: World, storage: Path) -> None:
    ticket = a_full_ticket(world)
    before = everything_written(storage)
    assert [trace for trace in HERS if trace not in before] == []

    erase_contact(contact_id=world.vera.pk, by=dmitri(world), at=LATER)

    after = everything_written(storage)
    assert [trace for trace in HERS if trace in after] == []
    assert [file for file in storage.rglob("*") if file.is_file()] == []
    # Counts, times and scores stay, tied to rows that name nobody.
    ticket.refresh_from_db()
    assert (ticket.subject, ticket.contact_id, ticket.created_at) == (f"#{ticket.pk}", world.vera.pk, NOW)
    assert Message.objects.filter(ticket=ticket).count() == 3
    assert Rating.objects.get().value == 4
    assert SubRequest.objects.get().state == "asked"
    assert Callback.objects.get().phone == ""
    # Known by its hash still, or the next fetch would bring the mail back; nobody reads it in any more.
    states = sorted(InboundMail.objects.values_list("state", "reason"))
    assert states == [("parked", ""), ("parked", "erased"), ("taken", ""), ("taken", "")]
    assert not QuarantinedItem.objects.exists()
    # An answer that was about to leave would be an empty mail.
    assert not Message.objects.filter(delivery__in=("held", "queued")).exists()


@pytest.mark.django_db
def test_notices_that_name_nobody_erased_still_leave(world: World) -> None:
    hers, his = (
        ask(world),
        ask(world, contact_id=world.gleb.pk, requester_name="Gleb", requester_address=GLEB),
    )
    for key, text in {
        "hers": f"https://desk.example/tickets/{hers.pk}/",
        "his": f"https://desk.example/tickets/{his.pk}/",
        "names her": "Vera Orlova is on holiday",
        "names nobody": "The queue stands still",
    }.items():
        a_notice(key, text)
    erase_contact(contact_id=world.vera.pk, by=SYSTEM, at=LATER)
    left = OutgoingMail.objects.filter(state="queued").values_list("key", flat=True)
    assert set(left) == {"his", "names nobody"}
    gone = OutgoingMail.objects.exclude(state="queued")
    assert {(row.receipt, str(row.message)) for row in gone} == {("erased", "{}")}


@pytest.mark.django_db(transaction=True)
def test_case_82_erasing_a_partner_takes_tickets_and_customers_along(world: World, storage: Path) -> None:
    ticket = a_full_ticket(world)
    client_says(ticket, f"{TRACE} of the client", with_client(world, ticket))
    theirs = ask(
        world,
        "Of Borealis",
        contact_id=None,
        partner_id=world.borealis.pk,
        requester_name="Bella",
        requester_address="b@b.example",
    )
    erase_partner(partner_id=world.aurora.pk, by=dmitri(world), at=LATER)
    after = everything_written(storage)
    left = [trace for trace in (*HERS, GLEB, CLIENT, "klim") if trace in after]
    assert left == []
    assert EndCustomer.objects.get().erased_at is not None
    assert Message.objects.get(ticket=theirs).text == "Of Borealis"


@pytest.mark.django_db(transaction=True)
def test_a_file_that_somebody_else_sent_as_well_stays(world: World, storage: Path) -> None:
    hers = ask(world)
    his = ask(world, contact_id=world.gleb.pk, requester_name="Gleb", requester_address=GLEB)
    for ticket in (hers, his):
        a_file(Message.objects.get(ticket=ticket), "logo.png", b"the same logo")
    erase_contact(contact_id=world.vera.pk, by=SYSTEM, at=LATER)
    assert Path(Blob.objects.get().file.path).read_bytes() == b"the same logo"
    erase_contact(contact_id=world.gleb.pk, by=SYSTEM, at=LATER)
    assert not Blob.objects.exists()
    assert [file for file in storage.rglob("*") if file.is_file()] == []


@pytest.mark.django_db(transaction=True)
def test_in_a_colleagues_ticket_only_her_own_part_goes(world: World, storage: Path) -> None:
    ticket = ask(
        world, "His question", contact_id=world.gleb.pk, requester_name="Gleb", requester_address=GLEB
    )
    partner_says(world, ticket, f"{TRACE} I add")
    quoting = partner_says(
        world,
        ticket,
        "Fine with me",
        quote=f"> {TRACE} I add",
        html=f"<blockquote>{TRACE}</blockquote>",
        contact_id=world.gleb.pk,
        from_name="Gleb",
        from_address=GLEB,
    )
    naming = we_say(world, ticket, "Dear Vera Orlova, dear Gleb")
    a_mail(quoting, GLEB)
    erase_contact(contact_id=world.vera.pk, by=SYSTEM, at=LATER)
    after = everything_written(storage)
    assert [trace for trace in (TRACE, VERA, "orlova") if trace in after] == []
    said = dict(Message.objects.values_list("pk", "text"))
    assert (said[quoting.pk], said[naming.pk]) == ("Fine with me", "")
    ticket.refresh_from_db()
    assert ticket.subject == "Payout"
    assert [p.address for p in Participant.objects.filter(ticket=ticket)] == [GLEB]


@pytest.mark.django_db(transaction=True)
def test_an_end_customer_is_erased_and_the_partners_matter_stays(world: World, storage: Path) -> None:
    ticket = ask(world, "Of the partner")
    client = with_client(world, ticket)
    client_says(ticket, f"{TRACE} of the client", client)
    we_say(world, ticket, "Dear Klim", to_partner=False, to_customer=True)
    # A ticket they began themselves goes wholly.
    begun = ask(
        world,
        f"{TRACE} asks",
        side=Side.CUSTOMER,
        contact_id=None,
        partner_id=world.aurora.pk,
        customer_id=client.pk,
        requester_name="Klim Client",
        requester_address=CLIENT,
    )
    erase_customer(customer_id=client.pk, by=SYSTEM, at=LATER)
    after = everything_written(storage)
    assert [trace for trace in (TRACE, CLIENT, "klim") if trace in after] == []
    assert Message.objects.filter(ticket=ticket, text="Of the partner").exists()
    begun.refresh_from_db()
    assert begun.subject == f"#{begun.pk}"
    with pytest.raises(AlreadyErased):
        erase_customer(customer_id=client.pk, by=SYSTEM, at=LATER)


@pytest.mark.django_db
def test_what_was_erased_does_not_come_back_with_the_next_index(world: World) -> None:
    ask(world, f"{TRACE} text", subject=f"{TRACE} subject")
    assert find(TRACE, kinds=search_kinds, user=world.root, limit=9)["message"]
    erase_contact(contact_id=world.vera.pk, by=SYSTEM, at=LATER)
    reindex(at=LATER)
    found = find(TRACE, kinds=search_kinds, user=world.root, limit=9)
    assert not any(found.values())


@pytest.mark.django_db
def test_merged_people_and_partners_keep_their_tickets_and_customers(world: World) -> None:
    ticket = ask(world, contact_id=world.gleb.pk, requester_name="Gleb", requester_address=GLEB)
    client = with_client(world, ticket)
    same = EndCustomer.objects.create(partner=world.borealis, name="Klim", address=CLIENT, created_at=NOW)
    merge_contacts(source_id=world.gleb.pk, target_id=world.vera.pk, by=SYSTEM, at=LATER)
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=SYSTEM, at=LATER)
    ticket.refresh_from_db()
    assert (ticket.contact_id, ticket.partner_id, ticket.customer_id) == (
        world.vera.pk,
        world.borealis.pk,
        same.pk,
    )
    assert Message.objects.get(ticket=ticket).contact_id == world.vera.pk
    assert not EndCustomer.objects.filter(pk=client.pk).exists()


@pytest.mark.django_db
def test_tickets_of_merged_people_and_partners_are_found_by_the_name_that_stays(world: World) -> None:
    ticket = ask(world, contact_id=world.gleb.pk, requester_name="G.", requester_address=GLEB)

    def found(words: str) -> dict[str, list[int]]:
        hits = find(words, kinds=search_kinds, user=world.root, limit=9)
        return {kind: [hit.object_id for hit in hits[kind]] for kind in ("ticket", "message")}

    message = Message.objects.get()
    assert found(world.vera.name) == {"ticket": [], "message": []}
    merge_contacts(source_id=world.gleb.pk, target_id=world.vera.pk, by=SYSTEM, at=LATER)
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=SYSTEM, at=LATER)
    for task in [row.task for row in OrmQ.objects.all()]:
        if task["func"] == RENEW:
            renew_documents(*task["args"])
    assert found(world.vera.name) == {"ticket": [ticket.pk], "message": [message.pk]}
    assert found(world.borealis.name)["ticket"] == [ticket.pk]
    assert found(world.gleb.name) == {"ticket": [], "message": []}
