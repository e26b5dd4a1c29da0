"""Dates as exports write them, and the order of day and month decided by the whole column.

03/04/2025 is a day in April or in March; one value cannot tell, but 25/04/2025 further down can. So a column
is first shown to `DateOrder`, then read with what it found. Dates with points are day first everywhere.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from otklik.kit.tabular.scores import is_missing
from otklik.kit.tabular.table import Cell

EARLIEST, LATEST = 1970, 2100

_TIME = (
    r"(?:(?:T|,?\s+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})?)?\s*\Z"
)
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})" + _TIME)
_COMPACT = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})" + _TIME)
_POINTS = re.compile(
    r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4}|[0-9]{2})(?:\s*г\.?)?" + _TIME
)
_SLASHES = re.compile(
    r"(?P<first>[0-9]{1,2})([/-])(?P<second_>[0-9]{1,2})\2(?P<year>[0-9]{4}|[0-9]{2})" + _TIME
)
_DAY_NAME = re.compile(
    r"(?P<day>[0-9]{1,2})[\s.-]+(?P<name>[^\W\d_]{3,})\.?[\s,-]+(?P<year>[0-9]{4})(?:\s*г(?:ода|\.)?)?"
    + _TIME
)
_NAME_DAY = re.compile(
    r"(?P<name>[^\W\d_]{3,})\.?\s+(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>[0-9]{4})" + _TIME
)
_SERIAL = re.compile(r"[0-9]{5}(?:[.,][0-9]+)?\Z")
_EXCEL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # spreadsheets know no zones

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "янв"),
            ("feb", "фев"),
            ("mar", "мар"),
            ("apr", "апр"),
            ("may", "май", "мая"),
            ("jun", "июн"),
            ("jul", "июл"),
            ("aug", "авг"),
            ("sep", "сен"),
            ("oct", "окт"),
            ("nov", "ноя"),
            ("dec", "дек"),
        ),
        1,
    )
    for name in names
}


class NoDate(StrEnum):
    """Why a cell holds no date."""

    MISSING = "missing"
    IMPOSSIBLE = "impossible"
    OUT_OF_RANGE = "out_of_range"
    TEXT = "text"


class Order(StrEnum):
    """How 03/04/2025 is to be read."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass
class DateOrder:
    """What a column shows about the order of day and month: counts of values that are possible in one way
    only.
    """

    day_first: int = 0
    month_first: int = 0
    either: int = 0

    def see(self, cell: Cell, times: int = 1) -> None:
        found = _SLASHES.match(cell.strip()) if isinstance(cell, str) else None
        if not found:
            return
        first, second = int(found["first"]), int(found["second_"])
        if first > 12 >= second:
            self.day_first += times
        elif second > 12 >= first:
            self.month_first += times
        elif first != second and first <= 12:
            self.either += times

    @property
    def order(self) -> Order:
        """The order most values speak for; day first where none does (then see `is_ambiguous`)."""
        return Order.MONTH_FIRST if self.month_first > self.day_first else Order.DAY_FIRST

    @property
    def is_ambiguous(self) -> bool:
        """Some values can be read in two ways and no other value says in which."""
        return self.either > 0 and self.day_first == self.month_first

    @property
    def is_mixed(self) -> bool:
        return self.day_first > 0 and self.month_first > 0


def read_date(cell: Cell, order: Order = Order.DAY_FIRST) -> dt.date | NoDate:
    """A date, or a datetime where a time is given (aware where a zone is), or the reason.

    Understood: 2025-03-12, 2025-03-12T10:15:00+03:00, 2025/03/12, 20250312, 12.03.2025, 12/03/2025 and
    03/12/2025 (by `order`), 12 мар 2025, 12 March 2025, Mar 12, 2025, date cells and serial numbers of
    spreadsheets.
    """
    if is_missing(cell):
        return NoDate.MISSING
    if isinstance(cell, dt.date):
        return _in_range(cell)
    if isinstance(cell, str):
        return _read_text(cell.strip(), order)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_serial(float(cell))
    return NoDate.TEXT


def _read_text(text: str, order: Order) -> dt.date | NoDate:
    if len(text) > 60:
        return NoDate.TEXT
    if _SERIAL.match(text):
        return _from_serial(float(text.replace(",", ".")))
    for pattern in (_YEAR_FIRST, _POINTS, _COMPACT):
        if found := pattern.match(text):
            return _made(found, int(found["month"]), int(found["day"]))
    if found := _SLASHES.match(text):
        first, second = int(found["first"]), int(found["second_"])
        month, day = (first, second) if order is Order.MONTH_FIRST else (second, first)
        return _made(found, month, day)
    if found := _DAY_NAME.match(text) or _NAME_DAY.match(text):
        named = _MONTHS.get(found["name"].casefold()[:3])
        return _made(found, named, int(found["day"])) if named else NoDate.TEXT
    return NoDate.TEXT


def _made(found: re.Match[str], month: int, day: int) -> dt.date | NoDate:
    year = int(found["year"])
    year += 2000 if len(found["year"]) == 2 else 0
    try:
        date = dt.date(year, month, day)
        if found["hour"] is None:
            return _in_range(date)
        hour = int(found["hour"])
        if found["half"]:
            hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
        time = dt.time(hour, int(found["minute"]), int(found["second"] or 0), tzinfo=_zone(found["zone"]))
    except ValueError:
        return NoDate.IMPOSSIBLE
    return _in_range(dt.datetime.combine(date, time))


def _zone(text: str | None) -> dt.tzinfo | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return dt.UTC
    digits = text[1:].replace(":", "")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return dt.timezone(-offset if text[0] == "-" else offset)


def _from_serial(number: float) -> dt.date | NoDate:
    """Days since 1899-12-30, as spreadsheets count; a fraction is the time of day."""
    if not 1 <= number < 100_000:
        return NoDate.TEXT
    moment = _EXCEL_EPOCH + dt.timedelta(days=number)
    return _in_range(moment.date() if number == int(number) else moment.replace(microsecond=0))


def _in_range(date: dt.date) -> dt.date | NoDate:
    return date if EARLIEST <= date.year <= LATEST else NoDate.OUT_OF_RANGE


def day_of(date: dt.date) -> dt.date:
    """The calendar day of a date or datetime, in the zone it was written in."""
    return date.date() if isinstance(date, dt.datetime) else date


def looks_like_date(cell: Cell) -> bool:
    """Whether a header cell is a date by itself, so that the row is data. Plain numbers are not."""
    return (
        not isinstance(cell, int | float)
        and isinstance(read_date(cell), dt.date)
        and not _is_serial_text(cell)
    )


def _is_serial_text(cell: Cell) -> bool:
    return isinstance(cell, str) and _SERIAL.match(cell.strip()) is not None
