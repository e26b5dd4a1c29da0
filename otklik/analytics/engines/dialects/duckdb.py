from __future__ import annotations

from typing import Any

import ibis.expr.datatypes as dt
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

from otklik.analytics.engines.dialects.moments import utc_text


class FactsInDuckDB(DuckDBCompiler):  # type: ignore[misc]  # ibis has no types
    __slots__ = ()

    def visit_DateTruncate(self, op: Any, *, arg: Any, unit: Any) -> Any:
        # DuckDB truncates a date to a timestamp.
        return self.cast(super().visit_DateTruncate(op, arg=arg, unit=unit), op.dtype)

    def visit_DateAdd(self, op: Any, *, left: Any, right: Any) -> Any:
        return self.cast(self.binop(sge.Add, left, right), op.dtype)

    def visit_DateSub(self, op: Any, *, left: Any, right: Any) -> Any:
        return self.cast(self.binop(sge.Sub, left, right), op.dtype)

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:
        if dtype.is_timestamp() and value.tzinfo is not None:
            return self.cast(f"{utc_text(value)}+00", dt.Timestamp("UTC"))
        return super().visit_NonNullLiteral(op, value=value, dtype=dtype)


compiler = FactsInDuckDB()
