"""Cells and parsed values as JSON, and back without loss."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

_TAG = "$"


def dumps(value: Any) -> str:
    return _ENCODER.encode(value)


def loads(text: str) -> Any:
    return _DECODER.decode(text)


def plain(value: Any) -> Any:
    """The value as a JSON field of the database takes it; ``revived`` is the way back."""
    return json.loads(dumps(value))


def revived(value: Any) -> Any:
    if isinstance(value, list):
        return [revived(item) for item in value]
    if isinstance(value, dict):
        return _untagged({key: revived(item) for key, item in value.items()})
    return value


def _tagged(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return {_TAG: "datetime", "v": value.isoformat()}
    if isinstance(value, dt.date):
        return {_TAG: "date", "v": value.isoformat()}
    if isinstance(value, Decimal):
        return {_TAG: "decimal", "v": str(value)}
    # Times and durations of a spreadsheet: no field of ours is one, their text is all that is shown.
    return str(value)


def _untagged(found: dict[str, Any]) -> Any:
    kind = found.get(_TAG)
    if kind == "datetime":
        return dt.datetime.fromisoformat(found["v"])
    if kind == "date":
        return dt.date.fromisoformat(found["v"])
    if kind == "decimal":
        return Decimal(found["v"])
    return found


# Made once: json.dumps and json.loads make theirs anew for each row.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_tagged)
_DECODER = json.JSONDecoder(object_hook=_untagged)
