"""An in-memory DuckDB over the Parquet segments: a DuckDB file would lock out every other process."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings

from otklik.analytics.engines.tables import sources_in
from otklik.analytics.store.manifest import read_manifest
from otklik.analytics.store.segments import empty_table
from otklik.analytics.store.sources import fact_sources, folder_of

if TYPE_CHECKING:
    import duckdb
    import ibis
    import numpy as np

MEMORY = "512MB"
MOST_THREADS = 4


class DuckDBEngine:
    """The default: nothing to install, every process reads for itself."""

    def rows(self, expression: ibis.Expr) -> list[tuple[Any, ...]]:
        with _mounted(sources_in(expression)) as connection:
            return connection.execute(written(expression)).fetchall()

    def columns(self, expression: ibis.Expr) -> dict[str, np.ndarray[Any, Any]]:
        """Masked arrays where a column holds an empty cell."""
        with _mounted(sources_in(expression)) as connection:
            return connection.execute(written(expression)).fetchnumpy()


def written(expression: ibis.Expr) -> str:
    import ibis

    return str(ibis.to_sql(expression, dialect="duckdb"))


@contextmanager
def connected(folders: Sequence[str]) -> Iterator[duckdb.DuckDBPyConnection]:
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
        connection.execute("SET allowed_directories = ?", [[*folders, str(scratch)]])
        connection.execute("SET enable_external_access = false")
        yield connection
    finally:
        connection.close()


@contextmanager
def _mounted(sources: Sequence[str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Each source as a view over the whole segments that its manifest names, read once for the query."""
    with connected([str(folder_of(source)) for source in sources]) as connection:
        for name in sources:
            folder = folder_of(name)
            files = [str(folder / segment.file) for segment in read_manifest(folder, name).segments]
            source = fact_sources.get(name)
            assert source is not None
            if files:
                connection.read_parquet(files).create_view(name)
            else:
                connection.register(name, empty_table(source.columns))
        yield connection
