"""What leaves the house: read back as another program reads it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from otklik.desk.channels.mail import compose as compose_module
from otklik.desk.channels.mail.compose import (
    Attached,
    AttachmentsTooLarge,
    Outgoing,
    Person,
    chain_of,
    compose,
    recipients_of,
)
from otklik.kit.mail import BadMessage

REPLY = Outgoing(
    mailbox="help@desk.example",
    name="Анна Петрова",
    company="Отклик",
    to=(Person("vera@example.com", "Орлова, Вера"),),
    subject="Re: Где выплата за март?",
    text="Добрый день!\n\nВыплата ушла вчера.\n",
    message_id="7.abc@desk.example",
    installation="house-1",
    at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
)


def received(outgoing: Outgoing) -> EmailMessage:
    mail = message_from_bytes(compose(outgoing).as_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).strip().replace("\r\n", "\n")


def test_a_reply_reads_as_it_was_written() -> None:
    mail = received(
        replace(
            REPLY,
            html="<p>Выплата ушла <b>вчера</b>.</p>",
            cc=(Person("gleb@example.com"),),
            reply_to="help+r-token@desk.example",
        )
    )
    assert mail["From"] == '"Анна Петрова (Отклик)" <help@desk.example>'
    assert mail["To"].addresses[0].display_name == "Орлова, Вера"
    assert [a.addr_spec for name in ("To", "Cc", "Reply-To") for a in mail[name].addresses] == [
        "vera@example.com",
        "gleb@example.com",
        "help+r-token@desk.example",
    ]
    assert mail["Subject"] == REPLY.subject
    assert mail["Message-ID"] == "<7.abc@desk.example>"
    assert mail["X-Otklik-Installation"] == "house-1"
    assert mail["Date"].datetime == REPLY.at
    assert body(mail, "plain") == REPLY.text.strip()
    assert "<b>вчера</b>" in body(mail, "html")
    assert mail["Auto-Submitted"] is None
    assert mail["List-Unsubscribe"] is None
    assert recipients_of(compose(REPLY)) == ("vera@example.com",)


def test_what_no_person_wrote_says_so() -> None:
    receipt = received(replace(REPLY, automatic=True, in_reply_to="<1@example.com>"))
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["X-Auto-Response-Suppress"] == "All"
    assert received(replace(REPLY, automatic=True))["Auto-Submitted"] == "auto-generated"


def test_ids_longer_than_a_line_stay_ids() -> None:
    long_one = "<" + "A" * 120 + "@prod.outlook.example>"
    mail = compose(replace(REPLY, in_reply_to=long_one, references=("<1@example.com>", long_one)))
    raw = mail.as_bytes()
    assert b"=?utf-8?" not in raw.partition(b"References:")[2].partition(b"\r\nX-")[0]
    assert f"In-Reply-To: {long_one}\r\n".encode() in raw
    again = message_from_bytes(raw, policy=policy.default)
    assert again["References"].split() == ["<1@example.com>", long_one]


def test_the_chain_keeps_its_first_and_its_last_and_drops_what_is_no_id() -> None:
    ids = tuple(f"<{number}@example.com>" for number in range(60))
    chain = chain_of((*ids, "nonsense", "<два@слова ошибка>"), "<parent@example.com>")
    assert len(chain) == 20
    assert (chain[0], chain[-1], chain[-2]) == (ids[0], "<parent@example.com>", ids[-1])
    assert chain_of(("<a@x>", "<b@x>", "<a@x>"), "b@x") == ("<a@x>", "<b@x>")
    mail = received(replace(REPLY, in_reply_to="", references=("bad one",)))
    assert mail["References"] is None
    assert mail["In-Reply-To"] is None


def test_a_long_russian_subject_arrives_whole_in_lines_others_accept() -> None:
    subject = "Почему начисления за рекламную кампанию расходятся со статистикой — " * 14
    raw = compose(replace(REPLY, subject=subject.strip())).as_bytes()
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == subject.strip()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_domain_in_russian_is_written_as_the_network_writes_it() -> None:
    mail = compose(replace(REPLY, to=(Person("vera@почта.рф", "Вера"),)))
    assert recipients_of(mail) == ("vera@xn--80a1acny.xn--p1ai",)
    assert mail.as_bytes().isascii()


def test_letters_before_the_at_sign_go_out_as_they_are() -> None:
    mail = compose(replace(REPLY, to=(Person("вера@почта.рф", "Вера"),)))
    assert recipients_of(mail) == ("вера@xn--80a1acny.xn--p1ai",)
    assert "To: Вера <вера@xn--80a1acny.xn--p1ai>".encode() in mail.as_bytes()


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "hello\r\nBcc: everybody@example.com"},
        {"name": "Anna\nBcc: everybody@example.com"},
        {"to": (Person("vera@example.com", "Вера\r\nBcc: all@example.com"),)},
        {"to": (Person("vera@example.com\r\nBcc: all@example.com"),)},
        {"to": (Person("vera@example.com, all@example.com"),)},
        {"to": (Person("Вера"),)},
        {"to": (Person("vera@exa mple.com"),)},
        {"to": (Person("vera@-"),)},
        {"to": ()},
        {"mailbox": "help@desk.example\r\nBcc: all@example.com"},
        {"reply_to": "help@desk.example\0"},
        {"message_id": "7@desk.example>\r\nBcc: <all@example.com"},
        {"message_id": "no id"},
        {"installation": "house\r\nBcc: all@example.com"},
    ],
)
def test_a_header_cannot_smuggle_in_another_nor_hold_what_is_no_address(changes: dict[str, object]) -> None:
    with pytest.raises(BadMessage):
        compose(replace(REPLY, **changes))  # type: ignore[arg-type]


def test_ids_of_a_foreign_mail_cannot_smuggle_in_a_header() -> None:
    evil = "<1@x>\r\nBcc: <all@example.com>"
    mail = received(replace(REPLY, in_reply_to=evil, references=(evil,)))
    assert (mail["Bcc"], mail["References"]) == (None, None)


def test_files_and_pictures_arrive_as_they_were() -> None:
    files = (
        Attached("отчёт за март.pdf", "application/pdf", io.BytesIO(b"%PDF" + bytes(range(256)))),
        Attached("logo.png", "image/png", io.BytesIO(b"\x89PNG"), content_id="logo@desk"),
        Attached("a\r\nX-Bad: 1.eml", "message/rfc822", io.BytesIO(b"Subject: x\r\n\r\n.\r\n")),
        Attached("n.txt", "text/plain; charset=koi8-r", io.BytesIO("текст".encode("koi8-r"))),
        Attached("", "nonsense", io.BytesIO(b"?")),
    )
    mail = received(replace(REPLY, html='<img src="cid:logo@desk">', attachments=files))
    found = {part.get_filename(): part for part in mail.walk() if part.get_content_disposition()}
    assert found["отчёт за март.pdf"].get_payload(decode=True) == b"%PDF" + bytes(range(256))
    assert found["n.txt"].get_payload(decode=True) == "текст".encode("koi8-r")
    assert found["logo.png"]["Content-ID"] == "<logo@desk>"
    assert found["logo.png"].get_content_disposition() == "inline"
    assert found["file"].get_payload(decode=True) == b"?"
    letter = next(part for name, part in found.items() if name and name.startswith("a"))
    assert letter.get_content_type() == "application/octet-stream"
    assert letter["X-Bad"] is None
    assert "cid:logo@desk" in body(mail, "html")
    assert body(mail, "plain").startswith("Добрый день")


def test_more_than_servers_take_is_said_before_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose_module, "LARGEST", 1000)
    half = Attached("a", "application/x-a", io.BytesIO(b"x" * 501))
    compose(replace(REPLY, attachments=(half,)))
    half.file.seek(0)
    with pytest.raises(AttachmentsTooLarge):
        compose(replace(REPLY, attachments=(half, replace(half, file=io.BytesIO(b"x" * 500)))))


def test_halves_of_characters_do_not_stop_an_answer() -> None:
    mail = received(replace(REPLY, text="до\ud83d после\0!", html="<p>\udcff</p>", name="Анна\ud800"))
    assert body(mail, "plain") == "до? после!"
