"""What people type about money. Forms only check its shape."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.kit.money import AmountProblem, BadAmount, read_amount
from otklik.payouts.labels import HOLD_REASONS
from otklik.payouts.operations.holds import LONGEST_TEXT, HoldTerms
from otklik.payouts.rules.vocabulary import HoldReason
from otklik.payouts.web.problems import AMOUNT_PROBLEMS


def day_input() -> forms.DateInput:
    # Browsers take the day of their own field in one form only, whatever the language of the page.
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


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
