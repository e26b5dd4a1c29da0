"""What an event may say about a change: names of all fields, and values that are no personal data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

# Codes and dates of a company's standing. Names, numbers of contracts and free text stay out of the log,
# and so does revenue, which not everybody who reads a timeline may see.
TOLD = frozenset(
    {
        "status",
        "tier",
        "segment",
        "country",
        "language",
        "time_zone",
        "renewal_on",
        "contract_started_on",
        "consent",
        "is_active",
    }
)
TOLD_OF_CONTACT = frozenset({"consent", "is_active"})

Changes = Mapping[str, tuple[Any, Any]]


def set_values(row: Any, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set attributes and return those that changed, as (before, after)."""
    changes = {}
    for field, value in values.items():
        before = getattr(row, field)
        if before != value:
            setattr(row, field, value)
            changes[field] = (before, value)
    return changes


def told(changes: Changes, values_of: frozenset[str] = TOLD) -> dict[str, Any]:
    """``{"fields": [...], "values": {field: [before, after]}}`` for an event's data."""
    data: dict[str, Any] = {"fields": sorted(changes)}
    values = {f: [_plain(a), _plain(b)] for f, (a, b) in sorted(changes.items()) if f in values_of}
    if values:
        data["values"] = values
    return data


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
