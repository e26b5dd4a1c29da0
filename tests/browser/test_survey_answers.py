"""Answering in a real browser: one tap from the mail counts once a person did something, and never before."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.house import House


def ask(house: House, *words: str) -> Any:
    said = house.errands.run("-m", "tests.browser.survey_people", *words)
    return json.loads(said.splitlines()[-1])


@pytest.fixture
def places(house: House) -> dict[str, str]:
    found: dict[str, str] = ask(house, "invite")
    return found


def answers(house: House, places: dict[str, str]) -> list[dict[str, Any]]:
    return [row for row in ask(house, "state") if str(row["invitation_id"]) == places["invitation"]]


def saved(page: Page) -> None:
    expect(page.locator("#status")).to_have_text("Saved.", timeout=10_000)


def test_a_tap_on_the_page_confirms_what_the_mail_chose(
    house: House, open_page: OpenPage, places: dict[str, str]
) -> None:
    page = open_page(house, phone=True)
    page.goto(house(f"{places['page']}?s=9"))
    expect(page.get_by_role("radio", name="9", exact=True)).to_be_checked()
    assert answers(house, places) == []
    page.locator("footer").click(position={"x": 5, "y": 5})
    saved(page)
    assert [row["score"] for row in answers(house, places)] == [9]


def test_words_are_saved_as_they_are_typed_and_thanks_follow(
    house: House, open_page: OpenPage, places: dict[str, str]
) -> None:
    page = open_page(house)
    page.goto(house(places["page"]))
    expect(page.locator("#comment")).to_be_hidden()
    page.get_by_role("radio", name="3", exact=True).first.check()
    expect(page.get_by_label("What went wrong?")).to_be_visible()
    page.get_by_label("Payouts").check()
    page.get_by_label("What went wrong?").press_sequentially("The payout")
    saved(page)
    page.get_by_label("What went wrong?").press_sequentially(" was late 😞")
    page.get_by_label("Yes, you may").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you: your answer has arrived.")).to_be_focused()
    (row,) = answers(house, places)
    assert (row["score"], row["comment"], row["answers"]) == (3, "The payout was late 😞", {"why": [0]})
    page.goto(house(places["page"]))
    expect(page.get_by_label("What went wrong?")).to_have_value("The payout was late 😞")


def test_the_keyboard_alone_is_enough(house: House, open_page: OpenPage, places: dict[str, str]) -> None:
    page = open_page(house)
    page.goto(house(f"{places['page']}?s=7"))
    page.locator("[name=score][value='7']").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=score][value='8']")).to_be_checked()
    saved(page)
    assert [row["score"] for row in answers(house, places)] == [8]


def test_without_scripts_the_form_is_sent_by_its_button(
    house: House, browser: Browser, places: dict[str, str]
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ru-RU")
    page = context.new_page()
    page.goto(house(f"{places['page']}?s=6&lang=ru"))
    page.locator("#comment").fill("Без скриптов")
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("Спасибо, Вера!")).to_be_visible()
    assert [(row["score"], row["comment"]) for row in answers(house, places)] == [(6, "Без скриптов")]
    assert context.cookies() == []
    context.close()


# What programs that look into mails have been seen to do, and a little more.
SCANNER = """async () => {
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const kinds = ["pointerdown", "mousedown", "pointerup", "mouseup", "click", "keydown", "input"];
  const event = (kind) => kind === "keydown" ? new KeyboardEvent(kind, {key: "Enter", bubbles: true})
    : kind.startsWith("pointer") ? new PointerEvent(kind, {bubbles: true}) : new Event(kind, {bubbles: true});
  for (const kind of kinds)
    for (const one of document.querySelectorAll("body, label, input, textarea, button"))
      one.dispatchEvent(event(kind));
  for (const one of document.querySelectorAll("input, label, summary, label span")) {
    one.click();
    await wait(1);
  }
  const area = document.querySelector("#comment");
  area.focus();
  area.value = "scanned";
  area.dispatchEvent(new InputEvent("input", {bubbles: true}));
  const form = document.querySelector("#form");
  form.querySelector("button").click();
  form.requestSubmit();
  await wait(1500);
}"""


@pytest.mark.slow
def test_a_scanner_that_runs_scripts_and_follows_every_link_never_votes(
    house: House, browser: Browser, places: dict[str, str]
) -> None:
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    for score in (*range(11), 9):
        page.goto(house(f"{places['page']}?s={score}"))
    page.mouse.move(100, 100)
    for box in page.locator("label").all():
        if box.is_visible():
            box.hover()
    page.wait_for_timeout(1500)
    page.evaluate(SCANNER)
    assert posted == []
    # This way no script of the page is asked.
    with page.expect_navigation():
        page.evaluate("document.querySelector('#form').submit()")
    assert len(posted) == 1
    links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    for href in links:
        if "/stop/" not in href:
            page.goto(href)
            page.wait_for_timeout(200)
    page.goto(house(f"{places['link']}?s=10"))
    page.evaluate(SCANNER)
    context.close()
    assert answers(house, places) == []
    assert [row for row in ask(house, "state") if row["link_id"]] == []


def test_a_second_answer_from_this_browser_changes_the_first(
    house: House, open_page: OpenPage, places: dict[str, str]
) -> None:
    page = open_page(house, phone=True)
    for score in ("9", "4"):
        page.goto(house(places["link"]))
        page.get_by_role("radio", name=score, exact=True).first.check()
        saved(page)
    rows = [row for row in ask(house, "state") if row["link_id"]]
    assert [(row["score"], row["status"]) for row in rows] == [(4, "complete")]


@pytest.fixture
def site() -> Iterator[tuple[str, dict[str, str]]]:
    """A page of another host, whose body the test writes."""
    pages: dict[str, str] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    server.server_close()


def test_the_form_is_shown_inside_a_named_site_and_nowhere_else(
    house: House, browser: Browser, site: tuple[str, dict[str, str]]
) -> None:
    origin, pages = site
    inside, elsewhere = ask(house, "invite", origin), ask(house, "invite", "https://other.example")
    pages["/"] = f'<h1>Partner</h1><script async src="{house(inside["link"])}embed.js"></script>'
    pages["/no"] = f'<h1>Partner</h1><script async src="{house(elsewhere["link"])}embed.js"></script>'
    before = len([row for row in ask(house, "state") if row["link_id"]])
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    page.goto(origin)
    form = page.frame_locator("iframe")
    form.get_by_role("radio", name="10", exact=True).check()
    expect(form.locator("#status")).to_have_text("Saved.")
    page.wait_for_function("document.querySelector('iframe').offsetHeight > 500")
    page.goto(f"{origin}/no")
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").get_by_text("How likely?").count() == 0
    context.close()
    assert len([row for row in ask(house, "state") if row["link_id"]]) == before + 1
