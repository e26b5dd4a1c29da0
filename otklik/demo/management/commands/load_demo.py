"""``load_demo [--if-needed]``: the demo program, once."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from otklik.demo.load import is_loaded, load
from otklik.demo.passwords import demo_password
from otklik.identity.public import User
from otklik.kit.clock import now


class Command(BaseCommand):
    help = "Load the demo program: partners, contacts and two years of answers"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-needed", action="store_true", help="only where nobody is on the staff yet")

    def handle(self, *args: Any, if_needed: bool, **options: Any) -> None:
        if is_loaded() or User.objects.exists():
            if if_needed:
                return
            raise CommandError("This database is in use already; the demo loads into an empty one only.")
        load(at=now(), password=demo_password(settings.OTKLIK.data_dir), told=self._tell)

    def _tell(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\rLoading the demo program: {done * 100 // total} %", ending="")
            if done == total:
                self.stderr.write("")
