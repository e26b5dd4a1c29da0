"""What the closed lists of the partner CRM, its fields and its refusals are called on screen."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from otklik.partners.rules.vocabulary import (
    AddressKind,
    Authority,
    Consent,
    ContactRole,
    Influence,
    ItemKind,
    PartnerStatus,
    PreferredChannel,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Word = TypeVar("Word", bound=StrEnum)

STATUS: dict[PartnerStatus, Promise] = {
    PartnerStatus.APPLICANT: pgettext_lazy("partner status", "applicant"),
    PartnerStatus.ACTIVE: pgettext_lazy("partner status", "active"),
    PartnerStatus.PAUSED: pgettext_lazy("partner status", "paused"),
    PartnerStatus.LEFT: pgettext_lazy("partner status", "left"),
}
# Tones of the house's style sheet; a word always stands beside the colour.
STATUS_TONES: dict[PartnerStatus, str] = {
    PartnerStatus.APPLICANT: "main",
    PartnerStatus.ACTIVE: "good",
    PartnerStatus.PAUSED: "care",
    PartnerStatus.LEFT: "bad",
}
ITEM_KINDS: dict[ItemKind, Promise] = {
    ItemKind.PRODUCT: _("Products"),
    ItemKind.PROJECT: _("Projects"),
    ItemKind.NEED: _("Needs"),
}
AUTHORITY: dict[Authority, Promise] = {
    Authority.UNKNOWN: pgettext_lazy("decision authority", "not known"),
    Authority.NONE: pgettext_lazy("decision authority", "does not decide"),
    Authority.SHARED: pgettext_lazy("decision authority", "decides with others"),
    Authority.FINAL: pgettext_lazy("decision authority", "has the final say"),
}
INFLUENCE: dict[Influence, Promise] = {
    Influence.UNKNOWN: pgettext_lazy("influence", "not known"),
    Influence.LOW: pgettext_lazy("influence", "low"),
    Influence.MEDIUM: pgettext_lazy("influence", "medium"),
    Influence.HIGH: pgettext_lazy("influence", "high"),
}
ROLE: dict[ContactRole, Promise] = {
    ContactRole.DECISION_MAKER: _("decision-maker"),
    ContactRole.INFLUENCER: _("influencer"),
    ContactRole.END_USER: _("end user"),
    ContactRole.UNKNOWN: pgettext_lazy("contact role", "not known"),
}
ROLE_TONES: dict[ContactRole, str] = {
    ContactRole.DECISION_MAKER: "main",
    ContactRole.INFLUENCER: "care",
    ContactRole.END_USER: "good",
    ContactRole.UNKNOWN: "plain",
}
ADDRESS_KINDS: dict[AddressKind, Promise] = {
    AddressKind.EMAIL: _("E-mail"),
    AddressKind.PHONE: _("Phone"),
    AddressKind.TELEGRAM: _("Telegram"),
}
CONSENT: dict[Consent, Promise] = {
    Consent.UNKNOWN: pgettext_lazy("consent", "not asked"),
    Consent.GIVEN: pgettext_lazy("consent", "given"),
    Consent.WITHDRAWN: pgettext_lazy("consent", "withdrawn"),
}
CHANNEL: dict[PreferredChannel, Promise] = {
    PreferredChannel.EMAIL: _("e-mail"),
    PreferredChannel.PHONE: _("phone"),
    PreferredChannel.TELEGRAM: _("Telegram"),
    PreferredChannel.CHAT: _("chat"),
    PreferredChannel.PORTAL: _("portal"),
}
FIELDS: dict[str, _StrPromise] = {
    "name": pgettext_lazy("of a partner", "Name"),
    "external_id": _("External id"),
    "status": _("Status"),
    "tier": _("Tier"),
    "segment": _("Segment"),
    "country": _("Country"),
    "language": _("Language"),
    "time_zone": _("Time zone"),
    "manager_id": _("Account manager"),
    "revenue": _("Revenue, last 12 months"),
    "contract_number": _("Contract"),
    "contract_started_on": _("Contract since"),
    "renewal_on": _("Renewal"),
    "custom": _("Custom fields"),
    "products": _("Products"),
    "projects": _("Projects"),
    "needs": _("Needs"),
    "job_title": _("Job title"),
    "authority": _("Decision authority"),
    "influence": _("Influence"),
    "role": _("Role"),
    "languages": _("Languages"),
    "preferred_channel": _("Preferred channel"),
    "preferred_hours": _("Preferred hours"),
    "addresses": _("Addresses"),
    "consent": _("Consent to be contacted"),
    "is_active": _("Works there"),
}
# Orders of the partner list; "-" turns one round.
SORTS: dict[str, Promise] = {
    "name": _("by name, A to Z"),
    "-name": _("by name, Z to A"),
    "renewal": _("renewal soonest"),
    "-renewal": _("renewal latest"),
    "-revenue": _("revenue highest"),
    "revenue": _("revenue lowest"),
    "newest": _("newest first"),
}
# Why store_partners or store_contacts did not take a row.
REFUSALS: dict[str, Promise] = {
    "name_missing": _("The row has no name."),
    "too_long": _("This value is too long."),
    "country_unknown": _("There is no such country."),
    "language_unknown": _("There is no such language."),
    "time_zone_unknown": _("There is no such time zone."),
    "revenue_out_of_range": _("This revenue is out of range."),
    "manager_unknown": _("Nobody on the staff has this e-mail address."),
    "partner_missing": _("The row names no partner."),
    "partner_unknown": _("There is no such partner in the program."),
    "partner_ambiguous": _("Several partners have this name."),
    "contact_ambiguous": _("Several contacts could be meant."),
    "email_invalid": _("This is not an e-mail address."),
    "phone_invalid": _("This is not a phone number."),
    "telegram_invalid": _("This is not a Telegram name."),
    "hours_unclear": _("Write hours like 09:00-18:00."),
}


def label(labels: Mapping[Word, Promise], word: str) -> str:
    """A word of a closed list in the active language; one that is not in it stays as it is."""
    for known, text in labels.items():
        if known == word:
            return str(text)
    return word


def choices(labels: Mapping[Word, Promise]) -> list[tuple[str, Promise]]:
    return [(word.value, text) for word, text in labels.items()]
