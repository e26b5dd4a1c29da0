"""Raw mails for tests, and the way they take: stored, then taken in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from otklik.desk.models import InboundMail, Mailbox, Message
from otklik.desk.operations.intake import take_in_next
from otklik.desk.operations.storing import NewMail, store_mails
from tests.world import NOW

_counter = iter(range(1, 10_000_000))


def raw(
    sender: str = "Vera Orlova <vera@aurora.example>",
    text: str = "Where is my payout?",
    *,
    subject: str = "Payout",
    to: str = "help@north.example",
    cc: str = "",
    message_id: str | None = None,
    in_reply_to: str | None = None,
    references: Sequence[str] = (),
    files: Sequence[tuple[str, str, bytes]] = (),
    **headers: str,
) -> bytes:
    """``headers``: names with underscores for hyphens. ``message_id=""`` leaves the header out."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    if cc:
        mail["Cc"] = cc
    mail["Date"] = headers.pop("Date", format_datetime(NOW))
    if message_id is None:
        message_id = f"m{next(_counter)}@aurora.example"
    if message_id:
        mail["Message-ID"] = f"<{message_id}>"
    if in_reply_to is not None:
        mail["In-Reply-To"] = f"<{in_reply_to}>" if in_reply_to else ""
    if references:
        mail["References"] = " ".join(f"<{i}>" for i in references)
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    for name, kind, content in files:
        main, _, sub = kind.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def store(mailbox: Mailbox, *mails: bytes, at: datetime = NOW) -> list[int]:
    return list(store_mails([NewMail(mailbox.pk, io.BytesIO(m)) for m in mails], at=at).ids)


def work(at: datetime = NOW) -> None:
    """As the job does, until nothing waits."""
    while take_in_next(at=at):
        pass


def arrive(mailbox: Mailbox, *mails: bytes, at: datetime = NOW) -> list[InboundMail]:
    """Stored and taken in; their rows, in order."""
    ids = store(mailbox, *mails, at=at)
    work(at)
    rows = InboundMail.objects.in_bulk(ids)
    return [rows[i] for i in ids]


def one_by_one(mailbox: Mailbox, *mails: bytes, at: datetime = NOW) -> list[InboundMail]:
    return [row for mail in mails for row in arrive(mailbox, mail, at=at)]


def message_of(row: InboundMail) -> Message:
    assert row.message is not None, (row.state, row.reason)
    return row.message


def later(**delta: int) -> datetime:
    return NOW + timedelta(**delta)
