"""Open pages follow what others do, without being reloaded."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, sign_in
from tests.browser.house import House
from tests.servers.installation import Process

Tabs = tuple[Page, Page, list[tuple[Page, str]]]
ASSIGN = """
import sys, django
django.setup()
from otklik.events.public import Actor
from otklik.identity.models import User
from otklik.kit.clock import now
from otklik.partners.models import Partner
from otklik.partners.operations.partners import assign_manager
partner = Partner.objects.get(name="Aurora")
manager = User.objects.get(email=f"{sys.argv[1]}@example.com")
assign_manager(partner_id=partner.pk, manager_id=manager.pk, by=Actor.system(), at=now())
"""

RENAME = """
import sys, django
django.setup()
from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.partners.models import Partner
from otklik.partners.operations.partners import change_partner
partner = Partner.objects.get(name=sys.argv[1])
change_partner(partner_id=partner.pk, facts={"name": sys.argv[2]}, by=Actor.system(), at=now())
"""

LETTERS = """
import sys, time, django
django.setup()
from otklik.desk.operations.tickets import create_ticket
from otklik.desk.rules.vocabulary import Channel, Side
from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.partners.models import Partner
partner = Partner.objects.get(contacts__name="Vera Orlova")
for number in range(1, 7):
    create_ticket(
        program_id=partner.program_id, partner_id=partner.pk, subject=f"Letter {number}", text="?",
        channel=Channel.EMAIL, side=Side.PARTNER, by=Actor.system(), at=now(),
    )
    time.sleep(float(sys.argv[1]))
"""


def six_letters_come(house: House, *, pause: float) -> None:
    house.errands.run("-c", LETTERS, str(pause))


def somebody_renames(house: House, before: str, after: str) -> None:
    house.errands.run("-c", RENAME, before, after)


def somebody_assigns(house: House, name: str) -> None:
    house.errands.run("-c", ASSIGN, name)


@contextmanager
def edge_of(house: House) -> Iterator[None]:
    port = (urlsplit(house.url).port or 0) + 1
    listen = ["--interface", "asgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    arguments = ["-m", "granian", *listen, "--workers-kill-timeout", "5", "otklik.edge.app:application"]
    process = Process(arguments, house.environment, Path(house.data) / "edge.log")
    try:
        end = time.monotonic() + 30
        while True:
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1):
                break
            assert time.monotonic() < end, process.log.read_text()
            time.sleep(0.1)
        yield
    finally:
        process.kill()


def open_aurora(page: Page, house: House) -> None:
    page.goto(house("/partners/"))
    page.get_by_role("link", name="Aurora").first.click()
    expect(page.get_by_role("heading", name="Aurora")).to_be_visible()


def shows_manager(page: Page, name: str) -> None:
    expect(page.locator("#partner-live .column-side")).to_contain_text(name)


def streams(tab: Page, requests: list[tuple[Page, str]]) -> int:
    return sum(which is tab and "/live?ticket=" in url for which, url in requests)


def in_view(page: Page) -> None:
    """Headless Chromium calls every tab visible, as two windows side by side are."""
    assert page.evaluate("document.visibilityState") == "visible"


@pytest.fixture
def tabs(house: House, open_page: OpenPage) -> Tabs:
    """Two tabs of one browser, and what each of them asked for."""
    first = open_page(house)
    sign_in(first, house, "anna@example.com")
    second = first.context.new_page()
    requests: list[tuple[Page, str]] = []
    first.on("request", lambda request: requests.append((first, request.url)))
    second.on("request", lambda request: requests.append((second, request.url)))
    return first, second, requests


def test_two_tabs_share_one_stream_and_both_follow(house: House, tabs: Tabs) -> None:
    first, second, requests = tabs
    with edge_of(house):
        for tab in (first, second):
            open_aurora(tab, house)
            shows_manager(tab, "Boris Manager")
            in_view(tab)
        second.wait_for_timeout(1500)
        somebody_assigns(house, "clara")
        for tab in (first, second):
            shows_manager(tab, "Clara Manager")
        assert streams(first, requests) > 0
        assert streams(second, requests) == 0

        # The tab that kept the stream goes: the other takes it over.
        first.close()
        second.wait_for_timeout(1500)
        assert streams(second, requests) == 1
        somebody_assigns(house, "boris")
        shows_manager(second, "Boris Manager")


def test_a_page_catches_up_when_the_stream_comes_back(house: House, tabs: Tabs) -> None:
    page, _, _ = tabs
    somebody_assigns(house, "boris")
    with edge_of(house):
        open_aurora(page, house)
        shows_manager(page, "Boris Manager")
        page.wait_for_timeout(1500)
    somebody_assigns(house, "clara")  # nobody tells the page
    page.wait_for_timeout(500)
    shows_manager(page, "Boris Manager")
    with edge_of(house):
        shows_manager(page, "Clara Manager")


def test_a_new_name_appears_above_the_page_and_in_its_title(house: House, tabs: Tabs) -> None:
    page, _, _ = tabs
    with edge_of(house):
        open_aurora(page, house)
        page.wait_for_timeout(1500)
        somebody_renames(house, "Aurora", "Aurora Media")
        expect(page.get_by_role("heading", level=1)).to_have_text("Aurora Media")
        expect(page).to_have_title("Aurora Media · Otklik")
    somebody_renames(house, "Aurora Media", "Aurora")


def test_a_list_that_changes_all_the_time_is_read_anew_now_and_then(house: House, tabs: Tabs) -> None:
    page, _, requests = tabs
    with edge_of(house):
        page.goto(house("/inbox/?view=all"))
        page.wait_for_timeout(1500)
        requests.clear()
        six_letters_come(house, pause=0.6)

        expect(page.get_by_role("link", name="Letter 6", exact=True)).to_be_visible(timeout=15_000)
        assert sum("/inbox/" in url for _, url in requests) <= 3
