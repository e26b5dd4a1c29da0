"""The NPS page: filters in the address, periods compared, figures to take along, keyboard and phone."""

from __future__ import annotations

import csv
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, sign_in, speak_russian
from tests.browser.house import House

HALF_A_YEAR = "/nps/?period=custom&from=2025-07-01&to=2025-12-31"


def test_the_comparison_is_told_and_the_csv_holds_the_figures_of_the_page(
    answered_house: House, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(answered_house)
    sign_in(page, answered_house, "anna@example.com")
    page.goto(answered_house(HALF_A_YEAR))
    expect(page.locator(".verdict-up")).to_contain_text(
        "NPS rose by 38.5 points, from −11.1 to 27.4, against January 2025 – June 2025. This is more than"
    )
    total = figures(page, tmp_path)
    assert (total["NPS"], total["Answers"]) == (page.locator(".score-big").inner_text(), "117")

    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Tier").select_option("bronze")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**tier=bronze*")
    narrowed = figures(page, tmp_path)
    assert (narrowed["NPS"], narrowed["Answers"]) == (page.locator(".score-big").inner_text(), "25")

    address = page.url
    score = page.locator(".score-big").inner_text()
    again = page.context.new_page()
    again.goto(address)
    expect(again.get_by_label("Tier")).to_have_value("bronze")
    expect(again.locator(".score-big")).to_have_text(score)
    again.get_by_label("Tier").select_option("platinum")
    again.get_by_role("button", name="Show").click()
    expect(again.locator(".verdict")).to_contain_text("One cannot tell whether NPS has changed")
    expect(again.locator(".score-head + p")).to_contain_text("Only 4 answers: too few for a score.")


def test_filters_are_reached_with_the_keyboard_and_charts_have_names(
    answered_house: House, open_page: OpenPage
) -> None:
    page = open_page(answered_house)
    sign_in(page, answered_house, "anna@example.com")
    page.goto(answered_house(HALF_A_YEAR))
    for name in (
        "How many answers",
        "NPS over time",
        "Detractors, passives and promoters",
        "Scores with their",
    ):
        expect(page.get_by_role("img", name=name).locator("visible=true").first).to_be_visible()
    assert page.locator("main svg[role=img]").count() > 0
    assert not page.evaluate(NAMELESS_CHARTS)

    page.get_by_label("Period").focus()
    for label in ("Compared with", "Over time by", "From"):
        tab_to(page, label)
    for _ in range(8):  # a date has parts of its own
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    page.keyboard.press("Enter")
    tab_to(page, "Tier")
    page.keyboard.type("gold")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**tier=gold*")


def test_the_phone_needs_no_sideways_scrolling_in_russian_and_dark(
    answered_house: House, open_page: OpenPage
) -> None:
    page = open_page(answered_house, language="ru", theme="dark", phone=True)
    speak_russian(page, answered_house)
    sign_in(page, answered_house, "anna@example.com")
    for path in (
        HALF_A_YEAR,
        "/",
        "/nps/method/",
        "/partners/",
        "/partners/1/",
        "/contacts/1/",
        "/imports/new/",
    ):
        page.goto(answered_house(path))
        assert page.locator("html").get_attribute("data-bs-theme") == "dark"
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def figures(page: Page, folder: Path) -> dict[str, str]:
    """The line about all answers."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Figures as CSV").click()
    download.value.save_as(folder / "figures.csv")
    return next(csv.DictReader((folder / "figures.csv").read_text("utf-8-sig").splitlines()))


def tab_to(page: Page, label: str) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_label(label, exact=True)).to_be_focused()


NAMELESS_CHARTS = """() => {
    const says = (id) => document.getElementById(id)?.textContent.trim();
    return [...document.querySelectorAll("main svg[role=img]")]
        .filter((chart) => !chart.getAttribute("aria-labelledby").split(" ").every(says))
        .map((chart) => chart.outerHTML.slice(0, 200));
}"""
