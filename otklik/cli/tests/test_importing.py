"""`otklik import`: the wizard's promises at the terminal."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

from otklik.cli.importing import import_file
from otklik.feedback.models import Response
from otklik.partners.models import ImportRun, Partner

PARTNERS = "Название;Код;Страна\nВега;V-1;Россия\nДенеб;D-2;Нарния\n"


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_their_own(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def run(world, tmp_path: Path, capsys):
    def run(data: str | bytes, *arguments: str, target: str = "partners"):
        path = tmp_path / "file.csv"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        status = import_file([target, str(path), "--program", "north", "--lang", "en", *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_every_row_is_accounted_for_in_one_object(run):
    status, out, err = run(PARTNERS, "--json")

    said = json.loads(out)
    assert (status, err) == (0, "")
    assert {name: said[name] for name in ("state", "read", "stored", "skipped", "failed")} == {
        "state": "done",
        "read": 2,
        "stored": 1,
        "skipped": 0,
        "failed": 1,
    }
    assert said["reasons"] == [
        {"reason": "Страна: There is no country of this name or code.", "rows": 1, "first_row": 3}
    ]


def test_the_same_in_words_and_in_russian(run):
    _, out, _ = run(PARTNERS, "--lang", "ru")

    assert "Прочитано строк: 2 = сохранено 1 + пропущено 0 + с ошибками 1" in out
    assert "Страны с таким названием или кодом нет." in out


def test_failed_rows_are_written_to_be_mended(run, tmp_path):
    status, out, _ = run(PARTNERS, "--failed")

    path = tmp_path / "file-failed.csv"
    assert status == 0
    assert str(path) in out
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1][:3] == ["Денеб", "D-2", "Нарния"]


def test_a_rehearsal_says_the_same_and_stores_nothing(run, tmp_path):
    status, out, _ = run(PARTNERS, "--dry-run", "--json", "--failed", str(tmp_path / "bad.csv"))

    said = json.loads(out)
    assert (status, said["stored"], said["failed"]) == (0, 1, 1)
    assert (tmp_path / "bad.csv").exists()
    assert not ImportRun.objects.exists()
    assert not Partner.objects.filter(name="Вега").exists()


@pytest.mark.parametrize(
    ("data", "arguments", "said"),
    [
        (b"", (), "The file is empty."),
        (b"name,name\na,b\n", (), "stand more than once"),
        (b"name,tier\nVega", (), "The file ends in the middle of row 2"),
        (b"name,tier\nVega," + b"x" * (2 << 20), (), "Row 2 is longer than"),
        (b"colour\nred\n", (), "Choose the column that holds: name."),
        (b"name,renewal date\nVega,03/04/2027\n", (), "--date-order dmy or --date-order mdy"),
        (b"name\nVega\n", ("--program", "south"), "The programs are: north."),
        (b"name\nVega\n", ("--map", "name"), "not written as NAME=VALUE"),
        (b"name\nVega\n", ("--time-zone", "Mars"), "no time zone Mars"),
    ],
)
def test_what_cannot_be_taken_is_said_with_status_2(run, data, arguments, said):
    status, out, err = run(data, *arguments)

    assert (status, out) == (2, "")
    assert said in err
    assert not ImportRun.objects.exists()


def test_an_unknown_target_names_the_known_ones(run):
    status, _, err = run("name\nVega\n", target="mood")

    assert status == 2
    assert "partners, contacts, answers" in err


def test_a_person_knows_better_than_the_guess(run, world):
    data = "who,how,when,date\nAurora,9,2025-03-12,2020-01-01\n"

    status, out, _ = run(
        data,
        *("--map", "who=partner_name", "--map", "how=score", "--map", "when=responded_at", "--json"),
        target="answers",
    )

    assert (status, json.loads(out)["stored"]) == (0, 1)
    assert Response.objects.get().responded_at.year == 2025


def test_a_choice_for_the_whole_file(run):
    data = "partner,score,date\nAurora,5,2025-03-12\nAurora,9,2025-03-12\n"

    _, out, _ = run(data, "--set", "kind=csat", "--json", target="answers")

    assert json.loads(out)["failed"] == 1
    assert Response.objects.get().kind == "csat"


def test_the_same_file_again_is_noticed_and_adds_nothing(run):
    run(PARTNERS)

    status, out, err = run(PARTNERS, "--json")

    assert status == 0
    assert "imported before" in err
    assert (json.loads(out)["stored"], json.loads(out)["skipped"]) == (0, 1)


def test_going_on_with_what_is_not_there_is_status_2(world, capsys):
    assert import_file(["--resume", "77", "--lang", "en"]) == 2
    assert "no import 77" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["absent/failed.csv", "."])
def test_a_place_that_takes_no_failed_rows_is_found_before_anything_is_stored(run, tmp_path, path):
    status, out, err = run(PARTNERS, "--failed", str(tmp_path / path))

    assert (status, out) == (2, "")
    assert "The failed rows cannot be written to" in err
    assert not ImportRun.objects.exists()


def test_a_closed_standard_input_is_said(world, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", None)

    status = import_file(["partners", "-", "--program", "north", "--lang", "en"])

    assert (status, capsys.readouterr().err) == (
        2,
        "otklik import: -: The file cannot be opened: standard input is closed.\n",
    )
