"""What people type about staff. Forms only check its shape; what may happen is decided by operations."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.utils.translation import gettext_lazy as _

from otklik.identity.labels import ROLE_HINTS, role_choices
from otklik.identity.models import User
from otklik.identity.queries import staff_choices
from otklik.identity.rules.roles import Role
from otklik.kit.zones import ZoneField


class SignInForm(LoginForm):  # type: ignore[misc]
    """allauth's, in our words; the way to a new password stands below the card, once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Keep me signed in on this device")


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """allauth's, in our words, and made for signing in without a password unless one chooses otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Passkey name")
        alone = self.fields["passwordless"]
        alone.label, alone.initial = _("Sign in with it alone, without the password"), True
        alone.help_text = _("The device then checks that it is you: by finger, face or PIN.")


class PersonForm(forms.Form):
    """Name, language and zone: what everybody may say of themselves."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = ZoneField(label=_("Time zone"), help_text=_("Dates and times are shown in it."))


class StaffForm(PersonForm):
    """What an administrator says of somebody."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("They sign in with it."), widget=forms.EmailInput
    )
    field_order = ["name", "email", "language", "time_zone"]


class RoleBoxes(forms.CheckboxSelectMultiple):
    """Says under each role what it opens."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().create_option(name, value, *args, **kwargs) | {"hint": ROLE_HINTS[Role(value)]}


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=role_choices, required=False, widget=RoleBoxes
    )

    def chosen(self) -> list[Role]:
        return [Role(value) for value in self.cleaned_data["roles"]]


class NewStaffForm(StaffForm, RolesForm):
    field_order = ["name", "email", "language", "time_zone", "roles"]


class StartForm(StaffForm):
    """The first administrator."""

    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("You sign in with it."))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )
    field_order = ["name", "email", "password", "language", "time_zone"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "password" in data:
            person = User(email=data.get("email", ""), name=data.get("name", ""))
            try:
                validate_password(data["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Team name"), max_length=120)
    members = forms.MultipleChoiceField(
        label=_("Members"), choices=staff_choices, required=False, widget=forms.CheckboxSelectMultiple
    )
