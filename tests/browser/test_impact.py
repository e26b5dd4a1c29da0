"""Impact as a newcomer meets it: the sentence, its cause, the answers behind a figure, a wish."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import House


@dataclass(frozen=True, slots=True)
class Words:
    room: str
    sentence: str
    cause: str
    shown: str
    often: str
    what_if: str
    none: str
    expected: str
    changes: str
    record: str
    what: str
    save: str
    listed: str
    mistake: str
    waiting: str
    told: str


WORDS = {
    "en": Words(
        room="Impact",
        sentence="When a partner waits past a promised time once more",
        cause="Promised times missed",
        shown="an effect",
        often="2–7 missed promises",
        what_if="What if there were less of it",
        none="none at all",
        expected="from 0.5 on average to 0 missed promises. Then NPS should be about 5 points",
        changes="Changes",
        record="Record a change",
        what="What was changed",
        save="Record",
        listed="Partners one by one",
        mistake="Line 1: “soon” is not a date.",
        waiting="It is being computed",
        told="NPS is about 12 points higher than it would have been without it",
    ),
    "ru": Words(
        room="Влияние",
        sentence="Когда за 90 дней партнёр ещё раз не дождался ответа в обещанный срок",
        cause="Сорванные сроки",
        shown="влияние есть",
        often="2–7 срывов сроков",
        what_if="Что если этого станет меньше",
        none="совсем без этого",
        expected="в среднем было 0,5, станет 0 срывов сроков. Тогда NPS будет, скорее всего, выше",
        changes="Изменения",
        record="Записать изменение",
        what="Что изменили",
        save="Записать",
        listed="Партнёры поимённо",
        mistake="Строка 1: «soon» — не дата.",
        waiting="Идёт подсчёт",
        told="NPS примерно на 12 пунктов выше, чем было бы без него",
    ),
}


@pytest.mark.parametrize("language", WORDS)
def test_a_sentence_leads_to_the_answers_behind_it_and_to_a_wish(
    house: House, open_page: OpenPage, language: str
) -> None:
    words = WORDS[language]
    _furnish(house)
    page = open_page(house, language=language)
    if language == "ru":
        speak_russian(page, house)
    sign_in(page, house, "anna@example.com")
    page.get_by_role("link", name=words.room, exact=True).first.click()
    expect(page.locator(".impact-sentence")).to_contain_text(words.sentence)
    page.get_by_role("link", name=words.cause, exact=True).first.click()
    expect(page.locator(".impact-headline")).to_contain_text(words.shown)

    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=words.often, exact=True))
    row.get_by_role("link").click()
    told = page.locator("main tbody tr")
    expect(told).to_have_count(1)
    expect(told).to_contain_text("Aurora")
    expect(told).to_contain_text("Vera Orlova")
    page.go_back()

    page.get_by_role("link", name=words.what_if).click()
    page.get_by_label(words.none).check()
    expect(page.locator("#goal")).to_contain_text(words.expected)


@pytest.mark.parametrize("language", WORDS)
def test_a_change_is_recorded_by_tier_and_told_when_it_was_studied(
    house: House, open_page: OpenPage, language: str
) -> None:
    """On a telephone; a line that cannot be read takes nothing of the rest away."""
    words = WORDS[language]
    _furnish(house)
    page = open_page(house, language=language, phone=True)
    if language == "ru":
        speak_russian(page, house)
    sign_in(page, house, "anna@example.com")
    page.goto(house("/impact/"))
    page.get_by_role("link", name=words.changes, exact=True).click()
    page.get_by_role("link", name=words.record, exact=True).first.click()
    page.get_by_label(words.what, exact=True).fill("Weekly payouts")
    page.get_by_label("gold", exact=True).fill("2026-01-01")
    page.get_by_label(words.listed, exact=True).fill("Borealis; soon")
    page.get_by_role("button", name=words.save, exact=True).click()
    expect(page.locator("main")).to_contain_text(words.mistake)
    expect(page.get_by_label("gold", exact=True)).to_have_value("2026-01-01")
    page.get_by_label(words.listed, exact=True).fill("Borealis; 15.02.2026")
    page.get_by_role("button", name=words.save, exact=True).click()
    expect(page.locator("#impact")).to_contain_text(words.waiting)

    house.errands.run("-m", "tests.browser.impact_world", "--studied")
    expect(page.locator(".impact-sentence")).to_contain_text(words.told)
    expect(page.locator(".impact-narrow svg")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def _furnish(house: House) -> None:
    if not (house.data / "facts" / "exposures").exists():
        house.errands.run("-m", "tests.browser.impact_world")
