"""`otklik sla due`: one calendar file, one promise, one answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from otklik.cli.main import main

OFFICE = {"zone": "Europe/Moscow", "weekly": {"mon-fri": ["09:00-17:00"]}}
FRIDAY = "2025-11-07T16:30"


class Desk:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def run(self, *options: str, calendar: Any = OFFICE, events: Any = None) -> tuple[int, str, str]:
        (self.folder / "calendar.json").write_text(
            calendar if isinstance(calendar, str) else json.dumps(calendar), encoding="utf-8"
        )
        arguments = ["sla", "due", "--calendar", str(self.folder / "calendar.json"), "--lang", "en", *options]
        if events is not None:
            (self.folder / "events.json").write_text(json.dumps(events), encoding="utf-8")
            arguments += ["--events", str(self.folder / "events.json")]
        try:
            status = main(arguments)
        except SystemExit as left:
            status = int(str(left.code))
        out, error = self.capsys.readouterr()
        return status, out, error

    def due(self, start: str, minutes: float, *events: tuple[str, str], calendar: Any = OFFICE) -> Any:
        told = [{"at": at, "kind": kind} for at, kind in events]
        status, out, error = self.run(
            "--start", start, "--minutes", str(minutes), "--json", calendar=calendar, events=told or None
        )
        assert (status, error) == (0, "")
        return json.loads(out)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_case_57_from_friday_evening_to_monday_morning(desk: Desk) -> None:
    assert desk.due(FRIDAY, 60) == {
        "due": "2025-11-10T09:30:00+03:00",
        "elapsed_minutes": 0,
        "paused_minutes": 0,
        "state": "running",
    }


def test_the_start_may_name_its_offset(desk: Desk) -> None:
    assert desk.due("2025-11-07T13:30Z", 60) == desk.due(FRIDAY, 60)


def test_a_pause_moves_the_deadline(desk: Desk) -> None:
    paused = desk.due(FRIDAY, 60, ("2025-11-10T09:10", "pause"))
    assert paused == {"due": None, "elapsed_minutes": 40, "paused_minutes": 0, "state": "paused"}

    resumed = desk.due(FRIDAY, 60, ("2025-11-10T09:10", "pause"), ("2025-11-10T11:00", "resume"))
    assert resumed["due"] == "2025-11-10T11:20:00+03:00"
    assert (resumed["elapsed_minutes"], resumed["paused_minutes"]) == (40, 110)


@pytest.mark.parametrize(
    ("events", "state", "elapsed"),
    [
        ([("2025-11-10T09:30", "solved")], "met", 60),
        ([("2025-11-10T09:31", "solved")], "met_late", 61),
        ([("2025-11-10T09:31", "solved"), ("2025-11-10T09:32", "reopened")], "breached", 61),
        ([("2025-11-10T09:10", "solved"), ("2025-11-10T10:00", "reopened")], "running", 40),
        ([("2025-11-10T10:00", "pause")], "breached", 90),
        ([("2025-11-07T16:40", "pause"), ("2025-11-10T10:00", "solved")], "met", 10),
        ([("2025-11-10T09:10", "cancelled"), ("2025-11-10T09:20", "resume")], "cancelled", 40),
    ],
)
def test_the_state_follows_from_the_events(
    desk: Desk, events: list[tuple[str, str]], state: str, elapsed: float
) -> None:
    answer = desk.due(FRIDAY, 60, *events)

    assert (answer["state"], answer["elapsed_minutes"]) == (state, elapsed)


def test_case_59_times_that_do_not_exist_or_come_twice(desk: Desk) -> None:
    night = {"zone": "Europe/Berlin", "weekly": {"mon-sun": ["00:00-24:00"]}}

    assert desk.due("2026-03-29T02:30", 0, calendar=night)["due"] == "2026-03-29T03:30:00+02:00"
    assert desk.due("2026-10-25T02:30", 60, calendar=night)["due"] == "2026-10-25T02:30:00+01:00"


def test_case_61_an_ics_file_lies_beside_the_calendar(desk: Desk) -> None:
    (desk.folder / "days.ics").write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20251110\nEND:VEVENT\nEND:VCALENDAR\n"
    )

    assert desk.due(FRIDAY, 60, calendar={**OFFICE, "ics": "days.ics"})["due"] == "2025-11-11T09:30:00+03:00"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"calendar": "{"}, "is not a JSON file (1:2)"),
        ({"calendar": "[" * 100_000}, "is not a JSON file"),
        ({"calendar": {}}, "zone is missing"),
        ({"calendar": {**OFFICE, "weekly": {}}}, "never open"),
        ({"calendar": {**OFFICE, "ics": "nowhere.ics"}}, "nowhere.ics"),
        (
            {"calendar": {"zone": "UTC", "weekly": {}, "overrides": {"2020-01-01": ["09:00-10:00"]}}},
            "two years",
        ),
        ({"start": "soon"}, "--start"),
        ({"start": "0001-01-01T00:00+14:00"}, "--start"),
        ({"start": "1066-10-14"}, "1901 to 2199"),
        ({"minutes": "an hour"}, "--minutes"),
        ({"minutes": "-1"}, "--minutes"),
        ({"minutes": "nan"}, "--minutes"),
        ({"minutes": "1e300"}, "--minutes"),
        ({"events": {}}, "a list of objects"),
        ({"events": [{"at": "2025-11-10", "kind": "lunch"}]}, "pause, resume"),
        ({"events": [{"kind": "pause"}]}, "events.json: 1, at"),
        ({"events": [{"at": "2025-11-01", "kind": "pause"}]}, "earlier than the start"),
    ],
)
def test_bad_input_is_told_in_one_line(desk: Desk, changed: dict[str, Any], says: str) -> None:
    start, minutes = changed.get("start", FRIDAY), changed.get("minutes", "60")

    status, out, error = desk.run(
        f"--start={start}",
        f"--minutes={minutes}",
        calendar=changed.get("calendar", OFFICE),
        events=changed.get("events"),
    )

    assert (status, out, error.count("\n")) == (2, "", 1)
    assert says in error


def test_a_missing_option_is_told_in_one_line(desk: Desk) -> None:
    status, _, error = desk.run("--minutes", "60")

    assert (status, error.count("\n")) == (2, 1)


def test_people_get_sentences_in_their_language(desk: Desk) -> None:
    assert desk.run("--start", FRIDAY, "--minutes", "60")[1].splitlines() == [
        "The clock is running.",
        "Due: 2025-11-10 09:30+03:00 (Europe/Moscow)",
        "Used: 0 min, paused: 0 min",
    ]
    assert "Отсчёт идёт." in desk.run("--start", FRIDAY, "--minutes", "60", "--lang", "ru")[1]
    assert "не число" in desk.run("--start", FRIDAY, "--minutes", "x", "--lang", "ru")[2]
