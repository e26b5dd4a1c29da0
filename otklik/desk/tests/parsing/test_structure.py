"""The tree of parts, whole and broken."""

from __future__ import annotations

import base64
import hashlib

import pytest

from otklik.desk.rules.mail import parts as limits
from otklik.desk.rules.mail.message import MemorySink
from otklik.desk.tests.parsing.mails import letter, multipart, parts, read

PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = "Content-Type: text/html; charset=utf-8\r\n\r\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def file(name: str, data: bytes, *headers: str, kind: str = "application/pdf") -> bytes:
    head = [f"Content-Type: {kind}", f'Content-Disposition: attachment; filename="{name}"', *headers]
    return "\r\n".join([*head, "Content-Transfer-Encoding: base64", "", ""]).encode() + base64.encodebytes(
        data
    )


def test_case_29_a_missing_last_boundary_loses_nothing() -> None:
    mail = read(multipart(PLAIN + "Hello", file("a.pdf", b"%PDF"), end=False))

    assert mail.text == "Hello"
    assert [(one.filename, one.size) for one in mail.attachments] == [("a.pdf", 4)]
    assert "unclosed_multipart" in mail.defects


def test_case_29_a_boundary_that_begins_like_another_is_another() -> None:
    inner = 'Content-Type: multipart/alternative; boundary="b1_alt"\r\n\r\n--b1_alt\r\n'
    mail = read(multipart(inner + PLAIN + "Hello\r\n--b1_alt--", file("a.pdf", b"%PDF")))

    assert mail.text == "Hello"
    assert [one.filename for one in mail.attachments] == ["a.pdf"]
    assert mail.defects == ()


def test_case_29_a_boundary_other_than_announced_is_found_out() -> None:
    body = f"--other\r\n{PLAIN}Hello\r\n--other\r\n".encode() + file("a.pdf", b"%PDF") + b"\r\n--other--\r\n"
    for header in ('Content-Type: multipart/mixed; boundary="b1"', "Content-Type: multipart/mixed"):
        mail = read(letter(header, body=body))

        assert mail.text == "Hello"
        assert [one.filename for one in mail.attachments] == ["a.pdf"]
        assert "no_boundary" in mail.defects


def test_case_29_a_multipart_without_any_part_still_shows_its_text() -> None:
    mail = read(letter('Content-Type: multipart/mixed; boundary="b1"', body="Just text\r\n"))

    assert mail.text == "Just text\n"


def test_case_29_an_outer_boundary_ends_what_an_inner_one_left_open() -> None:
    inner = 'Content-Type: multipart/alternative; boundary="b2"\r\n\r\n--b2\r\n'
    mail = read(multipart(inner + PLAIN + "Hello", file("a.pdf", b"%PDF")))

    assert mail.text == "Hello"
    assert [one.filename for one in mail.attachments] == ["a.pdf"]


def test_case_29_an_inner_multipart_without_its_boundary_still_shows_its_text() -> None:
    inner = 'Content-Type: multipart/alternative; boundary="b2"\r\n\r\nJust text'
    mail = read(multipart(inner, file("a.pdf", b"%PDF")))

    assert mail.text == "Just text\n"
    assert [one.filename for one in mail.attachments] == ["a.pdf"]


def test_case_29_dashes_in_a_text_are_no_boundary() -> None:
    mail = read(multipart(PLAIN + "Hello\r\n-- \r\nVera\r\n--b1x\r\n --b1\r\nend"))

    assert mail.text == "Hello\n-- \nVera\n--b1x\n --b1\nend"


@pytest.mark.parametrize(
    "header",
    [
        "Content-Type: text",
        "Content-Type: ",
        "Content-Type: ;;;",
        "Content-Type: text/plain; charset",
        'Content-Type: text/plain; charset="utf-8',
        "Content-Type: text/plain; charset=utf-8; charset=koi8-r",
        "Content-Type: TEXT/PLAIN ; CharSet = 'utf-8' (comment)",
        "Content-Type: =?utf-8?Q?text/plain?=",
        "Content-Type: text/plain/html; charset=utf-8",
        "Content-Type: multipart/alternative;;; boundary",
    ],
)
def test_case_30_a_malformed_content_type_still_gives_text(header: str) -> None:
    assert read(letter(header, body="Привет, Вера!\n")).text == "Привет, Вера!\n"


@pytest.mark.parametrize("encoding", ["", "8bits", "7-bit", "plain", "nonsense", "text/html", "8bit;"])
def test_case_31_unknown_transfer_encodings_take_content_as_it_stands(encoding: str) -> None:
    mail = read(
        letter(
            "Content-Type: text/plain; charset=utf-8",
            f"Content-Transfer-Encoding: {encoding}",
            body="Привет=20\n",
        )
    )

    assert mail.text == "Привет=20\n"


def test_case_31_uuencode() -> None:
    body = "\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n"
    head = (
        'Content-Type: application/octet-stream; name="cat.txt"\r\nContent-Transfer-Encoding: x-uuencode\r\n'
    )
    sink = MemorySink()
    mail = read(multipart(PLAIN + "Hello", head + body), sink)

    assert [sink.contents[one.key] for one in mail.attachments] == [b"Cat"]


@pytest.mark.parametrize(
    ("encoded", "decoded"),
    [
        ("SGVsbG8=", "Hello"),
        ("SGVs\r\nbG8", "Hello"),
        ("SGVsbG8=SGVsbG8=", "HelloHello"),
        ("SGVs bG8=", "SGVs bG8="),
        ("This is not base64 at all.", "This is not base64 at all."),
    ],
)
def test_case_31_base64_as_senders_write_it(encoded: str, decoded: str) -> None:
    assert read(letter("Content-Transfer-Encoding: base64", body=encoded)).text == decoded


def test_case_32_a_message_in_a_message_twenty_deep() -> None:
    inner = letter("Subject: innermost", body="deep")
    for level in range(20):
        inner = multipart(b"Content-Type: message/rfc822\r\n\r\n" + inner).replace(b"b1", b"level%d" % level)
    mail = read(inner)

    assert [one.content_type for one in mail.attachments] == ["message/rfc822"]
    assert mail.attachments[0].filename.endswith(".eml")


def test_case_32_multiparts_twenty_deep_are_opened_and_two_hundred_are_kept() -> None:
    def nested(depth: int) -> bytes:
        opened = "".join(
            f'Content-Type: multipart/mixed; boundary="n{level}"\r\n\r\n--n{level}\r\n'
            for level in range(depth)
        )
        return (
            opened.encode()
            + PLAIN.encode()
            + b"deep\r\n"
            + b"".join(f"--n{level}--\r\n".encode() for level in reversed(range(depth)))
        )

    assert read(nested(20)).text.strip() == "deep"
    too_deep = read(nested(200))
    assert "too_deep" in too_deep.defects
    assert sum(one.size for one in too_deep.attachments) > 0


def test_case_34_signed_and_encrypted_mail_keeps_every_part() -> None:
    signed = read(
        multipart(
            PLAIN + "Hello", file("smime.p7s", b"sig", kind="application/pkcs7-signature"), kind="signed"
        )
    )
    assert signed.text == "Hello"
    assert [one.filename for one in signed.attachments] == ["smime.p7s"]

    pgp = read(
        multipart(
            "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
            "Content-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----",
            kind="encrypted",
        )
    )
    assert len(pgp.attachments) == 2
    assert "encrypted" in pgp.defects

    smime = read(
        letter("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", body="x")
    )
    assert [one.filename for one in smime.attachments] == ["smime.p7m"]
    assert "encrypted" in smime.defects


def test_case_35_an_image_the_text_points_at_is_inline_without_being_called_so() -> None:
    image = (
        b"Content-Type: image/png\r\nContent-ID: <logo@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(PNG)
    )
    loose = file("scan.png", PNG, kind="image/png")
    mail = read(multipart(HTML + '<img src="cid:logo@x">', image, loose, kind="related"))

    inline, attached = mail.attachments
    assert (inline.is_inline, inline.content_id, inline.filename) == (True, "logo@x", "image-1.png")
    assert (attached.is_inline, attached.filename) == (False, "scan.png")


def test_case_36_forty_three_equal_logos_have_one_content() -> None:
    sink = MemorySink()
    mail = read(
        multipart(PLAIN + "Hello", *[file(f"logo{n}.png", PNG, kind="image/png") for n in range(43)]), sink
    )

    assert len(mail.attachments) == 43
    assert {one.sha256 for one in mail.attachments} == {hashlib.sha256(PNG).hexdigest()}
    assert len({one.key for one in mail.attachments}) == len(sink.contents) == 1


def test_case_38_a_zip_is_a_file_and_is_never_opened() -> None:
    bomb = b"PK\x03\x04" + b"\x00" * 1_000
    sink = MemorySink()
    mail = read(multipart(PLAIN + "Hello", file("bomb.zip", bomb, kind="application/zip")), sink)

    assert [sink.contents[one.key] for one in mail.attachments] == [bomb]


def test_case_41_a_calendar_invitation_is_a_file_beside_the_text() -> None:
    mail = read(
        multipart(
            PLAIN + "Let us meet",
            "Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\nEND",
            kind="alternative",
        )
    )

    assert mail.text == "Let us meet"
    assert [(one.filename, one.content_type) for one in mail.attachments] == [("text-1.ics", "text/calendar")]


def test_case_42_html_only_text_only_and_nothing_at_all() -> None:
    html = read(letter("Content-Type: text/html; charset=utf-8", body="<p>Привет</p><p>Вера</p>"))
    assert (html.text, html.html) == ("Привет\n\nВера", "<p>Привет</p><p>Вера</p>")

    plain = read(letter("Content-Type: text/plain; charset=utf-8", body="Привет"))
    assert (plain.text, plain.html) == ("Привет", "")

    for empty in (letter(body=""), b"", multipart(PLAIN), multipart(PLAIN, HTML, kind="alternative")):
        mail = read(empty)
        assert (mail.text, mail.html, mail.attachments) == ("", "", ())


def test_case_42_of_two_forms_of_one_text_each_is_used_once() -> None:
    header, body = parts(PLAIN + "Hello", HTML + "<p>Hello</p>", kind="alternative")
    outer = multipart(header.encode() + b"\r\n\r\n" + body.replace(b"b1", b"b1in"), PLAIN + "Footer & co")
    mail = read(outer.replace(b'alternative; boundary="b1"', b'alternative; boundary="b1in"'))

    assert mail.text == "Hello\nFooter & co"
    assert mail.html.startswith("<p>Hello</p>")
    assert "Footer &amp; co" in mail.html


def test_a_text_too_long_becomes_a_file_and_its_beginning_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TEXT_LIMIT", 10_000)
    body = "Everybody reads the first line.\n" + "x" * 70 * 1_000 + "\n" + "y" * 50_000
    mail = read(letter(body=body))

    assert mail.text.startswith("Everybody")
    assert len(mail.text) <= limits.EXCERPT
    assert [(one.filename, one.size) for one in mail.attachments] == [("text.txt", len(body))]
    assert "body_too_long" in mail.defects


def test_more_parts_than_any_person_sends_are_kept_as_one_file() -> None:
    mail = read(multipart(*["Content-Type: image/png\r\n\r\nx"] * (limits.PARTS_LIMIT + 50)))

    assert len(mail.attachments) == limits.PARTS_LIMIT + 1
    assert "too_many_parts" in mail.defects
