"""What can be wrong with a calendar file, one sentence each; translated by who shows them."""

from __future__ import annotations

from collections.abc import Callable


def gettext_noop(message: str) -> str:
    """Marks a sentence for the translation catalogue and leaves it as it is."""
    return message


PROBLEMS: dict[str, str] = {
    "not_an_object": gettext_noop("%(field)s: an object in braces is expected here."),
    "not_a_list": gettext_noop("%(field)s: a list in square brackets is expected here."),
    "unknown_field": gettext_noop("%(field)s: a calendar has no such field."),
    "missing": gettext_noop("%(field)s is missing."),
    "unknown_zone": gettext_noop("%(field)s: “%(value)s” is no time zone; Europe/Moscow would be one."),
    "unknown_day": gettext_noop("%(field)s: “%(value)s” is no day of the week; write mon … sun or mon-fri."),
    "day_twice": gettext_noop("%(field)s: the hours of “%(value)s” are given twice."),
    "bad_window": gettext_noop("%(field)s: “%(value)s” are no hours; 09:00-17:00 would be."),
    "backwards": gettext_noop(
        "%(field)s: “%(value)s” ends before it begins; write a window over midnight as two, "
        "up to 24:00 and from 00:00."
    ),
    "overlap": gettext_noop("%(field)s: “%(value)s” overlaps the window before it."),
    "bad_date": gettext_noop("%(field)s: “%(value)s” is no date; 2026-12-31 would be one."),
    "unknown_country": gettext_noop("%(field)s: the public holidays of “%(value)s” are not known."),
    "no_production_calendar": gettext_noop(
        "%(field)s: there is no production calendar for “%(value)s”, only for RU."
    ),
    "bad_ics": gettext_noop("%(field)s: this is not an iCalendar file (%(value)s)."),
    "cannot_open": gettext_noop("%(field)s: the file “%(value)s” cannot be read."),
    "never_open": gettext_noop("%(field)s: the calendar is never open; give it hours on at least one day."),
}


class BadCalendar(Exception):
    """A calendar file cannot be used: `field` names the place in it, `problem` is a key of `PROBLEMS`."""

    def __init__(self, field: str, problem: str, value: object = "") -> None:
        self.field = field
        self.problem = problem
        self.value = value
        super().__init__(describe(self))


def describe(error: BadCalendar, translate: Callable[[str], str] = str) -> str:
    """The sentence for an error; `translate` turns one of this file into the reader's language."""
    return translate(PROBLEMS[error.problem]) % {"field": error.field, "value": str(error.value)[:60]}
