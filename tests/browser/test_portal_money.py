"""Finance brings in a file and holds a part of what it says; the partner reads why in the portal, and what
of the rest is free."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious
from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import House

HEAD = "key;partner;amount;currency;earned_on\n"
CHECKING = "Orders of the second of February <b>"
WORDS = {
    "en": {
        "refused": "No partner of this program has this external id",
        "recorded": "The file is recorded",
        "reason": "traffic check",
        "why": "We are checking where the visitors behind this amount came from.",
        "by": "Decision by",
        "held": "€200.00",
        "free": "€1,034.56 is available.",
    },
    "ru": {
        "refused": "В этой программе нет партнёра с таким внешним кодом",
        "recorded": "Файл записан",
        "reason": "проверка трафика",
        "why": "Мы проверяем, откуда пришли посетители, за которых начислена эта сумма.",
        "by": "Решение до",
        "held": "200,00 €",
        "free": "Доступно 1 034,56 €.",
    },
}


def as_read(text: str) -> str:
    """With the plain gaps of this file."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def bring_in(page: Page, house: House, lines: str) -> None:
    page.goto(house("/money/import/"))
    file = {"name": "february.csv", "mimeType": "text/csv", "buffer": (HEAD + lines).encode()}
    page.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]
    page.locator("main form[enctype] button[type=submit]").click()


def hold(page: Page, house: House, amount: str) -> None:
    page.goto(house("/money/holds/new/?q=Aurora"))
    page.locator(".partner-picks a").first.click()
    page.locator("[name=amount]").fill(amount)
    page.locator("[name=reason]").select_option("traffic_check")
    page.locator("[name=checking]").fill(CHECKING)
    page.locator("[name=decide_by]").fill((datetime.now(UTC) + timedelta(days=20)).date().isoformat())
    page.locator("main form.card button[type=submit]").click()
    page.wait_for_url("**/money/holds/*/")


@pytest.fixture(scope="module")
def vera_holds(house: House) -> str:
    """The cookie of Vera, signed in to the portal."""
    return house.errands.run("-m", "tests.browser.money_world").strip()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_part_is_held_and_the_partner_reads_why(
    house: House, open_page: OpenPage, vera_holds: str, language: str
) -> None:
    words = WORDS[language]

    office = open_page(house, language=language)
    if language == "ru":
        speak_russian(office, house)
    sign_in(office, house, "faina@example.com")
    bring_in(office, house, f"{language}-1;Z-9;1234,56;EUR;2026-02-02\n")
    expect(office.locator("main")).to_contain_text(words["refused"])
    assert not serious(office)
    bring_in(office, house, f"{language}-1;A-1;1234,56;EUR;2026-02-02\n")
    expect(office.locator("main")).to_contain_text(words["recorded"])
    assert not serious(office)
    hold(office, house, "200")

    vera = open_page(house, language=language, theme="dark", phone=True)
    if language == "ru":
        vera.goto(house("/portal/"))
        vera.get_by_role("button", name="Русский").click()
        vera.wait_for_selector("html[lang=ru]")
    cookie = {"name": "otklik_portal", "value": vera_holds, "url": house("/portal/")}
    vera.context.add_cookies([cookie])  # type: ignore[list-item]
    vera.goto(house("/portal/money/"))
    held = vera.locator("article.money-hold").last
    shown = as_read(held.inner_text())
    for text in (words["held"], words["reason"], words["why"], CHECKING, words["by"]):
        assert text in shown
    assert not serious(vera)
    vera.locator("a[href='/portal/money/ask/']").click()
    vera.wait_for_url("**/portal/money/ask/")
    if language == "en":  # the second run finds what the first one left
        assert words["free"] in as_read(vera.locator("main").inner_text())
