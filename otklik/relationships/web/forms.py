from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.identity.public import staff_choices
from otklik.partners.public import AUTHORITY, INFLUENCE, Authority, Contact, Influence
from otklik.relationships.labels import CALL_STATES, INFLUENCE_KINDS, TIE_KINDS, TIE_LEVELS
from otklik.relationships.rules.vocabulary import CallState, TieLevel

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
        super().__init__(*args, **kwargs)
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
        super().__init__(*args, **kwargs)
        others = Contact.objects.filter(partner_id=contact.partner_id, erased_at=None, is_active=True)
        rows = others.exclude(pk=contact.pk).order_by("name_key", "pk").values_list("pk", "name")
        field = self.fields["target"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = list(rows[:MOST_PEOPLE])


class AssignForm(forms.Form):
    owner = forms.TypedChoiceField(label=_("Our person"), coerce=int)
    # Browsers take the day of their own field in one form only, whatever the language of the page.
    due_on = forms.DateField(label=_("By"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

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
