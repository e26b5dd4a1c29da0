"""What can be measured of accessibility, on every page there is: by axe-core, and by checks of our own for
what it does not look at. Whoever adds a page finds it here without doing anything."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.house import EXAMPLES, House
from tests.browser.readers import Reader, every_reader, look, one_reader, share
from tests.browser.rooms import FILE


@pytest.fixture(scope="module")
def rooms(furnished_house: House) -> Any:
    return json.loads((furnished_house.data / FILE).read_text(encoding="utf-8"))


def opened(open_page: OpenPage, house: House, reader: Reader) -> Page:
    page = open_page(house, language=reader.language, theme=reader.theme, phone=reader.phone)
    page.context.add_cookies([{"name": "django_language", "value": reader.language, "url": house.url}])
    return page


def let_in(page: Page, house: House, rooms: Any, door: str) -> None:
    page.context.add_cookies([{**rooms["cookies"][door], "url": house.url}])


@every_reader
def test_every_page_can_be_read_and_worked_by_everybody(
    furnished_house: House, rooms: Any, open_page: OpenPage, reader: Reader, reads_all: bool
) -> None:
    page = opened(open_page, furnished_house, reader)
    faults: list[str] = []
    for path in share(reader, rooms["pages"]["nobody"], reads_all):
        page.goto(furnished_house(path.format(language=reader.language)))
        faults += look(page, twice=reads_all)
    for door in ("partner", "staff"):
        let_in(page, furnished_house, rooms, door)
        for path in share(reader, rooms["pages"][door], reads_all):
            answer = page.goto(furnished_house(path))
            assert answer is not None
            assert answer.ok, path
            faults += look(page, reader.language, reader.theme, twice=reads_all)
    assert not faults, "\n".join(faults)


@one_reader(0)
def test_columns_of_a_file_can_be_matched_by_everybody(
    furnished_house: House, rooms: Any, open_page: OpenPage, reader: Reader
) -> None:
    page = opened(open_page, furnished_house, reader)
    let_in(page, furnished_house, rooms, "staff")
    page.goto(furnished_house("/imports/new/"))
    page.locator("input[name=target][value=answers]").check()
    page.locator("input[type=file]").set_input_files(EXAMPLES / "answers-2025-h1.csv")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/mapping/")
    assert look(page, reader.language, reader.theme) == []


@one_reader(2)
def test_a_link_can_be_handed_over_by_everybody(
    furnished_house: House, rooms: Any, open_page: OpenPage, reader: Reader
) -> None:
    page = opened(open_page, furnished_house, reader)
    let_in(page, furnished_house, rooms, "staff")
    page.goto(furnished_house(rooms["people"] + "?q=Vera"))
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("form[action$='/link/'] button").first.click()
    expect(page.locator("main input[readonly]")).to_have_value(re.compile("/a/"))
    assert look(page, reader.language, reader.theme) == []


@one_reader(1)
def test_who_is_asked_can_read_and_work_every_step(
    furnished_house: House, rooms: Any, open_page: OpenPage, reader: Reader
) -> None:
    house = furnished_house
    page = opened(open_page, house, reader)
    own, *others = rooms["invited"][str(reader)]
    faults: list[str] = []
    for path in (*others, own):
        page.goto(house(path))  # some of these answer 410
        faults += look(page, reader.language)
    page.locator("label", has_text="3").first.click()
    expect(page.locator("#status")).not_to_be_empty()
    faults += look(page, reader.language)
    page.locator("#form button[type=submit]").click()
    expect(page.locator("#thanks .title")).to_be_focused()
    faults += look(page, reader.language)
    page.goto(house(f"{own}?thanks=1"))
    faults += look(page, reader.language)

    page.goto(house(f"{own}stop/"))
    faults += look(page, reader.language)
    page.locator("form button").click()
    again = page.locator("form:has([name=again]) button")
    expect(again).to_be_visible()
    faults += look(page, reader.language)
    again.click()
    expect(again).to_be_hidden()
    assert not faults, "\n".join(faults)
