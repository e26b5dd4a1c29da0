"""`otklik mail watch`: mailboxes are listened to, and what they announce is fetched at once."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from otklik.desk.operations.watching import watch_mailboxes


class Command(BaseCommand):
    help = "Fetch mail as soon as it arrives (IMAP IDLE), until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        watch_mailboxes(stop)
