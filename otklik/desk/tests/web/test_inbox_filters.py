"""The list of tickets narrowed by program and days, and to what figures count."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.desk.models import SavedView, Ticket, Topic
from otklik.desk.rules.vocabulary import Outcome, TicketStatus
from otklik.partners.models import Program
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    client.force_login(world.anna)
    return client


@pytest.fixture
def south(world: World) -> Program:
    return Program.objects.create(name="South", slug="south", created_at=world.now)


def ended(world: World, subject: str, at: datetime, **facts: Any) -> Ticket:
    return Ticket.objects.create(
        **{
            "program": world.program, "partner": world.aurora, "subject": subject, "channel": "email",
            "status": TicketStatus.CLOSED, "outcome": Outcome.ANSWERED, "is_open": False,
            "created_at": at, "updated_at": at, "public_key": subject, **facts,
        }
    )  # fmt: skip


def listed(client: Client, **asked: Any) -> list[str]:
    """Subjects in the order of the list."""
    text = page(client, **asked)
    return [part.partition("</a>")[0].partition(">")[2] for part in text.split('class="row-name"')[1:]]


def page(client: Client, **asked: Any) -> str:
    answer = client.get(reverse("inbox"), {"view": "all", "order": "age", **asked})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_it_is_narrowed_to_a_program(world: World, anna: Client, south: Program) -> None:
    ended(world, "Of North", world.now)
    ended(world, "Of South", world.now, program=south, partner=None)

    assert listed(anna, program=south.pk) == ["Of South"]
    assert listed(anna, program=world.program.pk, order="due") == ["Of North"]


def test_a_program_with_most_tickets_lists_the_same(
    world: World, anna: Client, south: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otklik.desk.queries.inbox._MANY", 1)
    ended(world, "Of North", world.now)
    ended(world, "Of South", world.now, program=south, partner=None)

    assert listed(anna, program=south.pk, order="due") == ["Of South"]


def test_days_are_those_of_the_reader_and_both_count(world: World, anna: Client) -> None:
    world.anna.time_zone = "Asia/Tokyo"
    world.anna.save()
    for subject, hour in (("before", 14), ("first", 15), ("last", 23)):
        ended(world, subject, datetime(2026, 1, 9, hour, tzinfo=UTC))
    ended(world, "end", datetime(2026, 1, 10, 14, 59, tzinfo=UTC))
    ended(world, "after", datetime(2026, 1, 10, 15, tzinfo=UTC))

    assert listed(anna, began_from="2026-01-10", began_to="2026-01-10") == ["first", "last", "end"]
    assert listed(anna, began_from="2026-01-11") == ["after"]
    assert listed(anna, began_to="2026-01-09") == ["before"]


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ({"began_from": "2026-02-30"}, "These dates cannot be read"),
        ({"began_to": "yesterday"}, "These dates cannot be read"),
        ({"began_from": "0001-01-01"}, "These dates cannot be read"),
        ({"began_from": "2026-02-02", "began_to": "2026-02-01"}, "The last day lies before the first"),
    ],
)
def test_days_that_are_none_are_told_and_narrow_nothing(
    world: World, anna: Client, days: dict[str, str], says: str
) -> None:
    ended(world, "Any day", world.now)

    shown = page(anna, **days)

    assert says in shown
    assert "Any day" in shown
    # What is done to all that the filter finds is done to the tickets listed here.
    assert 'name="query" value="view=all&order=age"' in shown


def test_figures_count_what_was_closed_for_a_partner_and_their_days_are_of_utc(
    world: World, anna: Client
) -> None:
    world.anna.time_zone = "Asia/Tokyo"
    world.anna.save()
    at = datetime(2026, 1, 9, 15, tzinfo=UTC)
    ended(world, "Counted", at)
    ended(world, "Spam", at, outcome=Outcome.SPAM)
    ended(world, "Stranger", at, partner=None)
    ended(world, "Open", at, status=TicketStatus.OPEN, outcome="", is_open=True)

    shown = page(anna, counted="1", began_from="2026-01-09", began_to="2026-01-09")

    assert "began from 9 Jan 2026 to 9 Jan 2026 (UTC)" in shown
    assert listed(anna, counted="1", began_from="2026-01-09", began_to="2026-01-09") == ["Counted"]
    assert listed(anna, counted="1", began_from="2026-01-10") == []


def test_broken_promises_and_tickets_without_a_topic_are_found(world: World, anna: Client) -> None:
    ended(world, "Late", world.now, breached_at=world.now, topic=Topic.objects.create(key="late"))
    ended(world, "In time", world.now)

    assert listed(anna, broken="1") == ["Late"]
    assert listed(anna, topic="0") == ["In time"]


def test_every_part_of_a_filter_is_told_and_taken_off_by_itself(world: World, anna: Client) -> None:
    old = Topic.objects.create(key="old", names={"en": "Old matters"}, is_active=False)
    ended(world, "About old matters", world.now, topic=old)
    asked = {"topic": old.pk, "program": world.program.pk, "partner": world.aurora.pk}

    shown = page(anna, **asked, began_from="2026-01-01")

    for name in ("Old matters", "North", "Aurora", "began on 1 Jan 2026 or later"):
        assert f'aria-label="Take off: {name}"' in shown
    rest = f"?view=all&order=age&topic={old.pk}&partner={world.aurora.pk}&began_from=2026-01-01"
    assert f'href="{rest}" aria-label="Take off: North"' in shown
    # Else the next filter would let go of it.
    assert f'<option value="{old.pk}" selected>Old matters' in shown


def test_a_view_keeps_program_and_days(world: World, anna: Client) -> None:
    query = (
        f"view=all&program={world.program.pk}&began_from=2026-01-01&began_to=2026-01-31&counted=1&broken=1"
    )
    anna.post(reverse("inbox-views"), {"name": "January", "query": query})

    view = SavedView.objects.get()
    assert view.filters == dict(part.split("=") for part in query.split("&"))
    shown = unescape(anna.get(reverse("inbox-view", args=[view.pk])).content.decode())
    words = "All tickets · closed, as figures count them · a promise was broken"
    assert f"{words} · began from 1 Jan 2026 to 31 Jan 2026 (UTC) · North" in shown


def test_a_narrowed_list_takes_as_many_queries_whatever_its_length(world: World, anna: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(anna, program=world.program.pk, began_from="2026-01-01", counted="1")
        return len(seen)

    ended(world, "0", world.now)
    queries()
    few = queries()
    for number in range(1, 9):
        ended(world, str(number), world.now)
    assert queries() == few
