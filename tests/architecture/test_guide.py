"""The guide is true: its links lead somewhere, both languages are there, its commands exist and work."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from otklik.api.v1.money_schemas import EntriesIn, PayoutsIn, StateIn
from otklik.api.v1.occasions import OccasionIn
from otklik.api.v1.schemas import ContactsIn, PartnersIn, ResponsesIn
from otklik.api.v1.ticket_schemas import MessageIn, TicketChange, TicketIn
from otklik.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
READMES = [ROOT / "README.md", ROOT / "README.ru.md"]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# Written for developers, in one language.
ENGLISH_ONLY = {"benchmarks.md"}
SOURCES = {
    "partners": PartnersIn,
    "contacts": ContactsIn,
    "responses": ResponsesIn,
    "entries": EntriesIn,
    "payouts": PayoutsIn,
    "payouts/7/state": StateIn,
}


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    """The text without what stands in fences: code has brackets of its own."""
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)


def shell_lines(page: Path) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    joined = "".join(blocks).replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip()]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_and_picture_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", prose(page))
    ours = [link for link in links if not re.match(r"https?:|mailto:|#", link)]
    assert [link for link in ours if not (page.parent / unquote(link.partition("#")[0])).exists()] == []


def test_every_page_of_the_guide_is_there_in_both_languages_and_named_in_the_index() -> None:
    english = {page.name for page in GUIDE.glob("*.md") if not page.name.endswith(".ru.md")} - ENGLISH_ONLY
    russian = {page.name for page in GUIDE.glob("*.ru.md")}
    assert {name.removesuffix(".md") + ".ru.md" for name in english} == russian
    for index, names in (("README.md", english), ("README.ru.md", russian)):
        text = (GUIDE / index).read_text(encoding="utf-8")
        assert [name for name in sorted(names) if f"({name})" not in text and name != index] == []


def test_pictures_speak_the_language_of_their_page_and_none_is_left_over() -> None:
    shown: set[str] = set()
    for page in [*READMES, *GUIDE.glob("*.md")]:
        pictures = re.findall(r"images/([\w.-]+\.png)", page.read_text(encoding="utf-8"))
        language = "ru" if page.name.endswith(".ru.md") else "en"
        assert [name for name in pictures if not name.endswith(f".{language}.png")] == [], name_of(page)
        shown |= set(pictures)
    assert {path.name for path in (ROOT / "docs" / "images").iterdir()} == shown


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    programs = set(re.findall(r"(?<![\w/.])bin/([a-z]+)", text))
    assert {name for name in programs if not (ROOT / "bin" / name).exists()} == set()
    commands = set(re.findall(r"(?:bin/|`)otklik ([a-z]+)", text))
    assert commands - set(COMMANDS) == set()


def analyses() -> list[str]:
    pages = [*READMES, *sorted(GUIDE.glob("*.md"))]
    lines = {line for page in pages for line in shell_lines(page)}
    return sorted(line for line in lines if re.search("otklik (analyze|impact|sla)", line))


@pytest.mark.parametrize("line", analyses())
def test_the_analyses_and_deadlines_shown_can_be_run_as_written(line: str, tmp_path: Path) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    arguments = shlex.split(line.removeprefix("bin/otklik "))
    done = run(arguments, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("readme", READMES, ids=name_of)
def test_a_readme_shows_what_its_command_prints(readme: Path, tmp_path: Path) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    [line] = [line for line in shell_lines(readme) if "otklik analyze" in line]
    done = run(shlex.split(line.removeprefix("bin/otklik ")), tmp_path)
    [shown] = re.findall(r"```\n(NPS .*?)```", readme.read_text(encoding="utf-8"), re.S)
    # The first line names the file and how it was read.
    assert done.stdout.partition("\n\n")[2] == shown


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "otklik.cli", *arguments]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("page", ["api.md", "api.ru.md"])
def test_the_api_takes_what_the_examples_send(page: str) -> None:
    sent = set()
    for line in shell_lines(GUIDE / page):
        found = re.search(r"\$API/([\w/]+)\".*-d '(.*)'", line)
        if found:
            SOURCES[found.group(1)].model_validate(json.loads(found.group(2)))
            sent.add(found.group(1))
    assert sent == set(SOURCES)


@pytest.mark.parametrize("page", ["desk-doors.md", "desk-doors.ru.md"])
def test_tickets_are_sent_as_the_examples_say(page: str) -> None:
    kinds = {"tickets": TicketIn, "tickets/1/messages": MessageIn, "tickets/1": TicketChange}
    sent = set()
    for line in shell_lines(GUIDE / page):
        if found := re.search(r"\$API/([\w/]+)\".*-d '(.*)'", line):
            kinds[found.group(1)].model_validate(json.loads(found.group(2)))
            sent.add(found.group(1))
    assert sent == set(kinds)


@pytest.mark.parametrize("page", ["surveys-waves.md", "surveys-waves.ru.md"])
def test_an_event_is_told_as_the_example_says(page: str) -> None:
    (line,) = shell_lines(GUIDE / page)
    found = re.search(r"\$API/occasions\".*-d '(.*)'", line)
    assert found is not None
    OccasionIn.model_validate(json.loads(found.group(1)))


EXAMPLES = {
    "analyze": ("answers-2025-h2.csv", ["--by", "topic", "--date", "date"]),
    "impact": ("waits.csv", ["--outcome", "score", "--exposure", "hours_waited", "--unit", "partner"]),
}


@pytest.mark.parametrize("command", EXAMPLES)
def test_the_keys_of_the_json_object_are_explained_in_both_languages(command: str) -> None:
    name, arguments = EXAMPLES[command]
    done = run([command, str(GUIDE / "examples" / name), *arguments, "--json"], ROOT)
    keys = set(json.loads(done.stdout))
    for page in (f"{command}.md", f"{command}.ru.md"):
        table = (GUIDE / page).read_text(encoding="utf-8").partition("JSON")[2]
        assert {key for key in keys if f"`{key}`" not in table} == set(), page
