"""Business time: calendars of working hours, and adding and measuring time by them.

Nouns: calendar (zone, weekly windows, overrides, holidays), window (from one time of day to another),
timetable (the same as instants), stopwatch (a promise of so many minutes, with pauses). Knows no Django, no
table and no clock; all instants are aware.
"""

from otklik.kit.calendar.days import windows_on
from otklik.kit.calendar.messages import BadCalendar, describe
from otklik.kit.calendar.model import BusinessCalendar, Region, Window, around_the_clock
from otklik.kit.calendar.moments import read_local_moment
from otklik.kit.calendar.production import PRODUCTION_CALENDARS
from otklik.kit.calendar.reading import read_calendar
from otklik.kit.calendar.reckoning import EmptyCalendar, add, after, between, is_open, next_open
from otklik.kit.calendar.stopwatch import Evening, Stopwatch, started
from otklik.kit.calendar.timetable import BeyondTheTimetable

__all__ = [
    "PRODUCTION_CALENDARS",
    "BadCalendar",
    "BeyondTheTimetable",
    "BusinessCalendar",
    "EmptyCalendar",
    "Evening",
    "Region",
    "Stopwatch",
    "Window",
    "add",
    "after",
    "around_the_clock",
    "between",
    "describe",
    "is_open",
    "next_open",
    "read_calendar",
    "read_local_moment",
    "started",
    "windows_on",
]
