"""What people at a partner type about their money. Forms only check its shape."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from otklik.payouts.public import AskedAmountForm

_LONGEST_PERIOD = 366
# Days around a period are looked at too: the calendar has to go on beyond it.
_DAYS = (MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2190, 1, 1)))


class _Keyed(forms.Form):
    """``key``: the same form twice is one thing."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid4


class AskForm(_Keyed, AskedAmountForm):
    field_order = ("currency", "amount", "key")


class FiguresForm(_Keyed):
    file = forms.FileField(
        label=_("Your statistics"),
        allow_empty_file=True,  # reading it says so in better words
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_(
            "CSV or XLSX as your system writes it. A date and an amount are needed; an order’s number, a "
            "source and a currency are read where they are there."
        ),
    )
    start = forms.DateField(
        label=_("From"), validators=_DAYS, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    end = forms.DateField(
        label=_("To, this day included"),
        validators=_DAYS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    currency = forms.ChoiceField(label=_("Currency"))

    field_order = ("file", "start", "end", "currency", "key")

    def __init__(self, *args: Any, currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["currency"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(code, code) for code in currencies]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if {"start", "end"} <= cleaned.keys():
            if cleaned["end"] < cleaned["start"]:
                self.add_error("end", str(_("The period ends before it begins.")))
            elif (cleaned["end"] - cleaned["start"]).days > _LONGEST_PERIOD:
                self.add_error("end", str(_("This is more than a year. Compare a shorter period.")))
        return cleaned
