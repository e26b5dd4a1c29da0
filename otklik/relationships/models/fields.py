"""Columns that many nouns share."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import models


def word(kind: type[StrEnum], **options: Any) -> Any:
    """A column that holds one word of a closed list."""
    options = {"max_length": 20, "choices": [(w.value, w.value) for w in kind], **options}
    return models.CharField(**options)


def staff(**options: Any) -> Any:
    """A member of staff, if any: the row outlives the account."""
    options = {"null": True, "blank": True, "on_delete": models.SET_NULL, "related_name": "+", **options}
    return models.ForeignKey(settings.AUTH_USER_MODEL, **options)


def contact(**options: Any) -> Any:
    options = {"on_delete": models.PROTECT, "related_name": "+", **options}
    return models.ForeignKey("partners.Contact", **options)


def partner(**options: Any) -> Any:
    options = {"on_delete": models.PROTECT, "related_name": "+", **options}
    return models.ForeignKey("partners.Partner", **options)


def wave(**options: Any) -> Any:
    options = {"on_delete": models.PROTECT, "related_name": "+", **options}
    return models.ForeignKey("feedback.Wave", **options)
