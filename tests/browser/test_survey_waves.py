"""A wave from plan to result: sent through a mail server, answered from the mail, reminded, closed, read."""

from __future__ import annotations

import email
import email.policy
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, Page, expect

from otklik.kit.tests.smtp_server import SmtpServer, smtp_server
from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import ROOT, House, Running, Template


def work(house: House, post: SmtpServer, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.wave_post", *words],
        cwd=ROOT,
        env=house.environment | {"OTKLIK_MAIL_URL": f"smtp://127.0.0.1:{post.port}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]


def letters(post: SmtpServer) -> dict[str, list[str]]:
    """By recipient: the HTML of each mail that the server took."""
    found: dict[str, list[str]] = {}
    for raw in post.mails:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        part = mail.get_body(("html",))
        assert part is not None
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        found.setdefault(mail["To"].addresses[0].addr_spec, []).append(part.get_content())
    return found


def link(letter: str, score: int) -> str:
    (found,) = set(re.findall(rf'href="([^"]+/a/[^"]+\?s={score})"', letter))
    return found


def begin_wave(page: Page, house: House) -> None:
    page.goto(house("/surveys/new/"))
    page.locator("input[value=relational]").check()
    page.locator("input[name=name]").fill("Relational")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/form/")
    number = re.findall(r"/surveys/(\d+)/", page.url)[0]
    page.goto(house(f"/surveys/{number}/waves/new/?mode=wave"))
    page.locator("[name=name]").fill("Autumn")
    page.locator("[name=reminders]").fill("3")
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/surveys/waves/\d+/$"))
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("form[action$='/start/'] button").click()
    page.wait_for_load_state()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_wave_is_planned_sent_answered_from_the_mail_reminded_closed_and_read(
    world_template: Template,
    tmp_path_factory: pytest.TempPathFactory,
    open_page: OpenPage,
    browser: Browser,
    language: str,
) -> None:
    with (
        Running(world_template, tmp_path_factory.mktemp(f"wave-{language}")) as house,
        smtp_server() as post,
    ):
        page = open_page(house, language=language)
        if language == "ru":
            speak_russian(page, house)
        sign_in(page, house, "anna@example.com")
        begin_wave(page, house)
        wave = page.url
        work(house, post, "plan")
        work(house, post, "send")
        work(house, post, "send")
        first = letters(post)
        assert {who: len(mails) for who, mails in first.items()} == {
            "vera@aurora.example": 1,
            "gleb@aurora.example": 1,
        }

        # A scanner opens what a mail links to, and its answer is none.
        scanner = browser.new_page()
        scanner.goto(link(first["gleb@aurora.example"][0], 0))
        scanner.wait_for_timeout(500)
        scanner.close()

        person = open_page(house, language=language, phone=True)
        person.goto(link(first["vera@aurora.example"][0], 9))
        expect(person.get_by_role("radio", name="9", exact=True)).to_be_checked()
        person.locator("#comment").fill("Payouts come on time.")
        person.locator("form button[type=submit]").last.click()
        expect(person.locator("#thanks .title")).to_be_visible()

        work(house, post, "remind")
        assert {who: len(mails) for who, mails in letters(post).items()} == {
            "vera@aurora.example": 1,
            "gleb@aurora.example": 2,
        }

        page.goto(wave)
        page.locator("form[action$='/closing/'] button").click()
        page.wait_for_load_state()
        page.goto(house("/surveys/voices/"))
        expect(page.get_by_text("Payouts come on time.")).to_be_visible()
        page.goto(house("/surveys/"))
        page.get_by_role("link", name="Relational").click()
        counted = {"en": "1 answer", "ru": "1 ответ"}[language]
        expect(page.get_by_text(counted).first).to_be_visible()
