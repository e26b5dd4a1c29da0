"""What people type about partners and contacts. Forms only check its shape; operations decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from otklik.identity.public import active_managers, staff_choices
from otklik.kit.zones import ZoneField, zone_choices
from otklik.partners import labels
from otklik.partners.models import Program
from otklik.partners.queries import country_choices, language_choices, language_name
from otklik.partners.rules.addresses import BadAddress, normalise_address
from otklik.partners.rules.hours import BadHours, normalise_hours
from otklik.partners.rules.places import UnknownPlace, language_code
from otklik.partners.rules.vocabulary import AddressKind, ItemKind

NOBODY = "0"


def _with_blank(blank: Any, choices: Any) -> list[tuple[Any, Any]]:
    return [("", blank), *choices]


def country_options() -> list[tuple[Any, Any]]:
    return _with_blank(_("not known"), country_choices())


def language_options() -> list[tuple[Any, Any]]:
    return _with_blank(_("not known"), language_choices())


def zone_options() -> list[tuple[Any, Any]]:
    return _with_blank(_("as the partner"), zone_choices())


def channel_options() -> list[tuple[Any, Any]]:
    return _with_blank(pgettext_lazy("channel", "any"), labels.choices(labels.CHANNEL))


def manager_options() -> list[tuple[Any, Any]]:
    return [(NOBODY, pgettext_lazy("account manager", "nobody yet")), *staff_choices(active_managers())]


class CustomFields(forms.CharField):
    """Lines of "name: value" as a dictionary."""

    widget = forms.Textarea({"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{name}: {said}" for name, said in value.items())
        return value

    def clean(self, value: Any) -> dict[str, str]:
        pairs = {}
        for line in super().clean(value).splitlines():
            name, colon, said = line.partition(":")
            if not line.strip():
                continue
            if not colon or not name.strip():
                raise forms.ValidationError(
                    _("Write “name: value” on each line; this line has no name: %(line)s"),
                    params={"line": line.strip()[:60]},
                )
            pairs[name.strip()] = said.strip()
        return pairs

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class LanguagesField(forms.CharField):
    """Names or codes with commas between, as a list of codes."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(language_name(code) for code in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        codes = []
        for name in (super().to_python(value) or "").split(","):
            try:
                codes.append(language_code(name))
            except UnknownPlace:
                text = _("There is no language of this name or code: %(name)s")
                raise forms.ValidationError(text, params={"name": name.strip()}) from None
        return list(dict.fromkeys(code for code in codes if code))

    def validate(self, value: Any) -> None:
        pass

    def run_validators(self, value: Any) -> None:
        super().run_validators(", ".join(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            before = self.to_python(self.prepare_value(initial))
            return bool(before != self.to_python(self.prepare_value(data)))
        except forms.ValidationError:
            return True


class HoursField(forms.CharField):
    def clean(self, value: Any) -> str:
        try:
            return normalise_hours(super().clean(value))
        except BadHours:
            raise forms.ValidationError(_("Write hours like 09:00-18:00.")) from None


def _date(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class PartnerForm(forms.Form):
    name = forms.CharField(label=labels.FIELDS["name"], max_length=200)
    status = forms.ChoiceField(label=labels.FIELDS["status"], choices=labels.choices(labels.STATUS))
    tier = forms.CharField(
        label=labels.FIELDS["tier"], max_length=40, required=False, help_text=_("For example gold or silver.")
    )
    segment = forms.CharField(label=labels.FIELDS["segment"], max_length=60, required=False)
    country = forms.ChoiceField(label=labels.FIELDS["country"], required=False, choices=country_options)
    language = forms.ChoiceField(label=labels.FIELDS["language"], required=False, choices=language_options)
    time_zone = ZoneField(label=labels.FIELDS["time_zone"], initial="UTC")
    revenue = forms.DecimalField(
        label=labels.FIELDS["revenue"],
        required=False,
        max_digits=16,
        decimal_places=2,
        help_text=_("In the program's currency."),
    )
    contract_number = forms.CharField(label=labels.FIELDS["contract_number"], max_length=80, required=False)
    contract_started_on = _date(labels.FIELDS["contract_started_on"])
    renewal_on = _date(labels.FIELDS["renewal_on"])
    external_id = forms.CharField(
        label=labels.FIELDS["external_id"],
        max_length=120,
        required=False,
        help_text=_("The partner's key in the system it comes from; imports know it by this."),
    )
    custom = CustomFields(
        label=labels.FIELDS["custom"], required=False, help_text=_("One on each line: name: value")
    )

    def __init__(self, *args: Any, shows_revenue: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not shows_revenue:
            del self.fields["revenue"]


class NewPartnerForm(PartnerForm):
    program = forms.ModelChoiceField(label=_("Program"), queryset=Program.objects.all(), empty_label=None)
    manager = forms.ChoiceField(label=_("Account manager"), choices=manager_options, required=False)
    field_order = ["name", "program", "manager"]

    def facts(self) -> dict[str, Any]:
        return {f: v for f, v in self.cleaned_data.items() if f not in ("program", "manager")}

    def manager_id(self) -> int | None:
        return int(self.cleaned_data["manager"] or 0) or None


class ManagerForm(forms.Form):
    manager = forms.ChoiceField(label=_("Account manager"), choices=manager_options)

    def manager_id(self) -> int | None:
        return int(self.cleaned_data["manager"]) or None


class ItemsForm(forms.Form):
    kind = forms.ChoiceField(
        choices=[(kind.value, kind.value) for kind in ItemKind], widget=forms.HiddenInput
    )
    names = forms.CharField(
        required=False, widget=forms.Textarea({"rows": 4}), help_text=_("One on each line.")
    )


class ContactForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=200)
    job_title = forms.CharField(label=labels.FIELDS["job_title"], max_length=160, required=False)
    languages = LanguagesField(
        label=labels.FIELDS["languages"],
        required=False,
        max_length=200,
        help_text=_("Names or codes with commas between: English, Russian."),
    )
    time_zone = ZoneField(label=labels.FIELDS["time_zone"], required=False, choices=zone_options)
    preferred_channel = forms.ChoiceField(
        label=labels.FIELDS["preferred_channel"], required=False, choices=channel_options
    )
    preferred_hours = HoursField(
        label=labels.FIELDS["preferred_hours"],
        required=False,
        max_length=20,
        help_text=_("In the contact's own time zone, like 09:00-18:00."),
    )
    external_id = forms.CharField(label=labels.FIELDS["external_id"], max_length=120, required=False)
    is_active = forms.BooleanField(label=_("Still works at the partner"), required=False, initial=True)


class NewContactForm(ContactForm):
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    authority = forms.ChoiceField(
        label=labels.FIELDS["authority"], choices=labels.choices(labels.AUTHORITY), initial="unknown"
    )
    influence = forms.ChoiceField(
        label=labels.FIELDS["influence"], choices=labels.choices(labels.INFLUENCE), initial="unknown"
    )
    field_order = ["name", "job_title", "email", "phone", "authority", "influence"]

    def clean_phone(self) -> str:
        return _cleaned_address(AddressKind.PHONE, self.cleaned_data["phone"])

    def facts(self) -> dict[str, Any]:
        apart = ("email", "phone", "authority", "influence")
        return {f: v for f, v in self.cleaned_data.items() if f not in apart}

    def addresses(self) -> list[tuple[AddressKind, str]]:
        stated = ((AddressKind.EMAIL, "email"), (AddressKind.PHONE, "phone"))
        return [(kind, self.cleaned_data[field]) for kind, field in stated if self.cleaned_data[field]]


class AddressForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=labels.choices(labels.ADDRESS_KINDS))
    value = forms.CharField(label=_("Address"), max_length=254)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "kind" in data and "value" in data:
            try:
                _cleaned_address(AddressKind(data["kind"]), data["value"])
            except forms.ValidationError as error:
                self.add_error("value", error)
        return data


class AuthorityForm(forms.Form):
    authority = forms.ChoiceField(choices=labels.choices(labels.AUTHORITY))


class InfluenceForm(forms.Form):
    influence = forms.ChoiceField(choices=labels.choices(labels.INFLUENCE))


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        required=False, choices=lambda: _with_blank(_("as the facts say"), labels.choices(labels.ROLE))
    )


class ConsentForm(forms.Form):
    consent = forms.ChoiceField(choices=labels.choices(labels.CONSENT))


class ProgramForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a partner", "Name"), max_length=120)
    currency = forms.RegexField(
        label=_("Currency"),
        regex=r"^[A-Za-z]{3}$",
        initial="EUR",
        help_text=_("Three letters, such as EUR or RUB."),
        error_messages={"invalid": _("Three letters, such as EUR or RUB.")},
    )
    managers_see_own_only = forms.BooleanField(
        label=_("Account managers see only the partners they manage"), required=False
    )

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class ErasureForm(forms.Form):
    sure = forms.BooleanField(label=_("I understand that this cannot be undone"))


class MergeForm(forms.Form):
    target = forms.IntegerField(widget=forms.HiddenInput)


_INVALID = {
    AddressKind.EMAIL: _("This is not an e-mail address."),
    AddressKind.PHONE: _("This is not a phone number."),
    AddressKind.TELEGRAM: _("This is not a Telegram name."),
}


def _cleaned_address(kind: AddressKind, value: str) -> str:
    if value:
        try:
            normalise_address(kind, value)
        except BadAddress:
            raise forms.ValidationError(_INVALID[kind]) from None
    return value
