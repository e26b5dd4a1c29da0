"""One thread per process learns what changed in the database and tells the hub."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from django.db import Error, connection

from otklik.events.public import CHANNEL, EVERYTHING, last_event_id, topics_after

log = logging.getLogger(__name__)
POLL_SECONDS = 0.3
# How long a listener waits before it looks whether it should end.
LISTEN_SECONDS = 1.0


class Watcher:
    """Calls ``publish(topics)`` from its own thread, whose database connection it keeps."""

    def __init__(self, publish: Callable[[set[str]], Any]) -> None:
        self._publish = publish
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="edge-watcher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        watch = self._listen if connection.vendor == "postgresql" else self._poll
        broken = False
        while not self._stop.is_set():
            try:
                watch(broken)
            except (Error, OSError):
                log.exception("the database cannot be watched; trying again")
                broken = True
                connection.close()
                self._stop.wait(2.0)
        connection.close()

    def _poll(self, missed_some: bool) -> None:
        """SQLite: ``data_version`` changes when another connection committed. It costs no disk access."""
        version = _data_version()
        last = last_event_id()
        if missed_some:
            self._publish({EVERYTHING})
        while not self._stop.wait(POLL_SECONDS):
            now = _data_version()
            if now == version:
                continue
            version = now  # read before the log: a commit in between shows at the next look
            topics, last = topics_after(last)
            if topics:
                self._publish(topics)

    def _listen(self, missed_some: bool) -> None:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        if missed_some:
            self._publish({EVERYTHING})
        raw: Any = connection.connection  # psycopg's own
        while not self._stop.is_set():
            for notice in raw.notifies(timeout=LISTEN_SECONDS):
                self._publish(set(notice.payload.split(" ")))


def _data_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])
