"""Two tickets of one matter become one: nothing is lost, nobody new reads along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.desk.access import answerable_tickets, visible_tickets
from otklik.desk.models import (
    Attachment,
    Clock,
    Draft,
    Follower,
    MailReference,
    Message,
    Participant,
    SubRequest,
    Ticket,
    TicketLink,
)
from otklik.desk.operations.linking import LinkIsHistory, LinkToItself, link_tickets, unlink_tickets
from otklik.desk.operations.locking import TicketMergedAway
from otklik.desk.operations.merging import (
    CustomersWouldRead,
    DifferentPartners,
    DifferentPrograms,
    MergeWithItself,
    PrivateMatter,
    may_merge,
    merge_tickets,
)
from otklik.desk.operations.messages import NewerMessages
from otklik.desk.operations.people import save_draft
from otklik.desk.operations.sides import add_participant
from otklik.desk.operations.splitting import NothingChosen, NothingLeft, NotInTicket, split_ticket
from otklik.desk.operations.sub_requests import answer_sub_request, ask_department
from otklik.desk.operations.tickets import create_ticket
from otklik.desk.queries.conversation import conversation
from otklik.desk.queries.sides import (
    conversation_for,
    family_ids,
    messages_for,
    newest_messages,
    page_for,
    people_of,
    shown_ticket,
)
from otklik.desk.rules.references import digest_of
from otklik.desk.rules.vocabulary import Channel, Side, TicketStatus
from otklik.desk.tests.sides.cast import (
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
    stranger_asks,
    we_say,
    with_client,
)
from otklik.events.public import timeline
from otklik.identity.models import Team
from otklik.partners.public import create_partner, create_program
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


def merge(world: World, source: Ticket, target: Ticket) -> Ticket:
    return merge_tickets(source_id=source.pk, target_id=target.pk, by=dmitri(world), at=LATER)


def texts(side: Side, ticket: Ticket) -> list[str]:
    return [said.text for said in conversation_for(side, Ticket.objects.get(pk=ticket.pk))]


def test_the_survivor_shows_what_was_said_in_both(world: World) -> None:
    first, second = (
        ask(world, "First"),
        ask(world, "Second", contact_id=world.gleb.pk, requester_address=GLEB),
    )
    survivor = merge(world, second, first)
    second.refresh_from_db()
    assert (survivor.pk, second.status, second.outcome) == (first.pk, "closed", "merged")
    assert (second.merged_into_id, second.is_open) == (first.pk, False)
    # Audit: each message is where it was said, and the log of each ticket stays true.
    assert [m.ticket_id for m in Message.objects.order_by("pk")] == [first.pk, second.pk]
    assert messages_for(Side.STAFF, survivor).count() == 2
    assert texts(Side.PARTNER, survivor) == ["First", "Second"]
    assert TicketLink.objects.get().kind == "merged"
    roles = {line.data["role"] for line in timeline("ticket", first.pk) if line.kind == "ticket.merged"}
    assert roles == {"survivor"}


def test_case_78_a_reply_to_a_merged_ticket_lands_in_the_survivor(world: World) -> None:
    first, second = ask(world), ask(world, message_id="second@aurora.example")
    merge(world, second, first)
    said = partner_says(world, second, "And one more thing")
    assert said.ticket_id == first.pk
    # The mail's own id still leads to the ticket it was sent to, whose people are the ones to ask.
    assert MailReference.objects.get(digest=digest_of("second@aurora.example")).ticket_id == second.pk


def test_everybody_who_asked_goes_on_in_the_survivor(world: World) -> None:
    first, second = ask(world), ask(world, contact_id=world.gleb.pk, requester_address=GLEB)
    survivor = merge(world, second, first)
    assert people_of(Side.PARTNER, survivor) == {VERA, GLEB}
    assert Participant.objects.get(ticket=survivor, address=GLEB).is_copied


def test_a_chain_of_merges_is_one_step_long(world: World) -> None:
    one, two, three = ask(world, "1"), ask(world, "2"), ask(world, "3")
    merge(world, one, two)
    merge(world, two, three)
    one.refresh_from_db()
    assert one.merged_into_id == three.pk
    assert texts(Side.PARTNER, three) == ["1", "2", "3"]
    with pytest.raises(TicketMergedAway) as raised:
        merge(world, one, ask(world, "4"))
    assert raised.value.into_id == three.pk


def test_case_72_the_earlier_promise_goes_into_the_log_of_the_survivor(world: World) -> None:
    early = ask(world)
    late = ask(world, at=NOW + timedelta(minutes=30))
    due = NOW + timedelta(hours=4)
    Clock.objects.filter(ticket=early).delete()
    Clock.objects.create(
        ticket=early, kind="resolution", key="1", state="running", started_at=NOW, due_at=due
    )
    Clock.objects.create(
        ticket=early, kind="first_response", key="1", state="met", started_at=NOW, due_at=due
    )
    merge(world, early, late)
    told = next(line for line in timeline("ticket", late.pk) if line.kind == "ticket.merged")
    assert told.data["clocks"] == [
        {
            "kind": "resolution",
            "key": "1",
            "started_at": NOW.isoformat(),
            "due_at": due.isoformat(),
        }
    ]
    late.refresh_from_db()
    assert late.awaiting_us_since == NOW


def test_an_unanswered_ticket_wakes_a_survivor_that_had_ended(world: World) -> None:
    solved, fresh = ask(world), ask(world, at=LATER)
    we_say(world, solved, "Done", status_after=TicketStatus.SOLVED)
    survivor = merge(world, fresh, solved)
    assert (survivor.status, survivor.awaiting_us_since, survivor.reopened_count) == ("open", LATER, 1)
    assert "ticket.status_changed" in [line.kind for line in timeline("ticket", solved.pk)]


def test_partners_never_meet_in_a_merged_ticket(world: World) -> None:
    ours = ask(world)
    theirs = stranger_asks(world, "boss@borealis.example", partner_id=world.borealis.pk)
    with pytest.raises(DifferentPartners):
        merge(world, theirs, ours)
    assert not may_merge(theirs, ours)
    Ticket.objects.filter(pk=theirs.pk).update(partner=world.aurora, is_private=True)
    theirs.refresh_from_db()
    for source, target in ((theirs, ours), (ours, theirs)):
        with pytest.raises(PrivateMatter):
            merge(world, source, target)
    with pytest.raises(MergeWithItself):
        merge(world, ours, ours)
    south = create_program(name="South", by=SYSTEM, at=NOW)
    there = create_ticket(
        program_id=south.pk,
        subject="x",
        channel=Channel.FORM,
        side=Side.PARTNER,
        text="x",
        requester_address="x@x.example",
        by=SYSTEM,
        at=NOW,
    )
    with pytest.raises(DifferentPrograms):
        merge(world, there, ours)


def test_an_unknown_writer_joins_a_partner_and_reads_nothing_until_let_in(world: World) -> None:
    known = ask(world, "Of Aurora")
    we_say(world, known, "Only for Aurora")
    unknown = stranger_asks(world, "vera.private@mail.example", text="It is me, Vera")
    survivor = merge(world, unknown, known)
    stranger = Participant.objects.get(ticket=survivor, address="vera.private@mail.example")
    assert not stranger.is_copied
    unknown.refresh_from_db()
    # Their own link goes on showing their own words, and Aurora's shows Aurora's.
    assert shown_ticket(Side.PARTNER, unknown) == unknown
    assert [said.text for said in page_for(Side.PARTNER, unknown).messages] == ["It is me, Vera"]
    assert texts(Side.PARTNER, survivor) == ["Of Aurora", "Only for Aurora"]
    assert messages_for(Side.STAFF, survivor).count() == 3
    add_participant(
        ticket_id=survivor.pk, side=Side.PARTNER, address=stranger.address, by=dmitri(world), at=LATER
    )
    stranger.refresh_from_db()
    assert stranger.is_copied


def test_the_ticket_with_a_partner_goes_on_whichever_was_named(world: World) -> None:
    """The unknown writer has a link to their ticket: it must not come to show what the partner writes."""
    unknown, known = stranger_asks(world, "who@mail.example", text="Mine"), ask(world, "Of Aurora")
    survivor = merge(world, known, unknown)
    assert survivor.pk == known.pk
    unknown.refresh_from_db()
    assert unknown.merged_into_id == known.pk
    assert texts(Side.PARTNER, unknown) == ["Mine"]
    assert texts(Side.PARTNER, known) == ["Of Aurora"]


def test_a_merge_never_shows_a_customer_what_another_customer_wrote(world: World) -> None:
    one, other = ask(world), ask(world)
    client = with_client(world, one)
    client_says(one, "My secret", client)
    with_client(world, other, client_of(world, "rival@shop.example", "Rita Rival"))
    with pytest.raises(CustomersWouldRead):
        merge(world, one, other)
    # One more person in copy on the customer's side would read it as well.
    same = ask(world)
    with_client(world, same, client)
    add_participant(
        ticket_id=same.pk, side=Side.CUSTOMER, address="rival@shop.example", by=dmitri(world), at=NOW
    )
    with pytest.raises(CustomersWouldRead):
        merge(world, same, one)
    with pytest.raises(CustomersWouldRead):
        merge(world, one, same)


def test_a_customer_of_one_ticket_reads_nothing_of_the_other(world: World) -> None:
    with_them, without = ask(world, "With"), ask(world, "Without")
    client = with_client(world, with_them)
    client_says(with_them, "From the client", client)
    we_say(world, without, "For the partner alone")
    survivor = merge(world, with_them, without)
    assert survivor.customer_id == client.pk
    assert texts(Side.CUSTOMER, survivor) == ["From the client"]
    assert texts(Side.PARTNER, survivor) == ["With", "Without", "For the partner alone"]


def test_colleagues_of_the_merged_ticket_see_the_survivor(world: World) -> None:
    traffic = Team.objects.create(name="Traffic")
    source, target = ask(world), ask(world)
    Ticket.objects.filter(pk=source.pk).update(owner=world.clara)
    asked = ask_department(
        ticket_id=source.pk, team_id=traffic.pk, question="Is it fraud?", by=dmitri(world), at=NOW
    )
    survivor = merge(world, source, target)
    assert SubRequest.objects.get(pk=asked.pk).ticket_id == survivor.pk
    assert Follower.objects.get(ticket=survivor).user_id == world.clara.pk
    assert survivor in visible_tickets(world.clara)
    assert source not in answerable_tickets(world.dmitri)
    answer_sub_request(sub_request_id=asked.pk, answer="No", by=dmitri(world), at=LATER)


def test_case_77_what_somebody_is_writing_in_a_ticket_merged_meanwhile_is_kept(world: World) -> None:
    source, target = ask(world), ask(world)
    save_draft(ticket_id=source.pk, user_id=world.dmitri.pk, text="Half a sent", based_on=1, at=NOW)
    save_draft(ticket_id=source.pk, user_id=world.anna.pk, text="of the source", is_note=True, at=NOW)
    save_draft(ticket_id=target.pk, user_id=world.anna.pk, text="of the target", at=NOW)
    merge(world, source, target)
    with pytest.raises(TicketMergedAway) as raised:
        we_say(world, source, "Half a sentence")
    assert raised.value.into_id == target.pk
    drafts = {d.user_id: d for d in Draft.objects.filter(ticket=target)}
    assert drafts[world.dmitri.pk].text == "Half a sentence"
    # Two drafts in one: the note in it must not become a letter.
    joined = drafts[world.anna.pk]
    assert (joined.text, joined.is_note) == ("of the target\n\nof the source", True)


def test_case_76_messages_that_a_merge_brings_are_seen_before_an_answer_is_sent(world: World) -> None:
    target = ask(world)
    seen = Message.objects.get(ticket=target).pk
    source = ask(world, "Forget it, it arrived")
    merge(world, source, target)
    with pytest.raises(NewerMessages) as raised:
        we_say(world, target, "We shall look for it", based_on=seen)
    assert [message.text for message in raised.value.messages] == ["Forget it, it arrived"]
    we_say(world, target, "Good", based_on=Message.objects.get(ticket=source).pk)


def test_the_newest_messages_of_merged_tickets_come_in_one_order(world: World) -> None:
    one, two = ask(world, "1"), ask(world, "2")
    partner_says(world, one, "3")
    partner_says(world, two, "4")
    survivor = merge(world, one, two)
    ids = list(Message.objects.order_by("-pk").values_list("pk", flat=True))
    assert newest_messages(family_ids(survivor.pk), limit=3) == ids[:3]
    assert newest_messages(family_ids(survivor.pk), limit=3, before=ids[2]) == ids[3:]


def test_case_79_a_follow_up_is_linked_with_the_ticket_that_ended(world: World) -> None:
    ended = ask(world)
    follow_up = ask(world, "Again", follow_up_of_id=ended.pk)
    link = TicketLink.objects.get()
    assert (link.source_id, link.target_id, link.kind) == (follow_up.pk, ended.pk, "follow_up")


def test_links_are_made_once_and_history_is_not_unlinked(world: World) -> None:
    one, two = ask(world), ask(world)
    link = link_tickets(ticket_id=one.pk, other_id=two.pk, by=dmitri(world), at=LATER)
    assert link_tickets(ticket_id=two.pk, other_id=one.pk, by=dmitri(world), at=LATER) == link
    unlink_tickets(link_id=link.pk, by=dmitri(world), at=LATER)
    told = [line.kind for line in timeline("ticket", two.pk)]
    assert told == ["ticket.unlinked", "ticket.linked", "ticket.created"]
    with pytest.raises(LinkToItself):
        link_tickets(ticket_id=one.pk, other_id=one.pk, by=dmitri(world), at=LATER)
    merge(world, one, two)
    with pytest.raises(LinkIsHistory):
        unlink_tickets(link_id=TicketLink.objects.get().pk, by=dmitri(world), at=LATER)


def test_a_split_takes_messages_files_and_answers_along(world: World) -> None:
    ticket = ask(world, "Two things", message_id="one@aurora.example")
    other = partner_says(world, ticket, "And a banner is broken", message_id="two@aurora.example")
    a_file(other, "banner.png", b"picture")
    new = split_ticket(
        ticket_id=ticket.pk, message_ids=[other.pk], subject="Banner", by=dmitri(world), at=LATER
    )
    assert texts(Side.PARTNER, new) == ["And a banner is broken"]
    assert texts(Side.PARTNER, ticket) == ["Two things"]
    assert Attachment.objects.get().message.ticket_id == new.pk  # type: ignore[union-attr]
    assert MailReference.objects.get(digest=digest_of("two@aurora.example")).ticket_id == new.pk
    assert MailReference.objects.get(digest=digest_of("one@aurora.example")).ticket_id == ticket.pk
    link = TicketLink.objects.get()
    assert (link.source_id, link.target_id, link.kind) == (new.pk, ticket.pk, "split")
    assert (new.subject, new.contact_id, new.awaiting_us_since) == ("Banner", world.vera.pk, LATER)
    assert "ticket.split" in [line.kind for line in timeline("ticket", ticket.pk)]


def test_a_split_lets_nobody_in_who_could_not_read_what_moved(world: World) -> None:
    ticket = ask(world, "Question")
    client = with_client(world, ticket)
    client_says(ticket, "From the client", client)
    inner = partner_says(world, ticket, "Between us")
    new = split_ticket(
        ticket_id=ticket.pk, message_ids=[inner.pk], subject="Between us", by=dmitri(world), at=LATER
    )
    assert new.customer_id is None
    assert people_of(Side.CUSTOMER, new) == frozenset()
    assert texts(Side.CUSTOMER, new) == []


def test_a_split_needs_something_to_move_and_something_to_stay(world: World) -> None:
    ticket, other = ask(world), ask(world)
    mine = Message.objects.get(ticket=ticket).pk
    with pytest.raises(NothingLeft):
        split_ticket(ticket_id=ticket.pk, message_ids=[mine], subject="x", by=dmitri(world), at=LATER)
    with pytest.raises(NothingChosen):
        split_ticket(ticket_id=ticket.pk, message_ids=[], subject="x", by=dmitri(world), at=LATER)
    with pytest.raises(NotInTicket):
        split_ticket(ticket_id=other.pk, message_ids=[mine], subject="x", by=dmitri(world), at=LATER)


def test_what_was_merged_by_mistake_can_be_split_off_again(world: World) -> None:
    one, two = ask(world, "One"), ask(world, "Two")
    survivor = merge(world, two, one)
    moved = Message.objects.get(ticket=two).pk
    new = split_ticket(ticket_id=survivor.pk, message_ids=[moved], subject="Two", by=dmitri(world), at=LATER)
    assert texts(Side.PARTNER, new) == ["Two"]
    assert texts(Side.PARTNER, one) == ["One"]


def test_two_writers_of_one_partner_are_one_side(world: World) -> None:
    third = create_partner(program_id=world.program.pk, facts={"name": "Third"}, by=SYSTEM, at=NOW)
    one = stranger_asks(world, "a@third.example", partner_id=third.pk)
    two = stranger_asks(world, "b@third.example", partner_id=third.pk)
    assert people_of(Side.PARTNER, merge(world, one, two)) == {"a@third.example", "b@third.example"}


def test_a_long_thread_costs_a_merge_and_a_page_what_a_short_one_does(world: World) -> None:
    """Nothing is done for each message: a thread of 50,000 merges as fast."""

    def queries(length: int) -> tuple[int, int, int]:
        long, short = ask(world), ask(world)
        Message.objects.bulk_create(
            Message(
                ticket=long,
                kind="incoming",
                side="partner",
                channel="email",
                visible_to_partner=True,
                text=f"{number}",
                happened_at=NOW,
                created_at=NOW,
            )
            for number in range(length)
        )
        with CaptureQueriesContext(connection) as merging:
            survivor = merge(world, long, short)
        with CaptureQueriesContext(connection) as staff:
            conversation(survivor, reader=world.root)
        with CaptureQueriesContext(connection) as outside:
            page_for(Side.PARTNER, survivor)
        return len(merging), len(staff), len(outside)

    assert queries(40) == queries(200)
