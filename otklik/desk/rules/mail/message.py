"""How a raw mail is understood: one pass over the bytes, whatever their size.

Import from here: the shapes of `parsed` and the sinks of `sinks` are part of this door.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import BinaryIO, NamedTuple

from otklik.desk.rules.mail.bodies import compose
from otklik.desk.rules.mail.bounces import read_report, read_text, returned_message_id
from otklik.desk.rules.mail.headers import Headers, read_headers
from otklik.desk.rules.mail.identity import (
    parse_address,
    parse_date,
    parse_ids,
    parse_message_id,
    parse_people,
)
from otklik.desk.rules.mail.parsed import Bounce, Defect, MailAttachment, MailPerson, ParsedMail
from otklik.desk.rules.mail.parts import Found, Walker
from otklik.desk.rules.mail.reader import Reader
from otklik.desk.rules.mail.sinks import NULL, AttachmentSink, AttachmentWriter, MemorySink, NullSink
from otklik.desk.rules.mail.verdict import (
    Answer,
    AutomaticAnswer,
    Sign,
    may_answer_automatically,
    may_be_bounce,
    signs_of_machine,
    verdict_of,
)
from otklik.desk.rules.mail.words import decode_words

__all__ = [
    "NULL",
    "OWN_MARK",
    "Answer",
    "AttachmentSink",
    "AttachmentWriter",
    "AutomaticAnswer",
    "Bounce",
    "Defect",
    "MailAttachment",
    "MailPerson",
    "MemorySink",
    "NullSink",
    "ParsedMail",
    "Sign",
    "may_answer_automatically",
    "parse_mail",
    "read_heading",
]

OWN_MARK = "X-Otklik-Installation"


def parse_mail(source: BinaryIO, sink: AttachmentSink = NULL, *, installation: str = "") -> ParsedMail:
    """Reads `source` from where it stands to its end, in bounded memory.

    Never raises for what the bytes say: what was wrong with them is in `defects`. Errors of `source` and of
    `sink` (a full disk) do come through. A mail marked with `installation` gets the verdict "own".
    """
    defects: set[Defect] = set()
    walker = Walker(source, sink, defects)
    headers = walker.walk()
    texts = walker.found.texts
    hint = next((text.charset for text in texts if text.charset), "")
    body = compose(texts, defects)
    subject = decode_words(headers.first("subject"), hint)
    people = _people(headers, hint, defects)
    paths = headers.all("return-path")
    return_path = parse_address(paths[0]) if paths else None
    delivered_to = tuple(filter(None, map(parse_address, headers.all("delivered-to"))))

    judged = _judge(headers, walker.found, people, subject, body.text, return_path)
    own_mark = decode_words(headers.first(OWN_MARK.lower()))
    is_own = bool(installation) and own_mark == installation
    return ParsedMail(
        message_id=_message_id(headers, defects),
        in_reply_to=parse_ids(headers.all("in-reply-to"), defects),
        references=parse_ids(headers.all("references"), defects),
        subject=subject,
        sender=people.sender,
        to=people.to,
        cc=people.cc,
        reply_to=people.reply_to,
        date=_date(headers, defects),
        text=body.text,
        html=body.html,
        attachments=_inline(walker.found.attachments, body.html),
        verdict=verdict_of(judged.signs, is_own=is_own, is_bounce=judged.is_bounce),
        bounces=tuple(judged.bounces),
        bounced_message_id=judged.bounced_message_id,
        defects=tuple(sorted(defects)),
        return_path=return_path,
        delivered_to=delivered_to,
        own_mark=own_mark,
        list_id=decode_words(headers.first("list-id")),
        authentication=tuple(
            value.decode("utf-8", "replace") for value in headers.all("authentication-results")
        ),
        automatic=tuple(judged.signs),
        is_complaint=walker.found.is_complaint,
    )


class Heading(NamedTuple):
    sender: MailPerson | None
    subject: str


def read_heading(source: BinaryIO) -> Heading:
    """From the top of a mail, however little of it is there."""
    defects: set[Defect] = set()
    headers = read_headers(Reader(source), defects, is_root=True)
    return Heading(_people(headers, "", defects).sender, decode_words(headers.first("subject")))


class _People(NamedTuple):
    sender: MailPerson | None
    to: tuple[MailPerson, ...]
    cc: tuple[MailPerson, ...]
    reply_to: tuple[MailPerson, ...]


def _people(headers: Headers, hint: str, defects: set[Defect]) -> _People:
    senders = parse_people(headers.all("from"), hint, defects)
    if len(headers.all("from")) > 1 or len(senders) > 1:
        defects.add(Defect.SEVERAL_SENDERS)
    usable = [person for person in senders if person.address]
    if not usable:
        defects.add(Defect.NO_SENDER)
        usable = [person for person in parse_people(headers.all("sender"), hint, defects) if person.address]
    sender = next(iter((*usable, *senders)), None)
    return _People(
        sender,
        parse_people(headers.all("to"), hint, defects),
        parse_people(headers.all("cc"), hint, defects),
        parse_people(headers.all("reply-to"), hint, defects),
    )


def _message_id(headers: Headers, defects: set[Defect]) -> str:
    found = next(filter(None, map(parse_message_id, headers.all("message-id"))), "")
    if not found:
        defects.add(Defect.NO_MESSAGE_ID)
    return found


def _date(headers: Headers, defects: set[Defect]) -> datetime | None:
    raw = headers.first("date")
    date = parse_date(raw)
    if date is None:
        defects.add(Defect.BAD_DATE if raw else Defect.NO_DATE)
    return date


class _Judged(NamedTuple):
    signs: list[Sign]
    bounces: list[Bounce]
    bounced_message_id: str
    is_bounce: bool


def _judge(
    headers: Headers, found: Found, people: _People, subject: str, text: str, return_path: str | None
) -> _Judged:
    """Who wrote this: a person, a program, or a mail server about a mail of ours."""
    sender = people.sender.address if people.sender else ""
    signs = signs_of_machine(headers, subject, sender, return_path)
    if found.is_notice or found.is_delivery_report:
        signs.append(Sign.REPORT)
    bounces = [bounce for report in found.reports for bounce in read_report(report)]
    original = ""
    if not bounces and not found.is_notice and (found.is_delivery_report or may_be_bounce(signs, subject)):
        own_addresses = {sender, return_path or "", *(person.address for person in people.to)}
        bounces, original = read_text(text, frozenset(map(str.lower, own_addresses)))
    if (bounces or found.is_delivery_report or found.is_complaint) and found.returned:
        original = returned_message_id(found.returned) or original
    has_failed = any(bounce.action in ("failed", "delayed") for bounce in bounces)
    return _Judged(signs, bounces, original, has_failed or (found.is_delivery_report and not bounces))


def _inline(attachments: list[MailAttachment], html: str) -> tuple[MailAttachment, ...]:
    """An image the HTML points at is inline, whatever its sender called it."""
    return tuple(
        replace(one, is_inline=True)
        if one.content_id and not one.is_inline and f"cid:{one.content_id}" in html
        else one
        for one in attachments
    )
