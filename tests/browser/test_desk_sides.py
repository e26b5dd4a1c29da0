"""Stories with people outside: three sides of one ticket, two matters in one letter, calls in and out.
Partner and agent need not speak the same language."""

from __future__ import annotations

import json
import re
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk_steps import (
    after_ten_seconds,
    answer,
    customers_key,
    enter,
    key_in_the_mail,
    more,
    open_ticket,
    words_of,
)
from tests.browser.desk_world import SUBJECTS, VERAS_NUMBER
from tests.browser.house import House
from tests.browser.test_live import edge_of


def outside(open_page: OpenPage, house: House, key: str, language: str) -> Page:
    """Somebody without an account, at the page that the link in our mail opens."""
    page = open_page(house, language=language)
    page.goto(house(f"/t/{key}/"))
    return page


def says(page: Page, text: str) -> None:
    page.locator("#write [name=text]").fill(text)
    page.locator("#write button[type=submit]").click()
    expect(page.locator(".public-line").last).to_contain_text(text)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_each_of_three_sides_reads_what_is_meant_for_it(
    desk: House, open_page: OpenPage, language: str
) -> None:
    page = open_page(desk, language=language)
    words = enter(page, desk, "dmitri@example.com", language)
    url = open_ticket(page, desk, SUBJECTS[language])
    more(page, words("Bring in the end customer"), words)
    page.locator("main form [name=name]").fill("Kai Client")
    page.locator("main form [name=address]").fill(f"kai.{language}@client.example")
    page.locator("main form .btn-primary").click()
    to_partner = page.locator("#composer [name=to_partner]")
    to_customer = page.locator("#composer [name=to_customer]")

    # The partner wrote last: the answer is for the partner, unless somebody says otherwise.
    expect(to_partner).to_be_checked()
    expect(to_customer).not_to_be_checked()
    answer(page, "ONE for the partner")
    expect(page.locator("article.message-reply").last).to_contain_text(words("partner only"))
    to_partner.uncheck()
    page.locator("#compose-text").fill("TWO for the customer")
    page.locator("#composer [data-send]").click()
    refusal = words("Choose who gets the reply, and make sure we know their address.")
    expect(page.locator("#composer .alert-danger")).to_contain_text(refusal)
    expect(to_partner).not_to_be_checked()
    to_customer.check()
    answer(page, "TWO for the customer")
    to_partner.check()
    to_customer.check()
    answer(page, "THREE for both")
    after_ten_seconds(desk)

    partner = outside(open_page, desk, key_in_the_mail(desk, SUBJECTS[language]), language)
    customer = outside(open_page, desk, customers_key(desk, url), language)
    expect(partner.locator(".public-line", has_text="ONE")).to_have_count(1)
    expect(partner.locator(".public-line", has_text="TWO")).to_have_count(0)
    expect(customer.locator(".public-line")).to_have_count(2)
    expect(customer.locator(".public-line", has_text="THREE")).to_have_count(1)
    says(customer, "FOUR from the customer")

    page.goto(url)
    expect(to_partner).not_to_be_checked()
    expect(to_customer).to_be_checked()
    partner.reload()
    expect(partner.locator(".public-line", has_text="FOUR")).to_have_count(0)
    told = page.locator("article.side-customer", has_text="FOUR")
    told.get_by_text(words("Who sees it"), exact=True).click()
    told.get_by_label(words("Partner"), exact=True).check()
    told.get_by_role("button", name=words("Save")).click()
    expect(told).to_contain_text(words("partner and customer"))
    partner.reload()
    expect(partner.locator(".public-line", has_text="FOUR")).to_have_count(1)


def test_two_matters_in_one_conversation_become_two_tickets(desk: House, open_page: OpenPage) -> None:
    subject = f"{SUBJECTS['en']}, 2"
    partner = outside(open_page, desk, key_in_the_mail(desk, subject), "en")
    says(partner, "Besides, the banner 300x250 is broken.")

    page = open_page(desk, language="ru")
    words = enter(page, desk, "dmitri@example.com", "ru")
    url = open_ticket(page, desk, subject)
    more(page, words("Split messages off"), words)
    page.get_by_role("button", name=words("Split off")).click()
    expect(page.locator("main form .invalid-feedback").first).to_be_visible()
    page.locator("main form label", has_text="the banner 300x250").click()
    page.locator("main form [name=subject]").fill("Banner")
    page.get_by_role("button", name=words("Split off")).click()
    page.wait_for_url(lambda found: found != url and "/split/" not in found)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Banner")
    expect(page.locator("article.message-incoming")).to_have_count(1)
    expect(page.locator("article.message-incoming")).to_contain_text("the banner 300x250")
    page.locator("#ticket-facts").get_by_role("link", name=re.compile(re.escape(subject))).first.click()
    page.wait_for_url(url)
    expect(page.locator("article.message-incoming")).to_have_count(1)
    expect(page.locator("article.message-incoming")).not_to_contain_text("banner")

    # The partner finds each matter on a page of its own.
    partner.reload()
    expect(partner.locator(".public-line", has_text="banner")).to_have_count(0)
    partner.goto(desk(f"/t/{key_in_the_mail(desk, 'Banner')}/"))
    expect(partner.locator(".public-line", has_text="banner")).to_have_count(1)


def test_a_call_the_partner_asked_for_is_promised_and_made(desk: House, open_page: OpenPage) -> None:
    words = words_of("ru")
    partner = outside(open_page, desk, key_in_the_mail(desk, "Link 1"), "ru")
    partner.get_by_role("link", name=words("Call me")).click()
    partner.locator("[name=phone]").fill("call me")
    partner.get_by_role("button", name=words("Send")).click()
    expect(partner.locator(".invalid-feedback").first).to_be_visible()
    partner.locator("[name=phone]").fill(VERAS_NUMBER)
    partner.locator("[name=call_wish]").fill("After lunch")
    partner.get_by_role("button", name=words("Send")).click()
    expect(partner.get_by_text(words("We shall call you."))).to_be_visible()

    page = open_page(desk)
    enter(page, desk, "dmitri@example.com")
    open_ticket(page, desk, "Link 1")
    promise = page.locator(".clocks li", has_text="After lunch")
    expect(promise).to_contain_text(VERAS_NUMBER)
    with page.expect_navigation():
        promise.get_by_role("button", name="Not reached", exact=True).click()
    expect(promise).to_have_count(1)  # to be tried again
    promise.locator("[name=note]").fill("The link works for her now.")
    promise.get_by_role("button", name="Reached", exact=True).click()
    expect(promise).to_have_count(0)
    expect(page.locator("article.message-call").last).to_contain_text("The link works for her now.")
    # What was said on the telephone is for colleagues.
    partner.reload()
    expect(partner.locator("main")).not_to_contain_text("works for her")


def rings(hook: str, **said: str) -> None:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(hook, json.dumps(said).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as found:
        assert found.status == 204


def test_the_telephone_rings_on_the_screen_and_leads_to_the_caller(desk: House, open_page: OpenPage) -> None:
    agent, head = open_page(desk), open_page(desk, language="ru")
    enter(agent, desk, "dmitri@example.com")
    enter(head, desk, "anna@example.com", "ru")
    head.goto(desk("/calls/new/"))
    hook = head.locator("#hook").input_value()
    with edge_of(desk):
        agent.goto(desk("/inbox/"))
        head.goto(desk("/inbox/"))
        agent.wait_for_timeout(1500)
        rings(hook, number=VERAS_NUMBER, id="call-1")
        expect(head.locator(".ringing")).to_contain_text("Звонит")
        expect(head.locator(".ringing")).to_contain_text("Vera Orlova")
        toast = agent.locator(".ringing")
        expect(toast).to_contain_text(f"{VERAS_NUMBER} is calling")
        # The same call posted again is one call; one for Dmitri rings at nobody else.
        rings(hook, number=VERAS_NUMBER, id="call-1")
        rings(hook, number="+44 20 7946 0000", to="dmitri@example.com")
        expect(toast.filter(has_text="7946")).to_have_count(1)
        expect(toast).to_have_count(2)
        expect(head.locator(".ringing")).to_have_count(1)
        toast.get_by_role("link", name="Vera Orlova").click()
        agent.wait_for_url("**/contacts/*/")
        expect(agent.get_by_role("heading", level=1)).to_contain_text("Vera Orlova")
        head.locator(".ringing").get_by_role("link", name="Записать звонок").click()
        expect(head.locator("#id_number")).to_have_value(VERAS_NUMBER)
        expect(head.locator("main")).to_contain_text("Vera Orlova")
