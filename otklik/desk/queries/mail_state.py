"""How mail stands, for the operations page: seven queries, whatever the number of mails."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db.models import Count, Min, Q
from django.db.models.functions import Substr

from otklik.desk.models import InboundMail, Mailbox, MailCopy
from otklik.desk.rules.mail.message import read_heading
from otklik.desk.rules.vocabulary import Delivery

_MOST_ASIDE = 20
# Bytes of a mail within which From and Subject nearly always stand, and letters of them that are shown.
_TOP, _LONGEST = 32 * 1024, 200
_PARKED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class MailboxLine:
    """``silent``: a mailbox that should have been read by now and was not."""

    mailbox: Mailbox
    waiting: int
    quarantined: int
    parked: int
    to_send: int
    failed: int
    silent: bool


@dataclass(frozen=True, slots=True)
class MailAside:
    """``sender``, ``subject``: as the mail says, which may be anything; "" where it cannot be read."""

    mail: InboundMail
    sender: str
    subject: str


@dataclass(frozen=True, slots=True)
class MailState:
    """``aside``: mails that are in no ticket, the latest ones."""

    lines: Sequence[MailboxLine]
    oldest_waiting: datetime | None
    waiting_because: str
    aside: Sequence[MailAside]


def mail_state(*, at: datetime) -> MailState:
    incoming = _incoming(at)
    outgoing = _outgoing()
    boxes = Mailbox.objects.filter(is_active=True).defer("password", "smtp_url", "signature")
    waiting = InboundMail.objects.filter(state=InboundMail.State.STORED)
    stuck = waiting.exclude(reason="").order_by("pk").values_list("reason", flat=True).first()
    return MailState(
        lines=[
            MailboxLine(
                box,
                *incoming.get(box.pk, (0, 0, 0)),
                *outgoing.get(box.pk, (0, 0)),
                silent=_is_silent(box, at),
            )
            for box in boxes
        ],
        oldest_waiting=waiting.aggregate(first=Min("received_at"))["first"],
        waiting_because=stuck or "",
        aside=_aside(),
    )


def _aside() -> list[MailAside]:
    """Of their contents, which may be large, only the top."""
    rows = InboundMail.objects.select_related("mailbox").only(
        *("pk", "state", "reason", "envelope_from", "received_at", "size", "file", "mailbox__address")
    )
    rows = rows.annotate(top=Substr("raw", 1, _TOP))
    found: list[InboundMail] = []
    for state in (InboundMail.State.QUARANTINED, InboundMail.State.PARKED):
        # One state after the other: the index is in the order of each.
        found += rows.filter(state=state).order_by("-received_at")[:_MOST_ASIDE]
    latest = sorted(found, key=lambda row: row.received_at, reverse=True)[:_MOST_ASIDE]
    return [_with_heading(row) for row in latest]


def _with_heading(row: InboundMail) -> MailAside:
    try:
        heading = read_heading(io.BytesIO(_top_of(row)))
    except Exception:  # noqa: BLE001 - a mail may be here because reading it fails, and this page is how to mend it
        return MailAside(row, row.envelope_from, "")
    sender = heading.sender
    named = " ".join(part for part in (sender.name, sender.address) if part) if sender else ""
    return MailAside(row, (named or row.envelope_from)[:_LONGEST], heading.subject[:_LONGEST])


def _top_of(row: InboundMail) -> bytes:
    top = row.top  # type: ignore[attr-defined]
    if top is not None:
        return bytes(top)
    if not row.file:
        return b""
    with default_storage.open(str(row.file.name)) as file:
        return bytes(file.read(_TOP))


def _incoming(at: datetime) -> dict[int | None, tuple[int, int, int]]:
    """(waiting, quarantined, parked this week) by mailbox. Taken mails, nearly all of them, are not read."""
    state = InboundMail.State
    rows = InboundMail.objects.filter(
        Q(state__in=(state.STORED, state.QUARANTINED))
        | Q(state=state.PARKED, received_at__gt=at - _PARKED_WITHIN)
    )
    found: dict[int | None, dict[str, int]] = {}
    for box, word, count in rows.values_list("mailbox", "state").annotate(number=Count("pk")):
        found.setdefault(box, {})[word] = count
    return {
        box: (words.get(state.STORED, 0), words.get(state.QUARANTINED, 0), words.get(state.PARKED, 0))
        for box, words in found.items()
    }


def _outgoing() -> dict[int | None, tuple[int, int]]:
    rows = MailCopy.objects.filter(state__in=(Delivery.QUEUED, Delivery.FAILED))
    counted = rows.values_list("mailbox").annotate(
        queued=Count("pk", filter=Q(state=Delivery.QUEUED)),
        failed=Count("pk", filter=Q(state=Delivery.FAILED)),
    )
    return {box: (queued, failed) for box, queued, failed in counted}


def _is_silent(box: Mailbox, at: datetime) -> bool:
    if box.source != Mailbox.Source.IMAP:
        return False
    return at - (box.fetched_at or box.created_at) > timedelta(minutes=10)
