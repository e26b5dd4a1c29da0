"""What people type about automatic answers. Forms only check its shape."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.assist.labels import INTENTS, REVIEWS
from otklik.assist.operations.examples import LONGEST
from otklik.assist.rules.sentences import LANGUAGES
from otklik.assist.rules.vocabulary import Intent, Review

_INTENTS = [(intent.value, INTENTS[intent]) for intent in Intent]


class SwitchForm(forms.Form):
    in_portal = forms.BooleanField(label=_("Answer on the portal"), required=False)
    by_mail = forms.BooleanField(
        label=_("Answer by mail"),
        required=False,
        help_text=_("While this is off, the agent reads beside the ticket what could be said."),
    )


class IntentForm(forms.Form):
    in_portal = forms.BooleanField(label=_("Answer on the portal"), required=False)
    by_mail = forms.BooleanField(label=_("Answer by mail"), required=False)
    threshold = forms.FloatField(
        label=_("Answer from this likelihood on"),
        required=False,
        min_value=0.05,
        max_value=1,
        widget=forms.NumberInput({"step": "0.01", "inputmode": "decimal"}),
        help_text=_("Between 0 and 1. Empty: the one that the examples gave."),
    )


class ExampleForm(forms.Form):
    text = forms.CharField(
        label=_("A sentence as partners write it"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Without names, amounts and account numbers: examples are kept for good."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=[(code, code) for code in LANGUAGES])


class MoveForm(forms.Form):
    intent = forms.ChoiceField(label=_("What is asked"), choices=_INTENTS)


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Was the answer right?"), choices=[(review.value, REVIEWS[review]) for review in Review]
    )
    note = forms.CharField(label=_("Why"), required=False, max_length=400)
