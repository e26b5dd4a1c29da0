"""The inbox as its people see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.desk.models import SavedView, Tag, Ticket, TicketTag, Topic
from otklik.desk.operations.tickets import create_ticket
from otklik.desk.queries.inbox import view_counts
from otklik.desk.queries.inbox_filter import View
from otklik.desk.rules.vocabulary import Channel, Priority, Side, TicketStatus
from otklik.events.public import Actor
from otklik.identity.public import Team
from tests.world import World

pytestmark = pytest.mark.django_db


def ticket(world: World, subject: str = "Payout is late", **facts: Any) -> Ticket:
    said: dict[str, Any] = {
        "program_id": world.program.pk,
        "subject": subject,
        "channel": Channel.EMAIL,
        "side": Side.PARTNER,
        "text": "Where is the payout of October?",
        "partner_id": world.aurora.pk,
        "contact_id": world.vera.pk,
        "by": Actor.system(),
        "at": world.now,
        **facts,
    }
    return create_ticket(**said)


def page(client: Client, query: str = "") -> str:
    answer = client.get(reverse("inbox") + query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def dmitri(world: World, client: Client) -> Client:
    client.force_login(world.dmitri)
    return client


def test_an_agent_finds_own_tickets_first_and_nobodys_in_their_view(world: World, dmitri: Client) -> None:
    ticket(world, "Mine", owner_id=world.dmitri.pk)
    ticket(world, "Free for all")

    assert "Mine" in page(dmitri)
    assert "Free for all" not in page(dmitri)
    assert "Free for all" in page(dmitri, "?view=unassigned")


def test_an_account_manager_sees_the_tickets_of_own_partners_alone(world: World, client: Client) -> None:
    ticket(world, "Of Aurora")
    ticket(world, "Of Borealis", partner_id=world.borealis.pk, contact_id=None)
    client.force_login(world.boris)

    shown = page(client, "?view=all")

    assert "Of Aurora" in shown
    assert "Of Borealis" not in shown


def test_it_shows_nothing_to_somebody_without_the_right(world: World, client: Client) -> None:
    client.force_login(world.stranger)
    assert client.get(reverse("inbox")).status_code == 403


def test_pages_go_on_behind_the_last_row_and_miss_nothing(world: World, dmitri: Client) -> None:
    for number in range(53):
        ticket(world, f"Number {number:02}", at=world.now + timedelta(seconds=number))

    first = dmitri.get(reverse("inbox") + "?view=open&order=age").content.decode()
    link = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = page(dmitri, link)

    found = [number for number in range(53) if f"Number {number:02}" in first]
    assert found == list(range(50))
    assert [number for number in range(53) if f"Number {number:02}" in second] == [50, 51, 52]


def test_the_number_of_queries_does_not_grow_with_the_list(world: World, dmitri: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page(dmitri, "?view=open")
        return len(seen)

    for _ in range(3):
        ticket(world)
    page(dmitri, "?view=open")
    few = queries()
    for _ in range(9):
        ticket(world)

    assert queries() == few
    assert few <= 14, "who asks, the page and its tags, all numbers at once, what can be chosen"


def test_search_finds_a_word_of_a_reply_in_any_form(world: World, dmitri: Client) -> None:
    ticket(world, "Вопрос", text="Когда придут выплаты за октябрь?")
    ticket(world, "Другое", text="Не работает ссылка")

    shown = page(dmitri, "?view=all&q=выплату")

    assert "Вопрос" in shown
    assert "Другое" not in shown


def test_a_number_finds_the_ticket_itself(world: World, dmitri: Client) -> None:
    one, other = ticket(world, "One"), ticket(world, "Other")
    shown = page(dmitri, f"?view=all&q=%23{one.pk}")
    assert "One" in shown
    assert f"#{other.pk} " not in shown


@pytest.mark.parametrize(
    "query", ["?view=nonsense", "?owner=-1", "?after=x_y", "?topic=99999999999999999999", "?after=1e400_1"]
)
def test_odd_addresses_are_taken_as_not_given(world: World, dmitri: Client, query: str) -> None:
    page(dmitri, query)


def test_many_are_changed_at_once_and_what_cannot_be_is_counted(world: World, dmitri: Client) -> None:
    tickets = [ticket(world) for _ in range(3)]
    data = {"action": "owner", "value": "me", "ticket": [t.pk for t in tickets], "query": "view=open"}

    answer = dmitri.post(reverse("inbox-bulk"), data, follow=True)

    assert "3 tickets changed" in answer.content.decode()
    assert Ticket.objects.filter(owner=world.dmitri).count() == 3


def test_bulk_changes_reach_no_ticket_of_somebody_elses_partner(world: World, client: Client) -> None:
    foreign = ticket(world, partner_id=world.borealis.pk, contact_id=None)
    client.force_login(world.boris)

    client.post(reverse("inbox-bulk"), {"action": "priority", "value": "low", "ticket": [foreign.pk]})

    foreign.refresh_from_db()
    assert foreign.priority != Priority.LOW or not foreign.priority_by_hand


def test_a_filter_is_kept_under_a_name_for_its_owner_only(
    world: World, dmitri: Client, client: Client
) -> None:
    dmitri.post(reverse("inbox-views"), {"name": "Urgent ones", "query": "view=open&priority=urgent"})

    view = SavedView.objects.get()
    assert view.owner == world.dmitri
    assert view.filters == {"view": "open", "priority": "urgent"}
    assert "Urgent ones" in page(dmitri)
    client.force_login(world.anna)
    assert "Urgent ones" not in page(client)


def test_waiting_tickets_stand_in_their_view(world: World, dmitri: Client) -> None:
    waiting = ticket(world, "Asked back")
    Ticket.objects.filter(pk=waiting.pk).update(status=TicketStatus.WAITING)
    assert "Asked back" in page(dmitri, "?view=waiting")


def test_a_row_tells_whose_ticket_it_is_and_what_presses(world: World, dmitri: Client) -> None:
    one = ticket(world, "<b>Payout</b> & co", owner_id=world.dmitri.pk)
    Ticket.objects.filter(pk=one.pk).update(priority=Priority.URGENT, topic=Topic.objects.first())
    for name in ("late", "<i>bank</i>"):
        TicketTag.objects.create(ticket=one, tag=Tag.objects.create(name=name))

    row = page(dmitri).partition(f'<tr data-row="{one.pk}"')[2].partition("</tr>")[0]

    assert f'href="{reverse("ticket", args=[one.pk])}">&lt;b&gt;Payout&lt;/b&gt; &amp; co</a>' in row
    assert f"{world.aurora.name} · {world.vera.name}" in row
    assert f"{world.dmitri.name}</span>" in row
    assert 'class="tone tone-bad">urgent<' in row
    assert row.index("&lt;i&gt;bank&lt;/i&gt;") < row.index(">late<")
    assert f'aria-label="Choose ticket {one.pk}"' in row


def test_a_row_of_a_stranger_names_the_address_and_the_team(world: World, dmitri: Client) -> None:
    team = Team.objects.create(name="Payouts")
    facts = {"partner_id": None, "contact_id": None, "requester_address": "who@stranger.example"}
    one = ticket(world, **facts, team_id=team.pk)

    row = page(dmitri, "?view=open").partition(f'<tr data-row="{one.pk}"')[2].partition("</tr>")[0]

    assert "who@stranger.example" in row
    assert '<span class="text-secondary">Payouts</span>' in row


def test_every_view_has_its_number_up_to_a_hundred(world: World, dmitri: Client) -> None:
    for _ in range(3):
        ticket(world, owner_id=world.dmitri.pk)
    ticket(world)
    some_ticket = ticket(world)
    Ticket.objects.filter(pk=some_ticket.pk).update(status=TicketStatus.WAITING)

    counts = view_counts(world.dmitri, list(View), now=world.now)

    assert counts[View.MINE] == 3
    assert counts[View.UNASSIGNED] == 2
    assert counts[View.WAITING] == 1
    assert counts[View.OPEN] == counts[View.ALL] == 5
    assert counts[View.TEAM] == counts[View.ASKED] == 0


@pytest.mark.parametrize("q", ["payout", "pay", "october"])
def test_who_has_few_tickets_finds_theirs_behind_the_newest_hits_of_everybody(
    world: World, dmitri: Client, monkeypatch: pytest.MonkeyPatch, q: str
) -> None:
    monkeypatch.setattr("otklik.desk.queries.inbox.MOST_HITS", 4)
    monkeypatch.setattr("otklik.desk.queries.inbox._PERHAPS_CUT", 4)
    ticket(world, "An old payout of mine", owner_id=world.dmitri.pk)
    ticket(world, "Mine too", text="About something else", owner_id=world.dmitri.pk)
    for number in range(6):
        ticket(world, f"Newer payout {number}")

    shown = page(dmitri, f"?view=mine&q={q}")
    assert "An old payout of mine" in shown
    assert "Mine too" not in shown
    assert "Newer payout" not in shown
    assert "Mine too" not in page(dmitri, f"?view=all&q={q}")


def test_a_word_that_very_many_hold_is_looked_for_among_the_newest(
    world: World, dmitri: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otklik.desk.queries.inbox.MOST_HITS", 4)
    monkeypatch.setattr("otklik.desk.queries.inbox._PERHAPS_CUT", 4)
    monkeypatch.setattr("otklik.desk.queries.inbox._FEW", 3)
    for number in range(6):
        ticket(world, f"Payout {number}")

    shown = page(dmitri, "?view=all&q=payout")
    assert "Payout 5" in shown
    assert "Payout 0" not in shown
