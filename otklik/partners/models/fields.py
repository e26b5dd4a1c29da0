"""A column computed from another one whenever a row is written."""

from __future__ import annotations

from typing import Any

from django.db import models

from otklik.partners.rules.names import name_key


class NameKeyField(models.CharField):  # type: ignore[type-arg]
    """The levelled form of ``name``, for look-ups and for an order that both databases agree on.

    Neither database folds Russian letters the way Python does (SQLite folds none), so a generated
    column cannot do this. ``bulk_update`` does not call it: name both columns there.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 200, "editable": False, "default": "", **kwargs})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = name_key(model_instance.name)[:200]  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, key)
        return key
