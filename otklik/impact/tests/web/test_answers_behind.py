"""The list of answers behind a figure: those of its bin, whatever their number in as many queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from otklik.analytics.models import PendingFact
from otklik.desk.models import Ticket
from otklik.desk.tests.operations.stories import asked
from otklik.feedback.models import Response
from otklik.feedback.public import ResponseRow
from otklik.feedback.tests.answers import nps_version, store
from otklik.identity.rules.roles import Role
from otklik.impact.rules.vocabulary import Exposure, Outcome
from otklik.impact.tests.samples import BREACHES, REPORT
from otklik.impact.tests.web.test_pages import keep
from otklik.impact.tests.written import written
from tests.world import World, make_user

FIRST = datetime(2025, 6, 2, 9, tzinfo=UTC)
ADDRESS = "/impact/causes/breaches/answers/"


@pytest.fixture
def answered(
    world: World, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> Callable[[int], list[int]]:
    """So many answers of Vera, a day apart, with 0, 1, 2, 3, 0, ... promised times missed before them."""

    def answer(count: int) -> list[int]:
        version = nps_version(world)
        ids = []
        for number in range(count):
            moment = FIRST + timedelta(days=number)
            row = ResponseRow(f"{number}", world.aurora.pk, version, number % 11, moment, world.vera.pk)
            (outcome,) = store(row, at=moment)
            ids.append(int(outcome.response_id))
        rows = (
            {
                "id": pk,
                "responded_at": FIRST + timedelta(days=number),
                "day": (FIRST + timedelta(days=number)).date(),
                "kind": "nps",
                "score": number % 11,
                "program": world.program.pk,
                "partner": world.aurora.pk,
                "desk_since": FIRST - timedelta(days=200 if number else 20),
                "breaches": number % 4,
                "own_breaches": number % 4 // 2,
            }
            for number, pk in enumerate(ids)
        )
        # What storing the answers noted would be asked of the rows above by numbers they do not have.
        PendingFact.objects.all().delete()
        written(monkeypatch, settings, tmp_path, "exposures", rows)
        return ids

    return answer


def read(client: Client, **parameters: Any) -> str:
    answer = client.get(ADDRESS, parameters)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_a_bin_lists_its_answers_and_leads_to_their_people_and_tickets(
    world: World, client: Client, answered: Callable[[int], list[int]]
) -> None:
    answered(9)
    keep(world)
    client.force_login(world.anna)
    page = read(client, low="2", high="3")
    assert "Promised times missed: 2–3 missed promises" in page
    assert page.count("Vera Orlova") == 4
    assert page.count("of this person alone: 1 missed promise") == 4
    assert f'href="/contacts/{world.vera.pk}/"' in page
    assert f"/inbox/?view=all&partner={world.aurora.pk}" in page
    # The first answer came when the desk was 20 days old: what was before nobody knows.
    none = read(client, low="0", high="0")
    assert none.count("Vera Orlova") == 2
    assert "of this person alone" not in none


def test_what_was_heard_after_the_report_is_not_behind_it(
    world: World, client: Client, answered: Callable[[int], list[int]]
) -> None:
    answered(9)
    kept = keep(world)
    kept.ended_at = FIRST + timedelta(days=4)
    kept.save()
    client.force_login(world.anna)
    assert read(client).count("Vera Orlova") == 4


def test_whose_money_was_late_is_for_those_who_see_money(
    world: World, client: Client, answered: Callable[[int], list[int]]
) -> None:
    held = replace(BREACHES, exposure=Exposure.MONEY_HELD)
    late = replace(BREACHES, exposure=Exposure.PAYOUTS_LATE)
    keep(world, replace(REPORT, studies=(held, late)))
    finance = make_user("money@example.com", "Money", Role.FINANCE, Role.ANALYST)
    for user, opens in ((world.dmitri, False), (finance, True)):
        client.force_login(user)
        for cause in ("money_held", "payouts_late"):
            page = client.get(f"/impact/causes/{cause}/").content.decode()
            assert "2–7" in page
            assert (f"/impact/causes/{cause}/answers/" in page) is opens
            assert client.get(f"/impact/causes/{cause}/answers/").status_code == (200 if opens else 404)


def test_what_was_erased_is_gone_and_odd_bounds_are_no_bounds(
    world: World, client: Client, answered: Callable[[int], list[int]]
) -> None:
    ids = answered(9)
    keep(world)
    client.force_login(world.anna)
    assert read(client).count("Vera Orlova") == 8
    for odd in ("abc", "NaN", "1e400", "-1", "²", "9" * 400):
        assert read(client, low=odd, high=odd, page=odd).count("Vera Orlova") == 8
    Response.objects.filter(pk=ids[1]).delete()
    assert read(client).count("Vera Orlova") == 7
    assert "No answers here" in read(client, low="5", high="9")


def test_more_answers_take_no_more_queries(
    world: World,
    client: Client,
    answered: Callable[[int], list[int]],
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    keep(world)
    client.force_login(world.anna)
    answered(13)
    assert read(client, low="1", high="1").count("Vera Orlova") == 3
    with django_assert_max_num_queries(30) as few:
        assert read(client, low="1", high="2").count("Vera Orlova") == 6
    with django_assert_num_queries(len(few)):
        assert read(client).count("Vera Orlova") == 12


def test_a_rating_leads_to_its_ticket(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    ticket: Ticket = asked(world, at=FIRST)
    rated = {"id": ticket.pk, "program": world.program.pk, "partner": world.aurora.pk, "day": FIRST.date()}
    row = {**rated, "rating": 2, "breaches_before_rating": 1, "first_response_before_rating": 90}
    written(monkeypatch, settings, tmp_path, "tickets", [row])
    waits = replace(BREACHES, exposure=Exposure.WAIT_MEDIAN)
    keep(world, replace(REPORT, outcome=Outcome.CSAT, studies=(BREACHES, waits)))
    client.force_login(world.anna)
    page = read(client, outcome="csat", low="1", high="1")
    assert f'href="/tickets/{ticket.pk}/"' in page
    answer = client.get("/impact/causes/wait_median/answers/", {"outcome": "csat", "low": "1", "high": "2"})
    assert "1.5 business hours" in unescape(answer.content.decode())
