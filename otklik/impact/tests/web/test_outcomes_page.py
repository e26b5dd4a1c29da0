"""The page of what became of partners."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from otklik.identity.models import User
from otklik.identity.rules.roles import Role
from otklik.impact.tests.test_outcomes import answers, earnings, standings
from otklik.impact.tests.written import written
from otklik.impact.web import outcomes
from otklik.loop.models import Ask
from otklik.loop.rules.vocabulary import AskKind, AskState
from tests.world import NOW, World, make_user

ADDRESS = "/impact/outcomes/"


@pytest.fixture
def page(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> Iterator[Callable[..., str]]:
    monkeypatch.setattr(outcomes, "now", lambda: NOW)

    def read(user: User, **sources: Iterator[dict[str, Any]]) -> str:
        cache.clear()
        for source in ("exposures", "standings", "earnings"):
            rows = ({**row, "program": world.program.pk} for row in sources.get(source, iter([])))
            written(monkeypatch, settings, tmp_path, source, rows)
        client.force_login(user)
        answer = client.get(ADDRESS)
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    yield read
    cache.clear()


def test_it_says_what_goes_together_and_that_this_proves_nothing(page: Any, world: World) -> None:
    text = page(world.anna, exposures=answers(), standings=standings(), earnings=earnings())

    assert "that is no proof that one brought the other" in text
    assert text.count("It goes together with the score: promoters do better.") == 3
    assert text.count("Difference with the season taken out: ") == 2
    assert "Large partners are served better." in text
    assert "The same partner in better and worse times: cannot tell" in text
    assert "it is not recorded, so there is no return" in text


def test_a_figure_leads_to_its_partners_and_what_became_of_each(
    client: Client, page: Any, world: World
) -> None:
    aurora, borealis = world.aurora.pk, world.borealis.pk
    said = {aurora: 1, borealis: 61}
    rows = [{**row, "partner": pk} for pk, of in said.items() for row in answers(range(of, of + 1))]
    decided = {1: aurora, 62: borealis}
    stood = [{**row, "partner": decided[row["partner"]]} for row in standings() if row["partner"] in decided]
    text = page(world.anna, exposures=iter(rows), standings=iter(stood))

    way = f"?program={world.program.pk}&outcome=nps&later=renewed&split=score&side="
    assert f'<a href="{ADDRESS}partners/{way}good">1 partner</a>' in text
    shown = unescape(client.get(f"{ADDRESS}partners/{way}bad").content.decode())
    assert "Renewal of the contract: Detractors before" in shown
    assert f'<a href="/partners/{borealis}/">Borealis</a></td><td><time datetime="2025-10-01">' in shown
    assert shown.count("<td>left</td>") == 1
    for odd in ("good", "x&later=moon", "good&later=earned&split=mood"):
        status = client.get(f"{ADDRESS}partners/?side={odd}").status_code
        assert status == 404, odd


def test_what_partners_earned_is_listed_to_those_who_see_revenue(
    client: Client, page: Any, world: World
) -> None:
    page(world.anna, exposures=answers(), earnings=earnings())
    way = f"{ADDRESS}partners/?later=earned&split=score&side=good"
    assert client.get(way).status_code == 200
    client.force_login(make_user("lead@example.com", "Lead", Role.LEAD))
    assert client.get(way).status_code == 404


def test_what_is_missing_or_too_little_is_said(page: Any, world: World) -> None:
    world.aurora.renewal_on = NOW.date().replace(year=2025)
    world.aurora.save()

    text = page(world.anna)

    assert "Cannot tell: 0 partners so far, and it takes 20" in text
    assert "The data do not have it: nothing that partners earned" in text
    assert "1 contract is past its day" in text
    assert "Nobody was asked for a referral yet." in text


def test_sales_are_for_those_who_may_see_revenue(page: Any, world: World) -> None:
    lead = make_user("lead@example.com", "Lead", Role.LEAD)

    text = page(lead, exposures=answers(), standings=standings(), earnings=earnings())

    assert "Sales are shown to those who may see revenue." in text
    assert "How much more a partner earned" not in text
    assert "Renewal of the contract" in text


def test_referrals_are_counted_and_compared_with_nobody(page: Any, world: World) -> None:
    ask = Ask.objects.create(
        program=world.program, partner=world.aurora, contact=world.vera, kind=AskKind.REFERRAL,
        state=AskState.DELIVERED, created_at=NOW, asked_at=NOW, score=10,
    )  # fmt: skip
    ask.referrals.create(partner=world.borealis, noted_at=NOW)

    text = page(world.anna)

    assert "Of 1 promoter asked for a referral 1 brought a partner" in text
    assert "there is nobody to compare them with" in text


def test_whoever_sees_only_their_own_partners_reads_no_figures_of_all(page: Any, world: World) -> None:
    assert "Renewal of the contract" not in page(world.boris)
