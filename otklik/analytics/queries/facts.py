"""Questions to the facts. An expression of ibis over ``facts(source)`` runs on whatever engine is set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from otklik.analytics.engines.chosen import chosen_engine
from otklik.analytics.engines.tables import facts
from otklik.analytics.store.manifest import Manifest, file_sha256, read_manifest
from otklik.analytics.store.sources import FactSource, folder_of
from otklik.stats.nps import LAST_DETRACTOR_SCORE, LAST_PASSIVE_SCORE, Counts

if TYPE_CHECKING:
    import ibis
    import numpy as np


@dataclass(frozen=True, slots=True)
class SegmentMonth:
    """Answers of one partner segment in one calendar month (its first day, UTC)."""

    segment: str
    month: date
    counts: Counts


def nps_by_segment_month(source: str = "responses", kind: str = "nps") -> list[SegmentMonth]:
    """From the raw facts, by segment and month. Empty where nothing was written yet."""
    from ibis import _

    by = (
        facts(source)
        .filter(_.kind == kind)
        .group_by(_.segment, month=_.day.truncate("M"))
        .agg(
            detractors=_.count(where=_.score <= LAST_DETRACTOR_SCORE),
            passives=_.count(where=_.score.between(LAST_DETRACTOR_SCORE + 1, LAST_PASSIVE_SCORE)),
            promoters=_.count(where=_.score > LAST_PASSIVE_SCORE),
        )
        .order_by("segment", "month")
    )
    return [SegmentMonth(segment, month, Counts(*counts)) for segment, month, *counts in rows_of(by)]


def rows_of(expression: ibis.Expr) -> list[tuple[Any, ...]]:
    """Rows of an expression over ``facts``, their values as ``engines/answers.py`` says."""
    return chosen_engine().rows(expression)


def columns_of(expression: ibis.Expr) -> dict[str, np.ndarray[Any, Any]]:
    """The same by column, for calculations over many rows; masked where a column has empty cells."""
    return chosen_engine().columns(expression)


def broken_segments(source: FactSource) -> list[str]:
    """Files that are missing or not what was written, by their checksums. Reads the whole store."""
    folder = folder_of(source.name)
    manifest: Manifest = read_manifest(folder, source.name)
    return [
        segment.file
        for segment in manifest.segments
        if not (folder / segment.file).exists() or file_sha256(folder / segment.file) != segment.sha256
    ]
