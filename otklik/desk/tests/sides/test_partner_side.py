"""What a partner's people see of their matters on their own pages, and what they may do there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Message, Participant, Ticket
from otklik.desk.operations import partner_side as acts
from otklik.desk.operations.locking import TicketGone
from otklik.desk.operations.merging import merge_tickets
from otklik.desk.operations.messages import write_note
from otklik.desk.operations.tickets import change_status, set_subject
from otklik.desk.queries.history import history
from otklik.desk.queries.partner_side import (
    MatterFilter,
    colleagues_beside,
    matter_of,
    matter_page,
    open_count,
    partner_subjects,
    promised_matters,
    waiting_matters,
)
from otklik.desk.queries.sides import conversation_for, subject_for
from otklik.desk.rules.vocabulary import Channel, Side, TicketStatus
from otklik.desk.tests.sides.cast import (
    LATER,
    ask,
    client_of,
    client_says,
    dmitri,
    we_say,
    with_client,
)
from otklik.events.public import Actor, timeline
from otklik.partners.models import Contact
from otklik.partners.rules.vocabulary import Authority, Influence
from tests.world import NOW, World, make_contact

pytestmark = pytest.mark.django_db


def listed(world: World, **chosen: object) -> list[int]:
    page = matter_page(world.aurora.pk, MatterFilter(**chosen))  # type: ignore[arg-type]
    return [matter.id for matter in page.matters]


def at_borealis(world: World) -> Contact:
    return make_contact(
        world.borealis, "Nina Belova", "nina@borealis.example", Authority.FINAL, Influence.HIGH
    )


def by_client(world: World) -> Ticket:
    """An end customer asked us alone."""
    client = client_of(world)
    return ask(
        world,
        "My shop is broken",
        contact_id=None,
        partner_id=world.aurora.pk,
        customer_id=client.pk,
        side=Side.CUSTOMER,
        requester_name=client.name,
        requester_address=client.address,
    )


def test_a_company_sees_its_own_matters_and_none_of_anybody_elses(world: World) -> None:
    nina = at_borealis(world)
    ours = ask(world)
    theirs = ask(
        world, contact_id=nina.pk, requester_name=nina.name, requester_address="nina@borealis.example"
    )
    hidden = by_client(world)
    assert listed(world) == [ours.pk]
    assert matter_of(world.aurora.pk, theirs.pk) is None
    assert matter_of(world.aurora.pk, hidden.pk) is None, "what the end customer wrote was for us alone"
    assert matter_of(world.borealis.pk, ours.pk) is None
    assert open_count(world.aurora.pk) == 1


def test_words_of_notes_and_other_sides_are_not_found(world: World) -> None:
    ticket = ask(world, "Where are our payouts?", subject="Money for March")
    client = with_client(world, ticket)
    client_says(ticket, "zebra", client)
    write_note(ticket_id=ticket.pk, text="giraffe fraud", by=dmitri(world), at=LATER)
    set_subject(ticket_id=ticket.pk, subject="Elephant suspected", by=dmitri(world), at=LATER)
    for word in ("zebra", "giraffe", "elephant", "Klim"):
        assert listed(world, q=word) == [], word
    for word in ("payout", "march", f"#{ticket.pk}"):
        assert listed(world, q=word) == [ticket.pk], word


def test_own_matters_are_those_one_asked_in_or_reads_along_in(world: World) -> None:
    veras, glebs = ask(world), ask(world, contact_id=world.gleb.pk, requester_address="gleb@aurora.example")
    assert set(listed(world)) == {veras.pk, glebs.pk}
    assert listed(world, mine=world.gleb.pk) == [glebs.pk]
    acts.let_colleague_read(contact=world.vera, ticket_id=veras.pk, colleague_id=world.gleb.pk, at=LATER)
    assert set(listed(world, mine=world.gleb.pk)) == {veras.pk, glebs.pk}


def test_a_merged_matter_is_read_in_the_one_it_lives_on_in(world: World) -> None:
    first, second = ask(world, "first words"), ask(world, "second words")
    merge_tickets(target_id=first.pk, source_id=second.pk, by=dmitri(world), at=LATER)
    assert listed(world) == [first.pk]
    found = matter_of(world.aurora.pk, second.pk)
    assert found is not None
    assert found.pk == first.pk
    assert listed(world, q="second") == [first.pk]


def test_subjects_of_many_are_those_of_each(world: World) -> None:
    plain, renamed, begun_by_us, merged = (ask(world, subject=s) for s in ("One", "Two", "", "Four"))
    set_subject(ticket_id=renamed.pk, subject="ours", by=dmitri(world), at=LATER)
    client = with_client(world, plain)
    client_says(plain, "hello", client, subject="theirs")
    merge_tickets(target_id=plain.pk, source_id=merged.pk, by=dmitri(world), at=LATER)
    every = list(Ticket.objects.filter(merged_into=None))
    assert partner_subjects(every) == {one.pk: subject_for(Side.PARTNER, one) for one in every}
    assert partner_subjects([]) == {}
    assert begun_by_us in every


def test_the_list_takes_as_many_queries_for_two_as_for_six(world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            matter_page(world.aurora.pk, MatterFilter(q="payout"))
            promised_matters(world.aurora.pk, limit=5)
            waiting_matters(world.aurora.pk, limit=5)
        return len(taken)

    tickets = [ask(world) for _ in range(2)]
    before = queries()
    tickets += [ask(world) for _ in range(4)]
    merge_tickets(target_id=tickets[0].pk, source_id=tickets[5].pk, by=dmitri(world), at=LATER)
    assert queries() == before


def test_pages_go_on_behind_the_last_row(world: World) -> None:
    tickets = [ask(world, at=NOW + timedelta(minutes=n)).pk for n in range(3)]
    first = matter_page(world.aurora.pk, MatterFilter(), limit=2)
    assert [one.id for one in first.matters] == tickets[:0:-1]
    second = matter_page(world.aurora.pk, MatterFilter(), after=first.next, limit=2)
    assert ([one.id for one in second.matters], second.next) == (tickets[:1], None)


def test_a_question_asked_twice_is_one_and_carries_its_askers_name(world: World) -> None:
    said = {"contact": world.vera, "topic_id": None, "subject": "Payout", "text": "Where?", "language": "en"}
    one, two = (acts.ask_as_contact(**said, key="k", at=NOW) for _ in range(2))  # type: ignore[arg-type]
    assert one.pk == two.pk
    assert (one.channel, one.contact_id, one.requester_address) == (
        Channel.PORTAL, world.vera.pk, "vera@aurora.example",
    )  # fmt: skip
    created = timeline("ticket", one.pk, limit=10)[-1]
    assert (created.actor_kind, created.actor_id) == ("contact", world.vera.pk)
    assert "Vera Orlova" in {line.by for line in history(one)}
    other = acts.ask_as_contact(**{**said, "contact": world.gleb}, key="k", at=NOW)  # type: ignore[arg-type]
    assert other.pk != one.pk, "somebody else's key is another one"


def test_a_word_from_the_portal_stands_in_the_same_ticket_and_opens_it_again(world: World) -> None:
    ticket = ask(world)
    change_status(ticket_id=ticket.pk, status=TicketStatus.SOLVED, by=dmitri(world), at=LATER)
    for _ in range(2):
        acts.write_as_contact(contact=world.gleb, ticket_id=ticket.pk, text="Not yet", key="x", at=LATER)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.message_count) == (TicketStatus.OPEN, 2)
    said = conversation_for(Side.PARTNER, ticket)[-1]
    assert (said.name, said.text) == ("Gleb Sokolov", "Not yet")
    assert Message.objects.get(pk=said.id).channel == Channel.PORTAL
    assert Participant.objects.filter(ticket=ticket, contact=world.gleb).exists(), "answers go to him too"
    lines = history(ticket)
    assert [line.by for line in lines if line.text == "Message received"] == ["Gleb Sokolov"]


def test_a_word_long_after_the_end_begins_a_matter_that_follows(world: World) -> None:
    ticket = ask(world)
    change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, by=dmitri(world), at=LATER)
    late = LATER + timedelta(days=90)
    one, two = (
        acts.write_as_contact(contact=world.vera, ticket_id=ticket.pk, text="Again", key="y", at=late)
        for _ in range(2)
    )
    assert one.pk == two.pk != ticket.pk
    assert one.follow_up_of_id == ticket.pk


def test_nothing_is_done_to_a_matter_of_somebody_else(world: World) -> None:
    nina, ticket = at_borealis(world), ask(world)
    participant = Participant.objects.get(ticket=ticket)
    who = {"contact": nina, "ticket_id": ticket.pk, "at": LATER}
    for act, more in (
        (acts.write_as_contact, {"text": "x", "key": "k"}),
        (acts.solve_as_contact, {}),
        (acts.rate_as_contact, {"value": 1, "comment": ""}),
        (acts.let_colleague_read, {"colleague_id": nina.pk}),
        (acts.spare_colleague, {"participant_id": participant.pk}),
    ):
        with pytest.raises(TicketGone):
            act(**who, **more)  # type: ignore[operator]
    assert Message.objects.count() == 1


def test_only_colleagues_are_let_in_and_only_they_are_spared(world: World) -> None:
    nina, ticket = at_borealis(world), ask(world)
    assert [one.name for one in colleagues_beside(ticket)] == ["Gleb Sokolov"]
    with pytest.raises(acts.NotBeside):
        acts.let_colleague_read(contact=world.vera, ticket_id=ticket.pk, colleague_id=nina.pk, at=LATER)
    added = acts.let_colleague_read(
        contact=world.vera, ticket_id=ticket.pk, colleague_id=world.gleb.pk, at=LATER
    )
    assert colleagues_beside(ticket) == []
    asker = Participant.objects.get(ticket=ticket, contact=world.vera)
    with pytest.raises(acts.NotBeside):
        acts.spare_colleague(contact=world.vera, ticket_id=ticket.pk, participant_id=asker.pk, at=LATER)
    acts.spare_colleague(contact=world.vera, ticket_id=ticket.pk, participant_id=added.pk, at=LATER)
    assert not Participant.objects.filter(pk=added.pk).exists()


def test_solved_by_the_partner_is_said_by_them(world: World) -> None:
    ticket = ask(world)
    we_say(world, ticket, "Paid yesterday")
    acts.solve_as_contact(contact=world.vera, ticket_id=ticket.pk, at=LATER)
    again = acts.solve_as_contact(contact=world.vera, ticket_id=ticket.pk, at=LATER)
    assert again.status == TicketStatus.SOLVED
    rating = acts.rate_as_contact(contact=world.vera, ticket_id=ticket.pk, value=5, comment="", at=LATER)
    assert rating.value == 5
    rated = timeline("ticket", ticket.pk, limit=1)[0]
    assert (rated.kind, rated.actor_id) == ("ticket.rated", world.vera.pk)
    assert Actor.contact(world.vera.pk).kind == "contact"
