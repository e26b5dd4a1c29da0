from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import House


def test_the_language_picked_before_sign_in_stays_afterwards(house: House, open_page: OpenPage) -> None:
    page = open_page(house, language="en")
    page.goto(house("/account/login/"))
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("heading", name="Вход")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "ru"
    sign_in(page, house, "dmitri@example.com")
    expect(page.get_by_role("heading", name="Здравствуйте, Dmitri")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Hello, Dmitri")).to_be_visible()


def test_the_theme_follows_the_device_until_one_is_chosen(house: House, open_page: OpenPage) -> None:
    page = open_page(house, theme="dark")
    page.goto(house("/account/login/"))
    html = page.locator("html")
    assert html.get_attribute("data-bs-theme") == "dark"
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Light").click()
    assert html.get_attribute("data-bs-theme") == "light"
    page.reload()
    assert html.get_attribute("data-bs-theme") == "light"
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="As on this device").click()
    assert html.get_attribute("data-bs-theme") == "dark"


def test_the_keyboard_reaches_content_and_navigation(house: House, open_page: OpenPage) -> None:
    page = open_page(house)
    sign_in(page, house, "root@example.com")
    page.goto(house("/"))
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("link => link === document.activeElement")
    assert skip.bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto(house("/"))
    for _ in range(40):  # more than there are entries
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Staff":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(house("/staff/"))


def test_words_of_the_menu_stay_on_one_line(house: House, open_page: OpenPage) -> None:
    page = open_page(house)
    speak_russian(page, house)
    sign_in(page, house, "root@example.com")
    links = page.get_by_role("navigation").get_by_role("link").all()
    heights = {link.inner_text(): link.bounding_box()["height"] for link in links}  # type: ignore[index]
    assert len(heights) > 5
    assert len(set(heights.values())) == 1, heights


def test_the_phone_has_its_navigation_behind_a_button(house: House, open_page: OpenPage) -> None:
    page = open_page(house, phone=True)
    sign_in(page, house, "root@example.com")
    link = page.get_by_role("link", name="Staff")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    link.click()
    page.wait_for_url(house("/staff/"))
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
