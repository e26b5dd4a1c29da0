"""Tickets over REST: what a program may see, begin and change, and what it cannot do twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.api.rules.scopes import Scope
from otklik.desk.public import (
    Channel,
    Message,
    MessageKind,
    Side,
    Ticket,
    TicketStatus,
    create_ticket,
    merge_tickets,
    write_note,
)
from otklik.events.public import Actor
from tests.world import World

ApiAs = Callable[..., Client]
URL = "/api/v1/tickets"
SYSTEM = Actor.system()


def begun(world: World, **facts: Any) -> Ticket:
    given: dict[str, Any] = {
        "program_id": world.program.pk,
        "subject": "Payout",
        "channel": Channel.EMAIL,
        "side": Side.PARTNER,
        "text": "Where is it?",
        "contact_id": world.vera.pk,
        "by": SYSTEM,
        "at": world.now,
    }
    return create_ticket(**{**given, **facts})


def post(client: Client, url: str, body: dict[str, Any], **headers: str) -> Any:
    return client.post(url, body, "application/json", headers=headers)


def patch(client: Client, ticket: Ticket, **body: Any) -> Any:
    return client.patch(f"{URL}/{ticket.pk}", body, "application/json")


def asks(world: World, **more: Any) -> dict[str, Any]:
    given = {"program": "north", "subject": "Payout", "text": "Where is it?", "contact_id": world.vera.pk}
    return {**given, **more}


def test_a_program_begins_a_ticket_in_a_partners_name(world: World, api_as: ApiAs) -> None:
    answer = post(api_as(world.dmitri), URL, asks(world))
    assert answer.status_code == 201
    said = answer.json()
    assert (said["partner_id"], said["channel"], said["status"]) == (world.aurora.pk, "api", "new")
    assert Message.objects.get().side == Side.PARTNER


def test_tickets_of_a_period_are_read_by_when_they_began(world: World, api_as: ApiAs) -> None:
    early, late = (begun(world, at=world.now + timedelta(days=days)) for days in (0, 3))
    client = api_as(world.dmitri)

    def read(**asked: str) -> list[int]:
        return [one["id"] for one in client.get(URL, asked).json()["items"]]

    assert read(created_since=late.created_at.isoformat()) == [late.pk]
    assert read(created_before=late.created_at.isoformat()) == [early.pk]


def test_the_same_call_twice_begins_one_ticket(world: World, api_as: ApiAs) -> None:
    client = api_as(world.dmitri)
    first, second = (post(client, URL, asks(world), **{"Idempotency-Key": "crm-7"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    other = post(api_as(world.anna), URL, asks(world), **{"Idempotency-Key": "crm-7"})
    assert other.json()["id"] != first.json()["id"], "keys of different people are different"
    assert post(client, URL, asks(world), **{"Idempotency-Key": "x" * 81}).status_code == 422


def test_a_key_used_again_for_another_body_is_refused_and_begins_nothing(world: World, api_as: ApiAs) -> None:
    client, named = api_as(world.dmitri), {"Idempotency-Key": "crm-7"}
    first = post(client, URL, asks(world), **named)
    other = post(client, URL, asks(world, text="Where is the one of April?"), **named)
    assert other.status_code == 409
    assert "Idempotency-Key" in other.content.decode()
    assert Ticket.objects.count() == 1
    assert post(client, URL, asks(world), **named).json()["id"] == first.json()["id"]


def test_a_key_that_looks_like_a_ticket_and_another_key_is_its_own(world: World, api_as: ApiAs) -> None:
    ticket, client = begun(world), api_as(world.dmitri)
    said = post(
        client, f"{URL}/{ticket.pk}/messages", {"kind": "note", "text": "x"}, **{"Idempotency-Key": "7"}
    )
    assert said.status_code == 201
    named = {"Idempotency-Key": f"{ticket.pk}:7"}
    assert post(client, URL, asks(world), **named).status_code == 201


def test_a_call_that_was_refused_has_used_up_no_key(world: World, api_as: ApiAs) -> None:
    ticket, client, named = begun(world), api_as(world.dmitri), {"Idempotency-Key": "r1"}
    url = f"{URL}/{ticket.pk}/messages"
    assert post(client, url, {"kind": "reply", "text": "x", "to_customer": True}, **named).status_code == 422
    assert post(client, url, {"kind": "reply", "text": "x"}, **named).status_code == 201
    assert post(client, url, {"kind": "note", "text": "x"}, **named).status_code == 409


def test_a_token_reads_and_answers_what_its_owner_does(world: World, api_as: ApiAs) -> None:
    ticket = begun(world)
    boris, clara = api_as(world.boris), api_as(world.clara)
    assert boris.get(f"{URL}/{ticket.pk}").status_code == 200
    assert [one["id"] for one in boris.get(URL).json()["items"]] == [ticket.pk]
    assert clara.get(URL).json()["items"] == []
    for answer in (
        clara.get(f"{URL}/{ticket.pk}"),
        clara.get(f"{URL}/{ticket.pk}/messages"),
        patch(clara, ticket, status="solved"),
        post(clara, f"{URL}/{ticket.pk}/messages", {"kind": "note", "text": "Mine?"}),
    ):
        assert answer.status_code == 404
    refused = post(clara, URL, asks(world))
    assert refused.status_code == 422
    assert "contact_id" in refused.json()["message"]


def test_scopes_open_one_thing_each(world: World, api_as: ApiAs) -> None:
    ticket = begun(world)
    reader, writer = api_as(world.dmitri, Scope.TICKETS_READ), api_as(world.dmitri, Scope.TICKETS_WRITE)
    assert reader.get(URL).status_code == 200
    assert patch(reader, ticket, status="solved").status_code == 403
    assert writer.get(URL).status_code == 403
    assert api_as(world.stranger).get(URL).status_code == 403


def test_filters_and_pages(world: World, api_as: ApiAs) -> None:
    made = [begun(world, subject=f"{n}", created_key=f"{n}") for n in range(5)]
    client = api_as(world.dmitri)
    patch(client, made[2], status="solved")
    assert [one["id"] for one in client.get(f"{URL}?status=solved").json()["items"]] == [made[2].pk]
    assert len(client.get(f"{URL}?is_open=true&partner_id={world.aurora.pk}").json()["items"]) == 4
    assert client.get(f"{URL}?owner_id={world.boris.pk}").json()["items"] == []
    assert client.get(f"{URL}?status=lost").status_code == 422
    seen, after = [], ""
    for _ in range(6):
        page = client.get(f"{URL}?limit=2{after}").json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert sorted(seen) == sorted(ticket.pk for ticket in made)


def test_several_changes_are_one(world: World, api_as: ApiAs) -> None:
    ticket, client = begun(world), api_as(world.dmitri)
    answer = patch(client, ticket, owner_id=world.boris.pk, priority="high", status="waiting")
    assert answer.status_code == 200
    said = answer.json()
    assert (said["owner_id"], said["priority"], said["status"]) == (world.boris.pk, "high", "waiting")
    # "new" cannot come back, so that the owner stays as well.
    refused = patch(client, ticket, owner_id=None, status="new")
    assert refused.status_code == 409
    ticket.refresh_from_db()
    assert ticket.owner == world.boris
    assert patch(client, ticket, owner_id=None).json()["owner_id"] is None
    assert patch(client, ticket, owner_id=10**12).status_code == 422
    assert patch(client, ticket, priority="soon").status_code == 422
    assert patch(client, ticket, colour="red").status_code == 422


def test_a_reply_a_note_and_what_the_partner_said_elsewhere(world: World, api_as: ApiAs) -> None:
    ticket, client = begun(world), api_as(world.dmitri)
    url = f"{URL}/{ticket.pk}/messages"
    reply = post(client, url, {"kind": "reply", "text": "It left today.", "status_after": "waiting"})
    assert reply.status_code == 201
    assert reply.json()["visible_to_partner"] is True
    note = post(client, url, {"kind": "note", "text": "Check the bank"}).json()
    assert (note["visible_to_partner"], note["author_id"]) == (False, world.dmitri.pk)
    said = post(client, url, {"kind": "incoming", "text": "Got it", "contact_id": world.vera.pk}).json()
    assert (said["side"], said["contact_id"]) == ("partner", world.vera.pk)
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.OPEN
    assert [m["kind"] for m in client.get(url).json()["items"]] == ["incoming", "reply", "note", "incoming"]
    assert post(client, url, {"kind": "shout", "text": "x"}).status_code == 422
    assert post(client, url, {"kind": "note", "text": "  "}).status_code == 422
    assert post(client, url, {"kind": "reply", "text": "x", "to_customer": True}).status_code == 422


def test_the_same_reply_twice_is_sent_once(world: World, api_as: ApiAs) -> None:
    ticket, client = begun(world), api_as(world.dmitri)
    body = {"kind": "reply", "text": "It left today."}
    url = f"{URL}/{ticket.pk}/messages"
    ids = {post(client, url, body, **{"Idempotency-Key": "r1"}).json()["id"] for _ in range(2)}
    assert len(ids) == 1
    elsewhere = begun(world, subject="Other")
    other = post(client, f"{URL}/{elsewhere.pk}/messages", body, **{"Idempotency-Key": "r1"})
    assert other.json()["ticket_id"] == elsewhere.pk


def test_a_contact_of_another_partner_says_nothing_here(world: World, api_as: ApiAs) -> None:
    ticket = begun(world, contact_id=None, partner_id=world.borealis.pk, requester_address="x@y.example")
    body = {"kind": "incoming", "text": "Hello", "contact_id": world.vera.pk}
    assert post(api_as(world.anna), f"{URL}/{ticket.pk}/messages", body).status_code == 422


def test_a_ticket_merged_away_is_read_in_its_survivor(world: World, api_as: ApiAs) -> None:
    old, new = begun(world, text="Old words"), begun(world, text="New words")
    merge_tickets(source_id=old.pk, target_id=new.pk, by=Actor.person(world.dmitri.pk), at=world.now)
    client = api_as(world.dmitri)
    texts = [one["text"] for one in client.get(f"{URL}/{new.pk}/messages").json()["items"]]
    assert texts == ["Old words", "New words"]
    assert client.get(f"{URL}/{old.pk}").json()["merged_into_id"] == new.pk
    assert patch(client, old, status="open").status_code == 404


def test_lists_ask_the_database_the_same_however_long_they_are(world: World, api_as: ApiAs) -> None:
    client, ticket = api_as(world.boris), begun(world)

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    urls = (URL, f"{URL}/{ticket.pk}/messages")
    for url in urls:
        queries(url)
    few = [queries(url) for url in urls]
    for number in range(6):
        begun(world, subject=f"{number}")
        write_note(ticket_id=ticket.pk, text=f"{number}", by=SYSTEM, at=world.now)
    assert [queries(url) for url in urls] == few


def test_a_partner_that_nobody_knows_asks_by_name_and_address(world: World, api_as: ApiAs) -> None:
    body = asks(world, contact_id=None, requester_name="Zoe", requester_address="Zoe@New.example")
    said = post(api_as(world.dmitri), URL, body).json()
    assert (said["partner_id"], said["requester_address"]) == (None, "zoe@new.example")


@pytest.mark.parametrize("field", ["topic", "priority", "owner_id", "partner_id"])
def test_an_unknown_word_or_number_is_named(world: World, api_as: ApiAs, field: str) -> None:
    odd: object = 10**9 if field.endswith("_id") else "nonsense"
    answer = post(api_as(world.dmitri), URL, asks(world, **{"contact_id": None, field: odd}))
    assert answer.status_code == 422
    assert field in answer.json()["message"]
    assert not Message.objects.filter(kind=MessageKind.INCOMING).exists()


class _Away:
    """Fails every statement that reads the files of messages: the database left after the note was stored."""

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "desk_attachment" in sql and sql.startswith("SELECT"):
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, *rest)


def test_a_database_that_leaves_while_the_answer_is_written_is_told_as_such(
    world: World, api_as: ApiAs
) -> None:
    ticket, client = begun(world), api_as(world.dmitri)
    client.raise_request_exception = False
    url, note, named = f"{URL}/{ticket.pk}/messages", {"kind": "note", "text": "x"}, {"Idempotency-Key": "n1"}
    with connection.execute_wrapper(_Away()):
        answer = post(client, url, note, **named)
    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
    again = post(client, url, note, **named)
    assert again.status_code in (200, 201)
    assert Message.objects.filter(ticket=ticket, kind=MessageKind.NOTE).count() == 1


def test_what_breaks_is_told_to_a_program_as_a_problem(
    world: World, api_as: ApiAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: object, **_facts: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("otklik.api.v1.tickets.write_note", breaks)
    client = api_as(world.dmitri)
    client.raise_request_exception = False
    answer = post(client, f"{URL}/{begun(world).pk}/messages", {"kind": "note", "text": "x"})
    assert (answer.status_code, answer.json()["code"]) == (500, "broken")
