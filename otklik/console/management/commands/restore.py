"""``restore FILE [--replace]``: put an archive back."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from otklik.console.backup.archive import Contents, read_archive
from otklik.console.backup.engines import BackupFailed, Engine, engine_of
from otklik.kit.planner import refresh_statistics


class Command(BaseCommand):
    help = "Put the database and files of a backup back; stop Otklik first"
    # The database may be missing altogether.
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="replace what is there now")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        engine = engine_of(settings.DATABASES["default"])
        try:
            self._refuse_while_running()
            if not replace and not engine.is_empty():
                raise BackupFailed("There is a database already. Add --replace to replace it and all files.")
            settings.OTKLIK.data_dir.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=settings.OTKLIK.data_dir) as scratch:
                contents = read_archive(file, Path(scratch))
                self._put_back(contents, engine, Path(settings.MEDIA_ROOT))
        except (BackupFailed, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        call_command("migrate", interactive=False, verbosity=0)
        refresh_statistics()
        self.stdout.write(
            f"Restored the state of {contents.created_at}: the database and {contents.files} files."
        )

    def _put_back(self, contents: Contents, engine: Engine, files: Path) -> None:
        if contents.engine != engine.name:
            raise BackupFailed(f"The backup is of {contents.engine}; this installation uses {engine.name}.")
        connections.close_all()
        engine.load(contents.database)
        contents.folder.mkdir(exist_ok=True)
        shutil.rmtree(files, ignore_errors=True)
        shutil.move(contents.folder, files)
        # Facts tell of the database that was; they are written anew from the one that is.
        shutil.rmtree(settings.OTKLIK.data_dir / "facts", ignore_errors=True)

    def _refuse_while_running(self) -> None:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", settings.OTKLIK.port)) == 0:
                raise BackupFailed(f"Otklik answers on port {settings.OTKLIK.port}: stop it first.")
