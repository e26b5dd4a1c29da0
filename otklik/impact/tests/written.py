"""Facts as the apps below would have written them, for what reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from otklik.analytics.operations.note_facts import note_facts
from otklik.analytics.operations.write_facts import write_facts
from otklik.analytics.public import ColumnType, FactSource, fact_sources

_EMPTY = {
    ColumnType.WORD: "",
    ColumnType.DAY: date(2026, 1, 15),
    ColumnType.INSTANT: datetime(2026, 1, 15, 12, tzinfo=UTC),
    ColumnType.SMALL: 0,
}
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def written(
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    folder: Path,
    source: str,
    rows: Iterable[Mapping[str, Any]],
) -> None:
    """Rows of a source by the names of its columns; what a row does not say is empty."""
    settings.OTKLIK = replace(settings.OTKLIK, data_dir=folder)
    known = fact_sources.get(source)
    assert known is not None
    columns = known.columns
    table = {
        pk: tuple({"id": pk, **row}.get(name, _EMPTY.get(kind)) for name, kind in columns)
        for pk, row in enumerate(rows, start=1)
    }
    told = FactSource(source, columns, lambda ids: (table[pk] for pk in ids), lambda _: iter([list(table)]))
    monkeypatch.setitem(fact_sources._entries, source, told)
    note_facts(source, table)
    write_facts(told, clock=lambda: AT)
