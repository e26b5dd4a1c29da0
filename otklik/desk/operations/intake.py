"""From stored mails to tickets, a chunk at a time.

A mail leaves the state STORED only in the transaction that makes what it became. Whatever dies before that
leaves it to the next worker, whatever comes twice finds it settled, and one that cannot be taken in is put
aside with the reason while the others go on.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F, Q
from django_q.tasks import async_task

from otklik.desk.models import InboundMail
from otklik.desk.operations.letters import Letter, read_letter
from otklik.desk.operations.placing import plan_chunk
from otklik.desk.operations.storing import TAKE_IN
from otklik.desk.operations.writing import write_plans
from otklik.desk.queries.threading import Facts, gather_facts, references_to
from otklik.desk.rules.references import digest_of
from otklik.desk.rules.reply_token import GoodToken
from otklik.events.public import Actor, Subject, record
from otklik.jobs.public import quarantine

log = logging.getLogger(__name__)
KIND = "mail"
MAIL_WANTED = "desk.mail_wanted"
# On SQLite about 50 ms of writing, which is how long others may have to wait. PostgreSQL lets them write
# meanwhile, and what is asked once for a chunk is asked half as often.
CHUNK = {"sqlite": 32, "postgresql": 64}
# Any numbers that nobody else locks by. The ids of a mail are locks too, as many as the server's table of
# locks can spare; a chunk that names more of them takes mails in alone.
_TAKING_IN = 0x0771
_CLAIMING = 0x0772
_MOST_LOCKS = 1000
# An answer waits this long for older mails that another worker still has in hand. Seconds; a worker that
# died holds up nothing for longer, and what it had comes late anyway.
_PATIENCE = 2.0
_LOOK_AGAIN = 0.01
# Longer than reading a chunk takes, even with a 100 MB mail in it.
_CLAIM = timedelta(minutes=10)
_MOST_ATTEMPTS = 3
# So often may a worker die with a mail in hand before the mail is put aside unread.
_MOST_DEATHS = 4
_WAIT = timedelta(minutes=1)
WORKER_DIED = "The worker ended in the middle of this mail each time: killed, or out of memory."


class ChangedMeanwhile(Exception):
    """Another worker has taken in a mail of the same thread since this chunk was decided."""


class AlreadyTaken(Exception):
    """A mail of the chunk was taken in by another worker."""


class NotParked(Exception):
    """Somebody has taken it in by now."""


class WorkerDied(Exception):
    """Nobody lived to say what was wrong with this mail."""


def take_in_next(*, at: datetime, by: Actor | None = None) -> int:
    """Take in the next chunk of stored mails; how many it had. 0: nothing waits that may be taken now."""
    rows = _claim(at)
    try:
        _take_in_rows(rows, by=by or Actor.system(), at=at)
    except BaseException:
        # Stopped from outside: the next worker need not wait until our claim runs out.
        waiting = InboundMail.objects.filter(state=InboundMail.State.STORED, free_at=at + _CLAIM)
        waiting.filter(pk__in=[row.pk for row in rows]).update(free_at=None)
        raise
    return len(rows)


def _take_in_rows(rows: Sequence[InboundMail], *, by: Actor, at: datetime) -> None:
    letters = []
    for row in rows:
        try:
            if row.attempts > _MOST_DEATHS:
                raise WorkerDied(WORKER_DIED)
            letters.append(read_letter(row))
        except Exception as error:  # noqa: BLE001 - one mail must not stop the others
            _note_failure(row, error, at)
    if letters:
        _take_in(letters, by=by, at=at)


@transaction.atomic
def take_in_anyway(*, mail_id: int, by: Actor, at: datetime) -> None:
    """A parked mail becomes a ticket, or joins its own. Raises NotParked."""
    parked = InboundMail.objects.filter(pk=mail_id, state=InboundMail.State.PARKED)
    wanted = {"is_wanted": True, "message": None, "reason": "", "attempts": 0, "free_at": None}
    if not parked.update(state=InboundMail.State.STORED, **wanted):
        raise NotParked(mail_id)
    record(MAIL_WANTED, by=by, at=at, subjects=[Subject("mail", mail_id)])
    async_task(TAKE_IN)


def replay_mail(payload: Mapping[str, Any]) -> None:
    """Queue a mail that was put aside."""
    found = InboundMail.objects.filter(pk=payload["mail"], state=InboundMail.State.QUARANTINED)
    found.update(state=InboundMail.State.STORED, reason="", attempts=0, free_at=None)
    async_task(TAKE_IN)


def _claim(at: datetime) -> list[InboundMail]:
    """Nobody else takes them for a while. The oldest go first: an answer comes after what it answers. One
    worker claims at a time: two would each skip the rows of the other and get every second mail."""
    free = Q(free_at=None) | Q(free_at__lte=at)
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIMING])
        waiting = InboundMail.objects.select_for_update(of=("self",), skip_locked=True)
        waiting = waiting.filter(free, state=InboundMail.State.STORED).order_by("pk")
        rows = list(
            waiting.select_related("mailbox").defer("mailbox__password", "mailbox__smtp_url")[
                : CHUNK[connection.vendor]
            ]
        )
        if rows and rows[0].attempts > 0:
            # It failed, or its worker died, maybe because of its neighbour: it is looked at alone.
            rows = rows[:1]
        InboundMail.objects.filter(pk__in=[row.pk for row in rows]).update(
            free_at=at + _CLAIM, attempts=F("attempts") + 1
        )
    for row in rows:
        row.attempts += 1
    return rows


def _take_in(letters: Sequence[Letter], *, by: Actor, at: datetime) -> None:
    try:
        _decide_and_write(letters, by=by, at=at)
    except Exception as error:  # noqa: BLE001 - told apart below
        if len(letters) > 1:
            log.warning("a chunk of %d mails failed and is tried one by one: %s", len(letters), error)
            for letter in letters:
                _take_in([letter], by=by, at=at)
        else:
            _note_failure(letters[0].row, error, at)


def _decide_and_write(letters: Sequence[Letter], *, by: Actor, at: datetime) -> None:
    for _attempt in range(5):
        facts = _facts(letters)
        if _names_unseen(letters, facts) and _waited_for_older(letters, at):
            facts = _facts(letters)
        plans = plan_chunk(letters, facts, at=at)
        try:
            with transaction.atomic():
                _alone_with(letters)
                _refuse_stale(letters, facts)
                write_plans(plans, facts, by=by, at=at)
        except ChangedMeanwhile:
            continue
        return
    raise ChangedMeanwhile([letter.row.pk for letter in letters])


def _facts(letters: Sequence[Letter]) -> Facts:
    tokens = [t for letter in letters for t in letter.tokens if isinstance(t, GoodToken)]
    return gather_facts(
        addresses={letter.writer.address for letter in letters},
        message_ids={i for letter in letters for i in letter.all_ids},
        own_ids={letter.mail.message_id for letter in letters},
        ticket_ids={t.ticket_id for t in tokens} | {letter.number for letter in letters if letter.number},
    )


def _names_unseen(letters: Sequence[Letter], facts: Facts) -> bool:
    """Whether one of them refers to a mail that neither we nor an earlier one of the chunk know."""
    seen = set(facts.by_digest)
    for letter in letters:
        if any(digest_of(i) not in seen for i in letter.refers_to if i.strip()):
            return True
        seen |= {digest_of(i) for i in letter.all_ids}
    return False


def _waited_for_older(letters: Sequence[Letter], at: datetime) -> bool:
    """What a mail answers may be in the hands of another worker. Were the answer taken in first, a mail
    between the two would find two tickets to belong to, and tickets are not merged without anybody's wish."""
    waiting = InboundMail.objects.filter(
        state=InboundMail.State.STORED, free_at__gt=at, attempts=1, reason=""
    )
    older = waiting.filter(pk__lt=min(letter.row.pk for letter in letters))
    patience = time.monotonic() + _PATIENCE
    waited = False
    while time.monotonic() < patience and older.exists():
        waited = True
        time.sleep(_LOOK_AGAIN)
    return waited


def _alone_with(letters: Sequence[Letter]) -> None:
    """Until the transaction ends nobody else takes in a mail that has or names one of these ids: two mails of
    one thread in two workers would open two tickets, each unseen by the other. SQLite has one writer anyway.
    Locked in the order of their numbers, so that two chunks cannot wait for each other."""
    if connection.vendor != "postgresql":
        return
    digests = {digest_of(i) for letter in letters for i in letter.all_ids if i.strip()}
    keys = sorted(int.from_bytes(digest[:8], "big", signed=True) for digest in digests)
    with connection.cursor() as cursor:
        if len(keys) > _MOST_LOCKS:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TAKING_IN])
            return
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_TAKING_IN])
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])


def _refuse_stale(letters: Sequence[Letter], facts: Facts) -> None:
    """Raises ChangedMeanwhile where what the mails refer to is remembered otherwise than it was."""
    if references_to({i for letter in letters for i in letter.all_ids}) != facts.by_digest:
        raise ChangedMeanwhile
    ids = [letter.row.pk for letter in letters]
    waiting = InboundMail.objects.filter(pk__in=ids, state=InboundMail.State.STORED).count()
    if waiting != len(ids):
        # Our claim ran out and somebody else has done it.
        raise AlreadyTaken(ids)


def _note_failure(row: InboundMail, error: Exception, at: datetime) -> None:
    """A full disk or a busy database passes: the mail waits for as long as that takes. Anything else is put
    aside after a few attempts."""
    if isinstance(error, AlreadyTaken):
        return
    reason = f"{type(error).__name__}: {error}"[:60]
    log.warning("mail %s was not taken in: %s", row.pk, reason)
    still_stored = InboundMail.objects.filter(pk=row.pk, state=InboundMail.State.STORED)
    if _passes(error):
        still_stored.update(free_at=at + _WAIT, reason=reason, attempts=F("attempts") - 1)
    elif row.attempts < _MOST_ATTEMPTS:
        still_stored.update(free_at=at + _WAIT * row.attempts, reason=reason)
    else:
        with transaction.atomic():
            if still_stored.update(state=InboundMail.State.QUARANTINED, reason=reason, free_at=None):
                _put_aside(row, error, at)


def _passes(error: Exception) -> bool:
    if isinstance(error, FileNotFoundError):
        return False
    return isinstance(error, OSError | OperationalError)


def _put_aside(row: InboundMail, error: Exception, at: datetime) -> None:
    mailbox = row.mailbox.address if row.mailbox else "?"
    quarantine(
        kind=KIND,
        key=str(row.pk),
        title=f"{row.envelope_from or '?'} → {mailbox}, {row.size} B",
        error="".join(traceback.format_exception(error)),
        payload={"mail": row.pk},
        attempts=row.attempts,
        at=at,
    )
