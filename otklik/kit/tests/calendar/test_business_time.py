"""Business time against the hard cases of other desks, and against a clock that is read minute by minute."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.kit.calendar import (
    PRODUCTION_CALENDARS,
    BeyondTheTimetable,
    BusinessCalendar,
    EmptyCalendar,
    Window,
    add,
    around_the_clock,
    between,
    is_open,
    next_open,
    read_calendar,
)
from otklik.kit.calendar.days import shortened, windows_on

OFFICE = {"mon-fri": ["09:00-17:00"]}


def calendar(zone: str = "UTC", weekly: object = None, **more: object) -> BusinessCalendar:
    return read_calendar({"zone": zone, "weekly": OFFICE if weekly is None else weekly, **more})


def local(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def hours(calendar: BusinessCalendar, day: str, until: str | None = None) -> float:
    """Open hours of the local days from `day` to before `until`."""
    start = local(calendar.zone, day)
    end = local(calendar.zone, until) if until else start + timedelta(days=1)
    return between(calendar, start, end) / timedelta(hours=1)


def test_case_57_an_hour_from_friday_half_past_four_ends_on_monday_half_past_nine() -> None:
    start = datetime(2025, 11, 7, 16, 30, tzinfo=UTC)

    assert add(calendar(), start, 60) == datetime(2025, 11, 10, 9, 30, tzinfo=UTC)


def test_a_span_that_ends_with_the_day_ends_in_the_evening_and_not_next_morning() -> None:
    start = datetime(2025, 11, 7, 16, 30, tzinfo=UTC)

    assert add(calendar(), start, 30) == datetime(2025, 11, 7, 17, 0, tzinfo=UTC)
    assert add(calendar(), start, 0) == start


def test_case_58_time_begins_with_the_next_opening_after_a_weekend_or_a_holiday() -> None:
    office = calendar("Europe/Moscow", holidays=["RU"])

    assert add(office, local("Europe/Moscow", "2025-11-08T12:00"), 60) == local(
        "Europe/Moscow", "2025-11-10T10:00"
    )
    # 12 June is the Day of Russia, the 13th a transferred day off, then comes a weekend.
    assert next_open(office, local("Europe/Moscow", "2025-06-12T10:00")) == local(
        "Europe/Moscow", "2025-06-16T09:00"
    )


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/Berlin", "2026-03-29", 1),
        ("Europe/Berlin", "2026-10-25", 3),
        ("Europe/Berlin", "2026-10-24", 2),
    ],
)
def test_case_59_a_window_over_the_change_of_clocks_lasts_as_long_as_it_really_does(
    zone: str, day: str, expected: float
) -> None:
    nights = calendar(zone, {"mon-sun": ["02:00-04:00"]})

    assert hours(nights, day, f"{date.fromisoformat(day) + timedelta(days=1)}") == expected


def test_case_60_zones_changed_by_law() -> None:
    day_and_night = calendar("Europe/Moscow", {"mon-sun": ["00:00-24:00"]})
    assert hours(day_and_night, "2011-03-27", "2011-03-28") == 23
    assert hours(day_and_night, "2014-10-26", "2014-10-27") == 25
    assert local("Europe/Moscow", "2012-01-10T09:00") == datetime(2012, 1, 10, 5, tzinfo=UTC)

    almaty = calendar("Asia/Almaty", {"mon-fri": ["09:00-18:00"]})
    assert next_open(almaty, local("Asia/Almaty", "2024-02-28T20:00")).hour == 3
    assert next_open(almaty, local("Asia/Almaty", "2024-03-01T20:00")).hour == 4
    # The last hour of February came twice.
    assert hours(calendar("Asia/Almaty", {"mon-sun": ["00:00-24:00"]}), "2024-02-29", "2024-03-01") == 25


def test_case_60_a_day_that_a_country_skipped_has_no_hours() -> None:
    apia = calendar("Pacific/Apia", {"mon-sun": ["00:00-24:00"]})

    assert hours(apia, "2011-12-29", "2011-12-31") == 24


ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Otklik//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20260703
DTEND;VALUE=DATE:20260705
SUMMARY:Two days
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART:20260706T090000Z
DTEND:20260706T100000Z
SUMMARY:A meeting closes nothing
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART;VALUE=DATE:20251224
RRULE:FREQ=YEARLY;UNTIL=20281231T000000Z
EXDATE;VALUE=DATE:20271224
SUMMARY:Each year but one
END:VEVENT
BEGIN:VEVENT
UID:4
DTSTART;VALUE=DATE:20260710
STATUS:CANCELLED
SUMMARY:Called off
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati", "UTC"])
def test_case_61_an_all_day_holiday_closes_its_own_day_in_every_zone(zone: str) -> None:
    office = calendar(zone, ics=ICS)

    closed = [
        day
        for day in (date(2026, 7, 1) + timedelta(days=number) for number in range(14))
        if day.weekday() < 5 and not windows_on(office, day)
    ]
    assert closed == [date(2026, 7, 3)]
    assert hours(office, "2026-07-02") == 8
    assert hours(office, "2026-07-03") == 0
    assert [bool(windows_on(office, date(year, 12, 24))) for year in (2025, 2026, 2027, 2029)] == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(("year", "norm"), [(2023, 1973), (2024, 1979), (2025, 1972), (2026, 1972)])
def test_case_62_a_russian_year_has_the_hours_of_its_production_calendar(year: int, norm: int) -> None:
    office = calendar("Europe/Moscow", production_calendar="RU")

    assert hours(office, f"{year}-01-01", f"{year + 1}-01-01") == norm


def test_case_62_a_worked_saturday_is_open_and_the_day_before_a_holiday_is_shorter() -> None:
    office = calendar("Europe/Moscow", {"mon-fri": ["09:00-13:00", "14:00-18:00"]}, production_calendar="RU")

    assert windows_on(office, date(2025, 11, 1)) == (Window(540, 780), Window(840, 1020))
    assert windows_on(office, date(2025, 11, 3)) == ()
    assert windows_on(office, date(2024, 12, 28)) == (Window(540, 780), Window(840, 1080))
    assert windows_on(office, date(2026, 4, 30))[-1] == Window(840, 1020)


def test_an_hour_less_reaches_into_the_window_before() -> None:
    assert shortened((Window(540, 780), Window(840, 870))) == (Window(540, 750),)
    assert shortened((Window(540, 580),)) == ()


@pytest.mark.parametrize(
    ("place", "holiday"),
    [
        ("RU", "2025-06-12"),
        ("KZ", "2025-12-16"),
        ("BY", "2025-07-03"),
        ("UA", "2021-08-24"),
        ("DE-BY", "2025-11-01"),
        ("US", "2025-07-04"),
    ],
)
def test_case_58_public_holidays_of_many_countries_are_closed(place: str, holiday: str) -> None:
    every_day = {"mon-sun": ["09:00-17:00"]}

    assert hours(calendar(weekly=every_day), holiday) == 8
    assert hours(calendar(weekly=every_day, holidays=[place]), holiday) == 0


def test_a_year_without_a_table_of_the_production_calendar_has_its_holidays_and_full_days() -> None:
    assert set(PRODUCTION_CALENDARS["RU"]) == {2023, 2024, 2025, 2026}
    office = calendar("Europe/Moscow", production_calendar="RU")

    assert hours(office, "2030-06-12") == 0
    assert hours(office, "2030-06-11") == 8


def test_an_override_says_all_there_is_to_say_about_its_day() -> None:
    office = calendar(
        "Europe/Moscow",
        production_calendar="RU",
        overrides={"2026-01-01": ["10:00-12:00"], "2026-01-12": []},
    )

    assert hours(office, "2026-01-01") == 2
    assert hours(office, "2026-01-12") == 0


def test_case_63_lunch_is_no_business_time() -> None:
    office = calendar(weekly={"mon-fri": ["09:00-13:00", "14:00-18:00"]})
    before_lunch = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)

    assert add(office, before_lunch, 60) == datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
    assert not is_open(office, datetime(2026, 3, 2, 13, 0, tzinfo=UTC))
    assert is_open(office, datetime(2026, 3, 2, 14, 0, tzinfo=UTC))


def test_case_64_around_the_clock_business_time_is_time() -> None:
    start = datetime(2025, 12, 31, 23, 59, tzinfo=UTC)

    assert add(around_the_clock("Europe/Berlin"), start, 60 * 24 * 400) == start + timedelta(days=400)


def test_case_65_a_calendar_that_never_opens_says_so() -> None:
    empty = BusinessCalendar("UTC", ((),) * 7)
    start = datetime(2026, 3, 2, tzinfo=UTC)

    with pytest.raises(EmptyCalendar, match="give it weekly hours"):
        add(empty, start, 1)
    with pytest.raises(EmptyCalendar):
        next_open(empty, start)
    assert not is_open(empty, start)
    assert between(empty, start, start + timedelta(days=400)) == timedelta(0)


def test_case_65_hours_that_are_over_for_good_are_no_hours() -> None:
    once = calendar(weekly={}, overrides={"2026-03-02": ["09:00-10:00"]})

    assert add(once, datetime(2026, 3, 1, tzinfo=UTC), 60).day == 2
    with pytest.raises(EmptyCalendar):
        add(once, datetime(2026, 3, 1, tzinfo=UTC), 61)


def test_a_deadline_after_the_timetable_is_refused() -> None:
    with pytest.raises(BeyondTheTimetable):
        add(calendar(), datetime(2026, 3, 1, tzinfo=UTC), 1e9)


def opens_by_the_wall_clock(calendar: BusinessCalendar, minute: datetime) -> bool:
    wall = minute.astimezone(ZoneInfo(calendar.zone))
    return any(
        opens <= wall.hour * 60 + wall.minute < closes for opens, closes in windows_on(calendar, wall.date())
    )


ZONES = ("Europe/Moscow", "Europe/Berlin", "America/Sao_Paulo", "Asia/Almaty", "Australia/Lord_Howe", "UTC")
# Around changes of clocks and laws.
DAYS = ("2011-03-26", "2014-10-25", "2018-11-03", "2024-02-28", "2025-10-24", "2026-03-28", "2026-04-03")


@st.composite
def days_windows(draw: st.DrawFn) -> list[str]:
    edges = sorted(draw(st.lists(st.integers(0, 96), min_size=0, max_size=4, unique=True)))
    return [
        f"{opens // 4:02}:{opens % 4 * 15:02}-{closes // 4:02}:{closes % 4 * 15:02}"
        for opens, closes in zip(edges[::2], edges[1::2], strict=False)
    ]


@settings(max_examples=25, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    week=st.lists(days_windows(), min_size=7, max_size=7).filter(any),
    day=st.sampled_from(DAYS),
    offset=st.integers(0, 1440),
    length=st.integers(0, 3 * 1440),
)
def test_business_time_is_what_somebody_counts_who_looks_at_the_wall_clock_every_minute(
    zone: str, week: list[list[str]], day: str, offset: int, length: int
) -> None:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    place = calendar(zone, dict(zip(names, week, strict=True)))
    start = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(minutes=offset)
    minutes = [start + timedelta(minutes=number) for number in range(length)]
    open_minutes = [minute for minute in minutes if opens_by_the_wall_clock(place, minute)]

    counted = between(place, start, start + timedelta(minutes=length))

    assert counted == timedelta(minutes=len(open_minutes))
    if open_minutes:
        assert add(place, start, len(open_minutes)) == open_minutes[-1] + timedelta(minutes=1)
        assert next_open(place, start) == open_minutes[0]
        assert is_open(place, open_minutes[-1])


@given(
    seconds=st.integers(0, 300_000_000),
    minutes=st.integers(0, 200_000),
    more=st.integers(0, 50_000),
)
@settings(deadline=None)
def test_adding_and_measuring_undo_each_other(seconds: int, minutes: int, more: int) -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    due = add(MOSCOW, start, minutes)

    assert between(MOSCOW, start, due) == timedelta(minutes=minutes)
    assert add(MOSCOW, due, more) == add(MOSCOW, start, minutes + more) or more == 0


MOSCOW = calendar("Europe/Moscow", {"mon-fri": ["09:00-13:00", "14:00-18:00"]}, production_calendar="RU")


def test_a_country_is_read_without_the_other_two_hundred() -> None:
    script = (
        "import sys\n"
        "from otklik.kit.calendar.days import public_holidays\n"
        "assert len(public_holidays('RU', None, 2026)) > 8\n"
        "assert len(public_holidays('DE', 'BY', 2026)) > 8\n"
        "print(sum(name.startswith('holidays.countries.') for name in sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(found.stdout) < 10
