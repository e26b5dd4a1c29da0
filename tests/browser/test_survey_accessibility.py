"""What can be measured of accessibility on the pages of surveys that need something to be there first."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import ROOT, House
from tests.browser.test_accessibility import look, visit


@pytest.fixture(scope="module")
def rooms(house: House) -> Any:
    command = [sys.executable, "-m", "tests.browser.survey_rooms"]
    done = subprocess.run(
        command, cwd=ROOT, env=house.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("ru", "light")])
def test_the_pages_of_surveys_can_be_read_and_worked_by_everybody(
    house: House, rooms: Any, open_page: OpenPage, language: str, theme: str
) -> None:
    page = open_page(house, language=language, theme=theme)
    if language == "ru":
        speak_russian(page, house)
    sign_in(page, house, "anna@example.com")
    faults: list[str] = []
    for path in rooms["pages"]:
        faults += visit(page, house, path, language, theme)
    faults += visit(page, house, rooms["people"] + "?q=Vera", language, theme)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("form[action$='/link/'] button").first.click()
    expect(page.locator("main input[readonly]")).to_have_value(re.compile("/a/"))
    faults += look(page, language, theme)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ru", "dark")])
def test_who_is_asked_can_read_and_work_every_page(
    house: House, rooms: Any, open_page: OpenPage, language: str, theme: str
) -> None:
    page = open_page(house, language=language, theme=theme, phone=True)
    own, *others = rooms["answering"][language]
    faults: list[str] = []
    for path in (*others, own):
        page.goto(house(path))  # some of these answer 410
        faults += look(page, language)
    page.locator("label", has_text="3").first.click()
    expect(page.locator("#status")).not_to_be_empty()
    faults += look(page, language)
    page.locator("#form button[type=submit]").click()
    expect(page.locator("#thanks .title")).to_be_focused()
    faults += look(page, language)
    page.goto(house(f"{own}?thanks=1"))
    faults += look(page, language)

    page.goto(house(f"{own}stop/"))
    faults += look(page, language)
    page.locator("form button").click()
    again = page.locator("form:has([name=again]) button")
    expect(again).to_be_visible()
    faults += look(page, language)
    again.click()
    expect(again).to_be_hidden()
    assert not faults, "\n".join(faults)
