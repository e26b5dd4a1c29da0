"""A head plans a wave, looks at what it will give, starts it and follows its planning."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import House, worker_of
from tests.browser.readers import look
from tests.browser.test_survey_builder import make


def test_a_wave_is_planned_previewed_started_and_somebody_is_taken_out(
    house: House, open_page: OpenPage
) -> None:
    page = open_page(house)
    sign_in(page, house, "anna@example.com")
    make(page, house, "Quarterly")
    page.locator(".survey-tabs a[href$='/waves/']").click()
    expect(page.get_by_text("Nobody was asked yet")).to_be_visible()
    assert not look(page, "en", "light")
    page.locator("a[href$='mode=wave']").click()
    page.locator("input[name=name]").fill("First quarter")
    page.locator("input[name=wished]").fill("20")
    page.locator("input[name=reminders]").fill("3, 7")
    page.locator("input[name='quota-role-end_user']").fill("5")
    assert not look(page, "en", "light")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("heading", name="Who would be asked")).to_be_visible()
    expect(page.get_by_role("heading", name="What to expect")).to_be_visible()
    assert not look(page, "en", "light")

    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#wave-state")).to_contain_text("being planned")
    with worker_of(house):
        expect(page.locator("#wave-state")).to_contain_text("running", timeout=60_000)
    expect(page.get_by_text("people and form are frozen")).to_be_visible()
    assert not look(page, "en", "light")
    page.locator("a[href$='/people/']").first.click()
    expect(page.locator("main table tbody tr").first).to_be_visible()
    assert not look(page, "en", "light")
    page.get_by_role("button", name="Take out").first.click()
    expect(page.locator("main table").get_by_text("taken out by hand").first).to_be_visible()


def test_waves_are_read_and_planned_on_a_phone_in_the_dark(house: House, open_page: OpenPage) -> None:
    page = open_page(house, language="ru", theme="dark", phone=True)
    speak_russian(page, house)
    sign_in(page, house, "anna@example.com")
    make(page, house, "Скользящий")
    page.goto(page.url.replace("/form/", "/waves/"))
    assert not look(page, "ru", "dark")
    page.locator("a[href$='mode=rolling']").click()
    page.locator("input[name=name]").fill("Каждый день понемногу")
    page.locator("input[name=every_days]").fill("30")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#id_every_days_error")).to_be_visible()
    assert not look(page, "ru", "dark")
    page.locator("input[name=every_days]").fill("120")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_text("Сегодняшняя часть")).to_be_visible()
    assert not look(page, "ru", "dark")
