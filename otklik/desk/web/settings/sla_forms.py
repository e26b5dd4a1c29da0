"""What is typed about promises and working hours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from otklik.desk import labels
from otklik.desk.models import BusinessCalendar, SlaPolicy, Topic
from otklik.desk.operations.policies import NewTarget
from otklik.desk.rules.vocabulary import ClockKind, Priority
from otklik.desk.templatetags.desk_words import topic_name
from otklik.desk.web.settings.forms import DAYS
from otklik.kit.calendar import BadCalendar
from otklik.kit.calendar import describe as describe_problem
from otklik.kit.zones import ZoneField
from otklik.partners.public import Program, country_name

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PRIORITIES = ("", Priority.URGENT.value, Priority.HIGH.value, Priority.NORMAL.value, Priority.LOW.value)
_DURATION = re.compile(r"(\d{1,5})(?::([0-5]\d))?", re.ASCII)
_LINE = re.compile(r"(\S+)\s*(.*)")


class DurationField(forms.CharField):
    """Working time as hours and minutes; cleans to minutes, None where it is empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=8, **kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "class": "form-control", "placeholder": "4:00"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        found = _DURATION.fullmatch(text)
        minutes = int(found[1]) * 60 + int(found[2] or 0) if found else 0
        if not 0 < minutes <= 100_000:
            raise ValidationError(_("Write working hours and minutes: 4:30."))
        return minutes


def as_duration(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


class PolicyForm(forms.Form):
    """``targets``: by (kind, priority) → minutes, to begin with."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    program = forms.ModelChoiceField(
        label=_("Program"),
        queryset=Program.objects.all(),
        required=False,
        empty_label=_("Every program"),
    )
    tiers = forms.CharField(
        label=_("Tiers"),
        required=False,
        max_length=400,
        help_text=_("Separated by commas. Empty: partners of every tier, and writers nobody knows."),
    )
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics"),
        queryset=Topic.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: tickets about anything."),
    )
    calendar = forms.ModelChoiceField(label=_("Working calendar"), queryset=BusinessCalendar.objects.all())
    warn_percent = forms.IntegerField(
        label=_("Warn when so much of the time is used, %"), min_value=1, max_value=99, initial=80
    )
    before_partners_evening = forms.BooleanField(
        label=_("Answer before the partner's own evening where that can be done"), required=False
    )
    reopen_begins_anew = forms.BooleanField(
        label=_("A reopened ticket gets its whole time again"), required=False
    )
    reopen_grace_minutes = forms.IntegerField(
        label=_("Otherwise at least so many minutes"), min_value=0, max_value=100_000, initial=120
    )
    close_after_days = forms.IntegerField(
        label=_("A solved ticket closes after days"), min_value=1, max_value=365, initial=14
    )
    return_after_minutes = forms.IntegerField(
        label=_("A ticket whose owner is silent comes back after minutes"),
        min_value=0,
        max_value=100_000,
        initial=0,
        help_text=_("0: never."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    PLAIN = (
        "name",
        "program",
        "calendar",
        "before_partners_evening",
        "reopen_begins_anew",
        "reopen_grace_minutes",
        "close_after_days",
        "return_after_minutes",
        "is_active",
    )

    def __init__(self, data: Any = None, *, policy: SlaPolicy | None = None) -> None:
        super().__init__(data, initial=self._initial(policy) if policy is not None else None)
        topics: Any = self.fields["topics"]
        topics.label_from_instance = topic_name
        known = {(t.kind, t.priority): t.minutes for t in policy.targets.all()} if policy is not None else {}
        for kind in ClockKind:
            for priority in PRIORITIES:
                minutes = known.get((kind.value, priority))
                self.fields[_target(kind, priority)] = DurationField(
                    label=f"{labels.label(labels.CLOCK, kind)}: {priority_label(priority)}",
                    initial=as_duration(minutes) if minutes else "",
                )

    def _initial(self, policy: SlaPolicy) -> dict[str, Any]:
        warned = [target.warn_percent for target in policy.targets.all()]
        return {
            **{name: getattr(policy, name) for name in self.PLAIN},
            "tiers": ", ".join(policy.tiers),
            "topics": policy.topics.all(),
            "warn_percent": min(warned, default=80),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not list(self.targets()):
            self.add_error(None, _("Promise something: give at least one time."))
        return cleaned

    def general_fields(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in self.fields if not name.startswith("target-"))

    def target_rows(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for kind in ClockKind:
            yield (
                labels.label(labels.CLOCK, kind),
                [self[_target(kind, priority)] for priority in PRIORITIES],
            )

    def target_heads(self) -> list[str]:
        return [priority_label(priority) for priority in PRIORITIES]

    def plain(self) -> dict[str, Any]:
        tiers = [tier.strip() for tier in self.cleaned_data["tiers"].split(",")]
        return {**{name: self.cleaned_data[name] for name in self.PLAIN}, "tiers": [t for t in tiers if t]}

    def targets(self) -> Iterator[NewTarget]:
        for kind in ClockKind:
            for priority in PRIORITIES:
                minutes = self.cleaned_data.get(_target(kind, priority))
                if minutes:
                    yield NewTarget(kind, priority, minutes, self.cleaned_data["warn_percent"])


def _target(kind: ClockKind, priority: str) -> str:
    return f"target-{kind}-{priority or 'any'}"


def priority_label(priority: str) -> str:
    return labels.label(labels.PRIORITY, priority) if priority else gettext("Any priority")


def country_choices() -> list[tuple[str, str]]:
    """Countries whose holidays are known, by name."""
    from holidays.registry import EntityLoader  # names alone: listing the countries would import each of them

    known = {code for code in EntityLoader.get_country_codes() if len(code) == 2}
    return sorted(((code, country_name(code)) for code in known), key=lambda pair: pair[1])


class CalendarForm(forms.Form):
    """Reads and writes the definition of a calendar; what it has no field for (parts of countries, an .ics
    file) stays as it was."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    zone = ZoneField(label=_("Time zone"))
    country = forms.ChoiceField(
        label=_("Closed on the public holidays of"),
        required=False,
        choices=lambda: [("", gettext("no country")), *country_choices()],
    )
    production_calendar = forms.BooleanField(
        label=_("Russian production calendar: transferred days off, worked Saturdays, shortened days"),
        required=False,
    )
    overrides = forms.CharField(
        label=_("Single days"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 5, "placeholder": "2026-12-30 09:00-13:00\n2026-12-31"}),
        help_text=_("One a line: the date and its hours; without hours it is closed."),
    )
    field_order = ["name", "zone", *(f"day-{day}" for day in WEEKDAYS)]

    def __init__(self, data: Any = None, *, row: BusinessCalendar | None = None) -> None:
        self._before: Mapping[str, Any] = row.definition if row is not None else {}
        super().__init__(data, initial=self._initial(row))
        for day, label in zip(WEEKDAYS, DAYS, strict=True):
            self.fields[f"day-{day}"] = forms.CharField(
                label=label, required=False, max_length=200, initial=", ".join(self._hours().get(day, ()))
            )
            self.fields[f"day-{day}"].widget.attrs["placeholder"] = "09:00-13:00, 14:00-18:00"
        self.order_fields(self.field_order)

    def _initial(self, row: BusinessCalendar | None) -> dict[str, Any]:
        if row is None:
            return {}
        overrides = self._before.get("overrides", {})
        return {
            "name": row.name,
            "zone": self._before.get("zone", "UTC"),
            "country": next(iter(self._countries()), ""),
            "production_calendar": self._before.get("production_calendar") == "RU",
            "overrides": "\n".join(
                f"{day} {', '.join(windows)}".strip() for day, windows in sorted(overrides.items())
            ),
        }

    def _countries(self) -> list[str]:
        return [one for one in self._before.get("holidays", ()) if len(one) == 2]

    def _hours(self) -> dict[str, list[str]]:
        """By single day, of definitions that may say mon-fri."""
        weekly = self._before.get("weekly", {}) if self._before else {"mon-fri": ["09:00-18:00"]}
        found: dict[str, list[str]] = {}
        for name, windows in weekly.items():
            first, _dash, last = name.lower().replace(" ", "").partition("-")
            for day in WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last or first) + 1]:
                found[day] = windows
        return found

    def definition(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        rest = [one for one in self._before.get("holidays", ()) if one not in self._countries()]
        found: dict[str, Any] = {
            **{key: self._before[key] for key in ("ics",) if key in self._before},
            "zone": cleaned["zone"],
            "weekly": {day: _windows(cleaned[f"day-{day}"]) for day in WEEKDAYS if cleaned[f"day-{day}"]},
        }
        if holidays_of := [*filter(None, [cleaned["country"]]), *rest]:
            found["holidays"] = holidays_of
        if cleaned["production_calendar"]:
            found["production_calendar"] = "RU"
        lines = [_LINE.fullmatch(line.strip()) for line in cleaned["overrides"].splitlines() if line.strip()]
        if overrides := {line[1]: _windows(line[2]) for line in lines if line}:
            found["overrides"] = overrides
        return found

    def complain(self, error: BadCalendar) -> None:
        """At the field it is about, by the name that the reader sees."""
        place, _dot, detail = error.field.partition(".")
        name = {"weekly": f"day-{detail}", "holidays": "country"}.get(place, place)
        field = self.fields.get(name)
        said = (
            detail if place == "overrides" and detail else str(field.label if field else self["name"].label)
        )
        problem = BadCalendar(said, error.problem, error.value)
        self.add_error(name if field else None, describe_problem(problem, gettext))


def _windows(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
