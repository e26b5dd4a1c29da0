"""The 104 messages of a public collection, 28 of them malformed on purpose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from otklik.desk.rules.mail.message import MemorySink, parse_mail

COLLECTION = Path(__file__).resolve().parents[4].parent / "shared" / "data" / "mail"
# Checked by reading each file. "first": how the text begins, "last": how its last line ends; of a file its
# name, size and the beginning of its hash.
EXPECTED: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "messages.json").read_text(encoding="utf-8")
)

pytestmark = pytest.mark.skipif(
    not COLLECTION.is_dir(), reason="the public messages are not beside the project"
)


@pytest.mark.parametrize("name", EXPECTED)
def test_sender_subject_text_and_attachments_are_right(name: str) -> None:
    expected = EXPECTED[name]
    sink = MemorySink()
    with (COLLECTION / name).open("rb") as file:
        mail = parse_mail(file, sink)

    sender = [mail.sender.name, mail.sender.address] if mail.sender else None
    written = [line.strip() for line in mail.text.split("\n") if line.strip()]
    files = [[one.filename, one.size, one.sha256[:8]] for one in mail.attachments]
    assert sender == expected["from"]
    assert mail.subject == expected["subject"]
    assert (written[0][:50].strip() if written else "") == expected.get("first", "")
    assert (written[-1][-50:].strip() if len(written) > 1 else "") == expected.get("last", "")
    assert files == expected.get("files", [])
    assert mail.verdict == expected.get("verdict", "person")
    assert [len(sink.contents[one.key]) for one in mail.attachments] == [one.size for one in mail.attachments]


def test_every_message_of_the_collection_is_in_the_table() -> None:
    there = {path.relative_to(COLLECTION).as_posix() for path in COLLECTION.rglob("*") if path.is_file()}

    assert there - {"LICENSE"} == set(EXPECTED)
    assert len(EXPECTED) == 104


@pytest.mark.parametrize(
    ("name", "recipients"),
    [
        ("multi_address_bounce1", 5),
        ("multi_address_bounce2", 5),
        ("multipart_report_multiple_status", 1),
        ("report_422", 1),
        ("report_530", 1),
    ],
)
def test_case_47_every_recipient_of_a_report_is_named(name: str, recipients: int) -> None:
    with (COLLECTION / "multipart_report_emails" / f"{name}.eml").open("rb") as file:
        mail = parse_mail(file)

    assert len(mail.bounces) == recipients
    assert all(bounce.is_permanent is bounce.status.startswith("5") for bounce in mail.bounces)
    assert mail.bounced_message_id
