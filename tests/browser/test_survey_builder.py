"""A head builds a survey: by mouse, by keyboard alone, on a phone, and beside a colleague."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import House
from tests.browser.readers import look


def make(page: Page, house: House, name: str, form: str = "relational") -> None:
    page.goto(house("/surveys/"))
    page.locator("a[href='/surveys/new/']").first.click()
    page.locator(f"input[value={form}]").check()
    page.locator("input[name=name]").fill(name)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/form/")


def test_a_form_is_built_by_keyboard_with_its_preview_beside_it(house: House, open_page: OpenPage) -> None:
    page = open_page(house)
    sign_in(page, house, "anna@example.com")
    make(page, house, "Half-year")
    frame = page.frame_locator(".survey-phone")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("recommend our partner program")

    page.locator("#w-en-question").fill("Would you recommend North?")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Would you recommend North?")
    page.locator("#look_score").select_option("3")
    expect(frame.get_by_text("What is it mostly about?")).to_be_visible()

    page.locator("[name=new_kind]").select_option("text")
    page.locator("button[value=add]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#q2-label-en")).to_be_focused()
    page.keyboard.type("Anything else?")
    page.locator("#q2-label-ru").fill("Что-нибудь ещё?")
    page.locator("#q2-up").focus()
    page.keyboard.press("Enter")
    expect(page.locator("input[name=question]").first).to_have_value("q2")
    expect(page.locator("#q2-up")).to_be_focused()
    assert page.locator("#w-en-question").input_value() == "Would you recommend North?"

    page.locator("#w-ru-subject").fill("Вопрос о {progam}")
    page.locator("button[value=save]").click()
    expect(page.locator("#w-ru-subject-error")).to_contain_text("{progam}")
    assert page.locator("#q2-label-en").input_value() == "Anything else?"
    assert not look(page, "en", "light")
    page.locator("#w-ru-subject").fill("Вопрос о {program}")
    page.locator("button[value=save]").click()
    expect(page.get_by_text("Version 2 is saved")).to_be_visible()
    page.locator("#look_at").select_option("mail")
    page.locator("#look_language").select_option("ru")
    expect(page.locator(".survey-subject")).to_contain_text("Вопрос о North")


def test_a_form_is_read_and_changed_on_a_phone_in_the_dark(house: House, open_page: OpenPage) -> None:
    page = open_page(house, language="ru", theme="dark", phone=True)
    speak_russian(page, house)
    sign_in(page, house, "anna@example.com")
    make(page, house, "Выплаты", "payout")
    assert not look(page, "ru", "dark")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    page.locator("#w-ru-question").fill("Всё ли хорошо с выплатой?")
    page.locator("button[value=save]").click()
    expect(page.get_by_text("Версия 2 сохранена")).to_be_visible()
