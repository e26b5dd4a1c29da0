"""An interview is led by a guide and read beside a mention, in both languages, on a screen and a phone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import House
from tests.browser.readers import look


def new_guide(page: Page, house: House) -> None:
    page.goto(house("/surveys/interviews/guides/new/?start=detractor"))
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/guides/")


def test_a_talk_is_written_down_by_a_guide_and_heard_beside_a_mention(
    house: House, open_page: OpenPage
) -> None:
    page = open_page(house)
    sign_in(page, house, "anna@example.com")
    new_guide(page, house)

    page.goto(house("/surveys/interviews/new/"))
    page.get_by_role("link", name="Aurora").click()
    page.locator("#guide").select_option(index=1)
    page.wait_for_url("**guide=*")
    page.get_by_label("What did you expect at that moment").fill("The payout on the fifth, as always.")
    page.get_by_label("With whom").select_option(label="Vera Orlova")
    page.get_by_label("Score, if one was named").select_option("3")
    page.get_by_label("Their own words").first.fill("I do not trust your dates any more.")
    page.get_by_label("Consent").first.select_option("nameless")
    assert not look(page, "en", "light")
    page.locator("main form[method=post] button[type=submit]").click()
    expect(page.get_by_text("may be quoted without a name")).to_be_visible()
    assert not look(page, "en", "light")

    page.goto(house("/surveys/mentions/new/"))
    page.get_by_label("What they wrote").fill("Borealis says the support is great.")
    page.locator("main form[method=post] button[type=submit]").click()
    page.get_by_role("button", name="It is about Borealis").click()
    expect(page.get_by_role("link", name="Borealis", exact=True)).to_be_visible()

    page.goto(house("/surveys/voices/"))
    expect(page.locator(".voice")).to_have_count(2)
    page.locator("#voice-sentiment").select_option("good")
    page.wait_for_url("**sentiment=good*")
    expect(page.locator(".voice")).to_have_count(1)
    page.goto(house("/partners/"))
    page.get_by_role("link", name="Aurora").first.click()
    expect(page.get_by_role("heading", name="Interviews and mentions")).to_be_visible()
    expect(page.get_by_text("Interview with Vera Orlova, score 3.")).to_be_visible()


def test_voices_and_feeds_are_read_on_a_phone_in_the_dark_in_russian(
    house: House, open_page: OpenPage
) -> None:
    page = open_page(house, language="ru", theme="dark", phone=True)
    speak_russian(page, house)
    sign_in(page, house, "anna@example.com")
    page.goto(house("/surveys/mentions/feeds/new/"))
    page.get_by_label("Название").fill("Форум")
    page.get_by_label("Адрес ленты").fill("https://forum.example/rss")
    page.get_by_label("Ленту читать").uncheck()
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_url("**/feeds/")
    for address in (
        "/surveys/voices/",
        "/surveys/interviews/",
        "/surveys/mentions/",
        "/surveys/mentions/feeds/",
        "/surveys/interviews/guides/",
        "/surveys/interviews/guides/new/?start=left",
        "/surveys/interviews/new/?partner=1",
    ):
        page.goto(house(address))
        assert not look(page, "ru", "dark"), address
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, address
