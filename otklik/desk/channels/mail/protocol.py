"""What every way of receiving mail hands over, and the protocol of those that are read by us."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from otklik.desk.rules.mail.parsed import Bounce


class MailboxUnreachable(Exception):
    """No connection, or one that broke. Try again later; the mailbox is not to blame."""


class SignInRefused(Exception):
    """The server does not know this name with this password: somebody has to look at the settings."""


class GrantRefused(Exception):
    """No access token is given for this mailbox any more: somebody has to grant leave again."""


class FolderMissing(Exception):
    """The mailbox has no such folder: somebody has to look at the settings."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a mailbox was read. UIDs mean something only together with their ``uidvalidity``: when the
    server changes it, everything is read again, and what is already stored is known by its fingerprint."""

    uidvalidity: int = 0
    last_uid: int = 0


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """One raw mail. Whoever gets it reads ``content`` and closes it.

    ``key`` is the same when the same delivery is handed over twice: unique per mailbox (IMAP) or per
    installation (webhook, where the provider is part of it; listener, where a mail given again after an
    unknown answer gets the key of its content).
    ``sha256`` is of the content, in hex.
    ``fingerprint`` is the same for one mail that arrived on two ways: hex sha256 of Message-ID, Date, From,
    Subject and everything after the headers; of the whole content where there is no Message-ID.
    ``envelope_from`` is "" for the null sender, which must never be answered, and None where nobody said.
    ``envelope_to`` may be empty: IMAP knows it only where the server notes it in a header.
    ``content`` stands at its beginning; beyond a megabyte it lies on disk. ``size`` in bytes.
    ``cursor`` is what to remember once this mail and all before it are stored and acknowledged.
    """

    key: str
    sha256: str
    fingerprint: str
    envelope_from: str | None
    envelope_to: tuple[str, ...]
    content: BinaryIO
    size: int
    received_at: datetime | None
    cursor: Cursor = Cursor()


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider tells of a mail it sent for us. One of the three is set; ``message_ids`` as in
    ``operations.returned.Returned``."""

    message_ids: tuple[str, ...]
    bounce: Bounce | None = None
    is_complaint: bool = False
    wants_out: bool = False


class MailSource(Protocol):
    """A mailbox that we read.

    The order that loses nothing: store the mail (its key is unique) and commit, ``acknowledge`` it, then
    store its cursor. Killed in between, the mail is fetched again, found stored, and acknowledged.
    All methods raise MailboxUnreachable, SignInRefused, GrantRefused, FolderMissing; the next call connects
    anew.
    """

    def fetch(self, cursor: Cursor, *, limit: int) -> Iterator[FetchedMail]:
        """At most ``limit`` mails after the cursor, oldest first, read or unread; each is fetched when it is
        asked for. A cursor with another uidvalidity counts as the beginning."""
        ...

    def acknowledge(self, mails: Iterable[FetchedMail]) -> None:
        """These are stored: mark, move or delete them, as the mailbox is set. Twice does no harm, and a mail
        whose uidvalidity is gone is left alone: its UID may be another mail's by now."""
        ...

    def newest(self, *, since: datetime | None = None) -> Cursor:
        """Where a mailbox is begun whose old mail shall not become tickets: before the first mail that
        arrived at ``since`` or later, by the server's clock; without it, after the last one."""
        ...

    def wait(self, seconds: float) -> bool:
        """Until there is mail after the last fetched one (True) or the time is over (False)."""
        ...

    def close(self) -> None: ...
