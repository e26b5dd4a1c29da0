from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Mailbox, MailReference, Message, Participant, Ticket, Topic
from otklik.desk.operations.opening import TooMany, create_tickets_bulk
from otklik.desk.operations.shapes import MOST_ROWS, MessageFacts, NewMessage, NewTicket, TicketFacts
from otklik.desk.operations.tickets import create_ticket
from otklik.desk.rules.mail.parsed import MailPerson
from otklik.desk.rules.references import digest_of
from otklik.desk.rules.vocabulary import Channel, Priority, Side, Verdict
from otklik.desk.tests.operations.stories import SYSTEM, asked, new_ticket, question, told
from otklik.events.public import Actor, timeline
from otklik.identity.public import Team
from otklik.search.public import matching_ids
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_question_becomes_a_ticket_with_its_first_message(world: World) -> None:
    ticket = Ticket.objects.get(pk=asked(world).pk)
    assert (ticket.status, ticket.partner_id, ticket.contact_id) == ("new", world.aurora.pk, world.vera.pk)
    assert (ticket.awaiting_us_since, ticket.message_count, ticket.language) == (world.now, 1, "en")
    message = Message.objects.get(ticket=ticket)
    seen = (message.visible_to_partner, message.visible_to_customer)
    assert (message.kind, seen) == ("incoming", (True, False))
    assert Participant.objects.get(ticket=ticket).contact_id == world.vera.pk
    assert [line.kind for line in told(ticket)] == ["ticket.created"]
    assert [line.kind for line in timeline("partner", world.aurora.pk)] == ["ticket.created"]
    assert "payout" not in str(told(ticket)[0].data).lower()


def test_case_51_the_same_delivery_twice_is_one_ticket(world: World) -> None:
    first = asked(world, created_key="mail:7")
    again = create_tickets_bulk([new_ticket(world, created_key="mail:7")], by=SYSTEM, at=world.now)[0]
    assert (again.ticket.pk, again.is_new) == (first.pk, False)
    assert again.message_id == Message.objects.get().pk
    twins = [new_ticket(world, created_key="mail:8"), new_ticket(world, created_key="mail:8")]
    one, other = create_tickets_bulk(twins, by=SYSTEM, at=world.now)
    assert (one.ticket.pk, one.is_new, other.is_new) == (other.ticket.pk, True, False)
    assert Ticket.objects.count() == 2


def test_case_51_somebody_else_makes_it_while_we_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on PostgreSQL, where both have seen nothing: the key decides, the rest of the chunk is made."""
    from otklik.desk.operations import opening

    first, looked = asked(world, created_key="form:1"), []
    look = opening._made_before

    def blind_once(rows: object) -> object:
        looked.append(rows)
        return look(rows) if len(looked) > 1 else {}  # type: ignore[arg-type]

    monkeypatch.setattr(opening, "_made_before", blind_once)
    rows = [new_ticket(world, created_key="form:1"), new_ticket(world, created_key="form:2")]
    known, made = create_tickets_bulk(rows, by=SYSTEM, at=world.now)
    assert (known.ticket.pk, known.is_new, made.is_new) == (first.pk, False, True)
    assert Ticket.objects.count() == 2


def test_the_number_of_statements_does_not_grow_with_the_tickets(world: World) -> None:
    def statements(count: int) -> int:
        rows = [
            new_ticket(world, created_key=f"{count}:{n}", message_id=f"{count}.{n}@x", references=["a@x"])
            for n in range(count)
        ]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            create_tickets_bulk(rows, by=SYSTEM, at=world.now)
        return len(seen)

    assert statements(1) == statements(10) == statements(20)


def test_too_many_at_once_are_refused_before_anything_is_written(world: World) -> None:
    with pytest.raises(TooMany):
        create_tickets_bulk([new_ticket(world)] * (MOST_ROWS + 1), by=SYSTEM, at=world.now)
    assert not Ticket.objects.exists()


def test_case_05_our_own_addresses_never_become_participants(world: World) -> None:
    Mailbox.objects.create(address="help@north.example", program=world.program, created_at=world.now)
    people = ("HELP@north.example", "help+r-abc@north.example", "dmitri@example.com", "gleb@aurora.example")
    ticket = asked(world, cc=[MailPerson("", address) for address in people])
    found = dict(Participant.objects.filter(ticket=ticket).values_list("address", "contact_id"))
    assert found == {"vera@aurora.example": world.vera.pk, "gleb@aurora.example": world.gleb.pk}


def test_case_39_a_list_of_customers_in_copy_is_not_a_conversation(world: World) -> None:
    crowd = [MailPerson("", f"c{number}@other.example") for number in range(500)]
    ticket = asked(world, cc=crowd)
    assert Participant.objects.filter(ticket=ticket).count() == 41


def test_case_40_odd_characters_and_long_subjects_are_stored(world: World) -> None:
    ticket = asked(world, subject="Pay\0out\r\n" + "x" * 10_000, text="half \ud83d a pair\0")
    ticket.refresh_from_db()
    assert ticket.subject.startswith("Payout xxx")
    assert len(ticket.subject) == 400
    assert Message.objects.get().text == "half ? a pair"


def test_the_language_is_the_writers_choice_then_the_persons_then_the_alphabets(world: World) -> None:
    assert asked(world, text="Где выплата?", language="kk").language == "kk"
    assert asked(world, text="Где наша выплата за февраль?").language == "ru"
    assert asked(world, subject="CPA", text="Не пришёл postback по кампании WEBMASTER").language == "ru"
    world.vera.languages = ["de"]
    world.vera.save()
    assert asked(world, text="Где выплата?").language == "de"


def test_the_topic_says_which_team_answers(world: World) -> None:
    money = Team.objects.create(name="Money")
    topic = Topic.objects.create(key="payouts", team=money, weight=35)
    ticket = asked(world, topic_id=topic.pk)
    assert ticket.team_id == money.pk
    assert ticket.priority == Priority.HIGH
    assert {reason["kind"] for reason in ticket.priority_reasons} >= {"topic", "role", "tier"}
    assert asked(world, topic_id=topic.pk, priority=Priority.LOW).priority_by_hand


def test_a_machine_that_writes_does_not_wait_for_us(world: World) -> None:
    assert asked(world, verdict=Verdict.BULK).awaiting_us_since is None


def test_who_asks_through_the_api_is_answered_at_their_own_address(world: World) -> None:
    ticket = asked(world, channel=Channel.API, requester_name="", requester_address="")
    assert (ticket.requester_name, ticket.requester_address) == ("Vera Orlova", "vera@aurora.example")
    assert Participant.objects.get(ticket=ticket).address == "vera@aurora.example"


def test_what_we_begin_is_a_letter_and_waits_for_nobody_here(world: World) -> None:
    ticket = create_ticket(
        **question(world, side=Side.STAFF, channel=Channel.STAFF, requester_address="", requester_name=""),
        by=Actor.person(world.dmitri.pk),
        at=world.now,
    )
    message = Message.objects.get(ticket=ticket)
    assert (message.kind, message.delivery, message.send_at) == ("reply", "queued", world.now)
    assert (message.author_id, message.visible_to_partner) == (world.dmitri.pk, True)
    assert (ticket.status, ticket.awaiting_us_since, ticket.last_outgoing_at) == ("open", None, world.now)
    assert [line.kind for line in told(ticket)] == ["ticket.created", "ticket.message_sent"]


def test_message_ids_are_remembered_for_the_next_mail(world: World) -> None:
    ticket = asked(world, message_id="<a@x>", references=["b@x", "<a@x>"])
    remembered = {bytes(r.digest): r.is_own for r in MailReference.objects.filter(ticket=ticket)}
    assert remembered == {digest_of("a@x"): True, digest_of("b@x"): False}


def test_case_83_any_word_form_finds_the_ticket(world: World) -> None:
    ticket = asked(world, subject="Задержка выплаты", text="Остановили кампанию в феврале")
    assert set(matching_ids("выплатами", "ticket") or ()) == {ticket.pk}
    assert set(matching_ids("кампаний", "message") or ()) == {Message.objects.get().pk}


def test_the_two_ways_to_say_a_ticket_or_a_message_have_the_same_words() -> None:
    assert set(TicketFacts.__annotations__) == set(NewTicket.__dataclass_fields__)
    assert set(MessageFacts.__annotations__) == set(NewMessage.__dataclass_fields__)
