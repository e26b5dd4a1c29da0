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
    ),
}


@pytest.mark.parametrize("language", WORDS)
def test_a_sentence_leads_to_the_answers_behind_it_and_to_a_wish(
    house: House, open_page: OpenPage, language: str
) -> None:
    words = WORDS[language]
    if not (house.data / "facts" / "exposures").exists():
        house.errands.run("-m", "tests.browser.impact_world")
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
