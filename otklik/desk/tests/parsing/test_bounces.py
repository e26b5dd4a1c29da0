"""Mail that came back: from whom, why, and for good or for now."""

from __future__ import annotations

import pytest

from otklik.desk.rules.mail.message import Answer, may_answer_automatically
from otklik.desk.rules.vocabulary import Verdict
from otklik.desk.tests.parsing.mails import letter, read


def report(
    status: str, *, text: str = "Sorry.", returned: str = "Message-ID: <out1@desk.example>\r\n"
) -> bytes:
    body = (
        f"--b\r\n\r\n{text}\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}\r\n--b--\r\n"
    )
    return letter(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        "Return-Path: <>",
        sender="MAILER-DAEMON@mx.example",
        body=body,
    )


def recipient(address: str, status: str, action: str = "failed", why: str = "smtp; 550 no") -> str:
    return (
        f"\r\nFinal-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: {why}\r\n"
    )


SERVER = "Reporting-MTA: dns; mx.example\r\n"


def test_case_47_every_recipient_has_its_own_fate() -> None:
    mail = read(
        report(
            SERVER
            + recipient("gone@a.example", "5.1.1")
            + recipient("full@b.example", "4.2.2", why="smtp; 452 4.2.2 Mailbox full")
            + recipient("slow@c.example", "4.4.1", "delayed")
            + recipient("fine@d.example", "2.0.0", "delivered")
        )
    )

    assert mail.verdict is Verdict.BOUNCE
    assert [(one.recipient, one.status, one.action, one.is_permanent) for one in mail.bounces] == [
        ("gone@a.example", "5.1.1", "failed", True),
        ("full@b.example", "4.2.2", "failed", False),
        ("slow@c.example", "4.4.1", "delayed", False),
        ("fine@d.example", "2.0.0", "delivered", False),
    ]
    assert mail.bounces[1].diagnostic == "452 4.2.2 Mailbox full"
    assert mail.bounced_message_id == "out1@desk.example"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            "Original-Recipient: rfc822;a@a.example\r\nFinal-Recipient: x400; weird\r\nStatus: 5.0.0",
            "a@a.example",
        ),
        ("Final-Recipient: <a@a.example>\r\nStatus: 5.0.0 (unknown)", "a@a.example"),
        ("Final-Recipient: RFC822;a@a.example\r\nDiagnostic-Code: smtp;550 5.1.1 gone", "a@a.example"),
    ],
)
def test_case_47_reports_as_servers_write_them(fields: str, expected: str) -> None:
    mail = read(report(SERVER + "\r\n" + fields + "\r\n"))

    assert [(one.recipient, one.action, one.is_permanent) for one in mail.bounces] == [
        (expected, "failed", True)
    ]


def test_case_47_news_of_a_delivery_is_no_bounce() -> None:
    mail = read(report(SERVER + recipient("fine@d.example", "2.1.5", "relayed")))

    assert mail.verdict is Verdict.AUTO_REPLY
    assert not mail.bounces[0].is_permanent


def test_case_47_a_report_that_names_nobody_is_read_as_prose() -> None:
    mail = read(
        report(SERVER, text="Delivery to the following recipient failed permanently:\r\n\r\n  a@a.example")
    )

    assert mail.verdict is Verdict.BOUNCE
    assert [one.recipient for one in mail.bounces] == ["a@a.example"]


EXIM = """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  gone@a.example
    host mx.a.example [10.0.0.1]
    SMTP error from remote mail server after RCPT TO:<gone@a.example>:
    550 5.1.1 <gone@a.example>: Recipient address rejected: User unknown

------ This is a copy of the message, including all the headers. ------

Return-path: <support@desk.example>
Message-ID: <out1@desk.example>
To: gone@a.example
"""
QMAIL = """Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<gone@a.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <support@desk.example>
Message-ID: <out1@desk.example>
"""
POSTFIX = """This is the mail system at host mx.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<gone@a.example>: host mx.a.example[10.0.0.1] said: 550 5.1.1 User unknown
    (in reply to RCPT TO command)

<full@b.example>: host mx.b.example[10.0.0.2] said: 452 4.2.2 Mailbox full
    (in reply to RCPT TO command)
"""
EXCHANGE = """Delivery has failed to these recipients or groups:

gone@a.example<mailto:gone@a.example>
The e-mail address you entered couldn't be found. Please check the address and try again.

Diagnostic information for administrators:
#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##

Original message headers:

Message-ID: <out1@desk.example>
"""
MAIL_RU = """Это письмо создано автоматически сервером Mail.Ru, отвечать на него не нужно.

К сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:

**********************

gone@a.example
user not found

**********************

Message-ID: <out1@desk.example>
"""
YANDEX = """Это автоматическое сообщение почтового сервера.

Не удалось доставить ваше письмо получателю <gone@a.example>.
Причина: 550 5.7.1 No such user!

Исходное сообщение:
Message-ID: <out1@desk.example>
"""


@pytest.mark.parametrize(
    "text", [EXIM, QMAIL, EXCHANGE, MAIL_RU, YANDEX], ids=["exim", "qmail", "exchange", "mail.ru", "yandex"]
)
def test_case_48_a_bounce_without_a_report_names_who_and_what(text: str) -> None:
    mail = read(
        letter(
            "Subject: Mail delivery failed",
            "Content-Type: text/plain; charset=utf-8",
            sender="Mail Delivery System <MAILER-DAEMON@mx.example>",
            body=text,
        )
    )

    assert mail.verdict is Verdict.BOUNCE
    assert [(one.recipient, one.is_permanent) for one in mail.bounces] == [("gone@a.example", True)]
    assert mail.bounced_message_id == "out1@desk.example"


def test_case_48_two_recipients_in_prose_have_their_own_reasons() -> None:
    mail = read(letter("Subject: Undelivered Mail", sender="MAILER-DAEMON@mx.example", body=POSTFIX))

    assert [(one.recipient, one.status, one.is_permanent) for one in mail.bounces] == [
        ("gone@a.example", "5.1.1", True),
        ("full@b.example", "4.2.2", False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Your message has not yet been delivered to:\n<slow@c.example>\nWill keep trying for 4 days.",
        "Доставка письма задержана. Попытки доставки будут продолжены.\n<slow@c.example>",
    ],
)
def test_case_48_a_delay_is_for_now(text: str) -> None:
    mail = read(letter("Content-Type: text/plain; charset=utf-8", sender="postmaster@mx.example", body=text))

    assert [(one.recipient, one.action, one.is_permanent) for one in mail.bounces] == [
        ("slow@c.example", "delayed", False)
    ]


def test_case_48_a_person_who_writes_about_a_bounce_has_not_bounced() -> None:
    text = "Hi, my mail to gleb@b.example could not be delivered: 550 5.1.1 user unknown. What now?"
    for headers in ((), ("Subject: Undelivered Mail Returned to Sender",)):
        mail = read(letter(*headers, body=text))

        assert mail.verdict is Verdict.PERSON
        assert mail.bounces == ()


def test_case_48_a_postmaster_may_also_just_write() -> None:
    mail = read(letter(sender="postmaster@a.example", body="Hello, please change our address. Regards"))

    assert mail.bounces == ()
    assert mail.verdict is not Verdict.BOUNCE


def test_case_50_a_bounce_is_never_answered() -> None:
    mail = read(report(SERVER + recipient("gone@a.example", "5.1.1")).replace(b"Return-Path: <>\r\n", b""))

    assert may_answer_automatically(mail).reason is Answer.BOUNCE
