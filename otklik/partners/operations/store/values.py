"""From what a row says to what a column holds; raises RowRefused with the field's name."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from otklik.partners.operations.store.rows import ContactRow, PartnerRow, RowRefused
from otklik.partners.rules.addresses import BadAddress, normalise_address
from otklik.partners.rules.hours import BadHours, normalise_hours
from otklik.partners.rules.names import tidy
from otklik.partners.rules.places import UnknownPlace, country_code, language_code, zone_name
from otklik.partners.rules.vocabulary import AddressKind

MOST_REVENUE = Decimal(10) ** 14

_PARTNER_TEXTS = {"name": 200, "external_id": 120, "tier": 40, "segment": 60, "contract_number": 80}
_CONTACT_TEXTS = {"name": 200, "external_id": 120, "job_title": 160, "preferred_channel": 20}
_PLACES: dict[str, Callable[[str], str]] = {
    "country": country_code,
    "language": language_code,
    "time_zone": zone_name,
}


def partner_values(row: PartnerRow) -> dict[str, Any]:
    """Columns of Partner that the row states, without the manager and the items."""
    values: dict[str, Any] = _texts(row, _PARTNER_TEXTS)
    for field in ("country", "language", "time_zone"):
        stated = getattr(row, field)
        if stated is not None:
            values[field] = _place(field, stated) or ("UTC" if field == "time_zone" else "")
    if row.revenue is not None and not (row.revenue.is_finite() and abs(row.revenue) < MOST_REVENUE):
        raise RowRefused("revenue_out_of_range", "revenue")
    for field in ("status", "revenue", "contract_started_on", "renewal_on"):
        if getattr(row, field) is not None:
            values[field] = getattr(row, field)
    if values.get("revenue") is not None:
        values["revenue"] = values["revenue"].quantize(Decimal("0.01"))
    return values


def contact_values(row: ContactRow) -> dict[str, Any]:
    """Columns of Contact that the row states, without partner, addresses and the facts behind the role."""
    values: dict[str, Any] = _texts(row, _CONTACT_TEXTS)
    if row.time_zone is not None:
        values["time_zone"] = _place("time_zone", row.time_zone)
    if row.languages is not None:
        codes = [_place("language", language, "languages") for language in row.languages]
        values["languages"] = list(dict.fromkeys(code for code in codes if code))
    if row.preferred_hours is not None:
        try:
            values["preferred_hours"] = normalise_hours(row.preferred_hours)
        except BadHours:
            raise RowRefused("hours_unclear", "preferred_hours") from None
    return values


def stated_addresses(row: ContactRow) -> list[tuple[AddressKind, str, str]]:
    """(kind, as written, normalised), e-mail addresses first."""
    stated = (
        (AddressKind.EMAIL, "emails", row.emails),
        (AddressKind.PHONE, "phones", row.phones),
        (AddressKind.TELEGRAM, "telegrams", row.telegrams),
    )
    found = []
    for kind, field, values in stated:
        for value in values:
            if not value.strip():
                continue
            try:
                found.append((kind, tidy(value), normalise_address(kind, value)))
            except BadAddress:
                raise RowRefused(f"{kind}_invalid", field) from None
    return found


def _texts(row: Any, widths: dict[str, int]) -> dict[str, Any]:
    values = {}
    for field, width in widths.items():
        stated = getattr(row, field)
        if stated is None:
            continue
        values[field] = tidy(stated)
        if len(values[field]) > width:
            raise RowRefused("too_long", field)
    # A name is never emptied by a blank cell.
    if not values.get("name", "x"):
        del values["name"]
    return values


def _place(kind: str, text: str, field: str = "") -> str:
    try:
        return _PLACES[kind](text)
    except UnknownPlace:
        raise RowRefused(f"{kind}_unknown", field or kind) from None
