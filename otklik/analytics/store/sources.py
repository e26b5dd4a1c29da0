"""What may be written as facts. An app registers its sources in ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from otklik.analytics.store.manifest import Manifest, read_whole
from otklik.kit.registry import Registry

# Read in one statement.
IDS = 10_000


class ColumnType(StrEnum):
    BIG = "big"
    SMALL = "small"
    REAL = "real"
    # A word out of a short list, stored once per segment.
    WORD = "word"
    DAY = "day"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class FactSource:
    """Rows of one noun. Only surrogate ids and closed-list words: no name, address or text of a person,
    ever, because segments are not rewritten when somebody is erased.

    ``fetch(ids)`` gives rows in the order of ``columns`` (the first is the id) for those that exist, one an
    id. The rows are the same whenever they are asked for, until ``note_facts`` is told of a change.
    ``all_ids(waiting)`` gives all ids in chunks, without those in the queryset ``waiting``, read in the
    same statement.
    """

    name: str
    columns: tuple[tuple[str, ColumnType], ...]
    fetch: Callable[[Sequence[int]], Iterable[tuple[Any, ...]]]
    all_ids: Callable[[Any], Iterator[Sequence[int]]]

    @property
    def shape(self) -> str:
        """Segments of another shape are written anew."""
        return ", ".join(f"{name} {kind}" for name, kind in self.columns)


fact_sources: Registry[FactSource] = Registry()


def ids_in(rows: QuerySet[Any], waiting: QuerySet[Any]) -> Iterator[list[int]]:
    """Ids of these rows for ``all_ids``."""
    last = 0
    while ids := list(
        rows.filter(pk__gt=last).exclude(pk__in=waiting).order_by("pk").values_list("pk", flat=True)[:IDS]
    ):
        yield ids
        last = ids[-1]


def store_of(source: FactSource) -> Manifest:
    """What of the store fits the program: after an upgrade it may have other columns until the writer's next
    run, and no row fits then. Raises BrokenManifest."""
    store = read_whole(folder_of(source.name), source.name)
    return store if store.shape == source.shape else Manifest(source.name)


def folder_of(source: str) -> Path:
    """Made on first use."""
    folder: Path = settings.OTKLIK.data_dir / "facts" / source
    folder.mkdir(parents=True, exist_ok=True)
    return folder
