from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.translation import gettext_lazy as _

from otklik.kit.zones import ZoneField
from otklik.portal.models import PortalAccount


class ProfileForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    zone = ZoneField(label=_("Time zone"), help_text=_("All times here are shown in it."))


class PasswordChangeForm(forms.Form):
    """``current`` is asked for where there is a password already, unless the person may have forgotten it."""

    current = forms.CharField(
        label=_("Current password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(
        self, data: Any = None, *, account: PortalAccount, addresses: list[str], asks_current: bool
    ) -> None:
        super().__init__(data)
        self._account, self._addresses = account, addresses
        self.fields["new"].help_text = " ".join(map(str, password_validators_help_texts()))
        if not asks_current:
            del self.fields["current"]

    def clean_current(self) -> str:
        said = str(self.cleaned_data["current"])
        if not check_password(said, self._account.password):
            raise forms.ValidationError(_("This is not your current password."))
        return said

    def clean_new(self) -> str:
        said = str(self.cleaned_data["new"])
        for address in self._addresses or [""]:
            validate_password(said, _Person(address, self._account.contact.name))  # type: ignore[arg-type]
        return said


class PasskeyNameForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the device"),
        max_length=80,
        required=False,
        help_text=_("So that you know it again."),
    )


class _Person(SimpleNamespace):
    """What Django's validators compare a password with."""

    def __init__(self, email: str, name: str) -> None:
        first, _space, last = name.partition(" ")
        super().__init__(email=email, username=email, first_name=first, last_name=last)

    @property
    def _meta(self) -> Any:
        return PortalAccount._meta
