from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.knowledge.models import Folder

LONGEST_NAME = 120


class FolderNeedsName(Exception):
    """A name in one language at least."""


class FolderNotEmpty(Exception):
    """There are articles in it, drafts and archived ones included."""


@transaction.atomic
def save_folder(
    *,
    folder_id: int | None,
    names: Mapping[str, str],
    position: int,
    program_id: int | None,
    by: Actor,
    at: datetime,
) -> Folder:
    """A new one without ``folder_id``. Raises FolderNeedsName, Folder.DoesNotExist."""
    kept = {language: " ".join(name.split())[:LONGEST_NAME] for language, name in names.items()}
    kept = {language: name for language, name in kept.items() if name}
    if not kept:
        raise FolderNeedsName
    folder = Folder.objects.select_for_update().get(pk=folder_id) if folder_id else Folder()
    folder.names, folder.position, folder.program_id = kept, position, program_id
    folder.save()
    kind = "article_folder.changed" if folder_id else "article_folder.created"
    data = {"position": position, "program_id": program_id}
    record(kind, by=by, at=at, subjects=[Subject("article_folder", folder.pk)], data=data)
    return folder


@transaction.atomic
def remove_folder(*, folder_id: int, by: Actor, at: datetime) -> None:
    """Raises FolderNotEmpty, Folder.DoesNotExist."""
    folder = Folder.objects.select_for_update().get(pk=folder_id)
    if folder.articles.exists():
        raise FolderNotEmpty(folder_id)
    folder.delete()
    record("article_folder.removed", by=by, at=at, subjects=[Subject("article_folder", folder_id)], data={})
