"""An in-memory DuckDB over the Parquet segments: a DuckDB file would lock out every other process."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings

from otklik.analytics.engines.answers import columns_from, rows_from
from otklik.analytics.engines.tables import sources_in
from otklik.analytics.store.segments import empty_table
from otklik.analytics.store.sources import ColumnType, fact_sources, folder_of, store_of

if TYPE_CHECKING:
    import duckdb
    import ibis
    import numpy as np
    import pyarrow as pa

MEMORY = "512MB"
MOST_THREADS = 4


class DuckDBEngine:
    """The default: nothing to install, every process reads for itself. Raises BrokenManifest."""

    def rows(self, expression: ibis.Expr) -> list[tuple[Any, ...]]:
        return rows_from(_answer(expression), expression)

    def columns(self, expression: ibis.Expr) -> dict[str, np.ndarray[Any, Any]]:
        return columns_from(_answer(expression), expression)


def _answer(expression: ibis.Expr) -> pa.Table:
    import duckdb

    from otklik.analytics.engines.dialects.duckdb import compiler

    sql = compiler.to_sqlglot(expression).sql(compiler.dialect)
    with _mounted(sources_in(expression)) as connection:
        try:
            return connection.sql(sql).to_arrow_table()
        except duckdb.OutOfMemoryException:
            # Every thread holds what it has of each group, and that of a quantile never goes to disk.
            connection.execute("SET threads = 1")
            return connection.sql(sql).to_arrow_table()


@contextmanager
def _connected(folders: Sequence[str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads and writes in these folders and nowhere else, whatever a query says."""
    import duckdb

    scratch = settings.OTKLIK.data_dir / "facts" / ".scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": min(MOST_THREADS, os.cpu_count() or 1),
            "memory_limit": MEMORY,
            "temp_directory": str(scratch),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        # It would be drawn into the log of whatever process asks.
        connection.execute("SET enable_progress_bar = false")
        # Else a name in a query could be a variable of whoever asks.
        connection.execute("SET python_enable_replacements = false")
        connection.execute("SET allowed_directories = ?", [[*folders, str(scratch)]])
        connection.execute("SET enable_external_access = false")
        yield connection
    finally:
        connection.close()


@contextmanager
def _mounted(sources: Sequence[str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Each source as a view over the whole segments that its manifest names, read once for the query."""
    with _connected([str(folder_of(source)) for source in sources]) as connection:
        for name in sources:
            folder = folder_of(name)
            source = fact_sources.get(name)
            assert source is not None
            manifest = store_of(source)
            if manifest.segments:
                files = [str(folder / segment.file) for segment in manifest.segments]
                columns = [_column(*column) for column in source.columns]
                connection.read_parquet(files).project(", ".join(columns)).create_view(name)
            else:
                connection.register(name, empty_table(source.columns))
        yield connection


def _column(name: str, kind: ColumnType) -> str:
    """Small numbers are stored small and counted with as big ones: a product of two would not fit."""
    return f'"{name}"::BIGINT AS "{name}"' if kind is ColumnType.SMALL else f'"{name}"'
