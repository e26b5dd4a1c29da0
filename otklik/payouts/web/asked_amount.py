"""How much of a balance is asked for: the same on a partner's own page and where staff note it for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.kit.money import BadAmount, read_amount
from otklik.payouts.web.problems import AMOUNT_PROBLEMS


class AskedAmountForm(forms.Form):
    """``amount``: None for all there is."""

    currency = forms.ChoiceField(label=_("Currency"))
    amount = forms.CharField(
        label=_("Amount"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"inputmode": "decimal"}),
        help_text=_("Leave it empty to ask for all that is available."),
    )

    def __init__(self, *args: Any, currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["currency"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(code, code) for code in currencies]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        text = cleaned.get("amount", "").strip()
        cleaned["amount"] = None
        if text and "currency" in cleaned:
            try:
                cleaned["amount"] = read_amount(text, cleaned["currency"])
            except BadAmount as bad:
                self.add_error("amount", str(AMOUNT_PROBLEMS[bad.problem]))
        return cleaned
