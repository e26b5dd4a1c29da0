"""Open hours as instants: sorted arrays with running sums, so that a question is a bisection.

A window is open whenever the wall clock of the zone shows a time inside it. So 02:00-04:00 lasts one hour on
the day the clocks go forward and three on the day they go back, and a change of a zone by law needs no rule
of its own. Instants are microseconds since 1970 in UTC: whole numbers add up without error.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from otklik.kit.calendar.days import windows_on

if TYPE_CHECKING:
    from otklik.kit.calendar.model import BusinessCalendar

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.date().toordinal()
SECONDS_A_DAY = 86_400
MICROS = 1_000_000
FIRST_YEAR, LAST_YEAR = 1901, 2199


class BeyondTheTimetable(Exception):
    """The question leads out of the years 1901 to 2199."""


class Year:
    """One year of UTC. An interval that crosses New Year is two."""

    __slots__ = ("before", "ends", "starts", "total")

    def __init__(self, intervals: list[tuple[int, int]]) -> None:
        self.starts = [start for start, _ in intervals]
        self.ends = [end for _, end in intervals]
        self.before = []
        """Open time of this year before each interval."""
        self.total = 0
        for start, end in intervals:
            self.before.append(self.total)
            self.total += end - start

    def open_before(self, moment: int) -> int:
        """Open microseconds of this year up to the moment."""
        at = bisect_right(self.starts, moment) - 1
        if at < 0:
            return 0
        return self.before[at] + min(moment, self.ends[at]) - self.starts[at]

    def when_open_for(self, needed: int) -> int:
        """The first moment with so much open time before it; `needed` is above 0 and at most `total`."""
        at = bisect_left(self.before, needed) - 1
        return self.starts[at] + needed - self.before[at]


class Timetable:
    """Years are worked out when first asked about; two threads may work out the same one and agree."""

    def __init__(self, calendar: BusinessCalendar) -> None:
        self._calendar = calendar
        self._zone = ZoneInfo(calendar.zone)
        self._years: dict[int, Year] = {}

    def year(self, number: int) -> Year:
        """Raises `BeyondTheTimetable`."""
        known = self._years.get(number)
        if known is None:
            if not FIRST_YEAR <= number <= LAST_YEAR:
                raise BeyondTheTimetable(number)
            known = self._years[number] = Year(self._intervals(number))
        return known

    def _intervals(self, year: int) -> list[tuple[int, int]]:
        begin = (date(year, 1, 1).toordinal() - EPOCH_DAY) * SECONDS_A_DAY
        end = (date(year + 1, 1, 1).toordinal() - EPOCH_DAY) * SECONDS_A_DAY
        merged: list[tuple[int, int]] = []
        for start, stop, offset in self._spans_of_one_offset(begin, end):
            for opens, closes in self._windows(start + offset, stop + offset):
                opened, closed = (opens - offset) * MICROS, (closes - offset) * MICROS
                if merged and merged[-1][1] == opened:
                    merged[-1] = (merged[-1][0], closed)
                else:
                    merged.append((opened, closed))
        return merged

    def _spans_of_one_offset(self, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
        """(start, stop, offset from UTC) in seconds. Looks once a day: no zone has changed twice in one."""
        start, offset = begin, self._offset(begin)
        for tomorrow in range(begin + SECONDS_A_DAY, end + 1, SECONDS_A_DAY):
            if self._offset(tomorrow) == offset:
                continue
            same, other = tomorrow - SECONDS_A_DAY, tomorrow
            while other - same > 1:
                middle = (same + other) // 2
                if self._offset(middle) == offset:
                    same = middle
                else:
                    other = middle
            yield start, other, offset
            start, offset = other, self._offset(other)
        if start < end:
            yield start, end, offset

    def _offset(self, moment: int) -> int:
        offset = (EPOCH + timedelta(seconds=moment)).astimezone(self._zone).utcoffset()
        assert offset is not None
        return int(offset.total_seconds())

    def _windows(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """Of the wall clock from `start` to `stop`, in seconds since 1970 on that clock."""
        for day in range(start // SECONDS_A_DAY, (stop - 1) // SECONDS_A_DAY + 1):
            midnight = day * SECONDS_A_DAY
            for window in windows_on(self._calendar, date.fromordinal(EPOCH_DAY + day)):
                opens = max(start, midnight + window.opens * 60)
                closes = min(stop, midnight + window.closes * 60)
                if opens < closes:
                    yield opens, closes
