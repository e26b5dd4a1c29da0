"""Many things, some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def in_chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """As they come; the last chunk may be smaller. Nothing is read ahead of the chunk at hand."""
    left = iter(items)
    while chunk := list(islice(left, size)):
        yield chunk
