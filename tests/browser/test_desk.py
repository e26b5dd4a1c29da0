"""A day at the support desk, in both languages, by mouse, by keys and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.desk_steps import enter, key_in_the_mail, more, open_ticket
from tests.browser.desk_world import ANSWERS, QUOTES, SUBJECTS
from tests.browser.house import House


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_agents_day(desk: House, open_page: OpenPage, language: str) -> None:
    page = open_page(desk, language=language)
    words = enter(page, desk, "dmitri@example.com", language)
    url = open_ticket(page, desk, SUBJECTS[language])

    first = page.locator("article.message").first
    expect(first.get_by_text(QUOTES[language])).to_be_hidden()
    first.get_by_text(words("Quoted text and signature")).click()
    expect(first.get_by_text(QUOTES[language])).to_be_visible()
    first.get_by_text(words("As it was written")).click()
    expect(first.frame_locator("iframe").get_by_text("Vera")).to_be_visible()

    page.get_by_role("button", name=words("Canned answer")).click()
    page.locator("[data-canned]").first.click()
    expect(page.locator("#compose-text")).to_have_value(ANSWERS[language])
    page.get_by_role("button", name=words("Send the reply")).click()
    page.locator("article form[action$='/return/'] button").click()
    expect(page.locator("#compose-text")).to_have_value(ANSWERS[language])
    page.get_by_role("button", name=words("Send the reply")).click()
    expect(page.locator("article.message-reply").last).to_contain_text(ANSWERS[language])

    page.locator("body").press("n")
    page.locator("#compose-text").fill("@Fiona Finance, 48213")
    page.get_by_role("button", name=words("Keep the note")).click()
    expect(page.locator("article.message-note")).to_contain_text("48213")

    more(page, words("Ask another department"), words)
    page.locator("[name=team]").select_option(label="Finance")
    page.locator("[name=question]").fill("P-48213?")
    page.locator("main form .btn-primary").click()
    expect(page.locator("#ticket-facts")).to_contain_text("P-48213?")

    asked = open_page(desk)
    enter(asked, desk, "fiona@example.com")
    asked.goto(desk("/inbox/?view=asked"))
    asked.locator("a.row-name").first.click()
    asked.locator("#ticket-facts details summary", has_text="Answer").click()
    asked.locator("[name=answer]").fill("Sent today.")
    asked.locator("#ticket-facts form[action*='/questions/'] .btn-primary").click()
    expect(asked.locator("#ticket-facts")).to_contain_text("Sent today.")

    page.goto(url)
    expect(page.locator("#ticket-facts")).to_contain_text("Sent today.")
    with page.expect_navigation():
        page.locator("body").press("d")
    expect(page.locator("article.message-incoming")).not_to_have_count(1)
    page.get_by_role("button", name=words("Solved")).click()
    expect(page.get_by_role("button", name=words("Open again"))).to_be_visible()


def test_a_run_by_the_keyboard_alone(desk: House, open_page: OpenPage) -> None:
    page = open_page(desk)
    enter(page, desk, "dmitri@example.com")
    page.goto(desk("/inbox/?view=open&q=Link"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    name = page.locator("[data-row].current a.row-name").inner_text()
    page.keyboard.press("o")
    page.wait_for_url("**/tickets/*/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name.strip())
    page.keyboard.press("r")
    page.keyboard.type("Try it now, please.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("article.message-reply")).to_contain_text("Try it now, please.")
    page.keyboard.press("i")
    page.wait_for_url("**/inbox/**")


def test_two_agents_see_each_other_and_the_second_answer_waits(desk: House, open_page: OpenPage) -> None:
    first, second = open_page(desk), open_page(desk)
    enter(first, desk, "dmitri@example.com")
    enter(second, desk, "anna@example.com")
    url = open_ticket(first, desk, "Link 5")
    second.goto(url)
    expect(second.locator("#others")).to_contain_text("Dmitri Agent")
    second.locator("#compose-text").fill("Mine.")
    first.locator("#compose-text").fill("The link works again.")
    first.get_by_role("button", name="Send the reply").click()
    expect(first.locator("article.message-reply")).to_contain_text("works again")
    second.get_by_role("button", name="Send the reply").click()
    expect(second.locator("#newer")).to_contain_text("The link works again.")
    expect(second.locator("#compose-text")).to_have_value("Mine.")
    second.get_by_label("I have read it; send my answer all the same").check()
    second.get_by_role("button", name="Send the reply").click()
    expect(second.locator("article.message-reply")).to_have_count(2)


def test_several_tickets_at_once_and_a_view_to_come_back_to(desk: House, open_page: OpenPage) -> None:
    page = open_page(desk)
    enter(page, desk, "anna@example.com")
    page.goto(desk("/inbox/?view=open&q=Link"))
    for number in (1, 2):
        page.locator("[data-row] input[name=ticket]").nth(number).check()
    expect(page.locator("[data-bulk-count]")).to_contain_text("2")
    page.locator("[data-bulk-select=owner]").select_option(label="Anna Head")
    expect(page.locator(".owner-cell", has_text="Anna Head")).to_have_count(2)
    page.goto(desk("/inbox/?view=open&q=Link"))
    page.get_by_role("button", name="Keep as a view").click()
    page.locator("#save-view [name=name]").fill("Broken links")
    page.locator("#save-view button[type=submit]").click()
    page.get_by_role("link", name="Broken links", exact=True).click()
    expect(page.locator("[data-row]").first).to_contain_text("Link")


def test_a_call_is_written_down_on_a_phone(desk: House, open_page: OpenPage) -> None:
    page = open_page(desk, phone=True)
    enter(page, desk, "dmitri@example.com")
    page.goto(desk("/calls/new/"))
    page.get_by_label("Phone number").fill("+7 999 000-11-22")
    page.get_by_role("button", name="Who is it?").click()
    page.locator("main form[method=post] [name=subject]").fill("Asked about the hold")
    page.locator("main form[method=post] textarea").first.fill("Told them that it takes two days.")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/tickets/*/")
    expect(page.locator("article.message-call")).to_contain_text("two days")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def test_a_partner_asks_by_the_form_and_rates_the_answer(desk: House, open_page: OpenPage) -> None:
    guest, agent = open_page(desk), open_page(desk)
    guest.goto(desk("/ask/help/"))
    guest.locator("[name=name]").fill("Pavel Orlov")
    guest.locator("[name=email]").fill("pavel@somewhere.example")
    guest.locator("[name=subject]").fill("Postback")
    guest.locator("[name=text]").fill("How do I set up a postback?")
    guest.wait_for_timeout(3500)  # nobody types so much in no time, and the form knows
    guest.get_by_role("button", name="Send").click()
    guest.wait_for_url("**/t/**")
    expect(guest.get_by_text("We have received your message.")).to_be_visible()
    enter(agent, desk, "dmitri@example.com")
    open_ticket(agent, desk, "Postback")
    agent.locator("#compose-text").fill("Under Settings, Postbacks.")
    agent.locator("#status-after").select_option("solved")
    agent.get_by_role("button", name="Send the reply").click()
    expect(agent.locator("article.message-reply")).to_be_visible()
    guest.goto(desk(f"/t/{key_in_the_mail(desk, 'Postback')}/"))
    # What may still be taken back is not shown to anybody outside.
    expect(guest.locator(".public-facts")).to_contain_text("solved")
    expect(guest.get_by_text("Under Settings, Postbacks.")).to_have_count(0)
    guest.get_by_role("link", name="very well").click()
    guest.get_by_role("button", name="Send").click()
    agent.reload()
    expect(agent.locator("#ticket-facts")).to_contain_text("5 / 5")


def test_a_mailbox_that_cannot_be_read_says_why_in_words(desk: House, open_page: OpenPage) -> None:
    page = open_page(desk)
    enter(page, desk, "anna@example.com")
    page.goto(desk("/settings/desk/mailboxes/new/"))
    page.locator("[name=address]").fill("sales@north.example")
    page.locator("[name=source]").first.evaluate("box => box.form.elements.source.value = 'imap'")
    page.locator("[name=host]").fill("127.0.0.1")
    page.locator("[name=port]").fill("9")
    page.locator("[name=user_name]").fill("sales")
    page.locator("[name=password]").fill("secret")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Try the connection").click()
    expect(page.locator("#attempt")).to_contain_text("no connection. Check the server's name and port")


def test_a_promise_is_made_on_its_page(desk: House, open_page: OpenPage) -> None:
    page = open_page(desk)
    enter(page, desk, "anna@example.com")
    page.goto(desk("/settings/desk/policies/new/"))
    page.locator("[name=name]").fill("Everybody")
    page.locator("[name=calendar]").select_option(label="Around the clock")
    page.locator("table tbody input").first.fill("four hours")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("table .invalid-feedback")).to_be_visible()
    page.locator("table tbody input").first.fill("4:30")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Everybody").first.click()
    expect(page.locator("table tbody input").first).to_have_value("4:30")
