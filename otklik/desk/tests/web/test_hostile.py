"""What somebody who means harm, or a program that fills in every field, can post to the desk's pages."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from otklik.desk.models import Draft, Message, SubRequest, Ticket
from otklik.desk.operations.merging import merge_tickets
from otklik.desk.operations.people import follow, save_draft
from otklik.desk.operations.sub_requests import ask_department
from otklik.desk.operations.tickets import change_status
from otklik.desk.queries.inbox_filter import read_filter
from otklik.desk.rules.vocabulary import SubRequestState, TicketStatus
from otklik.desk.tests.web.test_inbox import ticket
from otklik.desk.tests.web.test_ticket_page import write
from otklik.desk.web import composing
from otklik.events.public import Actor
from otklik.identity.models import Team
from tests.world import World

pytestmark = pytest.mark.django_db


def signed_in(user: Any, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


@pytest.fixture
def foreign(world: World) -> Ticket:
    """Of a partner that Boris does not see."""
    return ticket(world, "Of Borealis", partner_id=world.borealis.pk, contact_id=None)


@pytest.mark.parametrize("number", ["9" * 25, "9" * 5000, "-1", "٣", "1e3", ""])
def test_a_number_no_ticket_has_is_no_ticket(world: World, number: str) -> None:
    found = ticket(world)
    answer = signed_in(world.dmitri).post(
        reverse("inbox-bulk"),
        {"action": "tag", "value": "seen", "ticket": [number, str(found.pk)]},
    )
    assert answer.status_code == 302
    assert [tag.name for tag in found.tags.all()] == ["seen"]


def test_tickets_of_others_are_left_out_of_a_bulk_change(world: World, foreign: Ticket) -> None:
    own = ticket(world)
    boris = signed_in(world.boris)
    for chosen in ({"ticket": [own.pk, foreign.pk]}, {"everything": "1", "query": "view=all"}):
        boris.post(reverse("inbox-bulk"), {"action": "tag", "value": "mine", **chosen})
    assert [tag.name for tag in own.tags.all()] == ["mine"]
    assert not foreign.tags.exists()


@pytest.mark.parametrize(
    "query", ["//evil.example/", "@evil.example", "\r\nSet-Cookie: a=b", "\\evil.example"]
)
def test_nobody_is_led_away_from_the_inbox(world: World, query: str) -> None:
    for name, data in (
        ("inbox-bulk", {"action": "no"}),
        ("inbox-views", {"name": ""}),
        ("inbox-views", {"name": "v"}),
    ):
        answer = signed_in(world.dmitri).post(reverse(name), {**data, "query": query})
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("inbox") + "?")
        assert "Set-Cookie" not in answer.headers


def test_a_filter_holds_no_character_that_a_database_refuses() -> None:
    chosen = read_filter({"q": "a\0b", "tag": "\0", "language": "r\0u"})
    assert (chosen.q, chosen.tag, chosen.language) == ("ab", "", "ru")


def test_only_the_asked_department_the_owner_and_the_desks_leader_answer_a_question(
    world: World, foreign: Ticket
) -> None:
    """Boris follows the ticket and may write in it; the question is still not his to answer or take back."""
    finance = Team.objects.create(name="Finance")
    asked = ask_department(
        ticket_id=foreign.pk, team_id=finance.pk, question="?", by=Actor.person(world.dmitri.pk), at=world.now
    )
    follow(ticket_id=foreign.pk, user_id=world.boris.pk, by=Actor.person(world.boris.pk), at=world.now)
    boris = signed_in(world.boris)
    assert boris.get(reverse("ticket", args=[foreign.pk])).status_code == 200
    for name, data in (("question-answer", {"answer": "Paid!"}), ("question-removal", {})):
        assert boris.post(reverse(name, args=[asked.pk]), data).status_code == 404
        assert (
            reverse(name, args=[asked.pk])
            not in boris.get(reverse("ticket", args=[foreign.pk])).content.decode()
        )
    asked.refresh_from_db()
    assert asked.state == SubRequestState.ASKED

    finance.members.add(world.boris)
    assert boris.post(reverse("question-answer", args=[asked.pk]), {"answer": "Paid."}).status_code == 302
    assert SubRequest.objects.get().answer == "Paid."


def test_nobody_reads_or_writes_anothers_draft(world: World) -> None:
    found = ticket(world)
    save_draft(
        ticket_id=found.pk,
        user_id=world.anna.pk,
        text="Anna's half sentence",
        is_note=False,
        to_partner=True,
        to_customer=False,
        based_on=0,
        at=world.now,
    )
    dmitri = signed_in(world.dmitri)
    assert "half sentence" not in dmitri.get(reverse("ticket", args=[found.pk])).content.decode()
    dmitri.post(reverse("ticket-draft", args=[found.pk]), {"text": "", "user_id": world.anna.pk})
    assert Draft.objects.get().text == "Anna's half sentence"


def test_a_reply_to_nobody_comes_back_with_its_text(world: World) -> None:
    found = ticket(world)
    for sides in ({}, {"to_customer": "1"}):
        answer = write(signed_in(world.dmitri), found, to_partner="", text="To whom it may concern", **sides)
        assert answer.status_code == 422
        assert "To whom it may concern" in answer.content.decode()


@pytest.mark.parametrize("mode", ["reply", "note"])
def test_case_77_what_is_sent_into_a_ticket_merged_at_this_moment_comes_back(
    world: World, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """The colleague's merge falls between our look at the ticket and our change of it."""
    found, survivor = ticket(world), ticket(world, "The other one")

    def meanwhile(files: Any, *, at: Any) -> list[Any]:
        merge_tickets(source_id=found.pk, target_id=survivor.pk, by=Actor.person(world.anna.pk), at=world.now)
        return []

    monkeypatch.setattr(composing, "stored_uploads", meanwhile)
    answer = write(signed_in(world.dmitri), found, mode=mode, text="Words that took an hour")
    assert answer.status_code == 422
    assert "Words that took an hour" in answer.content.decode()
    assert f"#{survivor.pk}" in answer.content.decode()
    assert not Message.objects.filter(text="Words that took an hour").exists()


def test_case_77_what_is_sent_into_a_ticket_closed_at_this_moment_comes_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = ticket(world)
    change_status(ticket_id=found.pk, status=TicketStatus.CLOSED, by=Actor.system(), at=world.now)
    answer = write(signed_in(world.dmitri), found, text="Words that took an hour")
    assert answer.status_code == 422
    assert "Words that took an hour" in answer.content.decode()
    assert Draft.objects.get().text == "Words that took an hour"


def test_case_77_a_step_in_a_ticket_merged_at_this_moment_leads_to_the_survivor(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, survivor = ticket(world), ticket(world, "The other one")
    finance = Team.objects.create(name="Finance")

    def meanwhile(form: Any) -> None:
        merge_tickets(source_id=found.pk, target_id=survivor.pk, by=Actor.person(world.anna.pk), at=world.now)

    monkeypatch.setattr("otklik.desk.web.forms.QuestionForm.minutes", meanwhile)
    asked = {"team": finance.pk, "question": "?"}
    answer = signed_in(world.dmitri).post(reverse("ticket-question", args=[found.pk]), asked)
    assert (answer.status_code, answer["Location"]) == (302, reverse("ticket", args=[survivor.pk]))
    assert not SubRequest.objects.exists()


def test_no_key_of_a_status_page_stands_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """The browser that kept no cookie is refused, and Django writes down where."""
    found = ticket(world)
    address = reverse("public-message", args=[found.public_key])
    console = next(handler for handler in logging.getLogger().handlers if handler.filters)
    answer = Client(enforce_csrf_checks=True).post(address, {"text": "x"})
    assert answer.status_code == 403
    assert any("Forbidden" in record.msg for record in caplog.records)
    written = [console.filter(record) and record.getMessage() for record in caplog.records]
    assert not [line for line in written if found.public_key in str(line)]


@pytest.mark.parametrize(
    "address",
    ["x@firm.example\r\nBcc: all@else.example", "x@y.example, z@w.example", "@", "x@", "a b@c.example"],
)
def test_a_ticket_is_begun_with_one_address_or_none(world: World, address: str) -> None:
    data = {
        "kind": "write", "program": world.program.pk, "partner": "Aurora", "contact": address,
        "subject": "Terms", "text": "From the first on",
    }  # fmt: skip
    answer = signed_in(world.dmitri).post(reverse("ticket-new"), data)
    assert answer.status_code == 422
    assert "From the first on" in answer.content.decode()
    assert not Ticket.objects.exists()
