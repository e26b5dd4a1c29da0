from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from otklik.identity.public import staff_choices
from otklik.partners.public import (
    AUTHORITY,
    INFLUENCE,
    ROLE,
    Authority,
    Contact,
    ContactRole,
    Influence,
    Program,
)
from otklik.relationships.labels import CALL_STATES, INFLUENCE_KINDS, TIE_KINDS, TIE_LEVELS
from otklik.relationships.operations.coverage import LONGEST_MONTHS, MOST_WANTED
from otklik.relationships.rules.coverage import STANDARD, Wanted
from otklik.relationships.rules.vocabulary import CallState, Role, TieLevel

MOST_PEOPLE = 500


class PlaceForm(forms.Form):
    authority = forms.TypedChoiceField(
        label=_("Decides"), coerce=Authority, choices=[(word.value, said) for word, said in AUTHORITY.items()]
    )
    influence = forms.TypedChoiceField(
        label=_("Influence"),
        coerce=Influence,
        choices=[(word.value, said) for word, said in INFLUENCE.items()],
    )


class TieForm(forms.Form):
    user = forms.TypedChoiceField(label=_("Our person"), coerce=int)
    kind = forms.ChoiceField(
        label=_("What binds them"), choices=[(word.value, said) for word, said in TIE_KINDS.items()]
    )
    level = forms.ChoiceField(
        label=_("How close, as you judge it"),
        choices=[(word.value, said) for word, said in TIE_LEVELS.items() if word is not TieLevel.UNKNOWN],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "tie-%s"} | kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = staff_choices()


class LineForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What kind of influence"),
        choices=[(word.value, said) for word, said in INFLUENCE_KINDS.items()],
    )
    target = forms.TypedChoiceField(label=_("On whom"), coerce=int)

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "line-%s"} | kwargs)
        others = Contact.objects.filter(partner_id=contact.partner_id, erased_at=None, is_active=True)
        rows = others.exclude(pk=contact.pk).order_by("name_key", "pk").values_list("pk", "name")
        field = self.fields["target"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = list(rows[:MOST_PEOPLE])


def day_input() -> forms.DateInput:
    # Browsers take the day of their own field in one form only, whatever the language of the page.
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class AssignForm(forms.Form):
    owner = forms.TypedChoiceField(label=_("Our person"), coerce=int)
    due_on = forms.DateField(label=_("By"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = staff_choices()


class CloseForm(forms.Form):
    state = forms.ChoiceField(
        label=_("What became of it"),
        choices=[(word.value, said) for word, said in CALL_STATES.items() if word is not CallState.OPEN],
        widget=forms.RadioSelect,
        initial=CallState.DONE.value,
    )
    note = forms.CharField(
        label=_("A word about it"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )


class PlanForm(forms.Form):
    text = forms.CharField(
        label=_("Our own goals: what we mean to reach here, and how"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("The partner does not read this. What is shared with them stands below."),
    )
    next_review_on = forms.DateField(label=_("Next review"), required=False, widget=day_input())
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class ActionForm(forms.Form):
    text = forms.CharField(label=_("What is to be done"), max_length=400)
    owner = forms.TypedChoiceField(label=_("Our person"), coerce=int)
    contact = forms.TypedChoiceField(label=_("Their person"), coerce=int, required=False, empty_value=None)
    due_on = forms.DateField(label=_("By"), widget=day_input())
    # The page gives the form a name; sent twice, it does one thing once.
    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, partner_id: int, **kwargs: Any) -> None:
        # The plan above it has a text as well.
        super().__init__(*args, **{"auto_id": "action-%s"} | kwargs)
        self.fields["key"].initial = uuid.uuid4().hex
        people = Contact.objects.filter(partner_id=partner_id, erased_at=None, is_active=True)
        rows = people.order_by("name_key", "pk").values_list("pk", "name")
        for name, choices in (("owner", staff_choices()), ("contact", [("", "–"), *rows[:MOST_PEOPLE]])):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = choices


class ReviewForm(forms.Form):
    quarter = forms.TypedChoiceField(label=_("Quarter"), coerce=date.fromisoformat)
    words = forms.CharField(
        label=_("In words: what was agreed, what comes next"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(self, *args: Any, quarters: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["quarter"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(first.isoformat(), quarter_words(first)) for first in reversed(quarters)]


def quarter_words(first: date) -> str:
    words = pgettext("quarter of a year", "Q%(number)s %(year)s")
    return words % {"number": (first.month + 2) // 3, "year": first.year}


class ContractForm(forms.Form):
    """A pair of fields for each role: so many known, so many of them asked in time."""

    program = forms.ModelChoiceField(label=_("Program"), queryset=Program.objects.none())
    tier = forms.CharField(
        label=_("Tier"), required=False, max_length=40, help_text=_("Empty: every tier without its own.")
    )
    months = forms.IntegerField(
        label=_("Asked within so many months"), min_value=1, max_value=LONGEST_MONTHS, initial=6
    )

    def __init__(self, *args: Any, programs: QuerySet[Program], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["program"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = programs
        for role, wanted in STANDARD.roles.items():
            name = ROLE[ContactRole(role)]
            for what, label, initial in (
                ("known", _("%(role)s: known"), wanted.known),
                ("asked", _("%(role)s: asked in time"), wanted.asked),
            ):
                self.fields[f"{role}_{what}"] = forms.IntegerField(
                    label=_of_a_role(label, name),
                    min_value=0,
                    max_value=MOST_WANTED,
                    initial=initial,
                )

    def needs(self) -> dict[Role, Wanted]:
        said = self.cleaned_data
        return {role: Wanted(said[f"{role}_known"], said[f"{role}_asked"]) for role in STANDARD.roles}


def _of_a_role(label: Any, role: Any) -> str:
    """Put together while the page is made, in its language."""
    words = str(label) % {"role": role}
    return words[:1].upper() + words[1:]
