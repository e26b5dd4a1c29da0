"""A calendar file means one thing or is refused, and the refusal names the place."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from otklik.kit.calendar import BadCalendar, Region, Window, describe, read_calendar, read_local_moment

WHOLE = {"zone": "UTC", "weekly": {"mon-fri": ["09:00-17:00"]}}
ICS = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20260703\nEND:VEVENT\nEND:VCALENDAR\n"


def test_a_whole_calendar_is_read() -> None:
    calendar = read_calendar(
        {
            "zone": "Europe/Moscow",
            "weekly": {"mon-thu": ["14:00-18:00", "09:00-13:00"], "Fri": ["09:00-24:00"], "sun": []},
            "holidays": ["KZ", "DE-BY", "2026-07-03"],
            "production_calendar": "RU",
            "overrides": {"2026-12-31": ["09:00-12:00"]},
        }
    )

    assert calendar.weekly[0] == (Window(540, 780), Window(840, 1080))
    assert calendar.weekly[4] == (Window(540, 1440),)
    assert calendar.weekly[5] == calendar.weekly[6] == ()
    assert calendar.holidays == (Region("KZ"), Region("DE", "BY"))
    assert calendar.closed_days == {date(2026, 7, 3)}
    assert calendar.overrides == {date(2026, 12, 31): (Window(540, 720),)}


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"zone": None}, "zone", "missing"),
        ({"zone": "Moscow"}, "zone", "unknown_zone"),
        ({"zone": "../../etc/passwd"}, "zone", "unknown_zone"),
        ({"zone": 3}, "zone", "unknown_zone"),
        ({"hours": {}}, "hours", "unknown_field"),
        ({"weekly": []}, "weekly", "not_an_object"),
        ({"weekly": {"monday": []}}, "weekly", "unknown_day"),
        ({"weekly": {"fri-mon": []}}, "weekly", "unknown_day"),
        ({"weekly": {"mon-wed": [], "tue": []}}, "weekly.tue", "day_twice"),
        ({"weekly": {"mon": "09:00-17:00"}}, "weekly.mon", "not_a_list"),
        ({"weekly": {"mon": ["9-17"]}}, "weekly.mon", "bad_window"),
        ({"weekly": {"mon": ["09:00-24:01"]}}, "weekly.mon", "bad_window"),
        ({"weekly": {"mon": ["09:60-12:00"]}}, "weekly.mon", "bad_window"),
        ({"weekly": {"mon": ["22:00-02:00"]}}, "weekly.mon", "backwards"),
        ({"weekly": {"mon": ["09:00-13:00", "12:00-18:00"]}}, "weekly.mon", "overlap"),
        ({"overrides": {"2026-02-30": []}}, "overrides", "bad_date"),
        ({"overrides": {"20260203": []}}, "overrides", "bad_date"),
        ({"holidays": "RU"}, "holidays", "not_a_list"),
        ({"holidays": ["Russia"]}, "holidays", "unknown_country"),
        ({"holidays": ["DE-XX"]}, "holidays", "unknown_country"),
        ({"holidays": [["RU"]]}, "holidays", "unknown_country"),
        ({"production_calendar": "KZ"}, "production_calendar", "no_production_calendar"),
        ({"production_calendar": ["RU"]}, "production_calendar", "no_production_calendar"),
        ({"ics": "days.ics"}, "ics", "cannot_open"),
        ({"ics": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR"}, "ics", "bad_ics"),
        ({"ics": "BEGIN:VCALENDAR\nnonsense"}, "ics", "bad_ics"),
        (
            {"ics": ICS.replace("END:VEVENT", "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\nEND:VEVENT")},
            "ics",
            "bad_ics",
        ),
        ({"ics": ICS.replace("END:VEVENT", "RRULE:FREQ=OFTEN\nEND:VEVENT")}, "ics", "bad_ics"),
        ({"ics": 7}, "ics", "bad_ics"),
        ({"weekly": {}}, "weekly", "never_open"),
        ({"weekly": {"mon": []}}, "weekly", "never_open"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, object], field: str, problem: str) -> None:
    with pytest.raises(BadCalendar) as caught:
        read_calendar({**WHOLE, **change})

    assert (caught.value.field, caught.value.problem) == (field, problem)
    assert field in describe(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("definition", [None, [], "UTC", 7])
def test_what_is_no_object_is_no_calendar(definition: object) -> None:
    with pytest.raises(BadCalendar):
        read_calendar(definition)


def test_an_ics_file_is_read_by_its_name_or_from_its_text() -> None:
    by_name = read_calendar({**WHOLE, "ics": "days.ics"}, open_file={"days.ics": ICS}.__getitem__)
    by_text = read_calendar({**WHOLE, "ics": ICS})

    assert by_name.closed_days == by_text.closed_days == {date(2026, 7, 3)}


def test_case_59_a_skipped_time_is_read_by_the_offset_before_and_a_double_one_as_its_first() -> None:
    assert read_local_moment("2026-03-29T02:30", "Europe/Berlin") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert read_local_moment("2026-10-25T02:30", "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert read_local_moment("2026-10-25T02:30+01:00", "Asia/Almaty") == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )
