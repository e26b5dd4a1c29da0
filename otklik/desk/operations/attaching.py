"""Files of mails go straight from the parser to the disk, and equal ones are stored once.

A mail's attachments are on the disk before the transaction that takes the mail in begins, under names made of
their hashes: a mail that is tried again, or fails for good, finds or leaves nothing but equal contents.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from otklik.desk.models import Attachment, Blob
from otklik.kit.storage import DurableFile

_FRESH = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewBlob:
    sha256: str
    size: int

    @property
    def name(self) -> str:
        return f"attachments/{self.sha256[:2]}/{self.sha256}"


class StorageSink:
    """What ``parse_mail`` writes attachments to; their key is their hash."""

    def open(self, filename: str, content_type: str) -> StorageWriter:
        return StorageWriter()


class StorageWriter:
    def __init__(self) -> None:
        self._file = DurableFile()
        self._size = 0

    def write(self, data: bytes, /) -> None:
        self._file.write(data)
        self._size += len(data)

    def close(self, sha256: str) -> str:
        name = NewBlob(sha256, self._size).name
        # One that is there already stays as it is: a signature's logo comes with every mail. It counts as
        # young again, so that nobody clears it away before it has its row.
        if default_storage.exists(name) and default_storage.size(name) == self._size:
            self._file.discard()
            os.utime(default_storage.path(name))
        else:
            self._file.keep(name)
        return sha256

    def discard(self) -> None:
        self._file.discard()


def store_blobs(blobs: Iterable[NewBlob], *, at: datetime) -> Mapping[str, int]:
    """Rows for contents whose files lie there: ids by hash. Two queries."""
    wanted = {blob.sha256: blob for blob in blobs}
    if not wanted:
        return {}
    # Sorted: two writers that wait for each other's new rows cannot deadlock.
    Blob.objects.bulk_create(
        [Blob(sha256=b.sha256, size=b.size, file=b.name, created_at=at) for _, b in sorted(wanted.items())],
        ignore_conflicts=True,
    )
    return dict(Blob.objects.filter(sha256__in=wanted).values_list("sha256", "pk"))


def drop_unused_blobs(*, at: datetime, limit: int = 500) -> int:
    """Contents that no attachment has (any more), file and row; how many. What was written within a day
    stays: a mail may just be taken in with it."""
    used = Attachment.objects.values("blob_id")
    found = Blob.objects.filter(created_at__lt=at - _FRESH).exclude(pk__in=used)[:limit]
    dropped = 0
    for blob in found:
        # The row goes first, and only while nothing points at it: a file without a row wastes space, a row
        # without its file loses a document.
        name = str(blob.file.name)
        if default_storage.exists(name) and default_storage.get_modified_time(name) > at - _FRESH:
            continue
        if Blob.objects.filter(pk=blob.pk).exclude(pk__in=used).delete()[0]:
            default_storage.delete(name)
            dropped += 1
    return dropped
