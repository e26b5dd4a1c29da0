from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from otklik.analytics.operations.write_facts import LeaseLost, StoreBusy, write_facts
from otklik.analytics.queries.facts import broken_segments
from otklik.analytics.store.sources import FactSource, fact_sources
from otklik.kit.clock import now


class Command(BaseCommand):
    help = "Write new rows to the fact store (Parquet), so that analysis sees them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="write everything anew from the database")
        parser.add_argument("--verify", action="store_true", help="only compare the files with checksums")

    def handle(self, *args: Any, rebuild: bool, verify: bool, **options: Any) -> None:
        for source in fact_sources:
            if verify:
                self._verify(source)
            else:
                self._write(source, rebuild)

    def _write(self, source: FactSource, rebuild: bool) -> None:
        try:
            done = write_facts(source, clock=now, rebuild=rebuild)
        except (StoreBusy, LeaseLost) as error:
            raise CommandError(f"{source.name}: another process writes; try again in two minutes.") from error
        after = f"{done.total} in {done.segments} segments"
        self.stdout.write(f"{done.source}: {done.rows} rows written, {after}.")

    def _verify(self, source: FactSource) -> None:
        broken = broken_segments(source)
        if broken:
            files = ", ".join(broken)
            raise CommandError(f"{source.name}: damaged or missing: {files}. Run write_facts --rebuild.")
        self.stdout.write(f"{source.name}: every segment is whole.")
