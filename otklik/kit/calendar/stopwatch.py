"""How much of a promised time is used: business time with pauses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from otklik.kit.calendar.model import BusinessCalendar
from otklik.kit.calendar.reckoning import after, between

NOTHING = timedelta(0)
LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Evening:
    """The end of somebody's day, on their own wall clock. What falls due later on that day is pulled forward
    to it, as long as at least half of the promised time lies before it. What falls due after their midnight
    stays: they find it in the morning."""

    zone: str
    at: time = time(18)

    def of(self, moment: datetime) -> datetime:
        """The evening of the day that `moment` is in."""
        zone = ZoneInfo(self.zone)
        day = moment.astimezone(zone).date()
        return datetime.combine(day, self.at, zone).astimezone(moment.tzinfo)


class Stopwatch(NamedTuple):
    """As it stood at `as_of`; each method returns how it stands at a later instant.

    `used` and `paused` are open time by the calendar of their day, so that together they are the open time
    since the start, and a pause outside service hours is none. `due` is None in a pause; once it has been
    passed it stays as it is.
    """

    calendar: BusinessCalendar
    promised: timedelta | None
    """None: nothing is promised and nothing falls due; time is counted all the same."""
    as_of: datetime
    evening: Evening | None = None
    due: datetime | None = None
    runs: bool = True
    used: timedelta = NOTHING
    paused: timedelta = NOTHING
    missed: datetime | None = None
    """The first deadline that it ran past. More time, or no promise any more, moves `due` and not this."""

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due < self.as_of

    @property
    def left(self) -> timedelta:
        """Below zero by as much as the promise was exceeded."""
        return NOTHING if self.promised is None else self.promised - self.used

    def up_to(self, at: datetime) -> Stopwatch:
        """The same course with the time up to `at` counted; an earlier instant changes nothing."""
        if at <= self.as_of:
            return self
        passed = between(self.calendar, self.as_of, at)
        if self.runs:
            missed = self.missed or (self.due if self.due is not None and self.due < at else None)
            return self._replace(as_of=at, used=self.used + passed, missed=missed)
        return self._replace(as_of=at, paused=self.paused + passed)

    def pause(self, at: datetime) -> Stopwatch:
        now = self.up_to(at)
        return now._replace(runs=False, due=now.due if now.is_late else None) if now.runs else now

    def resume(self, at: datetime) -> Stopwatch:
        now = self.up_to(at)
        return now if now.runs else now._replace(runs=True)._with_due()

    def stop(self, at: datetime) -> Stopwatch:
        """The end. `due` says when it would have been due, also where it ends in a pause."""
        now = self.up_to(at)
        return (now if now.due is not None else now._with_due())._replace(runs=False)

    def go_on(self, at: datetime, *, at_least: timedelta = NOTHING) -> Stopwatch:
        """After a stop that was none: with the time already used, but with `at_least` so much still to go.
        The time between counts as a pause."""
        now = self.up_to(at)._replace(due=None, runs=True)
        if now.promised is not None:
            now = now._replace(promised=max(now.promised, now.used + at_least))
        return now._with_due()

    def use(self, calendar: BusinessCalendar, at: datetime) -> Stopwatch:
        """From `at` by another calendar; what was used stays used."""
        now = self.up_to(at)._replace(calendar=calendar)
        return now._with_due() if now.runs else now

    def promise(self, promised: timedelta | None, at: datetime) -> Stopwatch:
        """Another promise; used time stays used. One that is exceeded from the first is due at once, since
        nobody could have kept it earlier; one that was late already stays so where it gets no more time."""
        now = self.up_to(at)
        is_longer = promised is None or (now.promised is not None and promised > now.promised)
        changed = now._replace(promised=promised)
        if now.is_late and promised is not None and not (is_longer and changed.left > NOTHING):
            return changed
        changed = changed._replace(due=None)
        return changed._with_due() if now.runs else changed

    def no_later_than(self, due: datetime, at: datetime) -> Stopwatch:
        """Takes over a deadline where it is the earlier one; `due` may have passed."""
        now = self.up_to(at)
        if now.due is not None and now.due <= due:
            return now
        left = between(now.calendar, at, due) if due > at else -between(now.calendar, due, at)
        if now.due is None and now.promised is not None and now.left <= left:
            return now
        is_fixed = now.runs or due < at
        return now._replace(promised=now.used + left, due=due if is_fixed else None)

    def when_left(self, left: timedelta) -> datetime | None:
        """When so much time remains until `due`; `as_of` where that is so already, None without `due`."""
        if self.due is None or self.is_late:
            return None
        early = between(self.calendar, self.as_of, self.due) - left
        return after(self.calendar, self.as_of, max(early, NOTHING))

    def _with_due(self) -> Stopwatch:
        if self.promised is None or self.is_late:
            return self
        due = after(self.calendar, self.as_of, max(self.left, NOTHING))
        return self._replace(due=self._before_evening(due))

    def _before_evening(self, due: datetime) -> datetime:
        if self.evening is None or self.promised is None:
            return due
        evening = self.evening.of(due)
        if not self.as_of < evening < due:
            return due
        usable = self.used + between(self.calendar, self.as_of, evening)
        return evening if usable >= LEAST_SHARE * self.promised else due


def started(
    calendar: BusinessCalendar, at: datetime, promised: timedelta | None, *, evening: Evening | None = None
) -> Stopwatch:
    """Raises `EmptyCalendar`."""
    return Stopwatch(calendar, promised, at, evening)._with_due()
