"""Message ids, addresses, dates: taken as senders write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from otklik.desk.rules.mail.message import MailPerson, may_answer_automatically
from otklik.desk.tests.parsing.mails import letter, read


def test_case_12_one_impossible_reference_hides_no_other() -> None:
    mail = read(letter("References: <a@x.example> <>,\r\n <b c@y.example> <" + "z" * 600 + "> <d@z.example>"))

    assert mail.references == ("a@x.example", "bc@y.example", "d@z.example")
    assert "bad_reference" in mail.defects


def test_case_12_references_in_several_headers_are_joined() -> None:
    mail = read(
        letter("References: <a@x>", "References: <b@x> <a@x>", "In-Reply-To: Your mail of Friday <c@x>")
    )

    assert mail.references == ("a@x", "b@x")
    assert mail.in_reply_to == ("c@x",)


def test_case_22_an_empty_in_reply_to_is_none() -> None:
    assert read(letter("In-Reply-To: ")).in_reply_to == ()
    assert read(letter("In-Reply-To: <>")).in_reply_to == ()


def test_case_23_a_mail_without_a_message_id_is_taken() -> None:
    mail = read("From: vera@aurora.example\n\nHello\n")

    assert mail.message_id == ""
    assert "no_message_id" in mail.defects
    assert mail.text == "Hello\n"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<1@x.example>", "1@x.example"),
        ("1@x.example", "1@x.example"),
        ("<no-at-sign>", "no-at-sign"),
        ("< 1 @ x.example >", "1@x.example"),
        ("<1@[10.0.0.1]>", "1@[10.0.0.1]"),
        ("", ""),
    ],
)
def test_case_23_odd_message_ids_are_kept_comparable(written: str, kept: str) -> None:
    assert read(f"Message-ID: {written}\nFrom: a@b.example\n\n.").message_id == kept


def test_case_24_the_same_message_id_says_nothing_of_the_content() -> None:
    first, second = read(letter(body="One")), read(letter(body="Two"))

    assert first.message_id == second.message_id
    assert (first.text, second.text) == ("One", "Two")


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("Vera <Vera@AURORA.Example>", [("Vera", "Vera@aurora.example")]),
        ("vera@aurora.example (Vera Z.)", [("Vera Z.", "vera@aurora.example")]),
        ('"Z., Vera" <v@a.example>, gleb@b.example', [("Z., Vera", "v@a.example"), ("", "gleb@b.example")]),
        ("v@a.example; g@b.example", [("", "v@a.example"), ("", "g@b.example")]),
        ("Team: v@a.example, g@b.example;", [("", "v@a.example"), ("", "g@b.example")]),
        ("undisclosed-recipients:;", []),
        ("<mailto:v@a.example>", [("", "v@a.example")]),
        ("v@a.example v@a.example", [("", "v@a.example")]),
        ("<@relay.example:v@a.example>", [("", "v@a.example")]),
        ("Vera", [("Vera", "")]),
        ("'Vera' <v@a.example>", [("Vera", "v@a.example")]),
        ('"v@a.example" <v@a.example>', [("", "v@a.example")]),
        ("Vera <v@a.example", [("Vera", "v@a.example")]),
        ("(((((((", []),
        ('"' * 50, []),
    ],
)
def test_addresses(written: str, people: list[tuple[str, str]]) -> None:
    mail = read(f"From: a@b.example\nTo: {written}\n\n.")

    assert [(person.name, person.address) for person in mail.to] == people


def test_case_44_a_name_that_looks_like_an_address_stays_a_name() -> None:
    mail = read(letter(sender='"boss@desk.example" <thief@evil.example>'))

    assert mail.sender == MailPerson("boss@desk.example", "thief@evil.example")


def test_case_44_no_name_turns_the_line_around() -> None:
    mail = read(letter(sender="\u202emoc.elpmaxe\u202c <thief@evil.example>"))

    assert mail.sender == MailPerson("moc.elpmaxe", "thief@evil.example")


def test_several_senders_are_noticed_and_the_first_is_taken() -> None:
    mail = read("From: vera@a.example\nFrom: gleb@b.example\nMessage-ID: <1@x>\n\nHello")

    assert mail.sender == MailPerson("", "vera@a.example")
    assert "several_senders" in mail.defects


def test_an_unusable_sender_is_replaced_by_the_one_who_sent_it() -> None:
    mail = read("From: Vera\nSender: <relay@a.example>\n\nHello")

    assert mail.sender == MailPerson("", "relay@a.example")
    assert "no_sender" in mail.defects


def test_nobody_to_answer() -> None:
    mail = read("Subject: hello\n\nHello")

    assert mail.sender is None
    assert not may_answer_automatically(mail)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Mon, 2 Jun 2025 10:00:00 +0300", datetime(2025, 6, 2, 7, 0, tzinfo=UTC)),
        ("2 Jun 2025 10:00", datetime(2025, 6, 2, 10, 0, tzinfo=UTC)),
        ("Mon, 2 Jun 2025 10:00:00 GMT (London)", datetime(2025, 6, 2, 10, 0, tzinfo=UTC)),
        ("Mon, 32 Jun 2025 10:00:00 +0300", None),
        ("Mon, 2 Jun 99999 10:00:00 +0300", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(written: str, moment: datetime | None) -> None:
    mail = read(f"From: a@b.example\nDate: {written}\n\n.")

    assert mail.date == moment
    assert (moment is None) is ("bad_date" in mail.defects or "no_date" in mail.defects)


def test_headers_whose_indent_was_lost_are_joined_again() -> None:
    mail = read("To: gleb@b.example,\nanna@c.example\nSubject: One\ntwo\nFrom: vera@a.example\n\nHello")

    assert [person.address for person in mail.to] == ["gleb@b.example", "anna@c.example"]
    assert mail.subject == "One two"
    assert mail.text == "Hello"


def test_a_body_without_the_empty_line_before_it_is_not_lost() -> None:
    mail = read("From: vera@a.example\nSubject: One\nDear all,\nhere is the matter.\n")

    assert mail.subject == "One"
    assert mail.text == "Dear all,\nhere is the matter.\n"


def test_what_mail_programs_put_before_the_headers_is_passed_over() -> None:
    for before in (b"\xef\xbb\xbf", b"\r\n\r\n", b"From vera@a.example Mon Jun  2 10:00:00 2025\n"):
        assert read(before + letter("Subject: One")).subject == "One"
