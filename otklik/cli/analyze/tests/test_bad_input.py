"""What is wrong is said in one line with row and column, exit status 2, and nothing is left half done."""

import errno
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from otklik.cli.analyze.tests.conftest import answers


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty."),
        (b"9\n8\n7\n", "Row 1 should hold the names of the columns, but column 1 holds “9”"),
        (b"score,a,a\n9,1,2\n", "Row 1: these columns stand more than once: a (columns 2, 3)"),
        (b"score,text\n9,a\n8,b,c\n", "Row 3 is too long. Cells: 3, columns in the header: 2"),
        (b"score,text,date\n9,a,b\n8,b", "The file ends in the middle of row 3"),
        (b'score,text\n9,"never closed\n8,b\n', "Row 2, column 2: a quote is opened here and never closed"),
        (b"score,text\n9,a\x00b\n", "Row 2, column 2 holds a NUL byte"),
        (
            "score,text\n9,да\n8,".encode() + b"\xd0\xff\n" + "8,всё хорошо\n".encode() * 9,
            "Row 3, column 2: byte",
        ),
        (b"score\n" + b"9" * 1_200_000, "Row 2 is longer than"),
        (b"%PDF-1.4 and so on", "This is not a table but a PDF document"),
        (
            b"score\nNA\n10/10\n",
            "holds no usable answer. Found instead: no value: 1; a fraction such as 9/10: 1.",
        ),
        (b"score\n", "holds no usable answer. Found instead: no rows."),
    ],
)
def test_a_bad_file_is_refused_with_its_place(run, file, content, message):
    outcome = run(file(content), "--json")

    assert outcome.status == 2
    assert outcome.out == ""
    assert outcome.err.startswith("otklik analyze: ")
    assert message in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_the_same_in_russian(run, file):
    outcome = run(file(b"score,a,a\n9,1,2\n"), "--lang", "ru")

    assert "Строка 1: эти столбцы повторяются: a (столбцы 2, 3). Переименуйте или удалите их." in outcome.err


def test_a_file_that_is_not_there(run, tmp_path):
    assert "there is no such file" in run(tmp_path / "absent.csv").err
    assert "такого файла или папки нет" in run(tmp_path / "absent.csv", "--lang", "ru").err


def test_several_possible_score_columns_are_named(run, file):
    rows = [f"{at % 11},{(at * 7) % 11},{at + 100}" for at in range(30)]

    outcome = run(file(["price,speed,id", *rows]))

    assert outcome.status == 2
    assert (
        "More than one column could be the score: “price”, “speed”. Say which one it is with --score."
        in outcome.err
    )


def test_no_possible_score_column_names_what_is_there(run, file):
    outcome = run(file(["id,flag,name", *(f"{at + 100},{at % 2},x" for at in range(30))]))

    assert outcome.status == 2
    assert "No column looks like answers from 0 to 10" in outcome.err
    assert "“id”, “flag”, “name”" in outcome.err


@pytest.mark.parametrize("option", ["--score", "--by", "--date", "--weight"])
def test_an_unknown_column_is_named_with_those_that_are_there(run, file, option):
    outcome = run(file(["nps,tier", *answers(1, 1, 3, "gold")]), option, "colour")

    assert outcome.status == 2
    assert "There is no column “colour”. The columns are: nps, tier." in outcome.err


def test_a_column_of_names_is_no_segment(run, file):
    outcome = run(file(["nps,comment", *(f"9,text {at}" for at in range(2_005))]), "--by", "comment")

    assert outcome.status == 2
    assert "Row 2002, column comment: more than 2,000 different values" in outcome.err


def test_more_answers_than_people_are_refused(run, file):
    outcome = run(file(["nps", *answers(1, 1, 8)]), "--population", "9")

    assert (outcome.status, "--population says 9 people, but 10 have answered" in outcome.err) == (2, True)


@pytest.mark.parametrize(
    "arguments", [[], ["x.csv", "--population", "0"], ["x.csv", "--lang", "xx"], ["x.csv", "--odd"]]
)
def test_a_wrong_question_is_status_2_too(run, arguments):
    with pytest.raises(SystemExit) as caught:
        run(*arguments)

    assert caught.value.code == 2


def test_the_bad_file_of_two_is_the_one_named(run, file):
    good, bad = file(["nps", *answers(1, 1, 8)]), file(b"", "before.csv")

    outcome = run(good, "--previous", bad)

    assert (outcome.status, outcome.out) == (2, "")
    assert "before.csv: The file is empty." in outcome.err


def test_formula_cells_without_results_name_the_cell(run, tmp_path):
    book = openpyxl.Workbook()
    for row in (["nps"], [9], ["=4+5"]):
        book.active.append(row)
    book.save(tmp_path / "formulas.xlsx")

    outcome = run(tmp_path / "formulas.xlsx")

    assert outcome.status == 2
    assert "cell A3 holds a formula without a saved result" in outcome.err


def test_a_zip_bomb_is_refused(run, file):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (64 << 20))

    outcome = run(file(buffer.getvalue(), "bomb.xlsx"))

    assert outcome.status == 2
    assert "far larger unpacked than any honest table" in outcome.err


def test_a_bad_file_leaves_no_report_and_an_old_report_alone(run, file, tmp_path):
    report = tmp_path / "out" / "report.html"
    report.parent.mkdir()
    report.write_text("the old one")

    outcome = run(file(b"score,text\n9,a\n8,b,c\n"), "--report", report)

    assert outcome.status == 2
    assert report.read_text() == "the old one"
    assert [path.name for path in report.parent.iterdir()] == ["report.html"]


def test_a_report_that_cannot_be_written_is_status_2(run, file, tmp_path):
    outcome = run(file(["nps", *answers(1, 1, 8)]), "--report", tmp_path / "absent" / "report.html")

    assert (outcome.status, outcome.out) == (2, "")
    assert "The report cannot be written to" in outcome.err


@pytest.mark.parametrize("path", ["", ".", "/"])
def test_a_report_that_would_be_a_folder_is_status_2(run, file, path):
    outcome = run(file(["nps", *answers(1, 1, 8)]), "--report", path)

    assert (outcome.status, outcome.out) == (2, "")
    assert "it is a folder" in outcome.err


def test_a_number_of_people_that_is_none_is_said_in_words(run, file, capsys):
    for given in ("0", "-3", "many", "2.5", "9" * 30):
        with pytest.raises(SystemExit) as caught:
            run(file(["nps", *answers(1, 1, 8)]), "--population", given)

        assert caught.value.code == 2
        assert f"“{given}” is not a number of people" in capsys.readouterr().err


def test_a_closed_standard_input_is_said(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)

    outcome = run("-")

    assert (outcome.status, outcome.out) == (2, "")
    assert "standard input is closed" in outcome.err


class FailingDisk(io.BytesIO):
    def read(self, size=-1):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    read1 = readinto = read


def test_a_file_that_cannot_be_read_to_its_end_is_said(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=FailingDisk()))

    outcome = run("-")

    assert (outcome.status, outcome.out) == (2, "")
    assert "The file cannot be opened: reading or writing failed." in outcome.err


@pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="there is no /dev/full, a disk that is always full"
)
def test_an_answer_that_cannot_be_written_is_status_2(file):
    with Path("/dev/full").open("w") as full:
        outcome = _in_a_process(str(file(["nps", *answers(1, 1, 8)])), "--json", stdout=full)

    assert outcome.returncode == 2
    assert outcome.stderr == "otklik analyze: The answer cannot be written: no space left on the disk.\n"


def _in_a_process(*arguments, **streams):
    command = [sys.executable, "-m", "otklik.cli", "analyze", *arguments]
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, env=environment, **streams)
