"""Columns as the database's driver gives them, for queries of very many rows.

The ORM sends each moment and each JSON value through a chain of converters that costs more than reading the
row. Here a column is read raw and made into its value by one call.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.db.models import ExpressionWrapper, F, TextField


def raw(name: str) -> ExpressionWrapper[F]:
    """For ``values_list``: the column without its converters."""
    return ExpressionWrapper(F(name), output_field=TextField())


def as_moment(value: datetime | None) -> datetime | None:
    """SQLite has no zones: what it stores is UTC."""
    return value if value is None or value.tzinfo is not None else value.replace(tzinfo=UTC)


def as_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
