from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from otklik.events.public import Actor
from otklik.kit.registry import Text
from otklik.partners.imports.known.outcomes import outcomes
from otklik.partners.imports.known.words import STATUS
from otklik.partners.imports.rules import values
from otklik.partners.imports.rules.values import Looks
from otklik.partners.imports.targets import Field, ImportContext, ImportRow, Option, Outcome, words
from otklik.partners.operations.store.partners import store_partners
from otklik.partners.operations.store.rows import PartnerRow
from otklik.partners.rules.vocabulary import AddressKind, PartnerStatus

_LISTS = ("products", "projects", "needs")

FIELDS: tuple[Field, ...] = (
    Field(
        "name",
        _("name"),
        values.text(200),
        words(
            "partner, partner name, company, company name, organization, account name, "
            "название, наименование, партнёр, название партнёра, компания, организация, контрагент"
        ),
        required=True,
        example="Aurora",
    ),
    Field(
        "external_id",
        _("external id"),
        values.text(120),
        words("id, partner id, account id, crm id, uid, код, код партнёра, ид, внешний код, номер партнёра"),
        help=_("The partner's key in the system the file comes from; by it a partner is known again."),
        example="A-17",
    ),
    Field(
        "status",
        _("status"),
        values.choice(STATUS),
        words("state, partner status, статус, состояние"),
        example="active",
    ),
    Field(
        "tier",
        _("tier"),
        values.text(40),
        words("level, partner tier, grade, уровень, категория, грейд"),
        example="gold",
    ),
    Field("segment", _("segment"), values.text(60), words("type, partner type, сегмент, тип, тип партнёра")),
    Field(
        "country",
        _("country"),
        values.country,
        words("country code, geo, страна, код страны, гео"),
        help=_("A two-letter code or the name in Russian or English."),
        example="KZ",
    ),
    Field("language", _("language"), values.language, words("lang, locale, язык"), example="ru"),
    Field(
        "time_zone",
        _("time zone"),
        values.time_zone,
        words("timezone, tz, часовой пояс, таймзона"),
        example="Asia/Almaty",
    ),
    Field(
        "manager_email",
        _("account manager's e-mail"),
        values.address(AddressKind.EMAIL),
        words(
            "manager, account manager, manager email, owner, owner email, kam, "
            "менеджер, email менеджера, почта менеджера, ответственный, куратор"
        ),
        looks=Looks.EMAIL,
        help=_("The address the manager signs in with."),
    ),
    Field(
        "revenue",
        _("revenue"),
        values.amount,
        words("turnover, annual revenue, gmv, sales, выручка, оборот, доход"),
        help=_("Of the last twelve months, in the program's currency."),
        example="125000",
    ),
    Field(
        "contract_number",
        _("contract"),
        values.text(80),
        words("contract number, agreement, contract no, договор, номер договора"),
    ),
    Field(
        "contract_started_on",
        _("contract since"),
        values.day,
        words(
            "contract date, contract start, start date, since, signed, "
            "дата договора, начало договора, дата подключения, дата начала"
        ),
        looks=Looks.DATE,
        example="2024-02-01",
    ),
    Field(
        "renewal_on",
        _("renewal"),
        values.day,
        words(
            "renewal date, renews on, contract end, expires, end date, "
            "продление, дата продления, окончание договора, действует до, дата окончания"
        ),
        looks=Looks.DATE,
        example="2027-02-01",
    ),
    Field(
        "products",
        _("products"),
        values.several(200),
        words("product, продукты, продукт"),
        help=_("Several in one cell are separated by a semicolon."),
    ),
    Field("projects", _("projects"), values.several(200), words("project, проекты, проект")),
    Field("needs", _("needs"), values.several(200), words("need, потребности, потребность, запросы")),
)


class PartnersTarget:
    name = "partners"
    label: Text = _("Partners")
    order = 10
    help: Text = _(
        "Companies of the program: tier, country, manager, contract. A partner that is known is updated."
    )
    fields: tuple[Field, ...] = FIELDS
    one_of: tuple[tuple[str, ...], ...] = ()
    options: tuple[Option, ...] = ()
    reasons: Mapping[str, Text] = {
        "manager_unknown": _(
            "Nobody on the staff has this address. Add the manager first, or leave the cell blank."
        ),
        "partner_ambiguous": _("Several partners have this name. Add a column with their external id."),
        "name_missing": _("A new partner needs a name."),
        "revenue_out_of_range": _("This number is too large."),
    }

    def identity(self, values: Mapping[str, Any]) -> str | None:
        return None

    def store_chunk(
        self, rows: Sequence[ImportRow], *, context: ImportContext, by: Actor, at: datetime
    ) -> Sequence[Outcome]:
        return outcomes(store_partners(context.program_id, [_row(row.values) for row in rows], by=by, at=at))


def _row(stated: Mapping[str, Any]) -> PartnerRow:
    facts = dict(stated)
    for name in _LISTS:
        if name in facts:
            facts[name] = tuple(facts[name])
    if "status" in facts:
        facts["status"] = PartnerStatus(facts["status"])
    if "manager_email" in facts:
        facts["manager_email"] = facts["manager_email"][0]
    return PartnerRow(**facts)
