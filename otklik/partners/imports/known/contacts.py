from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from otklik.events.public import Actor
from otklik.kit.registry import Text
from otklik.partners.imports.known.outcomes import outcomes
from otklik.partners.imports.known.words import AUTHORITY, CONSENT, INFLUENCE, ROLE
from otklik.partners.imports.rules import values
from otklik.partners.imports.rules.values import Looks
from otklik.partners.imports.targets import Field, ImportContext, ImportRow, Option, Outcome, words
from otklik.partners.operations.store.contacts import store_contacts
from otklik.partners.operations.store.rows import ContactRow
from otklik.partners.rules.vocabulary import AddressKind, Authority, Consent, ContactRole, Influence

FIELDS: tuple[Field, ...] = (
    Field(
        "name",
        _("full name"),
        values.text(200),
        words("contact, contact name, full name, person, имя, фио, контакт, контактное лицо, сотрудник"),
        example="Vera Orlova",
    ),
    Field(
        "email",
        _("e-mail"),
        values.address(AddressKind.EMAIL),
        words("mail, email address, contact email, почта, электронная почта, эл почта, емейл, имейл"),
        looks=Looks.EMAIL,
        help=_("By it a contact is known again. Several are separated by a semicolon."),
        example="vera@aurora.example",
    ),
    Field(
        "partner_external_id",
        _("partner's external id"),
        values.text(120),
        words("partner id, company id, account id, код партнёра, id партнёра, код компании"),
        example="A-17",
    ),
    Field(
        "partner_name",
        _("partner's name"),
        values.text(200),
        words(
            "partner, company, company name, account, organization, "
            "партнёр, компания, организация, название партнёра, контрагент"
        ),
        example="Aurora",
    ),
    Field(
        "external_id",
        _("external id"),
        values.text(120),
        words("id, contact id, user id, uid, код, ид, код контакта"),
        help=_("The contact's key in the system the file comes from."),
    ),
    Field(
        "job_title",
        _("job title"),
        values.text(160),
        words("title, position, должность"),
        example="CEO",
    ),
    Field(
        "phone",
        _("phone"),
        values.address(AddressKind.PHONE),
        words("tel, mobile, телефон, тел, мобильный"),
    ),
    Field(
        "telegram", _("Telegram"), values.address(AddressKind.TELEGRAM), words("tg, телеграм, телеграмм, тг")
    ),
    Field(
        "authority",
        _("decision authority"),
        values.choice(AUTHORITY),
        words("authority, decides, полномочия, принимает решение"),
        help=_("final, shared, none."),
    ),
    Field(
        "influence",
        _("influence"),
        values.choice(INFLUENCE),
        words("влияние"),
        help=_("high, medium, low."),
    ),
    Field(
        "role",
        _("role"),
        values.choice(ROLE),
        words("contact role, роль, роль контакта"),
        help=_("Only where the file does not tell authority and influence apart."),
    ),
    Field(
        "as_of",
        _("as of"),
        values.moment,
        words(
            "as of date, verified on, last verified, exported on, export date, last updated, updated, "
            "на дату, дата выгрузки, дата проверки, дата обновления, обновлено, актуально на"
        ),
        help=_("The day title, authority and influence were true on. What was stated here later stays."),
        example="2026-02-01",
    ),
    Field(
        "languages",
        _("languages"),
        values.languages,
        words("language, lang, locale, язык, языки"),
        example="ru; en",
    ),
    Field("time_zone", _("time zone"), values.time_zone, words("timezone, tz, часовой пояс")),
    Field("preferred_channel", _("preferred channel"), values.text(20), words("channel, канал, канал связи")),
    Field(
        "preferred_hours",
        _("preferred hours"),
        values.hours,
        words("hours, working hours, часы, удобное время, часы работы"),
        example="09:00-18:00",
    ),
    Field(
        "consent",
        _("consent to be asked"),
        values.choice(CONSENT),
        words("consent, opt in, subscribed, согласие, согласие на рассылку"),
        example="yes",
    ),
)

_MANY = {"email": "emails", "phone": "phones", "telegram": "telegrams", "languages": "languages"}
_LISTS = {"authority": Authority, "influence": Influence, "role": ContactRole, "consent": Consent}


class ContactsTarget:
    name = "contacts"
    label: Text = _("Contacts")
    order = 20
    help: Text = _("People at partners: job title, role, addresses. A contact that is known is updated.")
    fields: tuple[Field, ...] = FIELDS
    one_of: tuple[tuple[str, ...], ...] = (
        ("name", "email", "external_id"),
        ("partner_external_id", "partner_name", "email"),
    )
    options: tuple[Option, ...] = ()
    reasons: Mapping[str, Text] = {
        "partner_unknown": _(
            "The program has no such partner. Import partners first: the same file will do."
        ),
        "partner_ambiguous": _("Several partners have this name. Add a column with their external id."),
        "partner_missing": _("The row names no partner, and no contact with this address is known."),
        "contact_ambiguous": _("Several contacts fit. Add a column with their external id or e-mail."),
        "name_missing": _("A new contact needs a name or an e-mail address."),
        "email_invalid": _("This is not an e-mail address."),
        "phone_invalid": _("This is not a phone number."),
        "telegram_invalid": _("This is not a Telegram name."),
    }

    def identity(self, values: Mapping[str, Any]) -> str | None:
        return None

    def store_chunk(
        self, rows: Sequence[ImportRow], *, context: ImportContext, by: Actor, at: datetime
    ) -> Sequence[Outcome]:
        return outcomes(store_contacts(context.program_id, [_row(row.values) for row in rows], by=by, at=at))


def _row(stated: Mapping[str, Any]) -> ContactRow:
    facts: dict[str, Any] = {}
    for name, value in stated.items():
        if name in _MANY:
            facts[_MANY[name]] = tuple(value)
        else:
            facts[name] = _LISTS[name](value) if name in _LISTS else value
    return ContactRow(**facts)
