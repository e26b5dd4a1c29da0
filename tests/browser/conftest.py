"""Journeys in a real Chromium.

``house`` is a running Otklik with the cast of tests/world.py, one for each test file; ``answered_house`` has
the partners, people and answers of the guide's examples as well, ``desk`` has tickets (desk_world.py),
``furnished_house`` something on every page (rooms.py); in ``empty_house`` nobody is yet, and it is for one
test. ``open_page(house, language=, theme=, phone=)`` gives a page in a browser profile of its own;
what the page writes to the console as an error, or throws, fails the test when it ends.
A screenshot of every page is left in var/screenshots when a test fails.

    def test_something(house: House, open_page: OpenPage) -> None:
        page = open_page(house, language="ru", phone=True)
        sign_in(page, house, "anna@example.com")
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.house import ROOT, House, Running, Template

# Without the windows it never shows: a sixth less of a processor for the same pages.
CHROMIUM = Path("/usr/bin/chromium-headless-shell")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class OpenPage(Protocol):
    def __call__(
        self, house: House, *, language: str = "en", theme: str = "light", phone: bool = False
    ) -> Page: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(
            "Chromium is missing: "
            "apt-get install -y --no-install-recommends chromium-headless-shell fonts-dejavu-core"
        )
    # Playwright keeps an event loop in this thread from now on, which Django would take for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Where those of this run are kept, in reach of all its workers."""
    folder = tmp_path_factory.getbasetemp()
    return folder if worker_id == "master" else folder.parent


@pytest.fixture(scope="session")
def empty_template(templates: Path) -> Template:
    return Template.shared(templates, "empty", Template.made)


@pytest.fixture(scope="session")
def world_template(empty_template: Template, templates: Path) -> Template:
    return Template.shared(templates, "world", empty_template.with_world)


@pytest.fixture(scope="module")
def house(world_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with Running(world_template, tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="session")
def answered_template(world_template: Template, templates: Path) -> Template:
    return Template.shared(templates, "answered", world_template.with_examples)


@pytest.fixture(scope="module")
def answered_house(answered_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with Running(answered_template, tmp_path_factory.mktemp("answered-house")) as running:
        yield running


@pytest.fixture(scope="session")
def desk_template(world_template: Template, templates: Path) -> Template:
    return Template.shared(templates, "desk", world_template.with_desk)


@pytest.fixture(scope="module")
def desk(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with Running(desk_template, tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.fixture(scope="session")
def furnished_template(answered_template: Template, templates: Path) -> Template:
    return Template.shared(templates, "furnished", answered_template.with_rooms)


@pytest.fixture(scope="module")
def furnished_house(
    furnished_template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    with Running(furnished_template, tmp_path_factory.mktemp("furnished-house")) as running:
        yield running


@pytest.fixture
def empty_house(empty_template: Template, tmp_path: Path) -> Iterator[House]:
    with Running(empty_template, tmp_path) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    pages: list[Page] = []
    faults: list[str] = []

    def open_page(house: House, *, language: str = "en", theme: str = "light", phone: bool = False) -> Page:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 860}
        context = browser.new_context(
            viewport=size, locale=language, color_scheme=theme, has_touch=phone, is_mobile=phone
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda line: faults.append(f"{page.url}: {line.text}") if _fault(line) else None)
        pages.append(page)
        return page

    yield open_page
    if request.node.stash.get(FAILED, False):
        _keep_screenshots(request.node.name, pages)
    for page in pages:
        page.context.close()
    assert not faults, "\n".join(faults)


def sign_in(page: Page, house: House, email: str, password: str | None = None) -> None:
    """With e-mail and password, by the form; on the way to a page it lands there afterwards."""
    from tests.world import PASSWORD

    if "/account/login/" not in page.url:
        page.goto(house("/account/login/"))
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(password or PASSWORD)
    page.locator("form:has(#id_login) button[type=submit]").click()
    page.wait_for_url(lambda url: "/account/login/" not in url)


def speak_russian(page: Page, house: House) -> None:
    """Before signing in: the language picked on a page goes before the one in the profile."""
    page.goto(house("/account/login/"))
    page.get_by_role("button", name="Русский").click()
    page.wait_for_selector("html[lang=ru]")


def _fault(line: Any) -> bool:
    # The browser itself notes every answer of 400 and above as an error; tests look at those themselves.
    return line.type == "error" and not line.text.startswith("Failed to load resource")


def _keep_screenshots(test: str, pages: list[Page]) -> None:
    folder = ROOT / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W+", "-", test)
    for number, page in enumerate(pages):
        page.screenshot(path=folder / f"{name}-{number}.png", full_page=True)
