"""Who wrote it: a person, a program, many at once, a mail server, we ourselves."""

from __future__ import annotations

import pytest

from otklik.desk.rules.mail.message import OWN_MARK, Answer, may_answer_automatically
from otklik.desk.rules.vocabulary import Verdict
from otklik.desk.tests.parsing.mails import letter, read


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("auto-replied", Verdict.AUTO_REPLY),
        ("auto-generated", Verdict.AUTO_REPLY),
        ('auto-notified; owner-email="x@y.example"', Verdict.AUTO_REPLY),
        ("Auto-Replied (vacation)", Verdict.AUTO_REPLY),
        ("no", Verdict.PERSON),
        ("No", Verdict.PERSON),
        ("", Verdict.PERSON),
    ],
)
def test_case_01_auto_submitted_is_taken_as_rfc_3834_says(value: str, verdict: Verdict) -> None:
    mail = read(letter(f"Auto-Submitted: {value}"))

    assert mail.verdict is verdict
    assert bool(may_answer_automatically(mail)) is (verdict is Verdict.PERSON)


@pytest.mark.parametrize(
    ("header", "verdict"),
    [
        ("Precedence: bulk", Verdict.BULK),
        ("Precedence: list", Verdict.BULK),
        ("Precedence: junk", Verdict.BULK),
        ("Precedence: auto_reply", Verdict.AUTO_REPLY),
        ("Precedence: first-class", Verdict.PERSON),
        ("List-Id: News <news.shop.example>", Verdict.BULK),
        ("List-Unsubscribe: <https://shop.example/u>", Verdict.BULK),
        ("X-Auto-Response-Suppress: All", Verdict.AUTO_REPLY),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", Verdict.AUTO_REPLY),
        ("X-Auto-Response-Suppress: None", Verdict.PERSON),
        ("X-Autoreply: yes", Verdict.AUTO_REPLY),
        ("X-Autorespond: vacation", Verdict.AUTO_REPLY),
        ("X-Autoresponse: yes", Verdict.AUTO_REPLY),
        ("X-Vacation: yes", Verdict.AUTO_REPLY),
        ("X-Autoreply: no", Verdict.PERSON),
    ],
)
def test_case_02_headers_that_only_programs_write(header: str, verdict: Verdict) -> None:
    mail = read(letter(header))

    assert mail.verdict is verdict
    assert bool(may_answer_automatically(mail)) is (verdict is Verdict.PERSON)


def test_case_02_an_absence_note_on_a_mailing_list_is_still_an_absence_note() -> None:
    assert read(letter("Precedence: bulk", "Auto-Submitted: auto-replied")).verdict is Verdict.AUTO_REPLY


def test_case_02_who_refuses_absence_notes_gets_no_automatic_answer_but_is_a_person() -> None:
    mail = read(letter("X-Auto-Response-Suppress: OOF"))

    assert mail.verdict is Verdict.PERSON
    assert may_answer_automatically(mail).reason is Answer.SUPPRESSED


def test_case_03_an_empty_return_path_is_never_answered_automatically() -> None:
    mail = read(letter("Return-Path: <>"))

    assert mail.return_path == ""
    assert may_answer_automatically(mail).reason is Answer.EMPTY_RETURN_PATH
    assert read(letter("Return-Path: <vera@aurora.example>")).return_path == "vera@aurora.example"
    assert read(letter()).return_path is None


def test_case_04_our_own_mail_is_known_when_it_comes_back() -> None:
    raw = letter(f"{OWN_MARK}: abc")

    assert read(raw, installation="abc").verdict is Verdict.OWN
    assert read(raw, installation="other").verdict is Verdict.PERSON
    assert read(raw).own_mark == "abc"
    assert not may_answer_automatically(read(raw, installation="other")), "two installations must not loop"


def test_case_06_a_no_reply_address_is_not_answered_automatically() -> None:
    for address in ("noreply@x.example", "no-reply@x.example", "do_not_reply@x.example", "bounces@x.example"):
        assert may_answer_automatically(read(letter(sender=address))).reason is Answer.NO_REPLY_ADDRESS
    assert may_answer_automatically(read(letter(sender="norbert@x.example")))


OUT_OF_OFFICE = [
    "Автоответ: Выплата",
    "Автоматический ответ: Выплата",
    "Я в отпуске до 10 июня",
    "Автоматична відповідь: виплата",
    "Out of office: payout",
    "Automatic reply: payout",
    "Automatische Antwort: Auszahlung",
    "Abwesenheitsnotiz",
    "Réponse automatique : paiement",
    "Absence du bureau",
    "Respuesta automática: pago",
    "Resposta automática: pagamento",
    "Otomatik Yanıt: ödeme",
    "自动回复: 付款",
]


@pytest.mark.parametrize("subject", OUT_OF_OFFICE)
def test_case_08_a_subject_about_absence_is_weak_evidence(subject: str) -> None:
    alone = read(letter(f"Subject: {subject}"))
    with_another = read(letter(f"Subject: {subject}", "Precedence: bulk"))

    assert alone.verdict is Verdict.PERSON
    assert with_another.verdict is Verdict.AUTO_REPLY


def test_a_read_receipt_is_no_letter() -> None:
    mail = read(
        letter(
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
            body="--b\r\n\r\nRead.\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
            "Final-Recipient: rfc822;vera@aurora.example\r\nDisposition: manual-action\r\n--b--\r\n",
        )
    )

    assert mail.verdict is Verdict.AUTO_REPLY
    assert mail.bounces == ()
