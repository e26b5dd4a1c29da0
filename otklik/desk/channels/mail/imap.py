"""Mail read from a mailbox by IMAP."""

from __future__ import annotations

import imaplib
import ipaddress
import re
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from enum import StrEnum
from typing import Any

from imap_tools import (
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailboxFolderSelectError,
    MailboxLoginError,
    MailBoxStartTls,
    MailBoxUnencrypted,
)
from imap_tools.utils import encode_folder

from otklik.desk.channels.mail.oauth import xoauth2
from otklik.desk.channels.mail.protocol import (
    Cursor,
    FetchedMail,
    FolderMissing,
    MailboxUnreachable,
    SignInRefused,
)
from otklik.desk.channels.mail.spool import Spool

# What one request brings at most: the bound of memory, whatever the size of the mail.
CHUNK = 1024 * 1024
# RFC 2177 asks for a new IDLE before 29 minutes; firewalls forget a quiet connection much sooner.
LONGEST_IDLE = 9 * 60.0
POLL_EVERY = 20.0
_ITEM = re.compile(rb"UID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_ARRIVED = re.compile(rb'INTERNALDATE "([^"]+)"')
_QUOTED = re.compile(rb'BODY\[\](?:<\d+>)? (?:NIL|"((?:[^"\\]|\\.)*)")')


class Security(StrEnum):
    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


class After(StrEnum):
    """What becomes of a mail in the mailbox once it is stored here."""

    SEEN = "seen"
    MOVE = "move"
    DELETE = "delete"


class EncryptionRequired(Exception):
    """A password would travel in the clear to another machine, and nobody allowed that."""


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """``ca_file``: a PEM file of the authority that signed the server's certificate, where the system does
    not know it. ``timeout`` in seconds, for each answer. ``access_token``: asked at each sign-in, which then
    needs no password. Raises EncryptionRequired."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    security: Security = Security.TLS
    folder: str = "INBOX"
    after: After = After.SEEN
    move_to: str = "Processed"
    ca_file: str = ""
    allow_plain: bool = False
    timeout: float = 30.0
    access_token: Callable[[], str] | None = None

    def __post_init__(self) -> None:
        if self.security == Security.PLAIN and not (self.allow_plain or _is_loopback(self.host)):
            raise EncryptionRequired(self.host)


class ImapSource:
    """One mailbox with a connection of its own, opened at the first call. Not for two threads at once."""

    def __init__(self, settings: ImapSettings) -> None:
        self.settings = settings
        self._box: BaseMailBox | None = None
        self._uidvalidity = 0
        self._read_up_to: int | None = None

    def fetch(self, cursor: Cursor, *, limit: int) -> Iterator[FetchedMail]:
        with self._talking() as box:
            after = cursor.last_uid if cursor.uidvalidity == self._uidvalidity else 0
            self._read_up_to = after
            uidvalidity = self._uidvalidity
            listed = self._described(box, self._uids_after(box, after)[:limit])
        for uid, size, arrived in listed:
            with self._talking() as box:
                if self._uidvalidity != uidvalidity:  # connected anew in between
                    raise imaplib.IMAP4.abort("the numbers of the folder changed")
                spool = self._content(box, uid, size)
            self._read_up_to = uid
            if spool is not None:
                place = Cursor(uidvalidity, uid)
                yield spool.finish(key=f"{place.uidvalidity}:{uid}", received_at=arrived, cursor=place)

    def acknowledge(self, mails: Iterable[FetchedMail]) -> None:
        with self._talking() as box:
            uids = ",".join(
                str(m.cursor.last_uid) for m in mails if m.cursor.uidvalidity == self._uidvalidity
            )
            if not uids:
                return
            # Not by the library's flag(): it expunges, and so deletes what others only marked.
            _ask(box, "STORE", uids, "+FLAGS.SILENT", r"(\Seen)")
            if self.settings.after == After.MOVE:
                self._move(box, uids)
            elif self.settings.after == After.DELETE:
                _delete(box, uids)

    def newest(self, *, since: datetime | None = None) -> Cursor:
        with self._talking() as box:
            status = box.folder.status(self.settings.folder, ["UIDNEXT"])
            recent = self._described(box, _uids_around(box, since)) if since else []
            new = [uid for uid, _, arrived in recent if arrived is None or (since and arrived >= since)]
            return Cursor(self._uidvalidity, min([*new, status["UIDNEXT"]]) - 1)

    def wait(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        with self._talking() as box:
            while True:
                # Asked before each nap: what came since the last fetch may have been announced long ago.
                if self._read_up_to is not None and self._uids_after(box, self._read_up_to):
                    return True
                left = until - time.monotonic()
                if left <= 0:
                    return False
                if "IDLE" in box.client.capabilities:
                    if _idle(box, min(left, LONGEST_IDLE)):
                        return True
                else:
                    time.sleep(min(left, POLL_EVERY))
                    box.client.noop()

    def close(self) -> None:
        box, self._box = self._box, None
        if box is not None:
            try:
                box.logout()
            except (OSError, imaplib.IMAP4.error, ImapToolsError):
                box.client.shutdown()

    @contextmanager
    def _talking(self) -> Iterator[BaseMailBox]:
        """A selected folder; a connection that failed is thrown away, for nobody knows what it would say."""
        try:
            if self._box is None:
                self._box = self._connect()
            yield self._box
        except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
            self._throw_away()
            raise MailboxUnreachable(f"{self.settings.host}: {error}") from error
        except BaseException:
            self._throw_away()
            raise

    def _connect(self) -> BaseMailBox:
        token = self.settings.access_token() if self.settings.access_token is not None else ""
        box = _open(self.settings)
        try:
            _sign_in(box, self.settings, token)
            # Servers offer more after signing in, and the library goes on believing the first list.
            listed = box.client.capability()[1][0] or b""
            box.client.capabilities = tuple(listed.decode("ascii", "replace").upper().split())
            self._uidvalidity = _select(box, self.settings.folder)
        except BaseException:
            box.client.shutdown()
            raise
        return box

    def _throw_away(self) -> None:
        box, self._box = self._box, None
        if box is not None:
            box.client.shutdown()

    def _uids_after(self, box: BaseMailBox, after: int) -> list[int]:
        box.client.noop()  # or the server searches among the mails it has told us of so far
        # "n:*" always brings the last mail, even where its number is below n.
        found = _ask(box, "SEARCH", f"UID {after + 1}:*")
        return sorted(uid for part in found for uid in map(int, (part or b"").split()) if uid > after)

    def _described(self, box: BaseMailBox, uids: Sequence[int]) -> list[tuple[int, int, datetime | None]]:
        """Number, announced size and time of arrival; a mail that is gone by now is left out."""
        if not uids:
            return []
        described = {}
        for line in _ask(box, "FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE INTERNALDATE)"):
            if isinstance(line, bytes) and (uid := _ITEM.search(line)) and (size := _SIZE.search(line)):
                described[int(uid[1])] = (int(size[1]), _arrived(line))
        return [(uid, *described[uid]) for uid in uids if uid in described]

    def _content(self, box: BaseMailBox, uid: int, size: int) -> Spool | None:
        """None where somebody deleted the mail meanwhile. Some servers only guess at the size, so the end is
        where nothing more comes."""
        spool = Spool()
        try:
            while True:
                answer = _ask(box, "FETCH", str(uid), f"(BODY.PEEK[]<{spool.size}.{CHUNK}>)")
                chunk = _literal(answer)
                if chunk is None:
                    spool.close()
                    return None
                spool.write(chunk)
                if not chunk or (len(chunk) < CHUNK and spool.size >= size):
                    return spool
        except BaseException:
            spool.close()
            raise

    def _move(self, box: BaseMailBox, uids: str) -> None:
        target = self.settings.move_to
        if not box.folder.exists(target):
            box.folder.create(target)
        name = encode_folder(target)
        if "MOVE" in box.client.capabilities:
            _ask(box, "MOVE", uids, name)
        else:
            _ask(box, "COPY", uids, name)
            _delete(box, uids)


def _open(settings: ImapSettings) -> BaseMailBox:
    host, port, timeout = settings.host, settings.port, settings.timeout
    if settings.security == Security.PLAIN:
        return MailBoxUnencrypted(host, port, timeout)
    context = ssl.create_default_context(cafile=settings.ca_file or None)
    if settings.security == Security.STARTTLS:
        return MailBoxStartTls(host, port, timeout, ssl_context=context)
    return MailBox(host, port, timeout, ssl_context=context)


def _sign_in(box: BaseMailBox, settings: ImapSettings, token: str) -> None:
    try:
        if token:
            answer = xoauth2(settings.user, token)
            box.client.authenticate("XOAUTH2", lambda challenge: answer(challenge).encode())
        elif (settings.user + settings.password).isascii():
            box.login(settings.user, settings.password, initial_folder=None)
        else:  # LOGIN cannot carry other letters
            box.login_utf8(settings.user, settings.password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (MailboxLoginError, imaplib.IMAP4.error) as refused:
        if "UNAVAILABLE" in str(refused):  # RFC 5530: the server's own trouble, not the password's
            raise
        raise SignInRefused(f"{settings.user} at {settings.host}") from refused


def _select(box: BaseMailBox, folder: str) -> int:
    """Its UIDVALIDITY."""
    try:
        box.folder.set(folder)
    except MailboxFolderSelectError as missing:
        raise FolderMissing(folder) from missing
    return int(box.client.response("UIDVALIDITY")[1][0] or 0)


def _ask(box: BaseMailBox, command: str, *arguments: Any) -> list[Any]:
    status, answer = box.client.uid(command, *arguments)
    if status != "OK":
        raise imaplib.IMAP4.error(f"{command}: {answer!r}")
    return answer


def _uids_around(box: BaseMailBox, since: datetime) -> list[int]:
    """Of that day and later; servers compare days alone, each in a zone of its own."""
    _, day, month, year, *_ = format_datetime(since - timedelta(days=1)).split()
    found = _ask(box, "SEARCH", f"SINCE {day}-{month}-{year}")
    return sorted(uid for part in found for uid in map(int, (part or b"").split()))


def _delete(box: BaseMailBox, uids: str) -> None:
    _ask(box, "STORE", uids, "+FLAGS.SILENT", r"(\Deleted)")
    if "UIDPLUS" in box.client.capabilities:
        _ask(box, "EXPUNGE", uids)  # only ours, not what others marked
    else:
        box.client.expunge()


def _literal(answer: Sequence[Any]) -> bytes | None:
    for item in answer:
        if isinstance(item, tuple) and b"BODY[]" in item[0]:
            return bytes(item[1])
        if isinstance(item, bytes) and (quoted := _QUOTED.search(item)):
            return re.sub(rb"\\(.)", rb"\1", quoted[1] or b"")
    return None


def _arrived(line: bytes) -> datetime | None:
    found = _ARRIVED.search(line)
    try:
        return parsedate_to_datetime(found[1].decode("ascii")) if found else None
    except ValueError:
        return None


def _idle(box: BaseMailBox, seconds: float) -> bool:
    """Whether the server announced mail. Not by the library's start(): it takes an announcement that comes
    before the server's "go on" for a refusal."""
    client = box.client
    tag = client._command("IDLE")
    box.idle._idle_tag = tag
    news = False
    while (line := client._get_response()) is not None:
        if client.tagged_commands.get(tag):
            raise imaplib.IMAP4.error(f"IDLE: {line!r}")
        news = news or line.endswith(b" EXISTS")
    until = time.monotonic() + seconds
    while not news and (left := until - time.monotonic()) > 0:
        heard = box.idle.poll(left)
        news = any(line.endswith(b" EXISTS") for line in heard)
        if not heard:  # the time is over, or the connection: stop() will tell
            break
    box.idle.stop()  # type: ignore[no-untyped-call]
    return news


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
