"""Agent and partner speak different languages: each reads and writes their own, and sees the original."""

from __future__ import annotations

import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from otklik.kit.translation.fake import fake_server
from tests.browser.axe import serious
from tests.browser.conftest import OpenPage, sign_in
from tests.browser.desk_steps import after_ten_seconds, key_in_the_mail, open_ticket
from tests.browser.desk_world import SUBJECTS
from tests.browser.house import ROOT, House

QUESTION, TRANSLATED = "Где наша выплата?", "Where is our payout?"
_SET_UP = """
import sys, django
django.setup()
from otklik.desk.models import Ticket, TranslationSettings
from otklik.desk.operations.messages import receive_message
from otklik.desk.operations.translating import find_languages
from otklik.desk.rules.vocabulary import Channel, Side
from otklik.events.public import Actor
from otklik.kit.clock import now
TranslationSettings.objects.create(is_active=True, provider="libretranslate", address=sys.argv[1])
ticket = Ticket.objects.get(subject=sys.argv[2])
said = receive_message(
    ticket_id=ticket.pk, side=Side.PARTNER, channel=Channel.EMAIL, text=sys.argv[3],
    contact_id=ticket.contact_id, by=Actor.system(), at=now(),
)
find_languages([said.pk])
"""
_WORK = """
import django
django.setup()
from otklik.desk import jobs
from otklik.desk.models import Draft, Translation
for pk in Translation.objects.filter(state="wanted").values_list("pk", flat=True):
    jobs.translate_message(pk)
for pk in Draft.objects.filter(translation_state="wanted").values_list("pk", flat=True):
    jobs.translate_reply(pk)
"""


def run(house: House, script: str, *arguments: str) -> None:
    command = [sys.executable, "-c", script, *arguments]
    # The fake listens on loopback, which is fetched from only where the installation says so.
    environment = house.environment | {"OTKLIK_FETCH_PRIVATE": "1"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=60)


def reads(page: Page, text: str) -> None:
    expect(page.locator("article.message .message-text", has_text=text).first).to_be_visible()


@pytest.mark.slow
def test_both_read_their_own_language_and_nothing_leaves_unseen(desk: House, open_page: OpenPage) -> None:
    with fake_server() as (address, _seen):
        run(desk, _SET_UP, address, SUBJECTS["ru"], QUESTION)
        page = open_page(desk)
        sign_in(page, desk, "dmitri@example.com")
        url = open_ticket(page, desk, SUBJECTS["ru"])
        page.get_by_role("button", name="Translate").last.click()
        run(desk, _WORK)
        page.goto(url)
        reads(page, TRANSLATED)
        page.get_by_text("Original (Russian)").first.click()
        reads(page, QUESTION)

        page.locator("#compose-text").fill(TRANSLATED)
        page.locator("#reply-into").select_option("ru")
        page.get_by_role("button", name="Show the translation").click()
        expect(page.locator("#reply-preview")).to_contain_text("being made")
        run(desk, _WORK)
        preview = page.locator("#reply-translation")
        expect(preview).to_have_value(QUESTION)
        assert serious(page) == []
        preview.fill(f"{QUESTION} Уточните.")
        page.locator("#composer [data-send]").click()
        page.get_by_text("What was sent (Russian)").first.wait_for()

    after_ten_seconds(desk)
    partner = open_page(desk, language="ru", phone=True, theme="dark")
    partner.goto(desk(f"/t/{key_in_the_mail(desk, SUBJECTS['ru'])}/"))
    expect(partner.locator(".public-line").last).to_contain_text(f"{QUESTION} Уточните.")
    partner.locator(".original summary").click()
    expect(partner.locator(".public-line").last).to_contain_text(TRANSLATED)
    assert serious(partner) == []
