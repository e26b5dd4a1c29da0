"""What is typed on the pages of the desk's settings. Forms check shapes; operations decide."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from otklik.desk import labels
from otklik.desk.models import AgentProfile, Mailbox, Topic, Trigger
from otklik.desk.rules.canned import VARIABLES, BrokenBraces, UnknownVariable, variables_in
from otklik.desk.rules.vocabulary import Availability
from otklik.desk.templatetags.desk_words import topic_name
from otklik.desk.web.settings import words
from otklik.identity.public import Team, User, active_staff
from otklik.partners.public import Program

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d\Z")
LEVELS = ((0, _("no")), (1, _("reads it")), (2, _("writes it")), (3, _("native")))
DAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip


def _position() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Place in the list"),
        min_value=0,
        max_value=32_000,
        initial=100,
        help_text=_("Smaller comes first."),
    )


def in_use() -> forms.BooleanField:
    return forms.BooleanField(label=_("In use"), required=False, initial=True)


def team_field() -> forms.ModelChoiceField[Team]:
    return forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.all(), required=False, empty_label=_("No team")
    )


class _ByLanguage(forms.Form):
    """``each``: name of the field → (label, widget, longest, whether one language is needed at least)."""

    each: dict[str, tuple[Any, Any, int, bool]] = {}

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        for name, (label, widget, longest, _needed) in self.each.items():
            for code, language in settings.LANGUAGES:
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=_("%(what)s (%(language)s)") % {"what": label, "language": language},
                    max_length=longest,
                    required=False,
                    widget=widget,
                    initial=(initial or {}).get(name, {}).get(code, ""),
                )

    def texts(self, name: str) -> dict[str, str]:
        found = {code: self.cleaned_data.get(f"{name}_{code}", "") for code, _language in settings.LANGUAGES}
        return {code: text.replace("\r\n", "\n") for code, text in found.items() if text.strip()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, (*_rest, needed) in self.each.items():
            if needed and not self.errors and not self.texts(name):
                self.add_error(f"{name}_{settings.LANGUAGES[0][0]}", _("Fill in at least one language."))
        return cleaned


class TopicSettingsForm(_ByLanguage):
    each = {
        "names": (pgettext_lazy("of a thing", "Name"), forms.TextInput(), 120, True),
        "notes": (_("What partners are told"), forms.Textarea({"rows": 3}), 2_000, False),
        "questions": (
            _("What partners are asked, a question a line"),
            forms.Textarea({"rows": 3}),
            1_600,
            False,
        ),
    }

    key = forms.CharField(
        label=_("Key"),
        max_length=40,
        validators=[validate_slug],
        help_text=_("A short word in Latin letters, for forms and the API."),
    )
    team = team_field()
    weight = forms.IntegerField(
        label=_("Weight"),
        min_value=-100,
        max_value=100,
        initial=0,
        help_text=_("Points that the topic adds to the priority of a ticket; 20 is much."),
    )
    blocks_money = forms.BooleanField(label=_("The partner's money is blocked"), required=False)
    is_offered = forms.BooleanField(
        label=_("Partners choose it themselves"),
        required=False,
        initial=True,
        help_text=_("Where they ask in the portal, and in its list of whom to ask."),
    )
    owner = forms.ModelChoiceField(
        label=_("Whom partners are told it belongs to"),
        queryset=active_staff(),
        required=False,
        empty_label=_("Nobody by name"),
        help_text=_("Who answers a ticket is decided by routing, not by this."),
    )
    procedure_url = forms.URLField(
        label=_("Page that tells step by step how it goes"),
        max_length=500,
        required=False,
        assume_scheme="https",
    )
    position = _position()
    is_active = in_use()
    field_order = ["key", "names_ru", "names_en", "team", "weight", "blocks_money", "is_offered", "owner"]


class CannedForm(_ByLanguage):
    each = {"texts": (_("Text"), forms.Textarea({"rows": 7}), 20_000, True)}

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    shortcut = forms.CharField(label=_("Shortcut"), max_length=40, required=False, validators=[validate_slug])
    topic = forms.ModelChoiceField(
        label=_("Topic"), queryset=Topic.objects.all(), required=False, empty_label=_("For any topic")
    )
    is_active = in_use()
    field_order = ["name", "shortcut", "topic", "texts_ru", "texts_en"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic: Any = self.fields["topic"]
        topic.label_from_instance = topic_name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for code, text in self.texts("texts").items():
            try:
                variables_in(text)
            except UnknownVariable as found:
                name, nearest, _all = found.args
                hint = _("There is no variable “%(name)s”. Did you mean “%(nearest)s”?")
                plain = _("There is no variable “%(name)s”. Those there are stand beside the text.")
                text_of = hint if nearest else plain
                self.add_error(f"texts_{code}", text_of % {"name": name, "nearest": nearest})
            except BrokenBraces as found:
                where = _("Braces are left open or closed twice near “%(text)s”.")
                self.add_error(f"texts_{code}", where % {"text": found.args[0]})
        return cleaned

    @property
    def variables(self) -> tuple[str, ...]:
        return VARIABLES


class MacroForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    position = _position()
    is_active = in_use()


class TriggerForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    when = forms.ChoiceField(
        label=_("When is it looked at?"),
        choices=[
            (Trigger.When.EVENT, _("When something happens in a ticket")),
            (Trigger.When.TIME, _("Every few minutes, because time has passed")),
        ],
        widget=forms.RadioSelect,
        initial=Trigger.When.EVENT,
    )
    events = forms.MultipleChoiceField(
        label=_("What happens in the ticket"),
        choices=list(words.EVENT.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("For a rule about time this is left out."),
    )
    position = _position()


class WebFormForm(_ByLanguage):
    each = {
        "titles": (_("Heading"), forms.TextInput(), 200, True),
        "introductions": (_("Words above the form"), forms.Textarea({"rows": 3}), 4000, False),
    }

    slug = forms.CharField(
        label=_("Address"),
        max_length=60,
        validators=[validate_slug],
        help_text=_("The form is at /ask/ and this word."),
    )
    program = forms.ModelChoiceField(label=_("Program"), queryset=Program.objects.all(), empty_label=None)
    mailbox = forms.ModelChoiceField(
        label=_("Answers leave from"),
        queryset=Mailbox.objects.all(),
        required=False,
        empty_label=_("any mailbox of the program"),
    )
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics to choose from"),
        queryset=Topic.objects.filter(is_active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    asks_for_phone = forms.BooleanField(label=_("Offer a call back"), required=False, initial=True)
    is_active = in_use()
    field_order = ["slug", "program", "mailbox", "titles_ru", "titles_en"]

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        topics: Any = self.fields["topics"]
        topics.label_from_instance = topic_name


class ProfileForm(forms.Form):
    """``hours_<day>``: "09:00-13:00, 14:00-18:00"; all empty: always."""

    takes_tickets = forms.BooleanField(label=_("Gets tickets by routing"), required=False)
    capacity = forms.IntegerField(label=_("Open tickets at once"), min_value=0, max_value=1000, initial=15)
    topics = forms.ModelMultipleChoiceField(
        label=_("Knows these topics"),
        queryset=Topic.objects.filter(is_active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    signature = forms.CharField(
        label=_("Own signature"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, data: Any = None, *, profile: AgentProfile, is_own: bool) -> None:
        names = ("takes_tickets", "capacity", "signature")
        known = {name: getattr(profile, name) for name in names}
        if profile.pk is not None:
            known["topics"] = list(profile.topics.all())
        super().__init__(data, initial=known)
        topics: Any = self.fields["topics"]
        topics.label_from_instance = topic_name
        for code, language in settings.LANGUAGES:
            self.fields[f"language_{code}"] = forms.TypedChoiceField(
                label=language, choices=LEVELS, coerce=int, initial=profile.languages.get(code, 0)
            )
        for day, label in zip(_DAYS, DAYS, strict=True):
            self.fields[f"hours_{day}"] = forms.CharField(
                label=label,
                required=False,
                max_length=60,
                initial=", ".join(profile.hours.get(day, [])),
                widget=forms.TextInput({"placeholder": "09:00-18:00", "inputmode": "numeric"}),
            )
        if is_own:
            # How much somebody gets, and whether, is said by whoever plans the work.
            del self.fields["takes_tickets"], self.fields["capacity"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for day in _DAYS:
            for window in _windows(cleaned.get(f"hours_{day}", "")):
                if not _WINDOW.match(window) or window.split("-")[0] == window.split("-")[1]:
                    self.add_error(f"hours_{day}", _("Write it as 09:00-18:00; several with commas between."))
                    break
        return cleaned

    def values(self) -> dict[str, Any]:
        """Fields of the profile, but for its topics."""
        cleaned = self.cleaned_data
        levels = {code: cleaned[f"language_{code}"] for code, _language in settings.LANGUAGES}
        hours = {day: _windows(cleaned[f"hours_{day}"]) for day in _DAYS}
        names = ("takes_tickets", "capacity", "signature")
        plain: dict[str, Any] = {name: cleaned[name] for name in names if name in cleaned}
        return {
            **plain,
            "languages": {code: level for code, level in levels.items() if level},
            "hours": {day: windows for day, windows in hours.items() if windows},
        }


def _windows(text: str) -> list[str]:
    return [part.strip().replace("–", "-").replace(" ", "") for part in text.split(",") if part.strip()]


class AbsenceForm(forms.Form):
    user = forms.ModelChoiceField(label=_("Who is away"), queryset=User.objects.none(), empty_label=None)
    starts_at = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    ends_at = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: until somebody says so."),
    )
    deputy = forms.ModelChoiceField(
        label=_("Who stands in"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("nobody: routing shares the tickets out"),
    )
    note = forms.CharField(
        label=_("Note for the deputy"), required=False, max_length=4000, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("user", "deputy"):
            field: Any = self.fields[name]
            field.queryset = active_staff()
            field.label_from_instance = lambda person: person.name


class AvailabilityForm(forms.Form):
    availability = forms.ChoiceField(
        choices=[(word.value, labels.AVAILABILITY[word]) for word in Availability]
    )
