"""A mail is stored as it came before anybody tries to understand it.

Whoever hands mails in may say "taken" to the other side (250, seen, deleted) once ``store_mails`` returned
and not before: then they are on the disk, whatever happens to us next.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django_q.tasks import async_task

from otklik.desk.models import InboundMail
from otklik.kit.storage import DurableFile

TAKE_IN = "otklik.desk.jobs.take_in_mails"
# Up to here a mail lies in its row: one write instead of two. Most mails are far smaller.
LARGEST_IN_ROW = 256 * 1024
_READ = 256 * 1024
# Statements with more rows than this would hold SQLite's one write lock for too long.
_ROWS = 50


@dataclass(frozen=True, slots=True)
class NewMail:
    """``content`` is read from its beginning; ``source_key``: what its source calls it ("7:12")."""

    mailbox_id: int
    content: BinaryIO
    envelope_from: str = ""
    envelope_to: Sequence[str] = ()
    source_key: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """``ids``: rows of mails not seen before, in their order. ``known``: how many were stored earlier."""

    ids: Sequence[int] = field(default_factory=tuple)
    known: int = 0


def store_mails(mails: Iterable[NewMail], *, at: datetime) -> Stored:
    """Each content once for each mailbox, and a job that takes them in. Raises OSError where a file cannot be
    written (a full disk): then none of them was stored and none may be acknowledged."""
    rows = {row.key: row for row in (_row(mail, at) for mail in mails)}
    if not rows:
        return Stored()
    # What is acknowledged after this commit must survive a power cut. The installation's own settings say
    # FULL; this holds where somebody has chosen otherwise for speed. SQLite forbids it inside a transaction.
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
    with transaction.atomic():
        known = set(InboundMail.objects.filter(key__in=rows).values_list("key", flat=True))
        InboundMail.objects.bulk_create(
            [row for key, row in rows.items() if key not in known], batch_size=_ROWS, ignore_conflicts=True
        )
        # Another fetcher may have been faster between the two: ids are read, not guessed.
        found = InboundMail.objects.filter(key__in=[key for key in rows if key not in known]).order_by("pk")
        ids = list(found.values_list("pk", flat=True))
        if ids:
            async_task(TAKE_IN)
    return Stored(ids, len(known))


def mail_content(mail: InboundMail) -> BinaryIO:
    """Raw, from its beginning. Raises OSError where its file is gone."""
    if mail.raw is not None:
        return io.BytesIO(bytes(mail.raw))
    return Path(default_storage.path(str(mail.file.name))).open("rb")


def _row(mail: NewMail, at: datetime) -> InboundMail:
    digest, size = _measure(mail.content)
    row = InboundMail(
        mailbox_id=mail.mailbox_id,
        key=f"{mail.mailbox_id}:{digest}",
        sha256=digest,
        size=size,
        envelope_from=mail.envelope_from[:254],
        envelope_to=[address[:254] for address in mail.envelope_to],
        source_key=mail.source_key[:80],
        received_at=at,
    )
    mail.content.seek(0)
    if size <= LARGEST_IN_ROW:
        row.raw = mail.content.read()
    else:
        row.file = _write(mail.content, f"mail/{digest[:2]}/{digest}.eml")
    return row


def _measure(content: BinaryIO) -> tuple[str, int]:
    content.seek(0)
    digest, size = hashlib.sha256(), 0
    while part := content.read(_READ):
        digest.update(part)
        size += len(part)
    return digest.hexdigest(), size


def _write(content: BinaryIO, name: str) -> str:
    """The name is the content's hash: two mailboxes that got the same mail share its file."""
    file = DurableFile()
    try:
        file.write_all(content)
        file.keep(name)
    except BaseException:
        file.discard()
        raise
    return name
