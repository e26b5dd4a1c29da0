"""Where attachments go while a mail is read: to nowhere, to memory, or to the caller's storage."""

from __future__ import annotations

from typing import Protocol


class AttachmentWriter(Protocol):
    """Takes one attachment. Exactly one of `close` and `discard` is called at the end."""

    def write(self, data: bytes, /) -> object: ...

    def close(self, sha256: str) -> str:
        """The attachment is complete; returns its key. May return the key of an equal one stored before."""
        ...

    def discard(self) -> None:
        """Reading failed: what was written is not wanted."""
        ...


class AttachmentSink(Protocol):
    def open(self, filename: str, content_type: str) -> AttachmentWriter: ...


class NullSink:
    """Keeps nothing; sizes and hashes are counted all the same. Keys are empty."""

    def open(self, filename: str, content_type: str) -> NullSink:
        return self

    def write(self, data: bytes, /) -> None:
        pass

    def close(self, sha256: str) -> str:
        return ""

    def discard(self) -> None:
        pass


class MemorySink:
    """Keeps contents by key, and equal contents once: the key is the hash."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def open(self, filename: str, content_type: str) -> AttachmentWriter:
        return _MemoryWriter(self.contents)


class _MemoryWriter:
    def __init__(self, contents: dict[str, bytes]) -> None:
        self._contents = contents
        self._data = bytearray()

    def write(self, data: bytes, /) -> None:
        self._data += data

    def close(self, sha256: str) -> str:
        self._contents.setdefault(sha256, bytes(self._data))
        return sha256

    def discard(self) -> None:
        self._data.clear()


NULL = NullSink()
