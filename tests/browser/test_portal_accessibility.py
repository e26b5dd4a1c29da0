"""Every page of the portal can be read and worked by everybody: by axe-core and by our own checks, in both
languages and both themes, and fits a telephone."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.house import ROOT, House
from tests.browser.test_accessibility import look

_WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def portal(house: House) -> Any:
    command = [sys.executable, "-m", "tests.browser.portal_key"]
    done = subprocess.run(
        command, cwd=ROOT, env=house.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def come_in(page: Page, house: House, portal: Any, language: str) -> None:
    context = page.context
    context.add_cookies([{"name": "django_language", "value": language, "url": house.url}])
    cookie = {"name": portal["name"], "value": portal["value"], "domain": "localhost", "path": "/portal/"}
    context.add_cookies([cookie])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("language", "theme", "phone"),
    [
        ("en", "light", False),
        ("ru", "dark", True),
        pytest.param("en", "dark", True, marks=pytest.mark.slow),
        pytest.param("ru", "light", False, marks=pytest.mark.slow),
    ],
)
def test_every_page_of_the_portal_can_be_read_and_worked(
    house: House, portal: Any, open_page: OpenPage, language: str, theme: str, phone: bool
) -> None:
    page = open_page(house, language=language, theme=theme, phone=phone)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": house.url}])
    faults: list[str] = []
    for path in portal["outside"]:
        faults += judged(page, house, path, language, theme)
    come_in(page, house, portal, language)
    assert "/portal/me/" in portal["inside"]
    for path in portal["inside"]:
        faults += judged(page, house, path, language, theme)
    assert not faults, "\n".join(faults)


def judged(page: Page, house: House, path: str, language: str, theme: str) -> list[str]:
    page.goto(house(path))
    faults = look(page, language, theme)
    if page.evaluate(_WIDER):
        faults.append(f"{path}: wider than the screen")
    return faults
