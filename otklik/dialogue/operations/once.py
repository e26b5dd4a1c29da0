"""What is sent twice is made once: a double click, a page loaded again, a retried request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model

from otklik.events.public import Actor

Row = TypeVar("Row", bound=Model)


def own_key(by: Actor, key: str) -> str | None:
    """Somebody else's key names nothing of mine."""
    return f"{by.kind.value}:{by.id or 0}:{key}"[:80] if key else None


def made_once(model: type[Row], key: str | None, make: Callable[[], Row]) -> tuple[Row, bool]:
    """The row of this key and whether it is new. Inside ``atomic``; ``make`` writes the key itself."""
    if key is None:
        return make(), True
    if known := _known(model, key):
        return known, False
    try:
        # A savepoint: on PostgreSQL a refused row would take the whole transaction with it.
        with transaction.atomic():
            return make(), True
    except IntegrityError:
        if found := _known(model, key):
            return found, False
        raise


def _known(model: type[Row], key: str) -> Row | None:
    return model._default_manager.filter(key=key).first()
