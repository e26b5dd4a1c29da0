"""``backup FILE``: the database and the files people gave us, in one archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from otklik.console.backup.archive import write_archive
from otklik.console.backup.engines import BackupFailed, engine_of
from otklik.kit.clock import now


class Command(BaseCommand):
    help = "Write the database and all files into one archive; safe while Otklik runs"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write, for example otklik.tar.gz")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent}; make it first.", returncode=2)
        if file.exists():
            raise CommandError(f"{file} exists already; name another file.", returncode=2)
        try:
            count = write_archive(
                file,
                engine=engine_of(settings.DATABASES["default"]),
                files=Path(settings.MEDIA_ROOT),
                at=now(),
            )
        except (BackupFailed, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{file}: the database and {count} files.")
        self.stdout.write(
            f"Keep a copy of {settings.OTKLIK.data_dir / 'secret_key'} in another place: "
            "without it encrypted secrets cannot be read."
        )
