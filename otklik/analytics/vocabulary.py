"""What a score can be broken down by, and how its kind is called. The apps above fill in the values."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Dimension(StrEnum):
    """Frozen when the answer is given. ``program`` is on every histogram row; the others pair up in the
    roll-up."""

    PROGRAM = "program"
    SEGMENT = "segment"
    TIER = "tier"
    COUNTRY = "country"
    MANAGER = "manager"
    ROLE = "role"
    CHANNEL = "channel"


PAIRED: tuple[Dimension, ...] = (
    Dimension.SEGMENT,
    Dimension.TIER,
    Dimension.COUNTRY,
    Dimension.MANAGER,
    Dimension.ROLE,
    Dimension.CHANNEL,
)
SCORES = 11


def dims_of(dimensions: Iterable[Dimension]) -> int:
    """Which dimensions, as one number: 1 for the first of ``PAIRED``, 2 for the second, 4 for the third."""
    return sum(1 << PAIRED.index(dimension) for dimension in dimensions)
