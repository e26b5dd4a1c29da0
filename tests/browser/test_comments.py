"""What comments say: read by the worker, looked through on the page, words tried before they are saved."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import House, worker_of
from tests.browser.readers import look

PAGE = "/surveys/comments/?period=custom&from=2025-07-01&to=2025-12-31"


def test_a_head_reads_what_comments_say_and_tries_words(answered_house: House, open_page: OpenPage) -> None:
    page = open_page(answered_house)
    sign_in(page, answered_house, "anna@example.com")
    page.goto(answered_house(PAGE))
    waiting = page.get_by_text("wait to be read")
    expect(waiting).to_be_visible()
    with worker_of(answered_house):
        for _ in range(60):
            if not waiting.count():
                break
            page.wait_for_timeout(500)
            page.reload()
    topics = page.locator("table tbody th[scope=row] a")
    assert not look(page, "en", "light")
    page.locator("summary", has_text="In their words").first.click()
    expect(page.locator("mark").first).to_be_visible()
    topics.first.click()
    expect(page.get_by_role("link", name="Back to all topics")).to_be_visible()
    page.get_by_role("link", name="The answer").first.click()
    expect(page.get_by_text("What was read in it")).to_be_visible()

    page.goto(answered_house("/surveys/topics/new/"))
    page.get_by_label("Words and phrases").fill("parking\n-parking lot")
    page.get_by_label("Try it on a comment").fill("No parking near the parking lot, and late payouts")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#tried mark")).to_have_text(["parking"])
    expect(page.locator("#tried")).to_contain_text("Payouts")
    assert not look(page, "en", "light")


def test_comments_fit_a_phone_in_the_dark_in_russian(answered_house: House, open_page: OpenPage) -> None:
    page = open_page(answered_house, language="ru", theme="dark", phone=True)
    speak_russian(page, answered_house)
    sign_in(page, answered_house, "anna@example.com")
    for path in (PAGE, PAGE + "&topic=payouts", "/surveys/topics/", "/surveys/topics/payouts/"):
        page.goto(answered_house(path))
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
        assert not look(page, "ru", "dark"), path
