"""The production calendar of Russia: facts of the government's decrees on transferring days off.

Shortened days follow from article 95 of the Labour Code: the working day right before a public holiday of
article 112 is an hour shorter. The yearly norms of a 40-hour week check the table: 1973, 1979, 1972 and 1972
hours for 2023-2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple


class ProductionYear(NamedTuple):
    decree: str
    """Of the Government of the Russian Federation."""
    days_off: frozenset[date]
    """Working weekdays that became days off."""
    worked: Mapping[date, date]
    """Worked day of a weekend -> the weekday that is free in exchange."""
    shortened: frozenset[date]


def _days(year: int, days: Iterable[tuple[int, int]]) -> frozenset[date]:
    return frozenset(date(year, month, day) for month, day in days)


RUSSIA: Mapping[int, ProductionYear] = {
    2023: ProductionYear(
        "29.08.2022 No. 1505",
        _days(2023, [(2, 24), (5, 8)]),
        {},
        _days(2023, [(2, 22), (3, 7), (11, 3)]),
    ),
    2024: ProductionYear(
        "10.08.2023 No. 1314",
        _days(2024, [(4, 29), (4, 30), (5, 10), (12, 30), (12, 31)]),
        {
            date(2024, 4, 27): date(2024, 4, 29),
            date(2024, 11, 2): date(2024, 4, 30),
            date(2024, 12, 28): date(2024, 12, 30),
        },
        _days(2024, [(2, 22), (3, 7), (5, 8), (6, 11), (11, 2)]),
    ),
    2025: ProductionYear(
        "04.10.2024 No. 1335",
        _days(2025, [(5, 2), (5, 8), (6, 13), (11, 3), (12, 31)]),
        {date(2025, 11, 1): date(2025, 11, 3)},
        _days(2025, [(3, 7), (4, 30), (6, 11), (11, 1)]),
    ),
    2026: ProductionYear(
        "24.09.2025 No. 1466",
        _days(2026, [(1, 9), (12, 31)]),
        {},
        _days(2026, [(4, 30), (5, 8), (6, 11), (11, 3)]),
    ),
}
PRODUCTION_CALENDARS: Mapping[str, Mapping[int, ProductionYear]] = {"RU": RUSSIA}
