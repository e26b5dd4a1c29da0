"""The main job: answers in, an NPS that can be trusted out."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, sign_in
from tests.browser.house import EXAMPLES, House, worker_of


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """Half a year of the guide's answers, of which two have no score: analyze, too, refuses just those."""
    lines = (EXAMPLES / "answers-2025-h2.csv").read_text().splitlines()
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(line for line in lines if not line.startswith("31.02.")))
    return path


def test_answers_are_imported_and_give_the_same_nps_as_analyze(
    house: House, open_page: OpenPage, answers: Path, tmp_path: Path
) -> None:
    page = open_page(house)
    sign_in(page, house, "anna@example.com")
    upload(page, house, "Partners", EXAMPLES / "partners.csv")
    expect(page.get_by_label("renewal")).to_have_value("renewal_on")
    start(page)
    expect(page.get_by_role("heading", name="Waits for a worker")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    with worker_of(house):
        assert account(page) == (12, 12, 0, 0)
        page.get_by_role("link", name="Next: Contacts").click()
        choose(page, EXAMPLES / "contacts.csv")
        start(page)
        assert account(page) == (36, 36, 0, 0)

        upload(page, house, "Answers", answers)
        expect(page.get_by_label("score")).to_have_value("score")
        preview = page.locator("#import-preview")
        expect(preview).to_contain_text("stored")
        page.get_by_label("comment").select_option("")
        expect(preview.get_by_role("columnheader", name="Comment")).to_be_hidden()
        page.get_by_label("comment").select_option("comment")
        expect(preview.get_by_role("columnheader", name="Comment")).to_be_visible()
        start(page)
        assert account(page) == (119, 117, 0, 2)
        expect(page.get_by_text("A score is a number from 0 to 10.").first).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download as CSV").click()
        download.value.save_as(tmp_path / "failed.csv")
        failed = list(csv.DictReader((tmp_path / "failed.csv").read_text("utf-8-sig").splitlines()))
        assert [row["score"] for row in failed] == ["11", "9/10"]

        facts = analyzed(answers)
        assert nps(page, house) == (f"{facts['nps']:.1f}", facts["n"])

        upload(page, house, "Answers", answers)
        expect(page.get_by_text("imported before")).to_be_visible()
        start(page)
        assert account(page) == (119, 0, 117, 2)
        assert nps(page, house) == (f"{facts['nps']:.1f}", facts["n"])


def test_a_worker_that_has_just_started_is_seen_at_once(house: House, open_page: OpenPage) -> None:
    page = open_page(house)
    sign_in(page, house, "root@example.com")
    with worker_of(house):
        page.goto(house("/operations/"))
        expect(page.get_by_text("at work")).to_be_visible(timeout=20_000)


def upload(page: Page, house: House, target: str, file: Path) -> None:
    page.goto(house("/imports/"))
    page.get_by_role("link", name="Import a file").first.click()
    page.get_by_role("radio", name=target).check()
    choose(page, file)


def choose(page: Page, file: Path) -> None:
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Upload and look").click()
    expect(page.get_by_role("heading", name="What the columns mean")).to_be_visible()


def start(page: Page) -> None:
    page.get_by_role("button", name="Start the import").click()


def account(page: Page) -> tuple[int, ...]:
    """Read, stored, skipped and failed, once the import is over; the page finds that out by itself."""
    expect(page.get_by_role("heading", name="Done")).to_be_visible(timeout=60_000)
    figures = page.locator(".import-account dd").all_inner_texts()
    return tuple(int(figure) for figure in figures)


def nps(page: Page, house: House) -> tuple[str, int]:
    """Score and number of answers of the second half of 2025, as the page shows them."""
    page.goto(house("/"))
    page.get_by_role("navigation").get_by_role("link", name="NPS").click()
    page.get_by_label("Period").select_option("custom")
    page.get_by_label("From").fill("2025-07-01")
    page.get_by_label("To, included").fill("2025-12-31")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**from=2025-07-01*")
    sentence = page.locator(".score-head + p").inner_text()
    return page.locator(".score-big").inner_text(), int(sentence.split(" answers")[0].rpartition(" ")[2])


def analyzed(file: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "otklik.cli", "analyze", str(file), "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
