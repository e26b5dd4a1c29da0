"""What is typed into a wave's plan. The form checks shapes; rules and operations decide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from otklik.feedback.models import Survey, Wave
from otklik.feedback.operations.series import Repeat
from otklik.feedback.rules.plans import OWN_EVENTS, TICKET_SOLVED, Plan, read_plan
from otklik.feedback.rules.recurrence import Every
from otklik.feedback.rules.sampling import Dimension
from otklik.feedback.rules.vocabulary import ADDED_FOR, REMOVED_FOR, SurveyKind, WaveMode
from otklik.feedback.web.waves.words import EVENTS, EVERY, REASONS
from otklik.identity.public import active_managers, staff_choices
from otklik.partners.public import ROLE, ContactRole, Partner, country_name, label

_MOMENT = "%Y-%m-%dT%H:%M"
_MOST_QUOTAS = 40
_BY_MODE = {
    WaveMode.WAVE: ("total", "spread_hours", "renewal_days", "starts_at", "repeats", "wished"),
    WaveMode.ROLLING: ("every_days", "per_day", "spread_hours", "renewal_days", "wished"),
    WaveMode.EVENT: ("event", "delay_hours"),
    WaveMode.HAND: (),
}


def _many(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


def _number(label: Any, help_text: Any = "", *, least: int = 0, most: int = 10_000_000) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=least, max_value=most, help_text=help_text
    )


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT)
    return forms.DateTimeField(label=label, required=False, help_text=help_text, widget=widget)


class RemindersField(forms.CharField):
    """ "3, 7" as [3, 7]."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        parts = re.split(r"[\s,;]+", str(value or "").strip())
        try:
            return [int(part) for part in parts if part]
        except ValueError:
            raise forms.ValidationError(_("Write numbers of days with commas between: 3, 7")) from None


class PlanForm(forms.Form):
    """Fields a mode has no use for are not there."""

    name = forms.CharField(label=_("Name of the wave"), max_length=160)
    event = forms.CharField(
        label=_("Event"),
        max_length=60,
        initial=TICKET_SOLVED,
        widget=forms.TextInput({"list": "known-events", "autocomplete": "off"}),
        help_text=_(
            "ticket.solved, payout.paid, onboarding.finished and application.approved are noticed by "
            "themselves; any other name is one that your systems send to the API."
        ),
    )
    delay_hours = _number(
        _("Hours after the event"), _("Then the next business hour where the person lives."), most=2160
    )
    every_days = _number(
        _("Days before the same person is asked again"),
        _("Everybody comes once in so many days, a share of them each day."),
        least=1,
        most=1000,
    )
    per_day = _number(_("People a day"), _("Empty: so many that everybody comes once in that time."))
    total = _number(_("People in all"), _("Empty: everybody whom the quotas leave."))
    renewal_days = _number(_("Only partners whose renewal is due within so many days"), least=1, most=1000)
    wished = forms.FloatField(
        label=_("Wished precision, points of NPS up or down"),
        required=False,
        min_value=0.5,
        max_value=100,
        help_text=_("The preview says how many answers that takes, and how long."),
    )
    roles = _many(_("Roles"))
    tiers = _many(_("Tiers"))
    segments = _many(_("Segments"))
    countries = _many(_("Countries"))
    managers = _many(_("Account managers"))
    spread_hours = _number(_("Spread the send over so many working hours"), most=336)
    reminders = RemindersField(
        label=_("Reminders, days after the invitation"),
        required=False,
        help_text=_("3, 7 means two reminders. Whoever answered gets none."),
    )
    starts_at = _moment(_("First mails leave"), _("Empty: as soon as the wave is started."))
    repeats = forms.ChoiceField(
        label=_("Repeats"),
        required=False,
        choices=[("", _("does not repeat")), *((every.value, words) for every, words in EVERY.items())],
        help_text=_(
            "With the start the next wave is made with the same plan and starts by itself on its day. Until "
            "then it can be changed, skipped or stopped."
        ),
    )
    closes_at = _moment(
        _("Closes"), _("Answers that come later are kept and marked late. Empty: until it is closed by hand.")
    )

    def __init__(self, survey: Survey, mode: WaveMode, data: Any = None, wave: Wave | None = None) -> None:
        self.mode = mode
        self.plan = read_plan(wave.plan) if wave else Plan()
        super().__init__(data, initial=self._initial(wave))
        for name in {name for names in _BY_MODE.values() for name in names} - set(_BY_MODE[mode]):
            del self.fields[name]
        if survey.kind != SurveyKind.NPS:
            self.fields.pop("wished", None)
        options = _options(survey.program_id)
        for name, choices in options.items():
            # What was chosen and has gone since stays to be seen and unticked.
            gone = [(str(v), str(v)) for v in getattr(self.plan, name) if str(v) not in dict(choices)]
            self.fields[name].choices = [*choices, *gone]  # type: ignore[attr-defined]
            if not choices and not gone:
                del self.fields[name]
        if mode in (WaveMode.HAND, WaveMode.EVENT):
            self.fields.pop("segments", None)
        self.quotas: list[tuple[Dimension, str, str]] = []
        if mode is WaveMode.WAVE:
            self._add_quotas(options)

    def _initial(self, wave: Wave | None) -> dict[str, Any]:
        plan = self.plan
        initial = {name: getattr(plan, name) for name in Plan.__dataclass_fields__ if name != "event"}
        initial |= {name: list(map(str, getattr(plan, name))) for name in ("managers", "roles", "tiers")}
        if wave is None:
            return initial
        closing: dict[str, Any] = {"starts_at": wave.starts_at, "closes_at": wave.closes_at}
        if wave.series is not None and wave.repeats:
            closing["repeats"] = wave.series.every
        return initial | closing | {"name": wave.name, "event": plan.event, "reminders": wave.reminders}

    def _add_quotas(self, options: dict[str, list[tuple[str, str]]]) -> None:
        sources = {Dimension.ROLE: "roles", Dimension.TIER: "tiers", Dimension.MANAGER: "managers"}
        for dimension, name in sources.items():
            for value, text in options[name][:_MOST_QUOTAS]:
                field_name = f"quota-{dimension}-{value}"
                self.fields[field_name] = _number(text)
                self.initial[field_name] = self.plan.quotas.get(dimension, {}).get(value)
                self.quotas.append((dimension, value, field_name))

    def known_events(self) -> list[tuple[str, Any]]:
        return [(name, EVENTS[name]) for name in OWN_EVENTS] if "event" in self.fields else []

    def main_fields(self) -> Iterator[BoundField]:
        return (bound for bound in self if not bound.name.startswith("quota-"))

    def quota_fields(self) -> list[tuple[Dimension, list[BoundField]]]:
        found: dict[Dimension, list[BoundField]] = {}
        for dimension, _value, name in self.quotas:
            found.setdefault(dimension, []).append(self[name])
        return list(found.items())

    def typed_repeat(self) -> Repeat | None:
        """At the hour of the day where the person who types lives."""
        every = self.cleaned_data.get("repeats")
        return Repeat(Every(every), timezone.get_current_timezone_name()) if every else None

    def typed_plan(self, seed: str) -> Plan:
        typed = self.cleaned_data
        quotas: dict[Dimension, dict[str, int]] = {}
        for dimension, value, name in self.quotas:
            if typed.get(name) is not None:
                quotas.setdefault(dimension, {})[value] = typed[name]
        given = {
            name: typed[name]
            for name in Plan.__dataclass_fields__
            if name in typed and typed[name] not in (None, "")
        }
        for name in ("roles", "tiers", "segments", "countries"):
            given[name] = tuple(typed.get(name, ()))
        given["managers"] = tuple(int(pk) for pk in typed.get("managers", ()))
        return Plan(**{**given, "quotas": quotas, "seed": seed, "taken_out": self.plan.taken_out})


class ReasonForm(forms.Form):
    why = forms.ChoiceField(label=_("Why"))

    def __init__(self, data: Any = None, *, adding: bool) -> None:
        super().__init__(data)
        reasons = ADDED_FOR if adding else REMOVED_FOR
        self.fields["why"].choices = [(why.value, REASONS[why]) for why in reasons]  # type: ignore[attr-defined]


class LastDayForm(forms.Form):
    closes_at = _moment(_("Closes"))


def _options(program_id: int) -> dict[str, list[tuple[str, str]]]:
    partners = Partner.objects.filter(program_id=program_id, erased_at=None)

    def values(field: str) -> list[str]:
        return list(partners.exclude(**{field: ""}).order_by(field).values_list(field, flat=True).distinct())

    return {
        "roles": [(role.value, str(label(ROLE, role))) for role in ContactRole],
        "tiers": [(tier, tier) for tier in values("tier")],
        "segments": [(segment, segment) for segment in values("segment")],
        "countries": [(code, country_name(code)) for code in values("country")],
        "managers": [(str(pk), name) for pk, name in staff_choices(active_managers())],
    }
