"""What journeys at the support desk do again and again."""

from __future__ import annotations

import gettext
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

from playwright.sync_api import Page

from tests.browser.conftest import sign_in, speak_russian
from tests.browser.house import ROOT, House

Words = Callable[[str], str]


def words_of(language: str) -> Words:
    if language == "en":
        return lambda text: text
    folder = ROOT / "otklik" / "desk" / "locale"
    return gettext.translation("django", localedir=folder, languages=[language]).gettext


def enter(page: Page, house: House, email: str, language: str = "en") -> Words:
    if language == "ru":
        speak_russian(page, house)
    sign_in(page, house, email)
    return words_of(language)


def open_ticket(page: Page, house: House, subject: str) -> str:
    """From the inbox; the address of the ticket."""
    page.goto(house("/inbox/?view=all"))
    page.locator("a.row-name", has_text=re.compile(f"^\\s*{re.escape(subject)}\\s*$")).click()
    page.wait_for_url("**/tickets/*/")
    return page.url


def more(page: Page, label: str, words: Words) -> None:
    page.get_by_role("button", name=words("More actions")).click()
    page.locator(".dropdown-menu.show").get_by_text(label, exact=True).click()


def key_in_the_mail(house: House, subject: str) -> str:
    """What the link in our mail opens: proof that the address is theirs."""
    with closing(sqlite3.connect(house.data / "otklik.sqlite3")) as database:
        found = database.execute("SELECT public_key FROM desk_ticket WHERE subject = ?", [subject])
        return str(found.fetchone()[0])


def answer(page: Page, text: str) -> None:
    """What is in the composer's other fields stays as it is."""
    page.locator("#compose-text").fill(text)
    page.locator("#composer [data-send]").click()
    page.locator("article.message-reply", has_text=text).wait_for()


def after_ten_seconds(house: House) -> None:
    """Nothing can be taken back any more, and it is sent: without waiting, and without a worker."""
    with closing(sqlite3.connect(house.data / "otklik.sqlite3", timeout=30)) as database, database:
        database.execute("UPDATE desk_message SET delivery = 'sent', send_at = NULL WHERE delivery = 'held'")


_CUSTOMERS_KEY = """
import sys, django
django.setup()
from otklik.desk.models import Ticket
from otklik.desk.queries.doors import key_for
from otklik.desk.rules.vocabulary import Side
print(key_for(Side.CUSTOMER, Ticket.objects.get(pk=sys.argv[1])))
"""


def customers_key(house: House, ticket: str) -> str:
    """What the link in our mail to the end customer opens. ``ticket``: its address."""
    return house.errands.run("-c", _CUSTOMERS_KEY, ticket.rstrip("/").rpartition("/")[2]).strip()
