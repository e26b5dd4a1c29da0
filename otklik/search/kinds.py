"""What can be found: each app adds its kinds in ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from otklik.kit.registry import Registry, Text


@dataclass(frozen=True, slots=True)
class NewDocument:
    """``texts`` are what it is found by; a result shows ``title``, which is searched as well, and
    ``note``, which tells it from others of the same title."""

    kind: str
    object_id: int
    title: str
    texts: Sequence[str]
    program_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SearchKind:
    """``scope(user)`` is the condition on Document that holds for what this person may see; it becomes part
    of the query itself, so that no page of results is filled with invisible ones. ``documents()``
    yields everything there is in chunks, for ``reindex``. ``links(object_ids)`` are the pages to open; one
    whose object is gone by now has none."""

    name: str
    label: Text
    scope: Callable[[Any], Q]
    links: Callable[[Sequence[int]], Mapping[int, str]]
    documents: Callable[[], Iterable[Sequence[NewDocument]]]
    right: str | None = None
    order: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    kind: str
    object_id: int
    title: str
    note: str
    updated_at: datetime


search_kinds: Registry[SearchKind] = Registry()
