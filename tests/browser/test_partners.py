"""Partners and their people, in Russian."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import House


def test_the_role_of_a_person_follows_from_two_facts_and_the_timeline_tells_it(
    answered_house: House, open_page: OpenPage
) -> None:
    page = in_russian(answered_house, open_page, "anna@example.com")
    page.get_by_role("navigation").get_by_role("link", name="Партнёры").click()
    page.wait_for_url("**/partners/")  # to its end: what follows a choice is wired by then
    page.get_by_label("Уровень").select_option("gold")
    page.wait_for_url("**tier=gold*")
    table = page.locator("#partner-table")
    expect(table.get_by_role("link", name="Aurora")).to_be_visible()
    expect(table.get_by_role("link", name="Borealis")).to_be_hidden()
    page.reload()
    expect(page.get_by_label("Уровень")).to_have_value("gold")
    expect(table.get_by_role("link", name="Borealis")).to_be_hidden()

    table.get_by_role("link", name="Aurora").click()
    page.get_by_role("link", name="Gleb Sokolov").first.click()
    role = page.locator("section[aria-labelledby=role-title]")
    expect(role.locator(".card-header .tone")).to_have_text("конечный пользователь")
    state(page, "Влияние", "high")
    expect(role.locator(".card-header .tone")).to_have_text("влияющее лицо")
    state(page, "Полномочия", "final")
    expect(role.locator(".card-header .tone")).to_have_text("принимает решение")
    told = "Gleb Sokolov: влияние — «высокое» (было «низкое»)."
    expect(page.get_by_text(told)).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Aurora").first.click()
    expect(page.get_by_text(told)).to_be_visible()
    expect(page.get_by_text("полномочия — «последнее слово»")).to_be_visible()


def test_an_account_manager_sees_own_partners_and_no_others(
    answered_house: House, open_page: OpenPage
) -> None:
    page = in_russian(answered_house, open_page, "anna@example.com")
    page.goto(answered_house("/partners/"))
    page.get_by_role("link", name="Borealis").click()
    somebody_elses = page.url

    own = in_russian(answered_house, open_page, "boris@example.com")
    own.goto(answered_house("/partners/"))
    assert own.locator("#partner-table .row-name").all_inner_texts() == ["Aurora"]
    answer = own.goto(somebody_elses)
    assert answer is not None
    assert answer.status == 404
    search(own, answered_house, "Borealis")
    expect(own.get_by_text("Ничего не найдено")).to_be_visible()


def test_search_knows_other_forms_of_a_word(answered_house: House, open_page: OpenPage) -> None:
    page = in_russian(answered_house, open_page, "anna@example.com")
    search(page, answered_house, "белого кита")
    page.get_by_role("main").get_by_role("link", name="Белый Кит", exact=True).click()
    expect(page.get_by_role("heading", name="Белый Кит", level=1)).to_be_visible()


def in_russian(house: House, open_page: OpenPage, email: str) -> Page:
    page = open_page(house)
    speak_russian(page, house)
    sign_in(page, house, email)
    return page


def search(page: Page, house: House, words: str) -> None:
    page.goto(house("/"))
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/*")


def state(page: Page, fact: str, value: str) -> None:
    chosen = page.get_by_label(fact, exact=True)
    chosen.select_option(value)
    page.locator("form").filter(has=chosen).get_by_role("button", name="Сохранить").click()
