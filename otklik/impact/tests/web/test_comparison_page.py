"""The page of channels, teams and topics, and its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from otklik.desk.models import Topic
from otklik.identity.models import Team
from otklik.impact.tests.test_comparing import EASY, HARD, answers, tickets
from otklik.impact.tests.written import written
from otklik.impact.web import comparison
from tests.world import NOW, World

ADDRESS = "/impact/comparison/"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def store(
    world: World, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> Iterator[Callable[..., None]]:
    """As it is on the day of the stories, with a team and two topics of their own names."""

    def write(source: str, rows: Iterator[dict[str, Any]]) -> None:
        of_north = ({**row, "program": world.program.pk} for row in rows)
        written(monkeypatch, settings, tmp_path, source, of_north)

    Team.objects.create(pk=5, name=f"Money {SCRIPT}")
    Topic.objects.bulk_create(
        Topic(pk=pk, key=f"topic-{pk}", names={"en": name}) for pk, name in ((HARD, "Holds"), (EASY, "Links"))
    )
    monkeypatch.setattr(comparison, "now", lambda: NOW)
    cache.clear()
    write("exposures", answers())
    yield write
    cache.clear()


@pytest.fixture
def page(client: Client, world: World, store: Callable[..., None]) -> Callable[..., str]:
    client.force_login(world.anna)

    def read(**asked: Any) -> str:
        answer = client.get(ADDRESS, asked)
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    return read


def test_a_slow_channel_is_named_first_in_a_sentence(page: Any, store: Any) -> None:
    store("tickets", tickets(phone_is_slower=3.0))

    text = page()

    assert "1 difference is more than chance." in text
    assert "“Phone” against “E-mail”: the first response takes" in text
    assert "On the same topics one cannot tell any two channels apart. There is no order" in text
    assert "<svg" in text


def test_no_order_is_claimed_where_none_can_be_told(page: Any, store: Any) -> None:
    store("tickets", tickets())

    text = page()

    assert "against" not in text
    assert text.index("<td>E-mail</td>") < text.index("<td>Phone</td>")


def test_topics_and_teams_go_by_their_names_and_nobody_s_script_runs(
    client: Client, page: Any, store: Any
) -> None:
    store("tickets", tickets())

    assert "Holds" in page(by="topic")
    raw = client.get(ADDRESS, {"by": "team"}).content.decode()
    assert "Money &lt;script&gt;" in raw
    assert SCRIPT not in raw
    assert "Cannot tell yet" in raw


def test_odd_values_in_the_address_are_taken_as_not_given(page: Any, store: Any) -> None:
    store("tickets", tickets())

    odd, plain = (
        text.split('id="main"')[1].split("</main>")[0]
        for text in (page(by="moon", days="0", program="9999", outcome="x"), page())
    )
    assert odd == plain


def test_without_tickets_the_page_says_what_it_waits_for(page: Any, store: Any) -> None:
    store("tickets", iter([]))

    assert "Nothing to compare yet" in page()


def test_the_file_has_the_same_figures_and_every_pair(client: Client, page: Any, store: Any) -> None:
    store("tickets", tickets(phone_is_slower=3.0))

    lines = b"".join(client.get(f"{ADDRESS}file/")).decode("utf-8-sig").splitlines()

    assert len(lines) == 1 + 4 * 2 + 4
    first_response = next(line for line in lines if line.startswith("First response,Phone"))
    assert ",200,40" in first_response


def test_whoever_does_not_see_all_partners_reads_no_figures_of_all(
    client: Client, world: World, store: Any
) -> None:
    store("tickets", tickets())
    client.force_login(world.boris)

    text = client.get(ADDRESS).content.decode()

    assert "First response" not in text
    assert client.get(f"{ADDRESS}file/").status_code in (403, 404)


def test_in_russian(client: Client, page: Any, store: Any) -> None:
    store("tickets", tickets(phone_is_slower=3.0))
    client.cookies["django_language"] = "ru"

    text = page()

    assert "«Телефон» против" in text
    assert "первого ответа ждут в" in text
