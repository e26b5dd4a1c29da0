"""Writing and joining Parquet files."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from otklik.analytics.store.manifest import Segment, file_sha256, sync_folder
from otklik.analytics.store.sources import ColumnType

if TYPE_CHECKING:
    import pyarrow as pa

# What DuckDB reads as one piece of work per thread.
ROW_GROUP = 122_880


def write_segment(
    folder: Path,
    name: str,
    columns: Sequence[tuple[str, ColumnType]],
    rows: Iterable[tuple[Any, ...]],
) -> Segment | None:
    """``name`` ends in .parquet. None where there is no row. The file does not count before a manifest says
    so."""
    import pyarrow as pa

    schema = _schema(columns)
    by_column = list(zip(*rows, strict=True))
    if not by_column:
        return None
    # from_pandas: "not a number" is an empty cell. Engines neither order nor average it alike.
    arrays = [
        pa.array(values, type=field.type, from_pandas=True)
        for values, field in zip(by_column, schema, strict=True)
    ]
    return _store(folder, name, schema, [pa.Table.from_arrays(arrays, schema=schema)])


def join_segments(
    folder: Path, name: str, columns: Sequence[tuple[str, ColumnType]], parts: Sequence[Segment]
) -> Segment:
    """One file with the rows of all parts, in their order, read and written piece by piece."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema(columns)
    tables = (
        pa.Table.from_batches([batch], schema=schema)
        for part in parts
        for batch in pq.ParquetFile(folder / part.file).iter_batches(batch_size=ROW_GROUP)
    )
    return _store(folder, name, schema, tables)


def holds_any(folder: Path, part: Segment, ids: Collection[int]) -> bool:
    """Whether the file has a row of one of these ids. Reads the first column, and only of files whose least
    and greatest id leave it open."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with pq.ParquetFile(folder / part.file) as file:
        groups = (file.metadata.row_group(number) for number in range(file.num_row_groups))
        ranges = [group.column(0).statistics for group in groups]
        low, high = min(one.min for one in ranges), max(one.max for one in ranges)
        if not (near := [pk for pk in ids if low <= pk <= high]):
            return False
        wanted = pa.array(near, type=pa.int64())
        key = file.schema_arrow.names[0]
        batches = file.iter_batches(batch_size=ROW_GROUP, columns=[key])
        return any(pc.any(pc.is_in(batch.column(0), value_set=wanted)).as_py() for batch in batches)


def without_rows(
    folder: Path, name: str, columns: Sequence[tuple[str, ColumnType]], part: Segment, ids: Collection[int]
) -> Segment | None:
    """A file with the other rows of this one, in their order. None where none is left."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    schema, gone = _schema(columns), pa.array(sorted(ids), type=pa.int64())
    with pq.ParquetFile(folder / part.file) as file:
        batches = file.iter_batches(batch_size=ROW_GROUP)
        kept = (batch.filter(pc.invert(pc.is_in(batch.column(0), value_set=gone))) for batch in batches)
        tables = (pa.Table.from_batches([batch], schema=schema) for batch in kept if batch.num_rows)
        segment = _store(folder, name, schema, tables)
    if segment.rows:
        return segment
    (folder / name).unlink()
    return None


def empty_table(columns: Sequence[tuple[str, ColumnType]]) -> pa.Table:
    """No row, of the types that a segment has."""
    return _schema(columns).empty_table()


def _schema(columns: Sequence[tuple[str, ColumnType]]) -> pa.Schema:
    import pyarrow as pa

    types = {
        ColumnType.BIG: pa.int64(),
        ColumnType.SMALL: pa.int8(),
        ColumnType.REAL: pa.float64(),
        ColumnType.WORD: pa.string(),
        ColumnType.DAY: pa.date32(),
        ColumnType.INSTANT: pa.timestamp("us", tz="UTC"),
    }
    return pa.schema([pa.field(name, types[kind]) for name, kind in columns])


def _store(folder: Path, name: str, schema: pa.Schema, tables: Iterable[pa.Table]) -> Segment:
    import pyarrow.parquet as pq

    draft = folder / f".{name}"
    rows = 0
    with pq.ParquetWriter(draft, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table, row_group_size=ROW_GROUP)
            rows += table.num_rows
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    segment = Segment(name, rows, draft.stat().st_size, file_sha256(draft))
    draft.rename(folder / name)
    sync_folder(folder)
    return segment
