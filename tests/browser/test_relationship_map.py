"""The relationship map by keyboard, beside the partner and on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import House


@pytest.mark.slow
@pytest.mark.parametrize(("language", "heading"), [("en", "Relationship map"), ("ru", "Карта отношений")])
def test_a_person_is_placed_anew_by_keyboard_and_the_map_prints_on_one_sheet(
    house: House, open_page: OpenPage, language: str, heading: str
) -> None:
    page = open_page(house, language=language)
    if language == "ru":
        speak_russian(page, house)
    sign_in(page, house, "boris@example.com")
    page.goto(house("/partners/1/"))
    panel = page.locator("section", has=page.get_by_role("heading", name=heading))
    panel.get_by_role("link").first.click()
    # Loaded to its end: before the script is there, the same link leads to the person's page.
    page.wait_for_url("**/map/")
    page.locator(".relationship-map a").first.focus()
    page.keyboard.press("ArrowRight")
    page.locator(".relationship-map .map-person", has_text="VO").focus()
    page.keyboard.press("Enter")
    who = page.locator("#map-who")
    expect(who).to_have_text("Vera Orlova")
    expect(who).to_be_focused()
    page.locator("#map-beside summary").first.press("Enter")
    page.select_option("#map-beside select[name=authority]", "shared" if language == "en" else "final")
    page.locator("#map-beside form button.btn-primary").first.press("Enter")
    expect(page.locator("#map-beside details[open]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(who).to_have_count(0)
    sheets = re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True))
    assert len(sheets) == 1
