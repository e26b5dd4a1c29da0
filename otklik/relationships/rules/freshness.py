"""What on a map nobody has looked at for long: job titles, places, ties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

STALE_AFTER_DAYS = 365.0
ONE_IMPORT_DAYS = 1.0
"""Chunks of one file come in hours apart at the most, those of two files hardly ever on one day."""


class TitleDoubt(StrEnum):
    OLD = "old"
    LEFT_OUT = "left_out"
    """It came from a file, and a later file told of colleagues and no more of this person."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A person's facts with their age in days; None: nobody knows, or there is nothing stated.
    ``imported_days``: since the file with the title came in, where it was a file."""

    id: int
    title_days: float | None = None
    imported_days: float | None = None
    place_days: float | None = None
    """Of the older one of authority and influence."""


@dataclass(frozen=True, slots=True)
class Stale:
    titles: dict[int, TitleDoubt]
    places: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.titles or self.places)


def stale_of(people: Iterable[Dated]) -> Stale:
    """Of the people of one partner: what is left out is judged by their colleagues."""
    everybody = list(people)
    latest = min((one.imported_days for one in everybody if one.imported_days is not None), default=None)
    doubts = {one.id: _title_doubt(one, latest) for one in everybody}
    return Stale(
        {pk: doubt for pk, doubt in doubts.items() if doubt is not None},
        frozenset(one.id for one in everybody if _is_old(one.place_days)),
    )


def _title_doubt(one: Dated, latest: float | None) -> TitleDoubt | None:
    if one.imported_days is not None and latest is not None and one.imported_days - latest > ONE_IMPORT_DAYS:
        return TitleDoubt.LEFT_OUT
    return TitleDoubt.OLD if _is_old(one.title_days) else None


def _is_old(days: float | None) -> bool:
    return days is not None and days > STALE_AFTER_DAYS
