from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.partners.public import AddressKind, BadAddress, normalise_address


class AddressForm(forms.Form):
    email = forms.CharField(
        label=_("Your work e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email"}),
    )
    next = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)

    def clean_email(self) -> str:
        try:
            return normalise_address(AddressKind.EMAIL, self.cleaned_data["email"])
        except BadAddress:
            raise forms.ValidationError(_("This is no e-mail address. Check it, please.")) from None


class PasswordForm(AddressForm):
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The page has the other form as well: every field needs an id of its own.
        super().__init__(*args, **{"auto_id": "with-%s", **kwargs})
