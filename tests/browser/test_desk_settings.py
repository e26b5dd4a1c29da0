"""Setting the desk up in a browser: a trigger written in rows, tried on past tickets, switched on."""

from __future__ import annotations

from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import House

_TICKETS = """
import django
django.setup()
from otklik.desk.models import Topic
from otklik.desk.operations.tickets import create_ticket
from otklik.desk.rules.vocabulary import Channel, Side
from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.partners.models import Program
Topic.objects.create(key="payouts", names={"en": "Payouts", "ru": "Выплаты"})
program = Program.objects.get()
for text in ("Where is our payout?", "Hello"):
    create_ticket(program_id=program.pk, subject=text, channel=Channel.EMAIL, side=Side.PARTNER, text=text,
                  requester_address="vera@aurora.example", by=Actor.system(), at=now())
"""


def with_tickets(house: House) -> None:
    house.errands.run("-c", _TICKETS)


def test_a_trigger_is_written_tried_and_switched_on(house: House, open_page: OpenPage) -> None:
    with_tickets(house)
    page = open_page(house)
    sign_in(page, house, "anna@example.com")
    page.goto(house("/settings/desk/triggers/new/"))
    page.get_by_label("Name").fill("Payouts")
    page.get_by_label("A ticket comes in").check()
    page.get_by_role("button", name="Add a condition").first.click()
    # A row that has only just come does not hear a change yet.
    row = page.locator("#rows-all .rule-row:not(.htmx-added)")
    row.get_by_label("What is looked at").select_option("text")
    # The row is drawn anew once it is known what is looked at.
    row.get_by_role("textbox", name="Values").fill("payout, выплат")
    action = page.locator("#rows-actions .rule-row").first
    action.get_by_label("What is done").select_option("set_topic")
    action.get_by_label("Values").select_option(label="Payouts")
    page.get_by_role("button", name="Add an action").click()
    page.locator("#rows-actions .rule-row").nth(1).get_by_label("Take this row out").click()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Switch it on").wait_for()
    assert "of 2 tickets fit" in page.locator("#dry-run").inner_text()
    assert "Set the topic: Payouts" in page.locator("#dry-run").inner_text()
    page.get_by_role("button", name="Switch it on").click()
    page.get_by_text("Switched on.").wait_for()


def test_somebody_says_that_they_take_tickets(house: House, open_page: OpenPage) -> None:
    page = open_page(house, language="ru", phone=True)
    speak_russian(page, house)
    sign_in(page, house, "dmitri@example.com")
    page.goto(house("/inbox/"))
    page.locator(".availability > button").click()
    page.get_by_role("button", name="принимает обращения").click()
    page.locator(".availability .here-online").first.wait_for()
