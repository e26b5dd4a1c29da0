"""Nobody unhappy is left alone, nobody important stays unknown: from a low score to a better one, from what
the team expected to what surprised it, and a quarter on paper."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import ROOT, House
from tests.browser.loop_post import CAUSES, GLEB, VERA

TODAY = datetime.now(UTC).date()
COMMENT = {"en": "The payout was late <b>again</b>", "ru": "Выплата <b>снова</b> опоздала"}
PROMISE = {"en": "Payouts twice a month", "ru": "Выплаты два раза в месяц"}


class Post(Protocol):
    def __call__(self, verb: str, *words: str) -> Any: ...


@pytest.fixture(scope="module")
def post(house: House) -> Iterator[Post]:
    """One process for all that is sent and worked off: starting one takes longer than the work."""
    command = [sys.executable, "-m", "tests.browser.loop_post"]
    with subprocess.Popen(
        command, cwd=ROOT, env=house.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def say(*words: str) -> Any:
            print(*words, file=stdin, flush=True)
            return json.loads(stdout.readline())

        yield say
        stdin.close()


def enter(open_page: OpenPage, house: House, language: str, email: str) -> Page:
    page = open_page(house, language=language)
    if language == "ru":
        speak_russian(page, house)
    sign_in(page, house, email)
    return page


def answer(open_page: OpenPage, house: House, path: str, score: int, *, comment: str = "") -> None:
    person = open_page(house, phone=True)
    person.goto(house(path))
    person.locator(f"label:has([name=score][value='{score}'])").click()
    expect(person.locator("#status")).not_to_be_empty()
    if comment:
        person.locator("#comment").fill(comment)
    person.locator("#form button[type=submit]").click()
    expect(person.locator("#thanks .title")).to_be_focused()


def form(page: Page, step: str) -> Locator:
    """One of the forms of an alert, opened."""
    found = page.locator(f"form[action$='/{step}/']")
    if not found.is_visible():
        page.locator(f"details:has(form[action$='/{step}/']) > summary").click()
    return found


def send(found: Locator) -> None:
    found.locator("button[type=submit]").click()
    found.page.wait_for_load_state()


def every(language: str) -> Any:
    return pytest.param(language, marks=pytest.mark.slow if language == "en" else ())


@pytest.mark.parametrize("language", [every("ru"), every("en")])
def test_a_low_score_is_followed_up_promised_closed_told_and_asked_again(
    house: House, open_page: OpenPage, post: Post, language: str
) -> None:
    there = post("asked", language)
    answer(open_page, house, there["links"][VERA], 3, comment=COMMENT[language])
    post("work")

    page = enter(open_page, house, language, "boris@example.com")
    page.goto(house("/loop/"))
    page.locator("main table a[href*='/loop/']", has_text="Vera Orlova").first.click()
    expect(page.locator("blockquote")).to_have_text(COMMENT[language])
    alert = page.url

    spoken = form(page, "follow-up")
    spoken.locator("[name=text]").fill("She is angry, and right.")
    send(spoken)
    expect(page.locator("section[aria-labelledby=done]")).to_contain_text("She is angry, and right.")

    # Nothing closes without an outcome and a root cause.
    send(form(page, "close"))
    expect(page.locator("#end")).to_have_count(0)
    page.goto(alert)
    promise = form(page, "promise")
    promise.locator("[name=text]").fill(PROMISE[language])
    promise.locator("[name=due_on]").fill((TODAY + timedelta(days=9)).isoformat())
    send(promise)
    expect(page.locator("section[aria-labelledby=done]")).to_contain_text(PROMISE[language])

    # Nor while a promise is open: it is kept where the partner sees it.
    close(page, language)
    expect(page.locator("#end")).to_have_count(0)
    page.locator("section[aria-labelledby=done] a[href*='goals']").click()
    keep(page, PROMISE[language])
    page.goto(alert)
    close(page, language)
    expect(page.locator("section:has(#end)")).to_contain_text(CAUSES[language])
    expect(page.locator(".facts .tone-care")).to_be_visible()  # they have not heard yet
    send(form(page, "told"))
    expect(page.locator("form[action$='/told/']")).to_have_count(0)

    later = form(page, "again")
    later.locator("[name=due_on]").fill((TODAY + timedelta(days=30)).isoformat())
    send(later)
    links = post("again", str(there["again"]))
    answer(open_page, house, links[VERA], 9)
    post("work")
    page.goto(alert)
    expect(page.locator("dl.facts").last).to_contain_text(re.compile(r"3.*→.*9", re.DOTALL))


def close(page: Page, language: str) -> None:
    found = form(page, "close")
    found.locator("[name=outcome]").select_option("mended")
    found.get_by_label(CAUSES[language]).check()
    found.locator("[name=result]").fill("Done.")
    send(found)


def keep(page: Page, text: str) -> None:
    """On the page of goals and commitments."""
    line = page.locator("div.card-body, li").filter(has_text=text).filter(has=page.locator("form")).last
    if line.locator("details").count():
        line.locator("summary").first.click()
    line.locator("button[value=done]").click()
    page.wait_for_load_state()


@pytest.mark.parametrize("language", [every("en"), every("ru")])
def test_what_the_team_expected_is_locked_and_surprises_come_first(
    house: House, open_page: OpenPage, post: Post, language: str
) -> None:
    there = post("ready", language)
    wave = str(there["wave"])
    page = enter(open_page, house, language, "boris@example.com")
    page.goto(house(f"/map/expected/{wave}/"))
    page.get_by_role("link", name="Aurora").click()
    for name, score in (("Vera Orlova", "9"), ("Gleb Sokolov", "8")):
        page.get_by_label(name).fill(score)
    page.locator("form:has(.map-score) button[type=submit]").click()
    page.wait_for_load_state()
    mine = page.url

    head = enter(open_page, house, language, "anna@example.com")
    head.goto(mine)
    assert "9" not in head.locator("main table").inner_text()  # nobody reads it before the wave begins
    head.locator("form[action$='/sign-off/'] button").click()
    head.wait_for_load_state()
    head.on("dialog", lambda dialog: dialog.accept())
    head.goto(house(f"/surveys/waves/{wave}/"))
    head.locator("form[action$='/start/'] button").click()
    head.wait_for_load_state()

    links = post("sent", wave)
    page.goto(mine)
    expect(page.locator(".map-score")).to_have_count(0)
    head.goto(mine)
    expect(head.locator("main table")).to_contain_text("Boris Manager: 9")
    answer(open_page, house, links[VERA], 2)
    answer(open_page, house, links[GLEB], 8)
    head.goto(house(f"/surveys/waves/{wave}/"))
    head.locator("form[action$='/closing/'] button").click()
    head.wait_for_load_state()
    post("work")

    page.goto(house("/map/tasks/?kind=surprise"))
    first = page.locator("main table tbody tr").first
    expect(first).to_contain_text("Vera Orlova")
    first.locator("a").first.click()
    expect(page.locator("dl.facts")).to_contain_text(re.compile(r"9.*2", re.DOTALL))


@pytest.mark.parametrize("language", [every("ru"), every("en")])
def test_a_quarter_is_reviewed_and_printed(house: House, open_page: OpenPage, language: str) -> None:
    page = enter(open_page, house, language, "boris@example.com")
    page.goto(house("/partners/"))
    page.get_by_role("link", name="Aurora").first.click()
    partner = re.findall(r"/partners/(\d+)/", page.url)[0]
    page.goto(house(f"/partners/{partner}/plan/"))
    said = page.locator("form[action$='/reviews/']")
    said.locator("[name=words]").fill(COMMENT[language])
    said.locator("button[type=submit]").click()
    page.wait_for_url("**/reviews/*-*-*/")
    expect(page.locator("main")).to_contain_text(COMMENT[language])
    figures = page.locator("main table").first.inner_text()

    page.emulate_media(media="print")
    for part in ("main table", "main svg"):
        expect(page.locator(part).first).to_be_visible()
    assert page.locator("main table").first.inner_text() == figures
    for part in ("nav", "header form", ".no-print", "button"):
        assert not [one for one in page.locator(part).all() if one.is_visible()], part
    paper = page.pdf(format="A4", print_background=True)
    sheets = len(re.findall(rb"/Type\s*/Page[^s]", paper))
    assert 1 <= sheets <= 3, sheets
