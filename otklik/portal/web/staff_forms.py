from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from otklik.portal.models import Branding, CompanySignIn
from otklik.portal.operations.branding import LARGEST_LOGO
from otklik.portal.operations.company import is_safe_place
from otklik.portal.rules.colours import NoColour, parse

_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
# Anybody can have an address there: it says nothing about who they work for.
_PUBLIC_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "yandex.ru",
        "ya.ru",
        "yandex.com",
        "mail.ru",
        "bk.ru",
        "list.ru",
        "inbox.ru",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "yahoo.com",
        "icloud.com",
        "proton.me",
        "protonmail.com",
        "gmx.com",
        "gmx.de",
        "web.de",
        "rambler.ru",
    ]
)
WELCOME = "welcome_"


class LookForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the portal"), max_length=60, required=False,
        help_text=_("Empty: the name of the program."),
    )  # fmt: skip
    accent = forms.CharField(
        label=_("Colour"), max_length=7, required=False,
        help_text=_("As #0d5c6e. Buttons and links wear it, darker or lighter where it could not be read."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    logo = forms.FileField(
        label=_("Logo"), required=False,
        help_text=_("PNG, JPEG or WebP, up to 300 kB; wide and low suits best."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )  # fmt: skip
    without_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, branding: Branding | None) -> None:
        initial: dict[str, Any] = {}
        if branding is not None:
            initial = {"name": branding.name, "accent": branding.accent}
            initial |= {f"{WELCOME}{language}": text for language, text in branding.welcome.items()}
        super().__init__(data, files, initial=initial)
        for language, name in settings.LANGUAGES:
            self.fields[f"{WELCOME}{language}"] = forms.CharField(
                label=_("Welcome at the door: %(language)s") % {"language": name},
                max_length=600,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, "lang": language}),
            )
        if branding is None or not branding.logo:
            del self.fields["without_logo"]

    def clean_accent(self) -> str:
        said = str(self.cleaned_data["accent"]).strip().lower()
        try:
            if said:
                parse(said)
        except NoColour:
            raise forms.ValidationError(_("Write it as # and six signs: #0d5c6e.")) from None
        return said

    def clean_logo(self) -> UploadedFile[bytes] | None:
        file: UploadedFile[bytes] | None = self.cleaned_data["logo"]
        if file is not None and (file.size or 0) > LARGEST_LOGO:
            raise forms.ValidationError(_("The picture is larger than 300 kB or 3000 pixels."))
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned.setdefault("without_logo", False)
        return cleaned

    def welcome(self) -> dict[str, str]:
        said = {
            code: str(self.cleaned_data.get(f"{WELCOME}{code}", "")).strip()
            for code, _name in settings.LANGUAGES
        }
        return {code: text for code, text in said.items() if text}


class CompanyForm(forms.Form):
    issuer = forms.CharField(
        label=_("Address of the provider"), max_length=500,
        help_text=_("The issuer, exactly as the provider writes it."),
        widget=forms.URLInput(attrs={"placeholder": "https://login.example.com"}),
    )  # fmt: skip
    client_id = forms.CharField(label=_("Client id"), max_length=300)
    secret = forms.CharField(
        label=_("Client secret"), max_length=1000, required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    domains = forms.CharField(
        label=_("Mail domains"), max_length=2000,
        help_text=_("Only addresses there get in. One a line: example.com"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("Switched on"), required=False, initial=True)

    def __init__(self, data: Any = None, *, company: CompanySignIn | None) -> None:
        initial: dict[str, Any] = {}
        if company is not None:
            initial = {
                "issuer": company.issuer, "client_id": company.client_id,
                "domains": "\n".join(company.domains), "is_active": company.is_active,
            }  # fmt: skip
        super().__init__(data, initial=initial)
        secret = self.fields["secret"]
        secret.required = company is None
        secret.help_text = _("Kept encrypted, and never shown.")
        if company is not None:
            secret.help_text = _("Leave it empty to keep the one there is.")

    def clean_issuer(self) -> str:
        said = str(self.cleaned_data["issuer"]).strip()
        if not is_safe_place(said) or any(sign in said for sign in " ?#@\\"):
            raise forms.ValidationError(_("This has to be an https:// address, as the provider writes it."))
        return said

    def clean_domains(self) -> list[str]:
        parts = str(self.cleaned_data["domains"]).lower().replace(",", " ").split()
        said = list(dict.fromkeys(part.removeprefix("@") for part in parts))[:50]
        if wrong := [one for one in said if not _DOMAIN.fullmatch(one)]:
            raise forms.ValidationError(_("This is no domain: %(name)s") % {"name": wrong[0][:80]})
        if public := [one for one in said if one in _PUBLIC_MAIL]:
            text = _("Anybody can have an address at %(name)s: name the company's own domain.")
            raise forms.ValidationError(text % {"name": public[0]})
        return said
