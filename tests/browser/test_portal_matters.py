"""Somebody at a partner comes in by the link in their mailbox, finds an article, asks all the same, follows
the matter to its end and says how it was."""

from __future__ import annotations

import gettext
import imaplib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious
from tests.browser.conftest import OpenPage
from tests.browser.desk_steps import answer, enter, open_ticket
from tests.browser.house import ROOT, House
from tests.browser.portal_world import NOTES, QUESTIONS, TITLES
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.fixtures import dovecot, postfix  # noqa: F401
from tests.servers.installation import Process
from tests.servers.postfix import Postfix

pytestmark = pytest.mark.slow
VERA = "vera@aurora.example"
PATIENCE = 60.0
SUBJECTS = {"en": "Payout of March is missing", "ru": "Нет выплаты за март"}
QUERIES = {"en": "payouts", "ru": "выплатами"}
ANSWERS = {"en": "It left today at noon.", "ru": "Она ушла сегодня в полдень."}


def words_of(language: str) -> Callable[[str], str]:
    if language == "en":
        return lambda text: text
    folder = ROOT / "otklik" / "portal" / "locale"
    return gettext.translation("django", localedir=folder, languages=[language]).gettext


@contextmanager
def worker(house: House, server: Postfix) -> Iterator[None]:
    mail = {"OTKLIK_MAIL_URL": f"smtp://127.0.0.1:{server.port}"}
    process = Process(["-m", "django", "qcluster"], house.environment | mail, house.data / "worker.log")
    try:
        yield
    finally:
        process.kill()


@pytest.fixture(scope="module")
def portal(desk: House, postfix: Postfix) -> Iterator[House]:  # noqa: F811
    """With its worker: mail that is asked for leaves."""
    desk.errands.run("-m", "tests.browser.portal_world")
    with worker(desk, postfix):
        yield desk


def mail_with(server: Dovecot, pattern: str) -> str:
    """What the newest mail to Vera says that holds it; the first group of the pattern."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with imaplib.IMAP4("127.0.0.1", server.port) as box:
            box.login(VERA, PASSWORD)
            box.select("INBOX", readonly=True)
            for number in reversed(box.search(None, "ALL")[1][0].split()):
                part = box.fetch(number.decode(), "(RFC822)")[1][0]
                assert isinstance(part, tuple)
                body = message_from_bytes(part[1], policy=policy.default).get_body(("plain",))
                if body is not None and (found := re.search(pattern, body.get_content())):
                    return found[1]
        time.sleep(0.3)
    raise AssertionError(f"no mail holds {pattern!r}")


def empty(server: Dovecot) -> None:
    with imaplib.IMAP4("127.0.0.1", server.port) as box:
        box.login(VERA, PASSWORD)
        box.select("INBOX")
        for number in box.search(None, "ALL")[1][0].split():
            box.store(number.decode(), "+FLAGS", "\\Deleted")
        box.expunge()


def come_in(page: Page, house: House, imap: Dovecot, language: str) -> None:
    empty(imap)
    page.goto(house("/portal/"))
    if language == "ru":
        page.get_by_role("button", name="Русский").click()
        page.wait_for_selector("html[lang=ru]")
    page.locator("form[action='/portal/sign-in/link/'] [name=email]").fill(VERA)
    page.locator("form[action='/portal/sign-in/link/'] button[type=submit]").click()
    page.wait_for_url("**/portal/sign-in/sent/**")
    token = mail_with(imap, r"/portal/sign-in/with/(\S+?)/?\s")
    page.goto(house(f"/portal/sign-in/with/{token}/"))
    page.wait_for_url(house("/portal/"))


@pytest.mark.parametrize(("language", "phone"), [("en", False), ("ru", True)])
def test_a_partners_person_finds_asks_follows_and_rates(
    portal: House,
    open_page: OpenPage,
    dovecot: Dovecot,  # noqa: F811
    language: str,
    phone: bool,
) -> None:
    words, subject = words_of(language), SUBJECTS[language]
    page = open_page(portal, language=language, phone=phone, theme="dark" if phone else "light")
    come_in(page, portal, dovecot, language)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vera Orlova")
    assert serious(page) == []

    page.goto(portal("/portal/ask/"))
    page.locator("#id_look").press_sequentially(QUERIES[language])
    found = page.locator("#found a", has_text=TITLES[language])
    expect(found).to_be_visible()
    assert serious(page) == []
    found.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLES[language])

    page.goto(portal("/portal/channels/"))
    expect(page.locator("main")).to_contain_text(NOTES[language])
    assert serious(page) == []
    page.locator("a[href$='?topic=payouts']").click()
    page.get_by_label(QUESTIONS[language]).fill("P-48213")
    page.locator("[name=subject]").fill(subject)
    page.locator("[name=text]").fill("<b>?</b>")
    page.locator("[name=files]").set_input_files(
        {"name": "act.html", "mimeType": "text/html", "buffer": b"<script>alert(1)</script>"}
    )
    page.locator("#write button.btn-primary").click()
    page.wait_for_url(re.compile(r"/portal/matters/\d+/"))
    expect(page.locator(".public-line")).to_contain_text("P-48213")
    expect(page.locator(".public-line")).to_contain_text("<b>?</b>")
    assert serious(page) == []
    with page.expect_download() as got:
        page.locator(".public-files a").click()
    assert got.value.suggested_filename == "act.html"
    matter = page.url

    agent = open_page(portal)
    enter(agent, portal, "dmitri@example.com")
    open_ticket(agent, portal, subject)
    answer(agent, ANSWERS[language])
    mail_with(dovecot, f"({re.escape(ANSWERS[language])})")
    page.goto(matter)
    expect(page.locator(".public-line").last).to_contain_text(ANSWERS[language])

    page.get_by_role("button", name=words("It is solved")).click()
    page.locator("#write button", has_text=words("Still not solved")).click()
    expect(page.locator(".public-line").last).to_contain_text(words("It is still not solved."))
    page.get_by_role("button", name=words("It is solved")).click()
    page.locator(".mark-choice").first.click()
    page.locator("form[action$='/rating/'] button").click()
    expect(page.locator("#messages .alert-success")).to_be_visible()
    page.goto(portal("/portal/matters/?show=all"))
    expect(page.locator(".portal-row-link", has_text=subject)).to_be_visible()
    assert serious(page) == []
