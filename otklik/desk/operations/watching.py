"""Mailboxes are listened to, so that a mail is fetched within seconds and not at the next turn of the clock.

One quiet connection for each mailbox, by which the server announces mail (IMAP IDLE). What is announced is
fetched as ever, under the same claim: the worker's fetch of each minute goes on and finds what an
announcement missed, and where this process is missing, mail is only later.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import Error as DatabaseFailure
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from otklik.desk.channels.mail.protocol import MailSource
from otklik.desk.models import Mailbox
from otklik.desk.operations.mailboxes import KNOWN_FAILURES, fetch_mailbox, imap_source
from otklik.kit.clock import now

log = logging.getLogger(__name__)
# So long at most until a mailbox that was changed or closed is left. Connections die unseen, too.
_LISTEN = 20.0
_LOOK_FOR_MAILBOXES = 3.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0
# The supervisor waits for ten seconds.
_LAST_FETCH = 8.0
_SETTINGS = ("host", "port", "security", "user_name", "folder", "after_fetch", "move_to")


def watch_mailboxes(stop: threading.Event) -> None:
    """Until ``stop``. A mail that is being fetched then is fetched."""
    listeners: dict[int, Listener] = {}
    while not stop.is_set():
        try:
            _bring_up_to_date(listeners)
        except DatabaseFailure as error:
            log.warning("mailboxes to listen to could not be looked up: %s", error)
        connection.close()
        stop.wait(_LOOK_FOR_MAILBOXES)
    until = time.monotonic() + _LAST_FETCH
    for listener in listeners.values():
        listener.stop()
    for listener in listeners.values():
        listener.wait_for_fetch(until - time.monotonic())


def _bring_up_to_date(listeners: dict[int, Listener]) -> None:
    wanted = _wanted()
    for mailbox_id, listener in list(listeners.items()):
        if wanted.get(mailbox_id) != listener.settings or not listener.is_alive():
            listener.stop()
            del listeners[mailbox_id]
    for mailbox_id, settings in wanted.items():
        if mailbox_id not in listeners:
            listeners[mailbox_id] = Listener(mailbox_id, settings)
            listeners[mailbox_id].start()


def _wanted() -> dict[int, tuple[object, ...]]:
    """Where mail is fetched from, by mailbox. The password as it is stored: only whether it is another one
    counts, and one that cannot be read must not hide the other mailboxes."""
    rows = Mailbox.objects.filter(is_active=True, source=Mailbox.Source.IMAP)
    sealed = Cast("password", TextField())
    # An access token is asked for at each sign-in; only whether there is leave at all is asked here.
    return {row[0]: row[1:] for row in rows.values_list("pk", *_SETTINGS, "grant", sealed)}


class _KeptOpen:
    """A source that ``fetch_mailbox`` does not close: the same connection goes on listening, and knows how
    far it has read."""

    def __init__(self, source: MailSource) -> None:
        self._source = source
        self.fetch, self.acknowledge = source.fetch, source.acknowledge
        self.newest, self.wait = source.newest, source.wait

    def close(self) -> None:
        pass

    def end(self) -> None:
        self._source.close()


class Listener(threading.Thread):
    """Of one mailbox, as it was set when this began."""

    def __init__(self, mailbox_id: int, settings: tuple[object, ...]) -> None:
        # A daemon: nobody waits for one that only listens.
        super().__init__(name=f"mailbox-{mailbox_id}", daemon=True)
        self.mailbox_id, self.settings = mailbox_id, settings
        self._stopped = threading.Event()
        self._fetching = threading.Lock()
        self._source: _KeptOpen | None = None

    def stop(self) -> None:
        self._stopped.set()

    def wait_for_fetch(self, seconds: float) -> None:
        self._fetching.acquire(timeout=max(seconds, 0))

    def run(self) -> None:
        pause, is_due = _FIRST_PAUSE, True
        while not self._stopped.is_set():
            try:
                if not is_due or self._fetch() is not None:
                    assert self._source is not None
                    is_due, pause = self._source.wait(_LISTEN), _FIRST_PAUSE
                else:
                    pause = min(pause * 2, _LONGEST_PAUSE)
            except (*KNOWN_FAILURES, DatabaseFailure) as error:
                # Fetching tells the reader of the mailbox's page; this is for whoever reads the log.
                log.info("mailbox %s: %s", self.mailbox_id, error)
                is_due, pause = True, min(pause * 2, _LONGEST_PAUSE)
            if is_due:
                # Also after an announcement: mails come in company.
                self._stopped.wait(pause)
        if self._source is not None:
            self._source.end()

    def _fetch(self) -> int | None:
        """How many mails came; None where somebody else fetches, or the last failure was just now."""
        with self._fetching:
            if self._stopped.is_set():
                return None
            try:
                if self._source is None:
                    self._source = _KeptOpen(imap_source(Mailbox.objects.get(pk=self.mailbox_id)))
                source = self._source
                return fetch_mailbox(mailbox_id=self.mailbox_id, at=now(), open_source=lambda _: source)
            finally:
                connection.close()
