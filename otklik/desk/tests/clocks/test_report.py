"""The report says what was promised and kept."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.desk.operations.messages import reply
from otklik.desk.queries.report import desk_report
from otklik.desk.rules.vocabulary import Channel
from otklik.desk.tests.clocks.promised import a_policy, at
from otklik.desk.tests.operations.stories import SYSTEM, asked
from otklik.identity.public import Team
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_march(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    from otklik.desk.web import report

    monkeypatch.setattr(report, "now", lambda: at(6))
    cache.clear()


def answered(world: World, minutes: int, team: Team | None = None) -> None:
    ticket = asked(world, at=at(2, "09:00"), team_id=team.pk if team else None, channel=Channel.EMAIL)
    reply(ticket_id=ticket.pk, text="Paid.", by=SYSTEM, at=at(2, f"{9 + minutes // 60}:{minutes % 60:02}"))


def test_promises_are_counted_by_team_with_an_interval(world: World) -> None:
    a_policy()
    payouts = Team.objects.create(name="Payouts")
    for minutes in (10, 20, 30, 40, 50, 70):
        answered(world, minutes, payouts)
    answered(world, 15)
    found = desk_report(world.anna, days=30, at=at(6))
    assert (found.overall.kept, found.overall.missed) == (6, 1)
    assert [(row.name, row.kept, row.missed) for row in found.teams] == [("Payouts", 5, 1), ("", 1, 0)]
    assert found.teams[0].interval is not None
    assert found.teams[1].share is None, "of one promise nothing can be said"
    first = found.overall.first_response
    assert first.half == (30, (10, 70)), "of seven, the first and the last value hold the median between them"
    assert first.most == (70, None), "seven say nothing of how sure nine of ten is"
    payouts_alone = found.teams[0].first_response
    assert (payouts_alone.n, payouts_alone.half and payouts_alone.half.value) == (6, 30)
    assert (found.teams[1].first_response.n, found.teams[1].first_response.half) == (1, None)
    assert found.overall.resolution.n == 0, "what is still open has no time of its own"
    assert found.backlog == (0, 0, 7, 0, 0)


def test_the_page_asks_as_often_for_many_tickets_as_for_few(world: World, client: Client) -> None:
    a_policy()
    client.force_login(world.dmitri)
    for _ in range(5):
        answered(world, 10)
    _asked(client)
    few, page = _asked(client)
    for _ in range(10):
        answered(world, 90)
    many, page = _asked(client)
    assert few == many
    assert "33%" in page
    assert "<svg" in page


def _asked(client: Client) -> tuple[int, str]:
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(reverse("desk-report"))
    assert answer.status_code == 200
    return len(queries), answer.content.decode()


def test_an_account_manager_reads_of_own_partners_alone(world: World, client: Client) -> None:
    a_policy()
    for _ in range(5):
        answered(world, 10)
    assert desk_report(world.boris, days=30, at=at(6)).overall.n == 5
    assert desk_report(world.clara, days=30, at=at(6)).overall.n == 0
    client.force_login(world.boris)
    answer = client.get(reverse("desk-report-csv") + "?days=90")
    lines = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "All promises,,5,0,100.0,56.6,100.0,5,10,,,10,,,0" in lines.replace(";", ",")
    client.force_login(world.dmitri)
    assert client.get(reverse("desk-report-csv")).status_code == 403
