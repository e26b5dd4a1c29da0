"""What people read where the facts behind a page cannot be asked."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from otklik.analytics.store.sources import folder_of
from otklik.impact.tests.web.test_pages import keep
from tests.servers.clickhouse import ClickHouse
from tests.world import World

PAGES = (
    "/impact/comparison/",
    "/impact/comparison/file/",
    "/impact/outcomes/",
    "/impact/causes/breaches/answers/",
)
WORDS = {
    "en": ("The figures of this page cannot be read just now", "Nothing is lost"),
    "ru": ("Цифры этой страницы сейчас не прочитать", "Ничего не потеряно"),
}


@pytest.fixture
def reader(world: World, settings: Any, tmp_path: Path) -> Iterator[Client]:
    settings.OTKLIK = replace(settings.OTKLIK, data_dir=tmp_path)
    keep(world)
    client = Client(raise_request_exception=False)
    client.force_login(world.anna)
    cache.clear()
    yield client
    cache.clear()


def read(client: Client, address: str, language: str) -> str:
    client.cookies["django_language"] = language
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    page = answer.content.decode()
    assert all(words in page for words in WORDS[language])
    return page


@pytest.mark.parametrize("address", PAGES)
def test_a_server_that_is_away_is_told_in_words_without_its_password(
    reader: Client, settings: Any, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    settings.OTKLIK = replace(settings.OTKLIK, analytics_server=ClickHouse(port=1))
    with caplog.at_level(logging.INFO):
        pages = [read(reader, address, language) for language in WORDS]
    assert "sesame" not in caplog.text + "".join(pages)


@pytest.mark.parametrize("address", PAGES)
def test_a_damaged_store_is_told_in_words(reader: Client, address: str) -> None:
    for source in ("exposures", "tickets", "standings", "earnings"):
        (folder_of(source) / "manifest.json").write_text("{}")
    read(reader, address, "ru")
