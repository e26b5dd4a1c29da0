"""Files that people gave us: outside the web root, never served by path, written whole or not at all."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path
from typing import BinaryIO

from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.deconstruct import deconstructible


class DurableFile:
    """A file that grows in a place of its own and appears under its name in one step. Once ``keep`` returned
    it survives a power cut; before that nobody sees it. Errors of the disk (OSError) come through."""

    def __init__(self) -> None:
        folder = _folder(Path(default_storage.path("unfinished")))
        self._path = folder / uuid.uuid4().hex
        self._file = self._path.open("xb")
        self._path.chmod(0o600)

    def write(self, data: bytes) -> int:
        return self._file.write(data)

    def write_all(self, source: BinaryIO) -> None:
        shutil.copyfileobj(source, self._file, 256 * 1024)

    def keep(self, name: str) -> None:
        """``name`` is relative to the storage; a file that has it already is replaced."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        place = Path(default_storage.path(name))
        self._path.replace(_folder(place.parent) / place.name)
        # The new name is an entry of the folder, which has to reach the disk as well.
        descriptor = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def discard(self) -> None:
        try:
            self._file.close()  # writes what is still in its buffer, which a full disk refuses
        except OSError:
            pass
        finally:
            self._path.unlink(missing_ok=True)


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@deconstructible
class PrivateStorage(FileSystemStorage):
    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    def url(self, name: str | None) -> str:
        raise ValueError("Private files have no address; serve them through a view that checks access.")
