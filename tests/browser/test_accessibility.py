"""What can be measured of accessibility on every main page, in both languages and both themes: by axe-core,
and by checks of our own for what it does not look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.axe import serious
from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import EXAMPLES, House

CHECKS = (Path(__file__).parent / "accessibility.js").read_text()
PAGES = (
    "/",
    "/nps/?period=custom&from=2025-07-01&to=2025-12-31",
    "/nps/method/",
    "/surveys/",
    "/surveys/new/",
    "/surveys/1/?weigh=1",
    "/surveys/1/people/",
    "/surveys/signs/",
    "/surveys/1/form/",
    "/surveys/1/versions/1/",
    "/surveys/comments/?period=custom&from=2025-07-01&to=2025-12-31",
    "/surveys/topics/",
    "/surveys/topics/payouts/",
    "/surveys/voices/",
    "/surveys/interviews/",
    "/surveys/interviews/new/",
    "/surveys/interviews/new/?partner=1",
    "/surveys/interviews/guides/",
    "/surveys/interviews/guides/new/?start=loyal",
    "/surveys/mentions/",
    "/surveys/mentions/new/",
    "/surveys/mentions/feeds/",
    "/surveys/mentions/feeds/new/",
    "/partners/",
    "/partners/new/",
    "/partners/1/",
    "/partners/1/edit/",
    "/partners/1/items/",
    "/partners/1/merge/",
    "/partners/1/erasure/",
    "/partners/1/contacts/",
    "/contacts/1/",
    "/contacts/1/edit/",
    "/programs/",
    "/programs/new/",
    "/search/?q=Aurora",
    "/imports/",
    "/imports/new/",
    "/imports/4/",
    "/staff/",
    "/staff/new/",
    "/staff/1/",
    "/teams/",
    "/teams/new/",
    "/tokens/",
    "/operations/",
    "/profile/",
    "/account/2fa/",
    "/account/password/change/",
)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ru", "dark")])
def test_pages_can_be_read_and_worked_by_everybody(
    answered_house: House, open_page: OpenPage, language: str, theme: str
) -> None:
    page = open_page(answered_house, language=language, theme=theme)
    if language == "ru":
        speak_russian(page, answered_house)
    faults = visit(page, answered_house, "/account/login/", language, theme)
    sign_in(page, answered_house, "root@example.com")
    for path in PAGES:
        faults += visit(page, answered_house, path, language, theme)
    page.goto(answered_house("/imports/new/"))
    page.locator("input[name=target][value=answers]").check()
    page.locator("input[type=file]").set_input_files(EXAMPLES / "answers-2025-h1.csv")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/mapping/")
    faults += look(page, language, theme)
    assert not faults, "\n".join(faults)


def visit(page: Page, house: House, path: str, language: str, theme: str) -> list[str]:
    answer = page.goto(house(path))
    assert answer is not None
    assert answer.ok, path
    return look(page, language, theme)


def look(page: Page, language: str, theme: str = "") -> list[str]:
    """``theme``: of pages with our frame; those for people asked follow the browser."""
    html = page.locator("html")
    # Before the focus is moved about: colours on their way to another are no colours to judge.
    found = serious(page)
    found += page.evaluate(CHECKS)
    page.keyboard.press("Tab")  # from now on the browser shows where the focus is
    found += page.evaluate("() => window.unfocused()")
    if html.get_attribute("lang") != language:
        found.append("the language is not stated")
    if theme and html.get_attribute("data-bs-theme") != theme:
        found.append("the theme is another")
    return [f"{page.url}: {fault}" for fault in found]
