from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from otklik.analytics.engines.answers import columns_from, rows_from
from otklik.analytics.engines.clickhouse.copies import PART, TYPES, newest_manifest, table_of
from otklik.analytics.engines.clickhouse.server import Server, speaking
from otklik.analytics.engines.tables import sources_in
from otklik.analytics.store.manifest import FactsAway
from otklik.analytics.store.sources import FactSource, fact_sources, store_of

if TYPE_CHECKING:
    import ibis
    import numpy as np
    import pyarrow as pa
    from clickhouse_connect.driver.client import Client


class NotCopied(FactsAway):
    """There are facts of this source and none on the server yet: run ``write_facts --copy``."""


class ClickHouseEngine:
    """Reads the copy on the server. Raises ServerTrouble, NotCopied, BrokenManifest."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def rows(self, expression: ibis.Expr) -> list[tuple[Any, ...]]:
        return rows_from(self._answer(expression), expression)

    def columns(self, expression: ibis.Expr) -> dict[str, np.ndarray[Any, Any]]:
        return columns_from(self._answer(expression), expression)

    def _answer(self, expression: ibis.Expr) -> pa.Table:
        with speaking(self.server) as client:
            # Looked up once, so that a source that is read twice in a question is the same both times.
            mounted = {name: _mounted(client, name) for name in sources_in(expression)}
            return client.query_arrow(_written(expression, mounted), use_strings=True)


def _mounted(client: Client, name: str) -> str:
    """A SELECT of the source's rows that count."""
    source = fact_sources.get(name)
    assert source is not None
    manifest = newest_manifest(client, source)
    if not manifest.number and store_of(source).rows:
        raise NotCopied(name)
    if not manifest.parts:
        return _no_rows(source)
    columns = ", ".join(f'"{column}"' for column, _ in source.columns)
    parts = ", ".join(f"'{part}'" for part in manifest.parts)
    return f'SELECT {columns} FROM {table_of(source)} WHERE "{PART}" IN ({parts})'


def _no_rows(source: FactSource) -> str:
    columns = ", ".join(f'CAST(NULL AS {TYPES[kind]}) AS "{column}"' for column, kind in source.columns)
    return f"SELECT {columns} WHERE false"


def _written(expression: ibis.Expr, mounted: Mapping[str, str]) -> str:
    import sqlglot
    import sqlglot.expressions as sge

    from otklik.analytics.engines.dialects.clickhouse import compiler

    def put_in_place(node: sge.Expression) -> sge.Expression:
        if not isinstance(node, sge.Table) or node.name not in mounted:
            return node
        return sge.Subquery(this=selects[node.name].copy(), alias=node.args.get("alias"))

    selects = {name: sqlglot.parse_one(sql, dialect=compiler.dialect) for name, sql in mounted.items()}
    return str(compiler.to_sqlglot(expression).transform(put_in_place).sql(compiler.dialect))
