"""A stored mail, read: everything that takes time or touches the disk, done before any transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass

from otklik.desk.models import InboundMail, Mailbox
from otklik.desk.operations.attaching import NewBlob, StorageSink
from otklik.desk.operations.storing import mail_content
from otklik.desk.queries.installation import installation_marks, read_tokens
from otklik.desk.rules.auto_reply import is_noreply_address
from otklik.desk.rules.mail.message import (
    Defect,
    MailPerson,
    ParsedMail,
    may_answer_automatically,
    parse_mail,
)
from otklik.desk.rules.mail.reply import ReplySplit, split_reply
from otklik.desk.rules.mail.sender_proof import prove
from otklik.desk.rules.reply_token import Forged, GoodToken
from otklik.desk.rules.vocabulary import SenderProof, Verdict

# The mark our answers carry in their subject: "[#1234]". A bare number is anybody's order or invoice.
_NUMBER = re.compile(r"\[#(\d{1,15})\]")
_NOBODY = MailPerson("", "")


class MailboxGone(Exception):
    """The mailbox this mail came to is deleted: nobody can say which program it is for."""


@dataclass(frozen=True, slots=True)
class Letter:
    row: InboundMail
    mailbox: Mailbox
    mail: ParsedMail
    split: ReplySplit
    writer: MailPerson
    tokens: tuple[GoodToken | Forged, ...]
    number: int | None
    """Of a ticket, where the subject has our mark."""
    is_own: bool
    is_automatic: bool
    """No machine may answer it."""
    proof: SenderProof | None
    """Of who wrote it; None where nobody checks."""

    @property
    def is_doubtful(self) -> bool:
        """Somebody checked and did not find that it is from whom it says."""
        return self.proof in (SenderProof.UNPROVED, SenderProof.FAILED)

    @property
    def refers_to(self) -> tuple[str, ...]:
        return (*self.mail.references, *self.mail.in_reply_to)

    @property
    def all_ids(self) -> tuple[str, ...]:
        return (*self.refers_to, self.mail.message_id, self.mail.bounced_message_id)

    @property
    def copied(self) -> tuple[MailPerson, ...]:
        return (*self.mail.to, *self.mail.cc)

    @property
    def blobs(self) -> list[NewBlob]:
        return [NewBlob(file.sha256, file.size) for file in self.mail.attachments]


def read_letter(row: InboundMail) -> Letter:
    """Attachments are on the disk afterwards. Raises MailboxGone, OSError (a full disk)."""
    mailbox = row.mailbox
    if mailbox is None:
        raise MailboxGone(row.pk)
    marks = installation_marks()
    with mail_content(row) as content:
        mail = parse_mail(content, StorageSink(), installation=marks[0])
    reaches_us_by = [person.address for person in (*mail.to, *mail.cc)]
    number = _NUMBER.search(mail.subject)
    writer = _writer(mail)
    return Letter(
        row=row,
        mailbox=mailbox,
        mail=mail,
        split=_split(mail),
        writer=writer,
        tokens=read_tokens([*reaches_us_by, *mail.delivered_to, *row.envelope_to]),
        number=int(number[1]) if number else None,
        is_own=mail.verdict is Verdict.OWN or mail.own_mark in marks,
        is_automatic=row.envelope_from == "<>" or not may_answer_automatically(mail),
        proof=prove(
            mail.authentication,
            trusted=mailbox.trusted_server,
            address=writer.address,
            is_alone=Defect.SEVERAL_SENDERS not in mail.defects,
        ),
    )


def _split(mail: ParsedMail) -> ReplySplit:
    if mail.verdict is Verdict.BOUNCE:
        return ReplySplit(reply=mail.text, quote="", signature="")
    return split_reply(mail.text, mail.html)


def _writer(mail: ParsedMail) -> MailPerson:
    """Forms of web sites write as noreply@ and name the person in Reply-To."""
    sender = mail.sender or _NOBODY
    answered_at = next((person for person in mail.reply_to if person.address), None)
    if answered_at is not None and (not sender.address or is_noreply_address(sender.address)):
        return MailPerson(answered_at.name or sender.name, answered_at.address)
    return sender
