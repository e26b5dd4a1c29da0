"""`otklik mail parse`: what it prints and returns."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from otklik.cli.mail import mail
from otklik.cli.mail_text import defect
from otklik.desk.rules.mail.public import Defect
from otklik.kit.phrases import phrases

LETTER = (
    "Message-ID: <2@aurora.example>\r\n"
    "In-Reply-To: <1@desk.example>\r\n"
    "References: <0@desk.example> <1@desk.example>\r\n"
    "Date: Mon, 2 Jun 2025 10:00:00 +0300\r\n"
    "From: =?utf-8?B?0JLQtdGA0LA=?= <vera@aurora.example>\r\n"
    "To: support@desk.example\r\n"
    "Subject: =?utf-8?B?0JLRi9C/0LvQsNGC0LA=?=\r\n"
    'Content-Type: multipart/mixed; boundary="b"\r\n'
    "\r\n"
    "--b\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "\r\n"
    "Согласна.\r\n"
    "\r\n"
    "> Когда удобно?\r\n"
    "--b\r\n"
    'Content-Type: application/pdf; name="a.pdf"\r\n'
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "SGVsbG8=\r\n"
    "--b--\r\n"
)
BOUNCE = (
    "From: mailer-daemon@mx.example\r\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n"
    "\r\n"
    "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    "Reporting-MTA: dns; mx.example\r\n\r\n"
    "Final-Recipient: rfc822; gone@a.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    "Diagnostic-Code: smtp; 550 no such user\r\n"
    "--b--\r\n"
)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.eml"
    path.write_bytes(LETTER.encode())
    return path


def test_json_tells_everything_in_its_fixed_shape(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mail(["parse", str(letter), "--json"]) == 0

    assert json.loads(capsys.readouterr().out) == {
        "message_id": "2@aurora.example",
        "in_reply_to": "1@desk.example",
        "references": ["0@desk.example", "1@desk.example"],
        "subject": "Выплата",
        "from": {"name": "Вера", "address": "vera@aurora.example"},
        "to": [{"name": "", "address": "support@desk.example"}],
        "date": "2025-06-02T07:00:00+00:00",
        "text": "Согласна.\n\n> Когда удобно?",
        "reply": "Согласна.",
        "html": "",
        "attachments": [
            {
                "filename": "a.pdf",
                "type": "application/pdf",
                "size": 5,
                "sha256": "185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969",
            }
        ],
        "verdict": "person",
        "bounces": [],
        "defects": [],
    }


def test_what_is_absent_is_empty(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(BOUNCE.encode())))
    assert mail(["parse", "-", "--json"]) == 0

    said = json.loads(capsys.readouterr().out)
    assert (said["message_id"], said["in_reply_to"], said["references"], said["date"]) == ("", "", [], None)
    assert said["verdict"] == "bounce"
    assert said["bounces"] == [
        {
            "recipient": "gone@a.example",
            "status": "5.1.1",
            "action": "failed",
            "diagnostic": "550 no such user",
            "is_permanent": True,
        }
    ]
    assert said["defects"] == ["no_date", "no_message_id"]


def test_a_person_reads_it_in_their_language(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mail(["parse", str(letter), "--lang", "ru"]) == 0
    russian = capsys.readouterr().out
    assert mail(["parse", str(letter), "--lang", "en"]) == 0
    english = capsys.readouterr().out

    assert russian.startswith("Отправитель:")
    assert "написано человеком" in russian
    assert "a.pdf (application/pdf, 5 байт)" in russian
    assert "written by a person" in english
    assert english.endswith("New text\n  Согласна.\n")


@pytest.mark.parametrize(
    ("name", "reason"), [("absent.eml", "there is no such file or folder"), (".", "it is a folder")]
)
def test_a_file_that_cannot_be_read_is_one_line_and_status_two(
    name: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / name)

    assert mail(["parse", path, "--lang", "en"]) == 2
    assert capsys.readouterr() == ("", f"otklik mail: {path}: {reason}\n")


def test_no_message_steers_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "letter.eml"
    path.write_bytes(b"Subject: \x1b[2Jgone\x9b31m\r\nFrom: a@b.example\r\n\r\nred \x1b[31m text")

    assert mail(["parse", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\x9b" not in shown


def test_a_terminal_without_russian_letters_still_gets_an_answer(
    letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for options in ([], ["--json"]):
        written = io.BytesIO()
        monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding="ascii"))

        assert mail(["parse", str(letter), *options]) == 0
        assert b"vera@aurora.example" in written.getvalue()
    assert json.loads(written.getvalue())["subject"] == "Выплата"


def test_every_defect_has_words_in_both_languages() -> None:
    locale = Path(__file__).parents[1] / "locale"
    for language in ("en", "ru"):
        say = phrases(language, locale)
        words = [defect(name, say) for name in Defect]
        assert len(set(words)) == len(Defect)
    assert all(any("а" <= letter <= "я" for letter in line) for line in words)
