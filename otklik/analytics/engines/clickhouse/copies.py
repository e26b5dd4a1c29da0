"""The copy of one source on the server: its table, its parts, and the manifest that says which count."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from otklik.analytics.store.sources import ColumnType, FactSource

if TYPE_CHECKING:
    import pyarrow as pa
    from clickhouse_connect.driver.client import Client

MANIFESTS = "facts_manifests"
# No column of a source begins with an underscore.
PART = "_part"
PIECE_ROWS = 500_000
# Each may be empty: what is not there is no 0 and no "".
TYPES = {
    ColumnType.BIG: "Nullable(Int64)",
    ColumnType.SMALL: "Nullable(Int8)",
    ColumnType.REAL: "Nullable(Float64)",
    ColumnType.WORD: "LowCardinality(Nullable(String))",
    ColumnType.DAY: "Nullable(Date32)",
    ColumnType.INSTANT: "Nullable(DateTime64(6, 'UTC'))",
}


@dataclass(frozen=True, slots=True)
class Leaving:
    """A part that counts no more and stays until questions that began before have ended. ``since``: seconds
    of the epoch."""

    part: str
    since: float


@dataclass(frozen=True, slots=True)
class CopyManifest:
    """``parts``: rows by part. Number 0: nothing was copied yet."""

    number: int
    parts: dict[str, int]
    leaving: tuple[Leaving, ...] = ()


def table_of(source: FactSource) -> str:
    """A table of its own for each form of a source: one whose columns changed is copied anew."""
    form = hashlib.sha256(repr([(name, str(kind)) for name, kind in source.columns]).encode())
    return f"facts_{source.name}_{form.hexdigest()[:8]}"


def newest_manifest(client: Client, source: FactSource) -> CopyManifest:
    if not client.command(f"EXISTS TABLE {MANIFESTS}"):
        return CopyManifest(0, {})
    asked = f"SELECT number, body FROM {MANIFESTS} WHERE copied = %(table)s ORDER BY number DESC LIMIT 1"
    found = client.query(asked, parameters={"table": table_of(source)}).result_rows
    if not found:
        return CopyManifest(0, {})
    ((number, body),) = found
    read = json.loads(body)
    return CopyManifest(number, read["parts"], tuple(Leaving(**part) for part in read["leaving"]))


class Copy:
    """Changes the copy. Whoever does holds the lease of the source."""

    def __init__(self, client: Client, source: FactSource) -> None:
        self.client = client
        self.source = source
        self.table = table_of(source)

    def prepare(self) -> None:
        """Make the tables that are not there."""
        columns = ", ".join(f'"{name}" {TYPES[kind]}' for name, kind in self.source.columns)
        self.client.command(
            f'CREATE TABLE IF NOT EXISTS {self.table} ({columns}, "{PART}" LowCardinality(String)) '
            f'ENGINE = MergeTree PARTITION BY "{PART}" ORDER BY tuple()'
        )
        # Of the rows of one source the engine keeps the newest and forgets the others by and by.
        self.client.command(
            f"CREATE TABLE IF NOT EXISTS {MANIFESTS} (copied String, number UInt64, body String) "
            "ENGINE = ReplacingMergeTree(number) ORDER BY copied"
        )

    def rows_by_part(self) -> dict[str, int]:
        """Counted on the server."""
        rows = self.client.query(f'SELECT "{PART}", count() FROM {self.table} GROUP BY "{PART}"').result_rows
        return {str(part): int(count) for part, count in rows}

    def rows_in(self, part: str) -> int:
        asked = f'SELECT count() FROM {self.table} WHERE "{PART}" = %(part)s'
        ((rows,),) = self.client.query(asked, parameters={"part": part}).result_rows
        return int(rows)

    def insert(self, file: Path, part: str) -> Iterator[int]:
        """Piece by piece; rows of each, once it is on the server."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        for batch in pq.ParquetFile(file).iter_batches(batch_size=PIECE_ROWS):
            piece = pa.Table.from_batches([batch])
            self.client.insert_arrow(self.table, piece.append_column(PART, _repeated(part, piece.num_rows)))
            yield piece.num_rows

    def drop(self, parts: Sequence[str]) -> None:
        for part in parts:
            self.client.command(f"ALTER TABLE {self.table} DROP PARTITION %(part)s", {"part": part})

    def drop_older_forms(self) -> None:
        tables = self.client.query(
            "SELECT name FROM system.tables WHERE database = currentDatabase()"
        ).result_rows
        form = re.compile(rf"facts_{self.source.name}_[0-9a-f]{{8}}")
        for (table,) in tables:
            if form.fullmatch(table) and table != self.table:
                self.client.command(f"DROP TABLE IF EXISTS {table}")

    def commit(self, manifest: CopyManifest) -> None:
        body: dict[str, Any] = {
            "parts": manifest.parts,
            "leaving": [asdict(part) for part in manifest.leaving],
        }
        self.client.command(
            f"INSERT INTO {MANIFESTS} (copied, number, body) VALUES (%(table)s, %(number)s, %(body)s)",
            {"table": self.table, "number": manifest.number, "body": json.dumps(body)},
        )


def _repeated(word: str, times: int) -> pa.Array:
    import pyarrow as pa

    return pa.repeat(pa.scalar(word, pa.string()), times)
