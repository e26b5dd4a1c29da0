"""Files of messages: how a browser may show them, and how the page of a mail finds its own pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse

from otklik.desk.models import Attachment, Message
from otklik.desk.operations.attaching import NewBlob, StorageSink, store_blobs
from otklik.desk.operations.shapes import NewFile
from otklik.kit.outage import Outage, outage_of

if TYPE_CHECKING:
    Upload = UploadedFile[bytes]
else:
    Upload = UploadedFile

# A browser shows these without running anything. SVG is not among them: it holds scripts.
RASTER = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_signer = signing.TimestampSigner(salt="desk.inline-picture")
_INLINE_SECONDS = 300
LARGEST_UPLOAD = 25 * 1024 * 1024
MOST_UPLOADS = 20


class TooLarge(Exception):
    """A file is over LARGEST_UPLOAD bytes; ``name`` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NoRoom(Exception):
    """The disk is full: the files were not kept, and nothing of them is left behind."""


def shown_type(content_type: str) -> str:
    return content_type if content_type in RASTER else "application/octet-stream"


def inline_addresses(message: Message) -> dict[str, str]:
    """Content id of a picture inside the mail → where it is fetched from.

    The mail's frame is sandboxed, so the browser sends no cookie from it: each address carries a token of its
    own, for one picture and a few minutes.
    """
    found = Attachment.objects.filter(message=message, content_type__in=RASTER).exclude(content_id="")
    return {
        file.content_id: reverse("attachment-inline", args=[_signer.sign(str(file.pk))]) for file in found
    }


def inline_picture(token: str) -> Attachment | None:
    """None where the token is not ours, or too old."""
    try:
        number = _signer.unsign(token, max_age=_INLINE_SECONDS)
    except signing.BadSignature:
        return None
    rows = Attachment.objects.select_related("blob").filter(content_type__in=RASTER)
    return rows.filter(pk=int(number), message__isnull=False).first()


def stored_uploads(files: Iterable[Upload], *, at: datetime) -> list[NewFile]:
    """Content goes to storage now; the message that the files belong to follows in its own transaction.
    Raises TooLarge before anything is stored, and NoRoom."""
    chosen = list(files)[:MOST_UPLOADS]
    for file in chosen:
        if (file.size or 0) > LARGEST_UPLOAD:
            raise TooLarge(file.name or "")
    blobs: list[NewBlob] = []
    try:
        blobs.extend(_written(file) for file in chosen)
    except OSError as error:
        if outage_of(error) is Outage.DISK_FULL:
            raise NoRoom from error
        raise
    finally:
        # Of those before the one that failed too: what has a row is cleared away when nobody uses it.
        ids = store_blobs(blobs, at=at)
    return [
        NewFile(
            filename=(file.name or "file")[:200],
            content_type=(file.content_type or "application/octet-stream")[:120],
            blob_id=ids[blob.sha256],
        )
        for file, blob in zip(chosen, blobs, strict=True)
    ]


def _written(file: Upload) -> NewBlob:
    digest = hashlib.sha256()
    writer = StorageSink().open(file.name or "", file.content_type or "")
    try:
        for chunk in file.chunks():
            digest.update(chunk)
            writer.write(chunk)
        return NewBlob(writer.close(digest.hexdigest()), file.size or 0)
    except OSError:
        writer.discard()
        raise
