"""Files of articles. Their content goes to the private storage before the transaction begins, under a name
made of its hash: a file that is added twice, or whose row is never written, leaves nothing but equal content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction

from otklik.events.public import Actor, record
from otklik.kit.outage import Outage, outage_of
from otklik.kit.storage import DurableFile
from otklik.knowledge.models import Attachment
from otklik.knowledge.operations.locking import about, locked_article, person
from otklik.knowledge.rules.files import LARGEST, MOST, BadFile, file_kind, tidy_name


class FileTooLarge(Exception):
    """Over LARGEST bytes."""


class TooManyFiles(Exception):
    """MOST files at one article."""


class NoRoom(Exception):
    """The disk is full; nothing was kept."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    filename: str
    content_type: str
    size: int
    sha256: str

    @property
    def path(self) -> str:
        return f"articles/{self.sha256[:2]}/{self.sha256}"


def store_file(name: str, chunks: Iterable[bytes]) -> StoredFile:
    """Raises BadFile, FileTooLarge, NoRoom; then nothing is left behind."""
    filename = tidy_name(name)
    digest, size, kind, beginning = hashlib.sha256(), 0, "", b""
    file = DurableFile()
    try:
        for chunk in chunks:
            if not kind:
                beginning += chunk[:64]
                kind = file_kind(filename, beginning) if len(beginning) >= 16 else ""
            size += len(chunk)
            if size > LARGEST:
                raise FileTooLarge(filename)
            digest.update(chunk)
            file.write(chunk)
        stored = StoredFile(filename, kind or file_kind(filename, beginning), size, digest.hexdigest())
        if default_storage.exists(stored.path):
            file.discard()
        else:
            file.keep(stored.path)
    except OSError as error:
        file.discard()
        if outage_of(error) is Outage.DISK_FULL:
            raise NoRoom from error
        raise
    except (BadFile, FileTooLarge):
        file.discard()
        raise
    return stored


@transaction.atomic
def add_file(*, article_id: int, file: StoredFile, by: Actor, at: datetime) -> Attachment:
    """One of the same name is replaced: texts that name it show the new one. Raises TooManyFiles,
    Article.DoesNotExist."""
    article = locked_article(article_id)
    there = {one.filename: one for one in article.attachments.all()}
    if file.filename not in there and len(there) >= MOST:
        raise TooManyFiles(article_id)
    row = there.get(file.filename) or Attachment(article=article, filename=file.filename)
    before = str(row.file)
    row.content_type, row.size, row.sha256 = file.content_type, file.size, file.sha256
    row.file, row.added_by_id, row.added_at = file.path, person(by), at
    row.save()
    if before and before != file.path:
        _drop_unused(before)
    data = {"attachment_id": row.pk, "size": row.size, "content_type": row.content_type}
    record("article.file_added", by=by, at=at, subjects=about(article_id), data=data)
    return row


@transaction.atomic
def remove_file(*, attachment_id: int, by: Actor, at: datetime) -> None:
    """Raises Attachment.DoesNotExist."""
    row = Attachment.objects.select_for_update().get(pk=attachment_id)
    row.delete()
    _drop_unused(str(row.file))
    data = {"attachment_id": attachment_id}
    record("article.file_removed", by=by, at=at, subjects=about(row.article_id), data=data)


def _drop_unused(path: str) -> None:
    """After the commit: a content that another article has as well stays."""

    def drop() -> None:
        if not Attachment.objects.filter(file=path).exists():
            default_storage.delete(path)

    transaction.on_commit(drop)
