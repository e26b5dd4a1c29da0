"""Files on their way in, where the disk may have no room for them."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from otklik.kit.outage import Outage, outage_of


class DiskUploads(TemporaryFileUploadHandler):
    """Where the disk takes no more of a file the rest of the form is read all the same: what somebody typed
    is not lost with it. Whoever reads the file hears why it is not there."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self._failure: OSError | None = None
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._note(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self._failure is None:
            try:
                return super().receive_data_chunk(raw_data, start)
            except OSError as error:
                self._note(error)
        return None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        if self._failure is None:
            try:
                return super().file_complete(file_size)  # writes what is still in the buffer
            except OSError as error:
                self._note(error)
        assert self._failure is not None
        return UploadedFile(_Unkept(self._failure), self.file_name, self.content_type, file_size)  # type: ignore[arg-type]

    def _note(self, error: OSError) -> None:
        if outage_of(error) is not Outage.DISK_FULL:
            raise error
        self._failure = error
        if hasattr(self, "file"):
            with suppress(OSError):  # it tries to write the rest once more; its place is free afterwards
                self.file.close()


class _Unkept(io.RawIOBase):
    def __init__(self, failure: OSError) -> None:
        super().__init__()
        self._why = failure.errno

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: Any) -> int:
        raise OSError(self._why, os.strerror(self._why or 0))
