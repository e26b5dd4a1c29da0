"""Many ids in one parameter: a list of thousands is neither bound, planned nor parsed one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Expression


class Among(Expression):
    """``filter(pk__in=Among(ids))``. Unlike a list, no ids still ask the database."""

    def __init__(self, ids: Iterable[int]) -> None:
        super().__init__(output_field=BigIntegerField())
        self.ids = list(ids)

    def as_sqlite(
        self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, list[Any]]:
        return "SELECT value FROM json_each(%s)", [json.dumps(self.ids)]

    def as_postgresql(
        self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, list[Any]]:
        # The planner counts an array that it is given; of a subquery's rows it would have to guess.
        return "SELECT unnest(%s::bigint[])", [self.ids]
