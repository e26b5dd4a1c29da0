from __future__ import annotations

from datetime import timedelta

import pytest
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from otklik.desk.models import Attachment, Blob, Draft, Mention, Message, Ticket
from otklik.desk.operations.locking import TicketMergedAway
from otklik.desk.operations.messages import (
    NewerMessages,
    NobodyToWriteTo,
    TicketClosed,
    TooLate,
    reply,
    take_back,
    write_note,
)
from otklik.desk.operations.people import save_draft
from otklik.desk.operations.shapes import SEND, NewFile
from otklik.desk.operations.tickets import change_status
from otklik.desk.rules.vocabulary import Channel, Delivery, Side, TicketStatus
from otklik.desk.tests.operations.stories import SYSTEM, asked, told, wrote
from otklik.events.public import Actor
from otklik.search.public import matching_ids
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TEXT = "It went out this morning."


def last_of(ticket: Ticket) -> int:
    return Message.objects.filter(ticket=ticket).order_by("-pk").values_list("pk", flat=True)[0]


def test_an_answer_ends_the_wait_and_tells_that_it_was_the_first(world: World) -> None:
    ticket = asked(world)
    by, at = Actor.person(world.dmitri.pk), world.now + HOUR
    answer = reply(ticket_id=ticket.pk, text=TEXT, status_after=TicketStatus.WAITING, by=by, at=at)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.first_replied_at, ticket.awaiting_us_since) == ("waiting", at, None)
    assert (answer.visible_to_partner, answer.delivery, answer.author_id) == (True, "queued", world.dmitri.pk)
    assert [line.data.get("first") for line in told(ticket, "ticket.message_sent")] == [True]
    reply(ticket_id=ticket.pk, text=TEXT, by=by, at=at + HOUR)
    assert [line.data.get("first") for line in told(ticket, "ticket.message_sent")] == [True, False]


def test_case_76_of_two_agents_at_once_the_second_sees_the_first_answer(world: World) -> None:
    ticket = asked(world)
    seen = last_of(ticket)
    first = reply(
        ticket_id=ticket.pk, text=TEXT, based_on=seen, by=Actor.person(world.anna.pk), at=world.now + HOUR
    )
    second = {"ticket_id": ticket.pk, "text": "We pay on Friday.", "by": Actor.person(world.dmitri.pk)}
    with pytest.raises(NewerMessages) as refused:
        reply(**second, based_on=seen, at=world.now + HOUR)
    assert [message.pk for message in refused.value.messages] == [first.pk]
    assert Draft.objects.get(ticket=ticket, user=world.dmitri).text == "We pay on Friday."
    assert Message.objects.filter(ticket=ticket).count() == 2
    reply(**second, based_on=first.pk, at=world.now + HOUR)
    assert not Draft.objects.filter(ticket=ticket).exists()


def test_case_76_the_partners_own_newer_word_counts_and_ones_own_does_not(world: World) -> None:
    ticket = asked(world)
    seen, by = last_of(ticket), Actor.person(world.dmitri.pk)
    reply(ticket_id=ticket.pk, text=TEXT, based_on=seen, by=by, at=world.now + HOUR)
    reply(ticket_id=ticket.pk, text="One more thing.", based_on=seen, by=by, at=world.now + HOUR)
    wrote(ticket, at=world.now + 2 * HOUR)
    with pytest.raises(NewerMessages):
        reply(ticket_id=ticket.pk, text=TEXT, based_on=seen, by=by, at=world.now + 3 * HOUR)
    reply(ticket_id=ticket.pk, text=TEXT, based_on=seen, anyway=True, by=by, at=world.now + 3 * HOUR)


def test_case_77_into_a_closed_ticket_nothing_goes_and_nothing_is_lost(world: World) -> None:
    ticket = asked(world)
    change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, by=SYSTEM, at=world.now)
    by = Actor.person(world.dmitri.pk)
    with pytest.raises(TicketClosed):
        reply(ticket_id=ticket.pk, text=TEXT, by=by, at=world.now + HOUR)
    assert Draft.objects.get().text == TEXT
    reply(ticket_id=ticket.pk, text=TEXT, status_after=TicketStatus.OPEN, by=by, at=world.now + HOUR)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.reopened_count) == ("open", 1)


def test_case_77_of_a_merged_ticket_the_text_waits_in_the_survivor(world: World) -> None:
    ticket, survivor = asked(world), asked(world)
    Ticket.objects.filter(pk=ticket.pk).update(merged_into=survivor)
    with pytest.raises(TicketMergedAway) as moved:
        reply(ticket_id=ticket.pk, text=TEXT, by=Actor.person(world.dmitri.pk), at=world.now + HOUR)
    assert moved.value.into_id == survivor.pk
    assert Draft.objects.get().ticket_id == survivor.pk


def test_a_reply_to_nobody_is_not_sent(world: World) -> None:
    ticket = asked(world)
    by = Actor.person(world.dmitri.pk)
    for sides in ({"to_partner": False, "to_customer": False}, {"to_customer": True}):
        with pytest.raises(NobodyToWriteTo):
            reply(ticket_id=ticket.pk, text=TEXT, **sides, by=by, at=world.now)  # type: ignore[arg-type]
    assert Message.objects.filter(ticket=ticket).count() == 1


def test_with_three_sides_the_one_that_wrote_last_is_answered(world: World) -> None:
    ticket = asked(world)
    wrote(ticket, at=world.now + HOUR, side=Side.CUSTOMER, from_address="kim@client.example")
    answer = reply(ticket_id=ticket.pk, text=TEXT, by=Actor.person(world.dmitri.pk), at=world.now + HOUR)
    assert (answer.visible_to_partner, answer.visible_to_customer) == (False, True)


def test_a_held_answer_waits_for_its_moment(world: World) -> None:
    ticket = asked(world)
    OrmQ.objects.all().delete()
    message = reply(
        ticket_id=ticket.pk, text=TEXT, hold_seconds=10, by=Actor.person(world.dmitri.pk), at=world.now
    )
    assert (message.delivery, message.send_at) == (Delivery.HELD, world.now + timedelta(seconds=10))
    jobs = {SignedPackage.loads(row.payload)["func"]: row.lock for row in OrmQ.objects.all()}
    assert jobs[SEND] == message.send_at


def test_what_is_taken_back_was_never_said(world: World) -> None:
    ticket = asked(world)
    before = (ticket.status, ticket.awaiting_us_since, ticket.first_replied_at, ticket.last_outgoing_at)
    blob = Blob.objects.create(sha256="a" * 64, size=1, file="x", created_at=world.now)
    by, at = Actor.person(world.dmitri.pk), world.now + HOUR
    message = reply(
        ticket_id=ticket.pk,
        text="It went to the wrong account.",
        hold_seconds=10,
        status_after=TicketStatus.SOLVED,
        files=[NewFile("act.pdf", "application/pdf", blob.pk)],
        by=by,
        at=at,
    )
    save_draft(ticket_id=ticket.pk, user_id=world.dmitri.pk, text="Also", at=at)
    draft = take_back(message_id=message.pk, by=by, at=at + timedelta(seconds=9))
    ticket.refresh_from_db()
    assert (
        ticket.status,
        ticket.awaiting_us_since,
        ticket.first_replied_at,
        ticket.last_outgoing_at,
    ) == before
    assert (ticket.is_open, ticket.outcome, ticket.solved_at, ticket.reopened_count) == (True, "", None, 0)
    message.refresh_from_db()
    assert (message.delivery, message.visible_to_partner) == (Delivery.TAKEN_BACK, False)
    assert draft is not None
    assert draft.text == "It went to the wrong account.\n\nAlso"
    assert Attachment.objects.get().draft_id == draft.pk
    assert [line.kind for line in told(ticket)][-2:] == ["ticket.status_changed", "ticket.message_taken_back"]
    assert not set(matching_ids("wrong account", "message") or ())


def test_after_the_moment_it_is_too_late(world: World) -> None:
    ticket = asked(world)
    by = Actor.person(world.dmitri.pk)
    message = reply(ticket_id=ticket.pk, text=TEXT, hold_seconds=10, by=by, at=world.now)
    with pytest.raises(TooLate):
        take_back(message_id=message.pk, by=by, at=world.now + timedelta(seconds=10))
    Message.objects.filter(pk=message.pk).update(delivery=Delivery.QUEUED)
    with pytest.raises(TooLate):
        take_back(message_id=message.pk, by=by, at=world.now + timedelta(seconds=5))
    message.refresh_from_db()
    assert (message.delivery, message.visible_to_partner) == (Delivery.QUEUED, True)
    assert not Draft.objects.exists()


def test_a_double_click_is_one_answer(world: World) -> None:
    ticket = asked(world)
    by = Actor.person(world.dmitri.pk)
    first, second = (reply(ticket_id=ticket.pk, text=TEXT, key="web:1", by=by, at=world.now) for _ in "ab")
    assert first.pk == second.pk
    assert len(told(ticket, "ticket.message_sent")) == 1


def test_a_note_stays_in_the_house_and_tells_whom_it_names(world: World) -> None:
    ticket = asked(world)
    by = Actor.person(world.dmitri.pk)
    save_draft(ticket_id=ticket.pk, user_id=world.dmitri.pk, text="Look", is_note=True, at=world.now)
    note = write_note(
        ticket_id=ticket.pk, text="Look, @Anna", mentions=[world.anna.pk, 999], by=by, at=world.now + HOUR
    )
    assert (note.kind, note.visible_to_partner, note.visible_to_customer) == ("note", False, False)
    assert [mention.user_id for mention in Mention.objects.all()] == [world.anna.pk]
    ticket.refresh_from_db()
    assert (ticket.status, ticket.awaiting_us_since) == ("new", world.now)
    assert not Draft.objects.exists()
    assert told(ticket)[-1].data == {"message": note.pk, "mentions": [world.anna.pk]}


def test_an_answer_does_not_read_the_thread(world: World) -> None:
    """Fifty thousand messages cost what two do."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    by = Actor.person(world.dmitri.pk)

    def statements(ticket: Ticket) -> int:
        seen = last_of(ticket)
        with CaptureQueriesContext(connection) as queries:
            reply(ticket_id=ticket.pk, text=TEXT, based_on=seen, by=by, at=world.now + 9 * HOUR)
        read = [query["sql"] for query in queries if 'FROM "desk_message"' in query["sql"]]
        assert all("LIMIT" in sql for sql in read), read
        return len(queries)

    short, long = asked(world), asked(world)
    Message.objects.bulk_create(
        Message(
            ticket=long,
            kind="incoming",
            side=Side.PARTNER,
            channel=Channel.EMAIL,
            happened_at=world.now,
            created_at=world.now,
        )
        for _ in range(500)
    )
    assert statements(short) == statements(long)
