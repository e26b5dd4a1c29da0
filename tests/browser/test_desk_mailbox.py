"""A mailbox set up on its page, between real mail servers: questions come in, answers leave."""

from __future__ import annotations

import imaplib
import re
import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk_steps import answer, enter, more
from tests.browser.house import House, worker_of
from tests.browser.test_live import edge_of
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.fixtures import dovecot, postfix  # noqa: F401
from tests.servers.installation import Process
from tests.servers.postfix import Postfix

pytestmark = pytest.mark.slow
VERA = "vera@desk.example"
PATIENCE = 30_000


@contextmanager
def mail_watch_of(house: House) -> Iterator[None]:
    process = Process(["-m", "otklik.cli", "mail", "watch"], house.environment, house.data / "watch.log")
    try:
        yield
    finally:
        process.kill()


def vera_writes(server: Postfix, to: str, subject: str, text: str, *, after: str = "") -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Vera Orlova <{VERA}>", to, subject
    mail["Message-ID"] = f"<{time.monotonic_ns()}@aurora.example>"
    if after:
        mail["In-Reply-To"] = after
    mail.set_content(text)
    with smtplib.SMTP("127.0.0.1", server.port) as door:
        door.send_message(mail)


def vera_reads(server: Dovecot, text: str) -> EmailMessage:
    """The mail that says so, once it has arrived."""
    until = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < until:
        with imaplib.IMAP4("127.0.0.1", server.port) as box:
            box.login("vera", PASSWORD)
            box.select("INBOX", readonly=True)
            for number in box.search(None, "ALL")[1][0].split():
                found = box.fetch(number.decode(), "(RFC822)")[1][0]
                assert isinstance(found, tuple)
                mail = message_from_bytes(found[1], policy=policy.default)
                body = mail.get_body(("plain",))
                if body is not None and text in body.get_content():
                    return mail
        time.sleep(0.3)
    raise AssertionError(f"no mail says {text!r}")


def set_up(page: Page, house: House, address: str, imap: Dovecot, smtp: Postfix) -> None:
    page.goto(house("/settings/desk/"))
    page.locator("a.door[href='/settings/desk/mailboxes/']").click()
    page.locator("a[href='/settings/desk/mailboxes/new/']").first.click()
    page.locator("[name=address]").fill(address)
    page.locator("[name=team]").select_option(label="Support")
    page.locator("[name=host]").fill("127.0.0.1")
    page.locator("[name=port]").fill(str(imap.port))
    page.locator("[name=security]").select_option("plain")
    page.locator("[name=user_name]").fill(address.partition("@")[0])
    page.locator("[name=password]").fill("not it")
    page.locator("[name=smtp_url]").fill(f"smtp://127.0.0.1:{smtp.port}")
    page.locator("main form .btn-primary").click()
    page.locator("form[action$='/attempt/'] button").click()
    expect(page.locator("#attempt .alert-danger")).to_have_count(1, timeout=PATIENCE)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form .btn-primary").first.click()
    page.locator("form[action$='/attempt/'] button").click()
    expect(page.locator("#attempt .alert-success")).to_have_count(2, timeout=PATIENCE)


@pytest.mark.parametrize(("language", "user"), [("en", "help"), ("ru", "sales")])
def test_a_mailbox_is_set_up_its_mail_comes_in_and_the_answer_leaves(
    desk: House,
    open_page: OpenPage,
    dovecot: Dovecot,  # noqa: F811
    postfix: Postfix,  # noqa: F811
    language: str,
    user: str,
) -> None:
    address, subject = postfix.address(user), f"Postback {language}"
    page = open_page(desk, language=language)
    words = enter(page, desk, "anna@example.com", language)
    set_up(page, desk, address, dovecot, postfix)
    with worker_of(desk), mail_watch_of(desk), edge_of(desk):
        page.goto(desk("/inbox/?view=open"))
        row = page.locator("a.row-name", has_text=re.compile(subject))
        page.wait_for_timeout(1500)
        vera_writes(postfix, address, subject, "How do I set up a postback?")
        row.click(timeout=PATIENCE)  # it appears by itself

        more(page, words("Say whose ticket it is"), words)
        page.locator("main form [name=partner]").fill("Aurora")
        page.locator("main form .btn-primary").click()
        expect(page.locator("#ticket-facts")).to_contain_text("Aurora")
        answer(page, f"Under Settings, Postbacks: {address}.")
        mail = vera_reads(dovecot, f"Under Settings, Postbacks: {address}.")
        assert address in mail["From"]
        vera_writes(postfix, address, f"Re: {subject}", "Found it, thank you.", after=mail["Message-ID"])
        # The page of the ticket hears of it without being loaded again.
        expect(page.locator("article.message-incoming")).to_have_count(2, timeout=PATIENCE)
        expect(page.locator("article.message-incoming").last).to_contain_text("Found it, thank you.")
