"""What partners write on the pages of the dialogue."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from otklik.desk.public import Topic
from otklik.dialogue.public import SIDES, GoalTerms, PromiseTerms, Side
from otklik.kit.long_text import LongTextField
from otklik.kit.one_line import one_line

LONGEST, LONGEST_NOTE = 10_000, 4000


class Keyed(forms.Form):
    """The page gives the form a name; sent twice, it does one thing once."""

    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4().hex

    def line(self, name: str) -> str:
        """Without breaks and signs that nobody sees; there has to be something left."""
        if text := one_line(self.cleaned_data[name]):
            return text
        raise forms.ValidationError(_("This field is required."))


class QuestionForm(Keyed):
    text = LongTextField(label=_("Your question"), max_length=LONGEST, widget=forms.Textarea({"rows": 4}))


class IdeaForm(Keyed):
    title = forms.CharField(
        label=_("Your idea in one sentence"), max_length=160, widget=forms.TextInput({"autocomplete": "off"})
    )
    text = LongTextField(
        label=_("What would it change for you?"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )
    topic = forms.TypedChoiceField(label=_("Topic"), required=False, coerce=int, empty_value=None)
    # Set when the ideas alike have been seen.
    is_new = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "en").partition("-")[0]
        topics = Topic.objects.filter(is_active=True, is_offered=True)
        field = self.fields["topic"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            ("", "–"),
            *((one.pk, str(one.names.get(language) or one.names.get("en") or one.key)) for one in topics),
        ]

    def clean_title(self) -> str:
        return self.line("title")


class _Proposal(Keyed):
    text = forms.CharField(label=_("What it is about"), max_length=400)
    due_on = forms.DateField(label=_("By"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def clean_text(self) -> str:
        return self.line("text")


class GoalForm(_Proposal):
    measure = forms.CharField(label=_("Measured by"), max_length=200, required=False)
    target = forms.CharField(label=_("Target"), max_length=120, required=False)
    field_order = ("text", "measure", "target", "due_on", "key")

    def terms(self) -> GoalTerms:
        said = self.cleaned_data
        return GoalTerms(said["text"], said["due_on"], one_line(said["measure"]), one_line(said["target"]))


class CommitmentForm(_Proposal):
    side = forms.ChoiceField(
        label=_("Who promises"),
        choices=[(side.value, SIDES[side]) for side in (Side.THEIRS, Side.OURS)],
        initial=Side.THEIRS,
        widget=forms.RadioSelect,
    )
    field_order = ("side", "text", "due_on", "key")

    def terms(self) -> PromiseTerms:
        said = self.cleaned_data
        return PromiseTerms(Side(said["side"]), said["text"], said["due_on"])


class StepForm(forms.Form):
    """A step that a goal or a commitment takes."""

    state = forms.CharField(max_length=20)
    note = LongTextField(max_length=LONGEST_NOTE, required=False)
