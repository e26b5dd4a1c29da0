"""`otklik sla due`: when a promise falls due by a calendar file; no database, no server."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from otklik.cli.languages import LANGUAGES, asked_language
from otklik.cli.manage import manage
from otklik.cli.sla_course import BeforeTheStart, Course, Step, UnknownStep, follow
from otklik.kit.calendar import (
    BadCalendar,
    BeyondTheTimetable,
    BusinessCalendar,
    EmptyCalendar,
    describe,
    read_calendar,
    read_local_moment,
)
from otklik.kit.phrases import Phrases, phrases
from otklik.kit.tabular import obstacle

BAD_INPUT = 2
MOST_MINUTES = 10 * 366 * 24 * 60
LOCALE = Path(__file__).parent / "locale"


class Refused(Exception):
    """The sentence for the reader."""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n")


def sla(arguments: Sequence[str]) -> int:
    """Exit status: 0, or 2 where the input is wrong."""
    if arguments and arguments[0] == "recompute":
        return manage(["recompute_clocks", *arguments[1:]])
    say = phrases(asked_language(arguments), LOCALE)
    options = _parser(say).parse_args(arguments)
    try:
        calendar = _calendar(Path(options.calendar), say)
        course = follow(
            calendar,
            _moment(options.start, "--start", calendar.zone, say),
            _minutes(options.minutes, say),
            _steps(options.events, calendar.zone, say),
        )
    except Refused as refused:
        return _refuse(str(refused))
    except EmptyCalendar as empty:
        return _refuse(
            say.gettext(
                "%(calendar)s is not open for a minute within two years of %(day)s; give it weekly hours.",
                calendar=options.calendar,
                day=f"{empty.after:%Y-%m-%d}",
            )
        )
    except BeforeTheStart as early:
        return _refuse(
            say.gettext(
                "%(path)s: an event of %(at)s is earlier than the start.",
                path=options.events,
                at=f"{early.args[0]:%Y-%m-%d %H:%M} UTC",
            )
        )
    except BeyondTheTimetable:
        return _refuse(say.gettext("This leads out of the years 1901 to 2199, for which hours are known."))
    shown = json.dumps(_object(course)) if options.json else _text(course, say)
    print(shown)
    return 0


def _parser(say: Phrases) -> argparse.ArgumentParser:
    parser = Parser(
        prog="otklik sla", description=say.gettext("Deadlines in business time. Needs no database.")
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    due = commands.add_parser("due", help=say.gettext("when a promise of so many minutes falls due"))
    add = due.add_argument
    add("--calendar", metavar="FILE", required=True, help=say.gettext("calendar file (JSON)"))
    add(
        "--start",
        metavar="ISO",
        required=True,
        help=say.gettext("when the clock starts; without an offset by the calendar's own clock"),
    )
    add("--minutes", metavar="N", required=True, help=say.gettext("how many minutes of business time"))
    add(
        "--events", metavar="FILE", help=say.gettext("what happened since: pauses, solving, reopening (JSON)")
    )
    add("--json", action="store_true", help=say.gettext("print one JSON object"))
    add(
        "--lang",
        choices=LANGUAGES,
        help=say.gettext("language of the answer (otherwise that of the environment)"),
    )
    return parser


def _calendar(path: Path, say: Phrases) -> BusinessCalendar:
    try:
        return read_calendar(
            _json(path, say), open_file=lambda name: (path.parent / name).read_text(encoding="utf-8")
        )
    except BadCalendar as error:
        raise Refused(f"{path}: {describe(error, say.gettext)}") from error


def _json(path: Path, say: Phrases) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Refused(f"{path}: {obstacle(error.strerror or str(error), say.gettext)}") from error
    except (ValueError, RecursionError) as error:
        place = f" ({error.lineno}:{error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused(say.gettext("%(path)s is not a JSON file%(place)s.", path=path, place=place)) from error


def _moment(text: object, field: str, zone: str, say: Phrases) -> datetime:
    try:
        if isinstance(text, str):
            return read_local_moment(text, zone)
    except ValueError:
        pass
    raise Refused(
        say.gettext(
            "%(field)s: “%(value)s” is no moment; 2026-03-02T09:30 or 2026-03-02T09:30+03:00 would be.",
            field=field,
            value=text,
        )
    )


def _minutes(text: str, say: Phrases) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = math.nan
    if 0 <= minutes <= MOST_MINUTES:
        return minutes
    raise Refused(
        say.gettext(
            "--minutes: “%(value)s” is not a number from 0 to %(most)s.",
            value=text,
            most=say.number(MOST_MINUTES),
        )
    )


def _steps(name: str | None, zone: str, say: Phrases) -> list[tuple[datetime, Step]]:
    if name is None:
        return []
    events = _json(Path(name), say)
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise Refused(say.gettext("%(path)s: a list of objects with “at” and “kind” is expected.", path=name))
    return [_step(event, f"{name}: {number}", zone, say) for number, event in enumerate(events, start=1)]


def _step(event: dict[str, Any], field: str, zone: str, say: Phrases) -> tuple[datetime, Step]:
    at = _moment(event.get("at"), f"{field}, at", zone, say)
    try:
        return at, Step.read(event.get("kind"))
    except UnknownStep as unknown:
        known = ", ".join(Step)
        raise Refused(
            say.gettext(
                "%(field)s: “%(value)s” is no kind of event; known are %(known)s.",
                field=field,
                value=event.get("kind"),
                known=known,
            )
        ) from unknown


def _object(course: Course) -> dict[str, Any]:
    return {
        "due": None if course.due is None else course.due.astimezone(ZoneInfo(course.zone)).isoformat(),
        "elapsed_minutes": _short(course.elapsed_minutes),
        "paused_minutes": _short(course.paused_minutes),
        "state": course.state.value,
    }


def _short(minutes: float) -> float:
    return int(minutes) if minutes == int(minutes) else round(minutes, 6)


def _text(course: Course, say: Phrases) -> str:
    states = {
        "running": say.gettext("The clock is running."),
        "paused": say.gettext("The clock is paused; it falls due once it goes on."),
        "met": say.gettext("Done in time."),
        "met_late": say.gettext("Done, but late."),
        "breached": say.gettext("Overdue."),
        "cancelled": say.gettext("No longer owed."),
    }
    lines = [states[course.state.value]]
    if course.due is not None:
        due = course.due.astimezone(ZoneInfo(course.zone)).isoformat(" ", "minutes")
        lines.append(say.gettext("Due: %(due)s (%(zone)s)", due=due, zone=course.zone))
    used, paused = (
        f"{minutes:g}" for minutes in (_short(course.elapsed_minutes), _short(course.paused_minutes))
    )
    lines.append(say.gettext("Used: %(used)s min, paused: %(paused)s min", used=used, paused=paused))
    return "\n".join(lines)


def _refuse(message: str) -> int:
    print(f"otklik sla: {' '.join(message.split())}", file=sys.stderr)
    return BAD_INPUT
