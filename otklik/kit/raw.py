"""Columns as the database's driver gives them, for queries of very many rows.

The ORM sends each moment and each JSON value through a chain of converters that costs more than reading the
row. Here a column is read raw and made into its value by one call.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, TextField


class _Raw(Func):
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any) -> tuple[str, Any]:
        """As text. The driver has a converter of Django's for whatever a table calls a datetime, which takes
        three times as long as reading the text here."""
        return self.as_sql(compiler, connection, template=f"CAST({self.template} AS TEXT)", **extra)


def raw(name: str) -> Func:
    """For ``values_list``: the column without its converters."""
    return _Raw(F(name), output_field=TextField())


def as_moment(value: datetime | str | None) -> datetime | None:
    """SQLite has no zones: what it stores is UTC."""
    return datetime.fromisoformat(f"{value}+00:00") if isinstance(value, str) else value


def as_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
