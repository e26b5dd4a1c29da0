from __future__ import annotations

from typing import Any

import ibis.expr.operations as ops
from ibis.backends.sql.compilers.base import NULL
from ibis.backends.sql.compilers.clickhouse import ClickHouseCompiler

from otklik.analytics.engines.dialects.moments import utc_text


class FactsInClickHouse(ClickHouseCompiler):  # type: ignore[misc]  # ibis has no types
    """Exact where ibis would estimate, characters where ClickHouse counts bytes, and SQL's own answers about
    empty cells."""

    __slots__ = ()

    SIMPLE_OPS = {
        ops.CountDistinct: "uniqExact",
        ops.Median: "quantileExactInclusive",
        ops.ApproxMedian: "quantileTDigest",
        ops.StringLength: "lengthUTF8",
        ops.Lowercase: "lowerUTF8",
        ops.Uppercase: "upperUTF8",
    }
    # They cut between bytes, or take whatever row comes first: an answer of this engine only.
    UNSUPPORTED_OPS = (
        *ClickHouseCompiler.UNSUPPORTED_OPS,
        ops.Substring,
        ops.StrRight,
        ops.StringFind,
        ops.Arbitrary,
        ops.First,
        ops.Last,
    )

    def visit_Quantile(self, op: Any, *, arg: Any, quantile: Any, where: Any) -> Any:
        return self._visit_quantile("quantileExactInclusive", arg, quantile, where)

    def visit_MultiQuantile(self, op: Any, *, arg: Any, quantile: Any, where: Any) -> Any:
        return self._visit_quantile("quantilesExactInclusive", arg, quantile, where)

    def visit_Variance(self, op: Any, *, how: Any, **parts: Any) -> Any:
        return self._known(super().visit_Variance(op, how=how, **parts))

    visit_StandardDev = visit_Covariance = visit_Variance

    def visit_WindowFunction(self, op: Any, *, func: Any, **parts: Any) -> Any:
        if not isinstance(op.func, ops.Variance | ops.StandardDev | ops.Covariance):
            return super().visit_WindowFunction(op, func=func, **parts)
        return self._known(super().visit_WindowFunction(op, func=func.args["false"], **parts))

    def _known(self, spread: Any) -> Any:
        """The spread of one value is unknown in SQL, and not a number to ClickHouse."""
        return self.if_(self.f.isNaN(spread), NULL, spread)

    def visit_TimestampTruncate(self, op: Any, *, arg: Any, unit: Any) -> Any:
        name = "toMonday" if unit.short == "W" else f"toStartOf{unit.singular.capitalize()}"
        return self._moment(self.f[name](arg))

    def visit_Cast(self, op: Any, *, arg: Any, to: Any) -> Any:
        return self._moment(arg) if to.is_timestamp() else super().visit_Cast(op, arg=arg, to=to)

    def _moment(self, value: Any) -> Any:
        """ClickHouse's plain DateTime begins in 1970 and knows no parts of a second."""
        return self.f.toDateTime64(value, 6, "UTC")

    def visit_InValues(self, op: Any, *, value: Any, options: Any) -> Any:
        # ClickHouse says no where SQL says unknown, and its NOT IN then finds the empty cells.
        return self.if_(self.f.isNull(value), NULL, super().visit_InValues(op, value=value, options=options))

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:
        if dtype.is_timestamp() and value.tzinfo is not None:
            return self._moment(utc_text(value))
        if dtype.is_date():
            return self.f.toDate32(value.isoformat())
        return super().visit_NonNullLiteral(op, value=value, dtype=dtype)


compiler = FactsInClickHouse()
