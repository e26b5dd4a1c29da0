"""`otklik sla recompute`: does what is stored of deadlines follow from the log?"""

from __future__ import annotations

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from otklik.desk.models import Ticket
from otklik.desk.operations.recompute import MOST_NAMED, Outcome, recompute_clocks
from otklik.events.public import Actor
from otklik.kit.clock import now

_EVERY_SECONDS = 5.0


class Command(BaseCommand):
    help = "Derive every ticket's clocks from the log again and name each difference from what is stored."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="store what the log says where it differs")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = shown = time.monotonic()
        total = Ticket.objects.count()

        def told(seen: Outcome) -> None:
            nonlocal shown
            if time.monotonic() - shown > _EVERY_SECONDS:
                shown = time.monotonic()
                self.stderr.write(f"{seen.tickets} of {total} tickets, {seen.differing} differ")

        outcome = recompute_clocks(repair=options["repair"], told=told, by=Actor.system(), at=now())
        for one in outcome.differences:
            what = " ".join(part for part in (one.clock or "ticket", one.field) if part)
            self.stdout.write(f"#{one.ticket_id} {what}: stored {one.stored}, by the log {one.by_log}")
        if len(outcome.differences) >= MOST_NAMED:
            self.stdout.write(f"... and more: only {MOST_NAMED} are named")
        seconds = max(time.monotonic() - begun, 0.001)
        self.stdout.write(
            f"{outcome.tickets} tickets, {outcome.clocks} clocks, {outcome.differing} tickets differ"
            f"{' and were repaired' if outcome.differing and options['repair'] else ''}"
            f" ({outcome.tickets / seconds:.0f} tickets a second)"
        )
        if outcome.differing and not options["repair"]:
            raise CommandError("what is stored differs from the log; --repair stores what the log says")
