"""Mails as they come to a support address, made with ``email`` and no part of the product.

Of a hundred 42 begin something new, 27 answer by the signed reply address of a ticket that is there, 19
answer by the headers of a mail that came before, 8 are automatic replies, 4 newsletters. Half are in Russian,
half have HTML beside the text, two thirds of the answers carry the history below, an eighth a file of 4 to
24 KB.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from tests.bench.desk_cast import MAILBOX, person

KINDS = {"new": 42, "token": 27, "headers": 19, "auto": 8, "bulk": 4}
ENGLISH = (
    "Hello, the payout for last month has not arrived yet, could you please look into it.",
    "We have changed our bank details, the new ones are in the attached file.",
    "The tracking link returns an error since Tuesday, our clicks are not counted.",
    "Please tell us when the next campaign begins and which countries are open.",
    "The report shows fewer conversions than our own statistics, the difference is about twelve percent.",
    "Thank you, that has helped, everything works again.",
    "Our postback address answers with status 500, is anything wrong on your side?",
    "Can we have a higher rate from the first of next month, as we agreed on the phone?",
)
RUSSIAN = (
    "Здравствуйте, выплата за прошлый месяц до сих пор не пришла, посмотрите, пожалуйста.",
    "Мы сменили банковские реквизиты, новые во вложенном файле.",
    "Ссылка со вторника отдаёт ошибку, наши переходы не засчитываются.",
    "Подскажите, когда начнётся следующая кампания и какие страны открыты.",
    "В отчёте меньше конверсий, чем в нашей статистике, разница около двенадцати процентов.",
    "Спасибо, помогло, всё снова работает.",
    "Наш адрес постбэка отвечает с кодом 500, у вас всё в порядке?",
    "Можно ли поднять ставку с первого числа, как договаривались по телефону?",
)
_OVERTAKEN = 100
BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Made:
    """``belongs``: the number of the mail whose ticket it belongs to, the ticket's id below zero, or None
    where it belongs to none."""

    raw: bytes
    kind: str
    envelope_to: str
    belongs: int | None


def make_mails(count: int, *, tokens: Sequence[tuple[int, str, str]], contacts: int) -> list[Made]:
    """``tokens``: (ticket, reply address given out in it, address of who got it). The same each time."""
    draw = random.Random(7)
    kinds = [kind for kind, share in KINDS.items() for _ in range(share)]
    made: list[Made] = []
    roots: list[int] = []
    for number in range(count):
        kind = kinds[draw.randrange(100)]
        # A machine answers what we wrote, which was after the mail before was in its ticket; a person may
        # write twice within a second.
        known = roots[:-_OVERTAKEN] if kind == "auto" else roots
        if kind in ("headers", "auto") and len(known) < 5:
            kind = "new"
        made.append(_mail(draw, number, kind, tokens, known, contacts))
        if kind == "new":
            roots.append(number)
    return made


def writer(number: int, contacts: int) -> str:
    """A sixth writes from an address that nobody knows."""
    return person(number * 7 % contacts) if number % 6 else f"somebody{number}@elsewhere{number % 50}.example"


def _mail(
    draw: random.Random,
    number: int,
    kind: str,
    tokens: Sequence[tuple[int, str, str]],
    roots: Sequence[int],
    contacts: int,
) -> Made:
    mail, russian = EmailMessage(), number % 2 == 0
    sentences = RUSSIAN if russian else ENGLISH
    text = "\n\n".join(draw.sample(sentences, draw.randint(1, 4)))
    sender, to, belongs = writer(number, contacts), MAILBOX, number if kind == "new" else None
    subject = f"{'Выплата' if russian else 'Payout'} {number}"
    if kind == "token":
        ticket, to, sender = tokens[draw.randrange(len(tokens))]
        belongs, subject = -ticket, f"Re: {subject}"
    elif kind in ("headers", "auto"):
        root = roots[draw.randrange(len(roots))]
        belongs, sender = root, writer(root, contacts)
        mail["In-Reply-To"] = mail["References"] = f"<{_id(root)}>"
        subject = f"Re: {'Выплата' if root % 2 == 0 else 'Payout'} {root}"
    if kind == "auto":
        mail["Auto-Submitted"], text = "auto-replied", "I am on holiday until Monday."
    elif kind == "bulk":
        mail["List-Unsubscribe"], mail["Precedence"] = "<mailto:off@news.example>", "bulk"
        sender = f"news{number}@letters.example"
    mail["From"], mail["To"], mail["Subject"] = f"Writer {number} <{sender}>", to, subject
    mail["Date"] = format_datetime(BEGAN + timedelta(seconds=number))
    mail["Message-ID"] = f"<{_id(number)}>"
    mail["Received"] = f"from mx{number % 9}.example by mail.bench.example with ESMTPS id {number:08x}"
    _say(mail, text, history=kind in ("token", "headers") and draw.random() < 0.66, html=draw.random() < 0.5)
    if draw.random() < 0.125:
        content = draw.randbytes(draw.randint(4_000, 24_000))
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=f"invoice-{number}.pdf")
    return Made(mail.as_bytes(), kind, to, belongs)


def _say(mail: EmailMessage, text: str, *, history: bool, html: bool) -> None:
    said = "\n".join(f"> {line}" for line in "\n".join(ENGLISH[:5]).splitlines())
    below = f"\n\nOn Mon, 2 Mar 2026 at 10:00, North support <{MAILBOX}> wrote:\n\n{said}" if history else ""
    mail.set_content(f"{text}\n\n-- \nWriter of mails\nExample Ltd{below}\n")
    if html:
        paragraphs = "".join(f"<p style='margin:0'>{part}</p>" for part in text.split("\n\n"))
        quoted = f"<blockquote type='cite'>{'<br>'.join(ENGLISH[:5])}</blockquote>" if history else ""
        mail.add_alternative(f"<html><body>{paragraphs}{quoted}</body></html>", subtype="html")


def _id(number: int) -> str:
    return f"bench.{number}@partner.example"
