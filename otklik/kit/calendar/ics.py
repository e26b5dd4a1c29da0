"""All-day events of an iCalendar file (RFC 5545) as closed days.

A DATE has no zone: the first of January is that day wherever the calendar is, and is never shifted. Events
with a time of day are appointments and close nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Any

from otklik.kit.calendar.messages import BadCalendar

LAST_DAY = date(2099, 12, 31)
"""A repetition without an end is followed up to here."""
LONGEST = 366
WHOLE_DAYS = {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}
"""A day does not come back every second, and looking for it so would take for ever."""
MOST_DAYS = 50_000


def closed_days(text: str) -> frozenset[date]:
    """Raises `BadCalendar`."""
    import icalendar

    try:
        events = icalendar.Calendar.from_ical(text).walk("VEVENT")
        days = [day for event in events for day in islice(_days(event), MOST_DAYS)]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise BadCalendar("ics", "bad_ics", " ".join(str(error).split())) from error
    return frozenset(days)


def _days(event: Any) -> Iterator[date]:
    start = event["DTSTART"].dt
    if isinstance(start, datetime) or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    length = min(max(_length(event, start), 1), LONGEST)
    for first in _beginnings(event, start):
        yield from (first + timedelta(days=number) for number in range(length))


def _length(event: Any, start: date) -> int:
    """In days. DTEND is the day after the last one; without it an all-day event has one day."""
    if "DTEND" in event:
        end = event["DTEND"].dt
        return ((end.date() if isinstance(end, datetime) else end) - start).days
    if "DURATION" in event:
        return int(event["DURATION"].dt.days)
    return 1


def _beginnings(event: Any, start: date) -> Iterator[date]:
    if "RRULE" not in event:
        yield start
        return
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # no stubs among our dependencies

    rule = event["RRULE"]
    if not {str(freq).upper() for freq in rule["FREQ"]} <= WHOLE_DAYS:
        raise ValueError("FREQ")
    # The library wants UNTIL and the start alike, with a zone or without; here both are plain days.
    until = [day.date() if isinstance(day, datetime) else day for day in rule.pop("UNTIL", [])]
    last = min([LAST_DAY, *until])
    left_out = set(_dates(event.get("EXDATE")))
    repeated = rrulestr(rule.to_ical().decode(), dtstart=datetime.combine(start, time()))
    for moment in takewhile(lambda moment: moment.date() <= last, repeated):
        if moment.date() not in left_out:
            yield moment.date()


def _dates(value: Any) -> Iterator[date]:
    for dates in value if isinstance(value, list) else [value] if value is not None else []:
        for one in dates.dts:
            yield one.dt.date() if isinstance(one.dt, datetime) else one.dt
