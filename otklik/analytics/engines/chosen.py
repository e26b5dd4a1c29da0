"""Which engine answers: DuckDB inside the process, or the ClickHouse server that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings

from otklik.analytics.engines.duckdb import DuckDBEngine

if TYPE_CHECKING:
    import ibis
    import numpy as np


class Engine(Protocol):
    """Answers expressions over ``facts``, each in the same types (``engines/answers.py``)."""

    def rows(self, expression: ibis.Expr) -> list[tuple[Any, ...]]: ...

    def columns(self, expression: ibis.Expr) -> dict[str, np.ndarray[Any, Any]]: ...


def chosen_engine() -> Engine:
    server = settings.OTKLIK.analytics_server
    if server is None:
        return DuckDBEngine()
    from otklik.analytics.engines.clickhouse.engine import ClickHouseEngine

    return ClickHouseEngine(server)
