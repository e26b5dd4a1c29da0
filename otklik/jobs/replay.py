"""How a quarantined item is tried again: the app that put it there says how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from otklik.kit.registry import Registry, Text


@dataclass(frozen=True, slots=True)
class ReplayHandler:
    """``replay(payload)`` makes the item run again, in the transaction that settles it. ``name`` is the
    item's kind, ``label`` what a person reads."""

    name: str
    label: Text
    replay: Callable[[Mapping[str, Any]], None]


replay_handlers: Registry[ReplayHandler] = Registry()
