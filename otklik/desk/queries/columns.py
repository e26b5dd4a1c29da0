"""Which columns a page reads."""

from __future__ import annotations

from django.db.models import Model


def own_columns(model: type[Model]) -> tuple[str, ...]:
    """For ``only()`` where rows are read whole, and of what they belong to no more than is named beside."""
    return tuple(field.name for field in model._meta.concrete_fields)
