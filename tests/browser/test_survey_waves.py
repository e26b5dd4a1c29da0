"""A wave from plan to result: sent through Postfix, answered from the mail that lies in Dovecot, reminded,
closed, read."""

from __future__ import annotations

import imaplib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import ROOT, House, Running, Template
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.fixtures import dovecot, postfix  # noqa: F401
from tests.servers.postfix import Postfix

VERA, GLEB = "vera@aurora.example", "gleb@aurora.example"
PATIENCE = 30.0
ASKED = {"en": "How likely", "ru": "Насколько вероятно"}


def work(house: House, server: Postfix, *words: str) -> None:
    """One after the other; done when every mail of theirs lies where it is read."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.wave_post", *words],
        cwd=ROOT,
        env=house.environment | {"OTKLIK_MAIL_URL": f"smtp://127.0.0.1:{server.port}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    until = time.monotonic() + PATIENCE
    while not server.is_done:
        assert time.monotonic() < until, "a mail is still on its way"
        time.sleep(0.1)


@contextmanager
def inbox(server: Dovecot, address: str) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4("127.0.0.1", server.port) as box:
        box.login(address, PASSWORD)
        box.select("INBOX")
        yield box


def empty_inbox(server: Dovecot, address: str) -> None:
    with inbox(server, address) as box:
        for number in box.search(None, "ALL")[1][0].split():
            box.store(number.decode(), "+FLAGS", "\\Deleted")
        box.expunge()


def mails(server: Dovecot, address: str) -> list[EmailMessage]:
    """In the order they came."""
    found = []
    with inbox(server, address) as box:
        for number in box.search(None, "ALL")[1][0].split():
            part = box.fetch(number.decode(), "(RFC822)")[1][0]
            assert isinstance(part, tuple)
            found.append(message_from_bytes(part[1], policy=policy.default))
    for mail in found:
        assert mail["To"].addresses[0].addr_spec == address
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return found


def html(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return text


def link(mail: EmailMessage, score: int) -> str:
    (found,) = set(re.findall(rf'href="([^"]+/a/[^"]+\?s={score})"', html(mail)))
    return str(found)


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
    dovecot: Dovecot,  # noqa: F811
    postfix: Postfix,  # noqa: F811
    language: str,
) -> None:
    for address in (VERA, GLEB):
        empty_inbox(dovecot, address)
    with Running(world_template, tmp_path_factory.mktemp(f"wave-{language}")) as house:
        page = open_page(house, language=language)
        if language == "ru":
            speak_russian(page, house)
        sign_in(page, house, "anna@example.com")
        begin_wave(page, house)
        wave = page.url
        people = ["ru"] if language == "ru" else []
        work(house, postfix, *people, "plan", "send", "send")
        [to_vera], [to_gleb] = mails(dovecot, VERA), mails(dovecot, GLEB)

        # A scanner opens what a mail links to, and its answer is none.
        scanner = browser.new_page()
        scanner.goto(link(to_gleb, 0))
        scanner.wait_for_timeout(500)
        scanner.close()

        person = open_page(house, language=language, phone=True)
        person.set_content(html(to_vera))  # as a mail program shows it
        expect(person.locator("body")).to_contain_text(ASKED[language])
        person.locator(f"a[href='{link(to_vera, 9)}']").first.click()
        expect(person.get_by_role("radio", name="9", exact=True)).to_be_checked()
        expect(person.locator("html")).to_have_attribute("lang", language)
        person.locator("#comment").fill("Payouts come on time.")
        person.locator("form button[type=submit]").last.click()
        expect(person.locator("#thanks .title")).to_be_visible()

        work(house, postfix, "remind")
        assert len(mails(dovecot, VERA)) == 1
        _, reminder = mails(dovecot, GLEB)
        assert link(reminder, 0) == link(to_gleb, 0)

        page.goto(wave)
        page.locator("form[action$='/closing/'] button").click()
        page.wait_for_load_state()
        page.goto(house("/surveys/voices/"))
        expect(page.get_by_text("Payouts come on time.")).to_be_visible()
        page.goto(house("/surveys/"))
        page.get_by_role("link", name="Relational").click()
        counted = {"en": "1 answer", "ru": "1 ответ"}[language]
        expect(page.get_by_text(counted).first).to_be_visible()
