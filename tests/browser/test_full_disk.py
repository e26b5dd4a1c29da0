"""A disk that is really full while somebody sends a file: nothing typed is lost, nothing half is stored."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk_steps import enter, open_ticket
from tests.browser.desk_world import SUBJECTS
from tests.browser.house import House, Running, Template

pytestmark = pytest.mark.slow
WORDS = {
    "en": ("The server's disk is full: nothing was sent.", "We cannot keep the file just now."),
    "ru": ("Диск сервера заполнен, ничего не отправлено.", "Сейчас мы не можем сохранить файл."),
}
# The first goes through a file of its own on its way in, the second is held in memory until it is kept.
LARGE = FilePayload(name="film.mp4", mimeType="video/mp4", buffer=os.urandom(3_000_000))
SMALL = FilePayload(name="report.pdf", mimeType="application/pdf", buffer=os.urandom(300_000))


@dataclass(frozen=True, slots=True)
class Disk:
    folder: Path

    @property
    def ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self) -> None:
        with self.ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.rglob("*") if path.is_file())


@contextmanager
def mounted(place: Path, size: str) -> Iterator[Disk]:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small file system")
    try:
        yield Disk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    """For the files of messages and for those on their way in."""
    with mounted(tmp_path_factory.mktemp("small"), "2m") as found:
        for name in ("files", "tmp"):
            (found.folder / name).mkdir()
        yield found


@pytest.fixture(scope="module")
def cramped(desk_template: Template, disk: Disk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("cramped")
    (folder / "files").symlink_to(disk.folder / "files")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(disk.folder / "tmp"))
        with Running(desk_template, folder) as house:
            yield house


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_agents_answer_survives_a_file_that_finds_no_room(
    cramped: House, disk: Disk, open_page: OpenPage, language: str
) -> None:
    page = open_page(cramped, language=language)
    enter(page, cramped, "dmitri@example.com", language)
    open_ticket(page, cramped, SUBJECTS[language])
    before = disk.files()
    disk.fill()
    page.locator("#compose-text").fill("The report is attached.")
    for file in (LARGE, SMALL):
        page.locator("#composer [name=files]").set_input_files(file)
        page.locator("#composer [data-send]").click()
        expect(page.locator("#composer .alert-danger")).to_contain_text(WORDS[language][0])
        expect(page.locator("#compose-text")).to_have_value("The report is attached.")
        assert disk.files() == sorted([*before, "ballast"])
    expect(page.locator("article.message-reply")).to_have_count(0)

    disk.ballast.unlink()
    page.locator("#composer [name=files]").set_input_files(SMALL)
    page.locator("#composer [data-send]").click()
    expect(page.locator("article.message-reply")).to_contain_text("The report is attached.")
    with page.expect_download() as download:
        page.get_by_role("link", name="report.pdf").click()
    assert Path(download.value.path()).read_bytes() == SMALL["buffer"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_partners_question_survives_a_file_that_finds_no_room(
    cramped: House, disk: Disk, open_page: OpenPage, language: str
) -> None:
    page = open_page(cramped, language=language)
    page.goto(cramped("/ask/help/"))
    typed = {"name": "Pavel", "email": "pavel@somewhere.example", "subject": "A film", "text": "Watch it."}
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=files]").set_input_files(LARGE)
    page.wait_for_timeout(3500)  # nobody types so much in no time, and the form knows
    disk.fill()
    page.locator("form[data-once] .btn-primary").click()
    expect(page.locator(".alert-danger")).to_contain_text(WORDS[language][1])
    for name, text in typed.items():
        expect(page.locator(f"[name={name}]")).to_have_value(text)
    page.locator("form[data-once] .btn-primary").click()  # without the file
    page.wait_for_url("**/t/**")
    expect(page.locator(".public-line")).to_contain_text("Watch it.")
    disk.ballast.unlink()


def test_where_not_even_the_database_finds_room_the_page_says_so_and_gives_the_text_back(
    desk_template: Template, tmp_path: Path, open_page: OpenPage
) -> None:
    with mounted(tmp_path, "40m") as whole, Running(desk_template, tmp_path) as house:
        page = open_page(house, language="ru")
        enter(page, house, "dmitri@example.com", "ru")
        url = open_ticket(page, house, SUBJECTS["ru"])
        whole.fill()
        text = "Выплата ушла сегодня. " * 400  # no page of the database that is there already holds so much
        page.locator("#compose-text").fill(text)
        page.locator("#composer [data-send]").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Закончилось место")
        expect(page.locator("#written")).to_have_value(text.strip())

        whole.ballast.unlink()
        page.goto(url)
        expect(page.locator("article.message-reply")).to_have_count(0)
        page.locator("#compose-text").fill("Выплата ушла сегодня.")
        page.locator("#composer [data-send]").click()
        expect(page.locator("article.message-reply")).to_contain_text("Выплата ушла сегодня.")
