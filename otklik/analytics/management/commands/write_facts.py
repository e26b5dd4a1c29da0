from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from otklik.analytics.engines.clickhouse.server import ServerTrouble
from otklik.analytics.operations.copy_facts import CopyIncomplete, copy_all_facts, copy_facts
from otklik.analytics.operations.leases import LeaseLost, StoreBusy
from otklik.analytics.operations.write_facts import write_facts
from otklik.analytics.queries.facts import broken_segments
from otklik.analytics.store.manifest import BrokenManifest
from otklik.analytics.store.sources import FactSource, fact_sources
from otklik.kit.clock import now


class Command(BaseCommand):
    help = (
        "Write new rows to the fact store (Parquet) and to the analytics server, so that analysis sees them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="write everything anew from the database")
        parser.add_argument("--verify", action="store_true", help="only compare the files with checksums")
        parser.add_argument(
            "--copy", action="store_true", help="only copy to the server of OTKLIK_ANALYTICS_URL"
        )

    def handle(self, *args: Any, rebuild: bool, verify: bool, copy: bool, **options: Any) -> None:
        failed = []
        for source in fact_sources:
            try:
                if verify:
                    self._verify(source)
                elif copy:
                    self._copy(source)
                else:
                    self._write(source, rebuild)
            except CommandError as error:
                failed.append(str(error))
        if not (verify or copy):
            self._copy_what_is_new()
        if failed:
            raise CommandError("\n".join(failed))

    def _write(self, source: FactSource, rebuild: bool) -> None:
        try:
            done = write_facts(source, clock=now, rebuild=rebuild)
        except (StoreBusy, LeaseLost) as error:
            raise CommandError(f"{source.name}: another process writes; try again in two minutes.") from error
        after = f"{done.total} in {done.segments} segments"
        self.stdout.write(f"{done.source}: {done.rows} rows written, {after}.")

    def _verify(self, source: FactSource) -> None:
        try:
            broken = broken_segments(source)
        except BrokenManifest as error:
            raise CommandError(f"{source.name}: the store is damaged. Run write_facts --rebuild.") from error
        if broken:
            files = ", ".join(broken)
            raise CommandError(f"{source.name}: damaged or missing: {files}. Run write_facts --rebuild.")
        self.stdout.write(f"{source.name}: every segment is whole.")

    def _copy(self, source: FactSource) -> None:
        server = settings.OTKLIK.analytics_server
        if server is None:
            raise CommandError("There is no server to copy to: set OTKLIK_ANALYTICS_URL.")

        def report(done: int, of: int) -> None:
            self.stdout.write(f"{source.name}: {done} rows copied, the store has {of}")

        try:
            done = copy_facts(source, server, clock=now, report=report)
        except (StoreBusy, LeaseLost) as error:
            raise CommandError(f"{source.name}: another process writes; try again in two minutes.") from error
        except BrokenManifest as error:
            raise CommandError(f"{source.name}: the store is damaged. Run write_facts --rebuild.") from error
        except (ServerTrouble, CopyIncomplete) as error:
            raise CommandError(f"{source.name}: not copied. {error}") from error
        self.stdout.write(f"{source.name}: {done.total} rows in {done.parts} parts, counted on the server.")

    def _copy_what_is_new(self) -> None:
        """The facts are written by now: whatever the server says, that has succeeded."""
        for name, trouble in copy_all_facts(clock=now).items():
            self.stderr.write(f"{name}: not copied, the next run tries again. {trouble}")
