"""Tickets as rows for analytics."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from otklik.analytics.models import PendingFact
from otklik.analytics.operations.write_facts import write_facts
from otklik.analytics.public import facts as rows_in
from otklik.analytics.public import rows_of
from otklik.desk import facts
from otklik.desk.models import AgentProfile, SlaTarget, Ticket
from otklik.desk.operations.automatic import BY_RULE, write_automatically
from otklik.desk.operations.messages import reply
from otklik.desk.operations.opening import create_tickets_bulk
from otklik.desk.operations.ratings import rate_ticket
from otklik.desk.operations.tickets import assign, change_status, change_team, set_language, set_priority
from otklik.desk.queries import ticket_facts
from otklik.desk.queries.ticket_facts import COLUMNS, ticket_rows
from otklik.desk.rules.vocabulary import STATUS_CHANGED, Priority, TicketStatus
from otklik.desk.tests.clocks.promised import a_policy, at
from otklik.desk.tests.operations.stories import SYSTEM, asked, new_ticket, told, wrote
from otklik.events.public import Actor, DeliveredEvent
from otklik.identity.models import Team
from otklik.partners.public import change_partner, erase_contact, tier_changes
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    from dataclasses import replace

    settings.OTKLIK = replace(settings.OTKLIK, data_dir=tmp_path)


def delivered(ticket: Any, kind: str) -> list[DeliveredEvent]:
    return [
        DeliveredEvent(
            line.id, line.kind, 1, line.happened_at, line.happened_at, SYSTEM, line.subjects, line.data
        )
        for line in told(ticket, kind)
    ]


def row_of(ticket: Ticket) -> dict[str, Any]:
    (row,) = ticket_rows([ticket.pk])
    return dict(zip((name for name, _ in COLUMNS), row, strict=True))


def test_a_closed_ticket_is_a_row_without_anybodys_words(world: World) -> None:
    a_policy()
    ticket, still_open = asked(world, at=at(2, "10:00")), asked(world, at=at(2, "10:00"))
    reply(ticket_id=ticket.pk, text="Paid.", by=SYSTEM, at=at(2, "10:30"))
    wrote(ticket, "Nothing came", at=at(2, "11:00"))
    reply(ticket_id=ticket.pk, text="Now it has.", by=SYSTEM, at=at(2, "15:00"))
    change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, by=SYSTEM, at=at(3, "10:00"))
    facts.note_tickets(delivered(ticket, STATUS_CHANGED))
    assert list(PendingFact.objects.values_list("row_id", flat=True)) == [ticket.pk]
    write_facts(facts.tickets, clock=lambda: at(4))
    columns = ["id", "partner", "tier", "channel", "outcome", "first_response", "resolution", "breaches"]
    assert rows_of(rows_in("tickets").select(*columns, "messages")) == [
        (ticket.pk, world.aurora.pk, "gold", "email", "answered", 30, 8 * 60, 1, 4)
    ]
    rows = rows_of(rows_in("tickets").drop("created_at", "closed_at", "rated_at"))
    assert "Payout" not in str(rows)
    assert "vera" not in str(rows).lower()
    assert still_open.pk not in {row[0] for row in rows}


def test_every_column_tells_of_one_long_ticket(world: World) -> None:
    a_policy()
    money, tech = (Team.objects.create(name=name) for name in ("Money", "Tech"))
    AgentProfile.objects.create(user=world.dmitri, languages={"ru": 3, "en": 1})
    AgentProfile.objects.create(user=world.clara, languages={"en": 2})
    ticket = asked(world, at=at(2, "10:00"))
    answers = partial(reply, ticket_id=ticket.pk, text="Soon.")
    with transaction.atomic():
        write_automatically(ticket, text="Payouts leave on Mondays.", key=f"{BY_RULE}1", by=SYSTEM, at=at(2))
    for clock, owner, team in (
        ("10:05", "boris", money),
        ("10:10", "dmitri", tech),
        ("10:20", "clara", money),
    ):
        change_team(ticket_id=ticket.pk, team_id=team.pk, by=SYSTEM, at=at(2, clock))
        assign(ticket_id=ticket.pk, owner_id=getattr(world, owner).pk, by=SYSTEM, at=at(2, clock))
    answers(by=Actor.person(world.dmitri.pk), at=at(2, "11:30"))
    wrote(ticket, at=at(2, "12:00"))
    answers(by=Actor.person(world.clara.pk), at=at(2, "12:31"))
    wrote(ticket, "This is ridiculous.", at=at(2, "13:00"))
    answers(by=Actor.person(world.clara.pk), at=at(2, "16:00"))
    end = partial(change_status, ticket_id=ticket.pk, by=SYSTEM)
    end(status=TicketStatus.SOLVED, at=at(3, "10:00"))
    end(status=TicketStatus.OPEN, at=at(3, "11:00"))
    end(status=TicketStatus.CLOSED, at=at(5, "10:00"))
    set_language(ticket_id=ticket.pk, language="en-GB", by=SYSTEM, at=at(5, "10:00"))
    rate_ticket(public_key=ticket.public_key, value=2, at=at(5, "11:00"))

    assert row_of(ticket) == {
        "id": ticket.pk,
        "created_at": at(2, "10:00"),
        "day": at(2).date(),
        "program": world.program.pk,
        "partner": world.aurora.pk,
        "tier": "gold",
        "topic": None,
        "team": money.pk,
        "owner": world.clara.pk,
        "channel": "email",
        "priority": ticket.priority,
        "outcome": "answered",
        "first_response": 90,
        "resolution": 23 * 60,
        "breaches": 3,
        "reopened": 1,
        "messages": 6,
        "came_back": 1,
        "rating": 2,
        "closed_at": at(5, "10:00"),
        "language": "en",
        "agent": world.dmitri.pk,
        "first_by_machine": 1,
        "foreign_language": 1,
        "next_responses": 2,
        "next_response_median": (31 + 180) / 2,
        "next_response_longest": 180,
        "late_first": 1,
        "late_next": 1,
        "late_resolution": 1,
        "handed_over": 2,
        "rated_at": at(5, "11:00"),
        "first_response_before_rating": 90,
        "breaches_before_rating": 3,
        "reopened_before_rating": 1,
        "handed_over_before_rating": 2,
        "foreign_language_before_rating": 1,
        "mood_first": 0,
        "mood_worst": 3,
    }


def test_a_ticket_keeps_the_tier_its_partner_had_when_it_was_created(world: World) -> None:
    first = asked(world, at=at(2, "10:00"))
    for day, tier in ((3, "silver"), (5, "platinum")):
        change_partner(partner_id=world.aurora.pk, facts={"tier": tier}, by=SYSTEM, at=at(day))
    change_partner(partner_id=world.aurora.pk, facts={"segment": "Media"}, by=SYSTEM, at=at(5))
    tickets = [first, asked(world, at=at(3)), asked(world, at=at(4)), asked(world, at=at(6))]
    for ticket in tickets:
        change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, by=SYSTEM, at=at(7))
    assert [row_of(ticket)["tier"] for ticket in tickets] == ["gold", "silver", "silver", "platinum"]


def test_a_tier_that_changes_while_rows_are_written_is_not_that_of_older_tickets(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = asked(world, at=at(2))
    change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, by=SYSTEM, at=at(3))

    def changed_a_moment_later(partner_ids: Any) -> Any:
        found = tier_changes(partner_ids)
        change_partner(partner_id=world.aurora.pk, facts={"tier": "silver"}, by=SYSTEM, at=at(4))
        return found

    monkeypatch.setattr(ticket_facts, "tier_changes", changed_a_moment_later)
    assert row_of(ticket)["tier"] == "gold"


def test_a_promise_that_got_more_time_once_it_was_broken_counts_as_broken(world: World) -> None:
    policy = a_policy()
    SlaTarget.objects.create(policy=policy, kind="first_response", priority=Priority.LOW, minutes=9000)
    ticket = asked(world, at=at(2, "10:00"))
    set_priority(ticket_id=ticket.pk, priority=Priority.LOW, by=SYSTEM, at=at(2, "13:00"))
    reply(ticket_id=ticket.pk, text="Paid.", by=SYSTEM, at=at(2, "14:00"))
    change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, by=SYSTEM, at=at(2, "15:00"))
    row = row_of(ticket)
    assert (row["first_response"], row["late_first"], row["breaches"]) == (240, 1, 1)
    ticket.refresh_from_db()
    assert ticket.breached_at == at(2, "11:00"), "the desk's list finds what the figures count"


def test_what_came_after_a_rating_is_no_cause_of_it(world: World) -> None:
    a_policy()
    for user, languages in ((world.boris, {"en": 3}), (world.dmitri, {"ru": 3})):
        AgentProfile.objects.create(user=user, languages=languages)
    ticket = asked(world, at=at(2, "10:00"))
    set_language(ticket_id=ticket.pk, language="en", by=SYSTEM, at=at(2, "10:00"))
    assign(ticket_id=ticket.pk, owner_id=world.boris.pk, by=SYSTEM, at=at(2, "10:05"))
    reply(ticket_id=ticket.pk, text="Paid.", by=Actor.person(world.boris.pk), at=at(2, "10:30"))
    change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, by=SYSTEM, at=at(2, "11:00"))
    rate_ticket(public_key=ticket.public_key, value=1, at=at(2, "11:30"))
    wrote(ticket, "Nothing came!", at=at(2, "12:00"))
    assign(ticket_id=ticket.pk, owner_id=world.dmitri.pk, by=SYSTEM, at=at(2, "12:30"))
    reply(ticket_id=ticket.pk, text="Sorry.", by=Actor.person(world.dmitri.pk), at=at(4, "10:00"))
    change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, by=SYSTEM, at=at(4, "11:00"))

    row = row_of(ticket)

    counted = ("reopened", "handed_over", "foreign_language", "breaches")
    assert all(row[name] > 0 for name in counted)
    assert [row[f"{name}_before_rating"] for name in counted] == [0, 0, 0, 0]
    assert (row["rated_at"], row["first_response_before_rating"]) == (at(2, "11:30"), 30)


def test_a_hundred_tickets_take_as_many_queries_as_two(world: World) -> None:
    a_policy()
    rows = [new_ticket(world) for _ in range(100)]
    ids = [opened.ticket.pk for opened in create_tickets_bulk(rows, by=SYSTEM, at=at(2, "10:00"))]
    Ticket.objects.update(status=TicketStatus.CLOSED, closed_at=at(3))
    counts = []
    for part in (ids[:2], ids):
        with CaptureQueriesContext(connection) as captured:
            assert len(list(ticket_rows(part))) == len(part)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_reply_that_an_erasure_keeps_from_leaving_is_no_letter_any_more(world: World) -> None:
    ticket = asked(world, at=at(2, "10:00"))
    unsent = reply(ticket_id=ticket.pk, text="Paid.", by=SYSTEM, at=at(2, "10:30"))
    for kind in ("ticket.created", "ticket.message_sent"):
        facts.note_messages(delivered(ticket, kind))
    write_facts(facts.messages, clock=lambda: at(4))
    erase_contact(contact_id=world.vera.pk, by=SYSTEM, at=at(4))
    write_facts(facts.messages, clock=lambda: at(4))
    kept = rows_of(rows_in("messages").select("id"))
    assert len(kept) == 1
    assert (unsent.pk,) not in kept


def test_a_ticket_opened_again_is_no_fact_until_it_ends(world: World) -> None:
    ticket = asked(world, at=at(2, "10:00"))
    change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, by=SYSTEM, at=at(3))
    facts.note_tickets(delivered(ticket, STATUS_CHANGED)[:1])
    write_facts(facts.tickets, clock=lambda: at(4))
    change_status(ticket_id=ticket.pk, status=TicketStatus.OPEN, by=SYSTEM, at=at(4))
    facts.note_tickets(delivered(ticket, STATUS_CHANGED)[1:])
    write_facts(facts.tickets, clock=lambda: at(4))
    assert rows_of(rows_in("tickets")) == []


def test_letters_are_rows_of_the_ticket_they_belong_to(world: World) -> None:
    ticket = asked(world, at=at(2, "10:00"))
    reply(ticket_id=ticket.pk, text="Paid.", by=SYSTEM, at=at(2, "10:30"))
    for kind in ("ticket.created", "ticket.message_sent"):
        facts.note_messages(delivered(ticket, kind))
    write_facts(facts.messages, clock=lambda: at(4))
    said = rows_of(rows_in("messages").order_by("id").select("ticket", "kind", "side"))
    assert said == [(ticket.pk, "incoming", "partner"), (ticket.pk, "reply", "staff")]
