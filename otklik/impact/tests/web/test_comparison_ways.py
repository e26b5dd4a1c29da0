"""Every figure of a comparison leads to as many tickets, ratings or answers as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from otklik.analytics.models import PendingFact
from otklik.analytics.operations.write_facts import write_facts
from otklik.analytics.public import fact_sources
from otklik.desk.models import Clock, Rating, Ticket, Topic
from otklik.desk.rules.vocabulary import ClockKind, ClockState, Outcome, TicketStatus
from otklik.feedback.public import ResponseRow
from otklik.feedback.tests.answers import nps_version, store
from otklik.identity.models import Team
from otklik.identity.rules.roles import Role
from otklik.impact.tests.written import written
from otklik.impact.web import comparison
from otklik.partners.models import Program
from tests.world import NOW, World, make_user

ADDRESS = "/impact/comparison/"
DAYS = 30
FIRST = datetime(2026, 2, 1, tzinfo=UTC)
"""Midnight in UTC of the first of these days."""


@pytest.fixture
def topic(world: World) -> Topic:
    return Topic.objects.create(key="holds", names={"en": "Holds"}, is_active=False)


@pytest.fixture
def compared(
    client: Client, world: World, topic: Topic, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> Iterator[None]:
    """Tickets of every kind, their facts as the desk writes them, and answers after them. Anna's day is not
    that of UTC."""
    settings.OTKLIK = replace(settings.OTKLIK, data_dir=tmp_path)
    monkeypatch.setattr(comparison, "now", lambda: NOW)
    cache.clear()
    world.anna.time_zone = "Asia/Kamchatka"
    world.anna.save()
    of_every_kind(world, topic)
    tickets = fact_sources.get("tickets")
    assert tickets is not None
    write_facts(tickets, clock=lambda: NOW, rebuild=True)
    _answers(world, monkeypatch, settings, tmp_path)
    client.force_login(world.anna)
    yield
    cache.clear()


def of_every_kind(world: World, topic: Topic) -> None:
    team = Team.objects.create(name="Money")
    south = Program.objects.create(name="South", slug="south", created_at=NOW)
    last = FIRST + timedelta(days=DAYS) - timedelta(microseconds=1)
    shared = {"topic": topic, "team": team}
    survivor = _ended(world, FIRST, **shared)
    late = [_ended(world, FIRST + timedelta(days=n), **shared, breached_at=NOW) for n in range(2)]
    rated = [_ended(world, last, channel="phone"), _ended(world, last, channel="phone", topic=topic)]
    # None of these is counted.
    _ended(world, FIRST - timedelta(microseconds=1), **shared)
    _ended(world, last + timedelta(microseconds=1), **shared)
    _ended(world, FIRST, **shared, outcome=Outcome.SPAM)
    _ended(world, FIRST, **shared, outcome=Outcome.MERGED, merged_into=survivor)
    _ended(world, FIRST, **shared, partner=None)
    _ended(world, FIRST, **shared, program=south)
    _ended(world, FIRST, **shared, status=TicketStatus.SOLVED)
    Clock.objects.bulk_create(
        Clock(ticket=one, kind=ClockKind.FIRST_RESPONSE, key="", state=ClockState.MET_LATE,
              started_at=FIRST, due_at=FIRST, ended_at=NOW, used_seconds=60)
        for one in late
    )  # fmt: skip
    Rating.objects.bulk_create(
        Rating(ticket=one, value=value, at=NOW) for one, value in zip(rated, (5, 2), strict=True)
    )


def _ended(world: World, at: datetime, **facts: Any) -> Ticket:
    return Ticket.objects.create(
        **{
            "program": world.program, "partner": world.aurora, "subject": "Payout", "channel": "email",
            "status": TicketStatus.CLOSED, "outcome": Outcome.ANSWERED, "is_open": False,
            "created_at": at, "updated_at": at, "closed_at": NOW,
            "public_key": f"key-{Ticket.objects.count()}", **facts,
        }
    )  # fmt: skip


def _answers(world: World, monkeypatch: pytest.MonkeyPatch, settings: Any, folder: Path) -> None:
    version = nps_version(world)
    rows = []
    for number, (channel, tickets) in enumerate((("email", 3), ("phone", 2), ("email", 0))):
        at = FIRST + timedelta(days=1 + number)
        row = ResponseRow(f"{number}", world.aurora.pk, version, 9, at, world.vera.pk)
        (outcome,) = store(row, at=at)
        rows.append(
            {
                "id": int(outcome.response_id), "program": world.program.pk, "partner": world.aurora.pk,
                "kind": "nps", "score": 9, "day": date(2026, 2, 2), "tickets": tickets,
                "main_channel": channel if tickets else "",
            }
        )  # fmt: skip
    PendingFact.objects.all().delete()
    written(monkeypatch, settings, folder, "exposures", rows)


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def line(client: Client, by: str, name: str) -> list[list[tuple[str, str]]]:
    """Of each cell of a line: addresses with the figures that lead there."""
    table = read(client, f"{ADDRESS}?by={by}&days={DAYS}").partition("<tbody>")[2]
    cells = table.partition(f"<td>{name}</td>")[2].partition("</tr>")[0].split("<td")[1:]
    return [re.findall(r'<a href="([^"]+)">([^<]+)</a>', cell) for cell in cells]


def listed(client: Client, address: str) -> int:
    return read(client, address).count('class="row-name"')


def test_as_many_tickets_stand_in_the_list_as_in_the_row(client: Client, compared: None) -> None:
    rows = (("channel", "E-mail"), ("channel", "Phone"), ("team", "Money"), ("team", "No team"),
            ("topic", "Holds"), ("topic", "No topic"))  # fmt: skip
    found = {}
    for by, name in rows:
        ((address, figure),) = line(client, by, name)[0]
        assert int(figure) == listed(client, address), name
        found[name] = int(figure)
    assert found == {"E-mail": 3, "Phone": 2, "Money": 3, "No team": 2, "Holds": 4, "No topic": 1}


def test_a_share_leads_to_what_broke_and_its_number_to_all(client: Client, compared: None) -> None:
    ((address, figure),) = line(client, "channel", "E-mail")[2]
    assert (figure, listed(client, address)) == ("3", 3)

    few = listed(client, f"{address}&broken=1")
    assert few == 2


def test_ratings_and_answers_are_listed_too(client: Client, compared: None) -> None:
    *_, ratings, answers = line(client, "channel", "Phone")
    ((to_ratings, of_ratings),), ((to_answers, of_answers),) = ratings, answers
    assert (of_ratings, of_answers) == ("2", "1")

    shown = read(client, to_ratings)
    assert "Phone: Ratings of tickets" in shown
    assert len(re.findall(r"ticket \d+", shown)) == 2
    shown = read(client, to_answers)
    assert "Phone: NPS of those who used it" in shown
    assert (shown.count("Vera Orlova"), shown.count("2 tickets")) == (1, 1)


@pytest.mark.parametrize("way", ["by=channel&value=moon", "by=team", "by=topic&value=-1", "by=channel"])
def test_a_line_that_is_none_has_no_answers(client: Client, compared: None, way: str) -> None:
    assert client.get(f"{ADDRESS}answers/?{way}").status_code == 404


def test_whoever_sees_no_tickets_reads_figures_that_lead_to_none(client: Client, compared: None) -> None:
    client.force_login(make_user("analyst@example.com", "Analyst", Role.ANALYST))

    assert line(client, "channel", "Phone")[0] == []
    assert "/inbox/" not in read(client, ADDRESS).partition("<tbody>")[2].partition("</tbody>")[0]
