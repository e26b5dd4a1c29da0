"""What is typed on the page of an alert."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from otklik.identity.public import User, staff_choices
from otklik.loop.labels import OUTCOMES, WAYS
from otklik.loop.models import Alert, RootCause
from otklik.loop.operations.working import LONGEST_WISH, Spoken
from otklik.loop.queries.owning import able_to_own
from otklik.loop.rules.vocabulary import Flow, Outcome, Way
from otklik.partners.public import Contact

MOMENT = "%Y-%m-%dT%H:%M"
WAY_CHOICES = [(way.value, WAYS[way]) for way in Way]


def moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT)


def day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class _OfAlert(forms.Form):
    """``key``: the page gives the form a name; sent twice, it does one thing once."""

    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, alert: Alert, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Several forms stand on one page.
        self.auto_id = f"{type(self).__name__.lower()}_%s"
        self.alert, self.at = alert, at
        self.fields["key"].initial = uuid.uuid4().hex

    def _now(self, name: str) -> None:
        self.fields[name].initial = timezone.localtime(self.at).replace(second=0, microsecond=0)

    def _moment(self, name: str) -> datetime:
        """The field knows no seconds: what happened in the minute of the alert happened after it."""
        typed: datetime = self.cleaned_data[name]
        opened = self.alert.opened_at
        return opened if timedelta(0) < opened - typed < timedelta(minutes=1) else typed


class SpokenForm(_OfAlert):
    way = forms.ChoiceField(label=_("How you spoke to them"), choices=WAY_CHOICES)
    happened_at = forms.DateTimeField(label=_("When"), widget=moment_input())
    contact = forms.TypedChoiceField(label=_("With whom"), required=False, coerce=int, empty_value=None)
    text = forms.CharField(
        label=_("What was said"), max_length=10_000, required=False, widget=forms.Textarea({"rows": 4})
    )
    nine = forms.CharField(
        label=_("What would make it a nine"),
        max_length=LONGEST_WISH,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("In their words. It stands among the improvements until one takes it up."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now("happened_at")
        field = self.fields["contact"]
        assert isinstance(field, forms.TypedChoiceField)
        if self.alert.flow != Flow.PASSIVE:
            del self.fields["nine"]
        field.choices = people_of(self.alert)
        field.initial = self.alert.contact_id

    def spoken(self) -> Spoken:
        said = self.cleaned_data
        moment, nine = self._moment("happened_at"), said.get("nine", "")
        return Spoken(Way(said["way"]), moment, said["text"], said["contact"], nine=nine)


class PromiseForm(_OfAlert):
    text = forms.CharField(
        label=_("What we promise"), max_length=400, help_text=_("The partner reads it in the portal.")
    )
    due_on = forms.DateField(label=_("By which day"), widget=day_input())


class SnoozeForm(_OfAlert):
    until = forms.DateTimeField(label=_("Put off until"), widget=moment_input())
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("The deadline stays where it is."))


class ToldForm(_OfAlert):
    way = forms.ChoiceField(label=_("How they were told"), choices=WAY_CHOICES)
    happened_at = forms.DateTimeField(label=_("When"), widget=moment_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now("happened_at")

    def moment(self) -> datetime:
        return self._moment("happened_at")


class AgainForm(_OfAlert):
    due_on = forms.DateField(
        label=_("Ask again on"),
        widget=day_input(),
        help_text=_("A survey that waits for “loop.closed” is sent to this person on that day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = (timezone.localtime(self.at) + timedelta(days=30)).date()


class OwnerForm(_OfAlert):
    owner = forms.TypedChoiceField(label=_("Whose alert it is"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = staff_choices(User.objects.filter(pk__in=able_to_own(self.alert)).order_by("name"))
        field.initial = self.alert.owner_id


class CloseForm(_OfAlert):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("How it ended"),
        required=False,
        choices=[("", "–"), *((outcome.value, OUTCOMES[outcome]) for outcome in Outcome)],
    )
    causes = forms.TypedMultipleChoiceField(
        label=_("Root causes"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    result = forms.CharField(
        label=_("What came of it"), max_length=4000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = list(self.alert.causes.values_list("cause_id", flat=True))
        field = self.fields["causes"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = cause_choices(self.alert.program_id, named)
        field.initial = named
        self.fields["version"].initial = self.alert.version

    def chosen_outcome(self) -> Outcome | None:
        said = self.cleaned_data["outcome"]
        return Outcome(said) if said else None


def people_of(alert: Alert) -> list[tuple[int | str, str]]:
    """Whom at the partner one may have spoken or written to."""
    if alert.partner_id is None:
        return [("", "–")]
    people = Contact.objects.filter(partner=alert.partner_id, erased_at=None).order_by("name_key")
    return [("", "–"), *people.values_list("pk", "name")[:300]]


def cause_choices(program_id: int, named: list[int]) -> list[tuple[int, str]]:
    """The tree as a list: each below its branch, "Money › The bank is slow"."""
    language = (get_language() or "en").partition("-")[0]
    rows = {cause.pk: cause for cause in RootCause.objects.filter(program_id=program_id)}

    def path(cause: RootCause) -> list[tuple[int, int, str]]:
        steps: list[tuple[int, int, str]] = []
        at: RootCause | None = cause
        while at is not None and len(steps) <= len(rows):
            steps.append((at.position, at.pk, str(at.names.get(language) or at)))
            at = rows.get(at.parent_id or 0)
        return steps[::-1]

    paths = {pk: path(cause) for pk, cause in rows.items() if cause.is_active or pk in named}
    order = sorted(paths, key=lambda pk: paths[pk])
    return [(pk, " › ".join(name for _, _, name in paths[pk])) for pk in order]
