"""Who sees which tickets, and that whoever sees them finds them."""

from __future__ import annotations

import pytest
from django.utils import translation

from otklik.desk.access import (
    answerable_sub_requests,
    answerable_tickets,
    visible_messages,
    visible_tickets,
)
from otklik.desk.models import Follower, Message, Ticket
from otklik.desk.operations.merging import merge_tickets
from otklik.desk.operations.messages import write_note
from otklik.desk.operations.sub_requests import answer_sub_request, ask_department
from otklik.desk.tests.sides.cast import LATER, ask, dmitri, partner_says, stranger_asks
from otklik.desk.topics import may_watch_ticket
from otklik.identity.models import Team, User
from otklik.identity.rules.roles import Role
from otklik.search.public import find, reindex, search_kinds
from tests.world import NOW, World, make_user

pytestmark = pytest.mark.django_db


def seen_by(user: User) -> set[int]:
    return set(visible_tickets(User.objects.get(pk=user.pk)).values_list("pk", flat=True))


@pytest.fixture
def tickets(world: World) -> dict[str, Ticket]:
    """Of Boris's partner, of Clara's, and of nobody we know."""
    return {
        "aurora": ask(world, "Of Aurora"),
        "borealis": stranger_asks(world, "b@borealis.example", partner_id=world.borealis.pk),
        "unknown": stranger_asks(world, "who@mail.example"),
    }


@pytest.mark.parametrize(
    ("role", "sees", "answers"),
    [
        (Role.ADMINISTRATOR, True, True),
        (Role.HEAD, True, True),
        (Role.LEAD, True, True),
        (Role.AGENT, True, True),
        (Role.QA_REVIEWER, True, False),
        (Role.ACCOUNT_MANAGER, False, True),
        (Role.TRAFFIC_OFFICER, False, True),
        (Role.FINANCE, False, True),
        (Role.ANALYST, False, False),
        (None, False, False),
    ],
)
def test_each_role_sees_and_answers_what_it_should(
    world: World, tickets: dict[str, Ticket], role: Role | None, sees: bool, answers: bool
) -> None:
    """A newcomer of each role, of no team and with no partner of their own."""
    user = make_user("new@example.com", "New", *([role] if role else []))
    every = {ticket.pk for ticket in tickets.values()}
    assert seen_by(user) == (every if sees else set())
    owned = tickets["unknown"]
    Ticket.objects.filter(pk=owned.pk).update(owner=user)
    works_there = role not in (Role.ANALYST, None)
    assert (owned.pk in seen_by(user)) is works_there
    assert answerable_tickets(user).filter(pk=owned.pk).exists() is answers
    assert may_watch_ticket(user, str(owned.pk)) is works_there
    assert may_watch_ticket(user, "*") is works_there
    assert not may_watch_ticket(user, "999999")


def test_an_account_manager_sees_own_partners_tickets(world: World, tickets: dict[str, Ticket]) -> None:
    assert seen_by(world.boris) == {tickets["aurora"].pk}
    assert seen_by(world.clara) == {tickets["borealis"].pk}
    world.program.managers_see_own_only = False
    world.program.save()
    assert seen_by(world.boris) == {tickets["aurora"].pk, tickets["borealis"].pk}


def test_a_traffic_officer_sees_what_is_asked_of_them(world: World, tickets: dict[str, Ticket]) -> None:
    traffic = Team.objects.create(name="Traffic")
    olga = make_user("olga@example.com", "Olga", Role.TRAFFIC_OFFICER)
    traffic.members.add(olga)
    asked = ask_department(
        ticket_id=tickets["aurora"].pk, team_id=traffic.pk, question="?", by=dmitri(world), at=NOW
    )
    other = ask_department(
        ticket_id=tickets["borealis"].pk,
        team_id=Team.objects.create(name="Finance").pk,
        question="?",
        by=dmitri(world),
        at=NOW,
    )
    assert seen_by(olga) == {tickets["aurora"].pk}
    assert set(answerable_sub_requests(olga)) == {asked}
    assert set(answerable_sub_requests(world.anna)) == {asked, other}
    assert set(answerable_sub_requests(world.dmitri)) == set()
    assert set(answerable_sub_requests(world.stranger)) == set()
    # What they answered they still see: it may come back to them.
    answer_sub_request(sub_request_id=asked.pk, answer="!", by=dmitri(world), at=LATER)
    assert seen_by(olga) == {tickets["aurora"].pk}


def test_a_mention_and_following_open_one_ticket(world: World, tickets: dict[str, Ticket]) -> None:
    write_note(
        ticket_id=tickets["unknown"].pk, text="@Clara", mentions=[world.clara.pk], by=dmitri(world), at=NOW
    )
    Follower.objects.create(ticket=tickets["unknown"], user=world.boris, since=NOW)
    assert tickets["unknown"].pk in seen_by(world.clara)
    assert tickets["unknown"].pk in seen_by(world.boris)


def test_who_sees_a_survivor_reads_what_was_merged_into_it(world: World, tickets: dict[str, Ticket]) -> None:
    aurora = tickets["aurora"]
    merge_tickets(source_id=tickets["unknown"].pk, target_id=aurora.pk, by=dmitri(world), at=LATER)
    texts = visible_messages(world.boris).order_by("pk").values_list("ticket_id", flat=True)
    assert list(texts) == [aurora.pk, tickets["unknown"].pk]
    assert not visible_messages(world.clara).filter(ticket=tickets["unknown"]).exists()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("word", ["выплата", "выплаты", "ВЫПЛАТЕ", "выплатами", "выплат"])
def test_case_83_any_word_form_finds_the_ticket_whatever_the_language_of_the_pages(
    world: World, word: str, language: str
) -> None:
    ticket = ask(world, "Где деньги?", subject="Задержка выплаты")
    said = partner_says(world, ticket, "Ждём выплату с января")
    with translation.override(language):
        found = find(word, kinds=search_kinds, user=world.dmitri, limit=9)
    assert [hit.object_id for hit in found["ticket"]] == [ticket.pk]
    assert [hit.object_id for hit in found["message"]] == [said.pk]


@pytest.mark.parametrize("query", ["orlova", "vera@aurora.example", "aurora", "январе", "invoice"])
def test_a_ticket_is_found_by_who_asked_and_by_what_was_said(world: World, query: str) -> None:
    ask(world, "В январе пришёл счёт", subject="Invoice")
    found = find(query, kinds=search_kinds, user=world.dmitri, limit=9)
    assert found["ticket"] or found["message"]


def test_a_ticket_is_found_by_its_number(world: World) -> None:
    ticket = ask(world)
    assert [
        h.object_id for h in find(str(ticket.pk), kinds=search_kinds, user=world.dmitri, limit=9)["ticket"]
    ] == [ticket.pk]


def test_everybody_finds_own_rows_only(world: World, tickets: dict[str, Ticket]) -> None:
    def found(user: User) -> set[int]:
        return {hit.object_id for hit in find("payout", kinds=search_kinds, user=user, limit=9)["ticket"]}

    assert found(world.boris) == {tickets["aurora"].pk}
    assert found(world.anna) == {ticket.pk for ticket in tickets.values()}
    assert found(world.stranger) == set()


def test_a_new_index_holds_what_the_old_one_did(world: World) -> None:
    ticket = ask(world, "Unmistakable words", subject="Subject")
    Message.objects.filter(ticket=ticket).update(signature="Kind regards")
    before = find("unmistakable", kinds=search_kinds, user=world.dmitri, limit=9)
    counts = reindex(at=LATER)
    assert (counts["ticket"], counts["message"]) == (1, 1)
    after = find("unmistakable", kinds=search_kinds, user=world.dmitri, limit=9)
    assert [(h.kind, h.object_id, h.title, h.note) for hits in after.values() for h in hits] == [
        (h.kind, h.object_id, h.title, h.note) for hits in before.values() for h in hits
    ]
