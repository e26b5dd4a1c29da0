"""Mailboxes are read and mail servers hand mail over: stored first, "taken" said only then."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q, QuerySet

from otklik.desk.channels.mail.imap import After, EncryptionRequired, ImapSettings, ImapSource, Security
from otklik.desk.channels.mail.listener import Answer
from otklik.desk.channels.mail.protocol import (
    Cursor,
    FetchedMail,
    FolderMissing,
    GrantRefused,
    MailboxUnreachable,
    MailSource,
    Report,
    SignInRefused,
)
from otklik.desk.models import Mailbox
from otklik.desk.operations.grants import access_token, forget_token, has_grant
from otklik.desk.operations.returned import take_reports
from otklik.desk.operations.storing import NewMail, store_mails
from otklik.desk.rules.auto_reply import is_system_address
from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.kit.secrets import SecretUnreadable

log = logging.getLogger(__name__)
# One transaction and one acknowledgement for so many, or for so many bytes.
_BATCH, _BATCH_BYTES = 50, 32 * 1024 * 1024
# Of a fetch; what is left waits for the next one, so that a full mailbox does not keep others waiting.
_MOST = 1000
_CLAIM = timedelta(minutes=10)
_SHORTEST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=15)
KNOWN_FAILURES = (
    MailboxUnreachable,
    SignInRefused,
    GrantRefused,
    FolderMissing,
    EncryptionRequired,
    SecretUnreadable,
    OSError,
)


def due_mailboxes(*, at: datetime) -> list[int]:
    """Those read by us that nobody reads at the moment and whose last failure is long enough ago."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    rows = Mailbox.objects.filter(free, is_active=True, source=Mailbox.Source.IMAP)
    return list(rows.order_by("fetched_at", "pk").values_list("pk", flat=True))


def fetch_mailbox(
    *, mailbox_id: int, at: datetime, open_source: Callable[[Mailbox], MailSource] | None = None
) -> int | None:
    """How many mails came; None where somebody else is reading this mailbox. What failed stands in the row
    afterwards, and the mailbox is left alone for a while, longer the longer it has failed."""
    if not _claim(mailbox_id, at):
        return None
    # Its secrets are read where what they raise is written into the row.
    mailbox = Mailbox.objects.defer("password", "smtp_url").get(pk=mailbox_id)
    fetched = 0
    try:
        source = (open_source or imap_source)(mailbox)
        try:
            for count in _fetch_all(mailbox, source):
                fetched += count
        finally:
            source.close()
    except KNOWN_FAILURES as error:
        if isinstance(error, SignInRefused):
            forget_token(mailbox_id=mailbox.pk)
        _note_failure(mailbox, error, at)
    except Exception as error:
        _note_failure(mailbox, error, at)
        log.exception("reading %s failed", mailbox.address)
    else:
        Mailbox.objects.filter(pk=mailbox.pk).update(
            fetched_at=now(), failed_at=None, failure="", claimed_until=None
        )
    return fetched


def begin_with_new_mail(*, mailbox_id: int, source: MailSource | None = None) -> None:
    """Leave what lies in the folder already where it is: only mail from now on becomes tickets."""
    mailbox = Mailbox.objects.get(pk=mailbox_id)
    opened = source or imap_source(mailbox)
    try:
        cursor = opened.newest()
    finally:
        opened.close()
    Mailbox.objects.filter(pk=mailbox_id).update(uidvalidity=cursor.uidvalidity, last_uid=cursor.last_uid)


def imap_source(mailbox: Mailbox) -> ImapSource:
    """Raises EncryptionRequired, SecretUnreadable."""
    return ImapSource(
        ImapSettings(
            host=mailbox.host,
            user=mailbox.user_name,
            password=mailbox.password.reveal() if mailbox.password else "",
            port=mailbox.port,
            security=Security(mailbox.security),
            folder=mailbox.folder,
            after=After(mailbox.after_fetch),
            move_to=mailbox.move_to or "Processed",
            access_token=partial(_token, mailbox.pk) if has_grant(mailbox.pk) else None,
        )
    )


def _token(mailbox_id: int) -> str:
    return access_token(mailbox_id=mailbox_id, at=now())


def is_ours(address: str) -> bool:
    """Whether mail to this address is taken: a mailbox of ours, whatever its tag and case."""
    return is_system_address(address, _active().values_list("address", flat=True))


def accept_delivery(mail: FetchedMail) -> Answer:
    """A mail that a server hands over: stored for each of our mailboxes it is for. Raises OSError and what
    the database raises; then the other side has to keep it."""
    mailboxes = [
        box for box in _active() if any(is_system_address(a, [box.address]) for a in mail.envelope_to)
    ]
    if not mailboxes:
        return Answer.REFUSED
    store_mails([_new_mail(mailbox, mail) for mailbox in mailboxes], at=now())
    for mailbox in mailboxes:
        _note_heard_of(mailbox.pk, now())
    return Answer.STORED


def store_posted(
    *, mailbox_id: int, mails: Sequence[FetchedMail], reports: Sequence[Report] = (), at: datetime
) -> None:
    """What a provider posted at the address of one mailbox. Raises OSError and what the database raises."""
    take_reports(reports, by=Actor.system(), at=at)
    if mails:
        _store_posted(mailbox_id, mails, at)


def _store_posted(mailbox_id: int, mails: Sequence[FetchedMail], at: datetime) -> None:
    mailbox = Mailbox.objects.get(pk=mailbox_id)
    try:
        store_mails([_new_mail(mailbox, mail) for mail in mails], at=at)
    finally:
        for mail in mails:
            mail.content.close()
    _note_heard_of(mailbox_id, at)


def _note_heard_of(mailbox_id: int, at: datetime) -> None:
    """For the operations page: when a mailbox that is not read by us last got a mail."""
    Mailbox.objects.filter(pk=mailbox_id).update(fetched_at=at)


def _active() -> QuerySet[Mailbox]:
    return Mailbox.objects.filter(is_active=True).defer("password", "smtp_url").order_by("pk")


def _claim(mailbox_id: int, at: datetime) -> bool:
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    rows = Mailbox.objects.filter(free, pk=mailbox_id, is_active=True, source=Mailbox.Source.IMAP)
    return rows.update(claimed_until=at + _CLAIM) == 1


def _fetch_all(mailbox: Mailbox, source: MailSource) -> Iterator[int]:
    """Counts of mails, batch by batch. Stored, then acknowledged, then the cursor: killed in between, a mail
    is fetched again, found stored, and acknowledged."""
    cursor = _begin(mailbox, source)
    for batch in _batches(source.fetch(cursor, limit=_MOST)):
        try:
            store_mails([_new_mail(mailbox, mail) for mail in batch], at=now())
        finally:
            for mail in batch:
                mail.content.close()
        source.acknowledge(batch)
        last = batch[-1].cursor
        # The claim is renewed with each batch: a first fetch of a large mailbox takes its time.
        Mailbox.objects.filter(pk=mailbox.pk).update(
            uidvalidity=last.uidvalidity, last_uid=last.last_uid, claimed_until=now() + _CLAIM
        )
        yield len(batch)


def _begin(mailbox: Mailbox, source: MailSource) -> Cursor:
    if mailbox.uidvalidity is not None or mailbox.takes_old:
        return Cursor(mailbox.uidvalidity or 0, mailbox.last_uid)
    # Servers tell the time of arrival in whole seconds.
    cursor = source.newest(since=mailbox.reads_since.replace(microsecond=0))
    Mailbox.objects.filter(pk=mailbox.pk).update(uidvalidity=cursor.uidvalidity, last_uid=cursor.last_uid)
    return cursor


def _batches(mails: Iterable[FetchedMail]) -> Iterator[list[FetchedMail]]:
    batch: list[FetchedMail] = []
    size = 0
    for mail in mails:
        batch.append(mail)
        size += mail.size
        if len(batch) >= _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _new_mail(mailbox: Mailbox, mail: FetchedMail) -> NewMail:
    return NewMail(
        mailbox_id=mailbox.pk,
        content=mail.content,
        # The null sender is told apart from one that nobody named: no machine may answer it.
        envelope_from="<>" if mail.envelope_from == "" else mail.envelope_from or "",
        envelope_to=mail.envelope_to,
        source_key=mail.key,
    )


def _note_failure(mailbox: Mailbox, error: Exception, at: datetime) -> None:
    detail = str(error)
    mailbox.note_failure(f"{type(error).__name__}: {detail}" if detail else type(error).__name__, at=at)
    since = at - (mailbox.fetched_at or mailbox.created_at)
    wait = min(max(since / 4, _SHORTEST_WAIT), _LONGEST_WAIT)
    Mailbox.objects.filter(pk=mailbox.pk).update(
        failed_at=mailbox.failed_at, failure=mailbox.failure, claimed_until=at + wait
    )
