from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.api.labels import SCOPES
from otklik.api.rules.scopes import Scope

LIFETIMES = [(30, _("30 days")), (90, _("90 days")), (365, _("a year"))]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What is it for?"),
        max_length=120,
        help_text=_("The program or person that will use it, for example “CRM export”."),
    )
    scopes = forms.TypedMultipleChoiceField(
        label=_("It may"),
        choices=[(scope.value, label) for scope, label in SCOPES.items()],
        coerce=Scope,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that the token may do.")},
    )
    days = forms.TypedChoiceField(label=_("Valid for"), choices=LIFETIMES, coerce=int, initial=90)
