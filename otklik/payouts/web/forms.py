"""What people type about money. Forms only check its shape."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from otklik.kit.money import AmountProblem, BadAmount, UnknownCurrency, digits_of, read_amount
from otklik.partners.public import Program
from otklik.payouts.labels import HOLD_REASONS
from otklik.payouts.operations.holds import LONGEST_TEXT, HoldTerms
from otklik.payouts.rules.vocabulary import HoldReason
from otklik.payouts.web.problems import AMOUNT_PROBLEMS


def day_input() -> forms.DateInput:
    # Browsers take the day of their own field in one form only, whatever the language of the page.
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class BatchForm(forms.Form):
    program = forms.ModelChoiceField(Program.objects.none(), label=_("Program"), empty_label=None)
    currency = forms.CharField(label=_("Currency"), max_length=3, help_text=_("Three letters, as in EUR."))
    pay_on = forms.DateField(label=_("Pay day"), widget=day_input())
    earned_until = forms.DateField(
        label=_("Earned until"),
        widget=day_input(),
        help_text=_("What was earned later is left for the next batch."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=200,
        help_text=_("For yourselves; partners do not see it."),
    )

    def __init__(self, *args: Any, programs: QuerySet[Program], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["program"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = programs

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].strip().upper()
        try:
            digits_of(currency)
        except UnknownCurrency:
            text = _("Nobody knows this currency. Write its three letters, as in EUR.")
            raise forms.ValidationError(text) from None
        return currency

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if {"pay_on", "earned_until"} <= cleaned.keys() and cleaned["pay_on"] < cleaned["earned_until"]:
            self.add_error("pay_on", str(_("The pay day is before the end of the earnings.")))
        return cleaned


class HoldForm(forms.Form):
    currency = forms.ChoiceField(label=_("Currency"))
    amount = forms.CharField(
        label=_("Amount"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "decimal"}),
        help_text=_("Only this part waits; the rest is paid as usual."),
    )
    reason = forms.ChoiceField(
        label=_("Reason"), choices=[("", "–"), *((r.value, HOLD_REASONS[r]) for r in HoldReason)]
    )
    checking = forms.CharField(
        label=_("What is being checked"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The partner reads these words."),
    )
    decide_by = forms.DateField(
        label=_("Decision by"), widget=day_input(), help_text=_("The partner is told this day.")
    )

    def __init__(self, *args: Any, currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["currency"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(code, code) for code in currencies]
        if len(currencies) == 1:
            chosen.initial = currencies[0]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "amount" in cleaned and "currency" in cleaned:
            try:
                cleaned["amount"] = read_amount(cleaned["amount"], cleaned["currency"])
            except BadAmount as bad:
                self.add_error("amount", str(AMOUNT_PROBLEMS[bad.problem]))
            else:
                if cleaned["amount"] == 0:
                    self.add_error("amount", str(AMOUNT_PROBLEMS[AmountProblem.NEGATIVE]))
        return cleaned

    def terms(self) -> HoldTerms:
        amount: Decimal = self.cleaned_data["amount"]
        return HoldTerms(
            amount,
            HoldReason(self.cleaned_data["reason"]),
            self.cleaned_data["checking"],
            self.cleaned_data["decide_by"],
        )
