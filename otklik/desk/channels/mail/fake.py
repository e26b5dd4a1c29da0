"""A mailbox in memory, for tests of what stores the mail. Held to the same contract as the real one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from otklik.desk.channels.mail.protocol import Cursor, FetchedMail
from otklik.desk.channels.mail.spool import Spool

ARRIVED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class MemorySource:
    """``fail_with`` is raised by the next call of anything, once."""

    uidvalidity: int = 1
    mails: dict[int, bytes] = field(default_factory=dict)
    acknowledged: set[int] = field(default_factory=set)
    fail_with: Exception | None = None
    _next: int = 1
    _read_up_to: int = 0

    def put(self, raw: bytes) -> None:
        self.mails[self._next] = raw
        self._next += 1

    def renumber(self) -> None:
        """As a restored mailbox does: the same mails under new numbers."""
        self.uidvalidity += 1
        self.mails = dict(enumerate(self.mails.values(), start=1))
        self.acknowledged = set()
        self._next = len(self.mails) + 1

    def fetch(self, cursor: Cursor, *, limit: int) -> Iterator[FetchedMail]:
        self._fail()
        after = cursor.last_uid if cursor.uidvalidity == self.uidvalidity else 0
        self._read_up_to = after
        for uid in [uid for uid in sorted(self.mails) if uid > after][:limit]:
            spool = Spool()
            spool.write(self.mails[uid])
            place = Cursor(self.uidvalidity, uid)
            self._read_up_to = uid
            yield spool.finish(key=f"{place.uidvalidity}:{uid}", received_at=ARRIVED, cursor=place)

    def acknowledge(self, mails: Iterable[FetchedMail]) -> None:
        self._fail()
        self.acknowledged |= {m.cursor.last_uid for m in mails if m.cursor.uidvalidity == self.uidvalidity}

    def newest(self, *, since: datetime | None = None) -> Cursor:
        self._fail()
        if since is not None and since <= ARRIVED:
            return Cursor(self.uidvalidity, min(self.mails, default=self._next) - 1)
        return Cursor(self.uidvalidity, self._next - 1)

    def wait(self, seconds: float) -> bool:
        self._fail()
        return any(uid > self._read_up_to for uid in self.mails)

    def close(self) -> None: ...

    def _fail(self) -> None:
        if self.fail_with is not None:
            failure, self.fail_with = self.fail_with, None
            raise failure
