"""Reads for lists and pages. What comes in has been narrowed by ``access.py`` already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import get_language

from otklik.events.public import histories
from otklik.identity.public import User, staff_choices
from otklik.kit.among import Among
from otklik.partners.models import Address, Contact, Merged, Partner, PartnerItem, Program
from otklik.partners.rules import places
from otklik.partners.rules.vocabulary import AddressKind, ContactRole, ItemKind
from otklik.search.public import matching_ids

PARTNER_CHANGED = "partner.changed"
MANAGER_CHANGED = "partner.manager_changed"
_COLUMNS = {"renewal": "renewal_on", "revenue": "revenue"}


@dataclass(frozen=True, slots=True)
class PartnerFilter:
    """What a list is narrowed to; empty means no narrowing. ``manager``: a user's id, or 0 for nobody."""

    q: str = ""
    program: int | None = None
    tier: str = ""
    country: str = ""
    status: str = ""
    manager: int | None = None
    sort: str = "name"


def filtered(partners: QuerySet[Partner], chosen: PartnerFilter) -> QuerySet[Partner]:
    """Sorted; partners that were erased are left out."""
    found = partners.filter(erased_at=None)
    if chosen.q.strip():
        ids = matching_ids(chosen.q, "partner")
        found = found.filter(pk__in=ids) if ids is not None else found.none()
    if chosen.program is not None:
        found = found.filter(program_id=chosen.program)
    if chosen.manager is not None:
        found = found.filter(manager_id=chosen.manager or None)
    for field in ("tier", "country", "status"):
        if getattr(chosen, field):
            found = found.filter(**{field: getattr(chosen, field)})
    return found.order_by(*_order(chosen.sort))


def _order(sort: str) -> tuple[Any, ...]:
    falling, name = sort.startswith("-"), sort.removeprefix("-")
    if name in _COLUMNS:
        column = F(_COLUMNS[name])
        return (column.desc(nulls_last=True) if falling else column.asc(nulls_last=True), "id")
    if sort == "newest":
        return ("-id",)
    return ("-name_key", "-id") if falling else ("name_key", "id")


def contact_counts(partner_ids: Sequence[int]) -> dict[int, int]:
    """People known at each of these partners; one query."""
    rows = (
        Contact.objects.filter(partner_id__in=partner_ids, erased_at=None)
        .values_list("partner_id")
        .annotate(known=Count("id"))
    )
    return dict(rows)


def tiers_among(partners: QuerySet[Partner]) -> list[str]:
    return list(partners.exclude(tier="").order_by("tier").values_list("tier", flat=True).distinct())


def countries_among(partners: QuerySet[Partner]) -> list[tuple[str, str]]:
    """(code, name), by name in the active language."""
    codes = set(partners.exclude(country="").order_by().values_list("country", flat=True).distinct())
    return [(code, name) for code, name in country_choices() if code in codes]


def managers_among(partners: QuerySet[Partner]) -> list[tuple[int, str]]:
    """(id, name) of staff who look after any of these. Staff are few: one index look-up for each of them
    is far less than reading the manager of every partner."""
    managed = Exists(partners.filter(manager_id=OuterRef("pk")))
    return staff_choices(User.objects.filter(managed).order_by("name", "pk"))


def programs_with_counts(programs: QuerySet[Program]) -> QuerySet[Program]:
    return programs.annotate(partner_count=Count("partners", filter=Q(partners__erased_at=None)))


def people_at(partner: Partner) -> QuerySet[Contact]:
    """Who decides first, then who weighs in; those who left last."""
    rank = Case(
        *(When(role=role, then=Value(place)) for place, role in enumerate(ContactRole)),
        default=Value(len(ContactRole)),
        output_field=IntegerField(),
    )
    return partner.contacts.filter(erased_at=None).order_by("-is_active", rank, "name_key", "id")


def items_by_kind(partner: Partner) -> dict[ItemKind, list[str]]:
    """Every kind, also those without items."""
    found: dict[ItemKind, list[str]] = {kind: [] for kind in ItemKind}
    for kind, name in (
        PartnerItem.objects.filter(partner=partner).order_by("name").values_list("kind", "name")
    ):
        found[ItemKind(kind)].append(name)
    return found


def addresses_of(contact: Contact) -> list[Address]:
    return list(contact.addresses.order_by("kind", "-is_primary", "pk"))


def contacts_with_address(normalised: str, *, program_id: int) -> list[tuple[int, int]]:
    """(contact, partner) of a program who have this e-mail address: two at most, which is one too many."""
    sql = """
        SELECT DISTINCT c.id, c.partner_id
          FROM partners_address a
          JOIN partners_contact c ON c.id = a.contact_id
          JOIN partners_partner p ON p.id = c.partner_id
         WHERE a.kind = %s AND a.normalised = %s AND p.program_id = %s AND c.erased_at IS NULL
         LIMIT 2
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [AddressKind.EMAIL.value, normalised, program_id])
        return list(cursor.fetchall())


def first_mail_addresses(contacts: Iterable[int]) -> dict[int, str]:
    """Of each the one to write to, by the contact's id. Asked with every ticket that begins: the ORM takes
    twenty times as long to write the statement as the database to answer it."""
    ids = sorted(set(contacts))
    if not ids:
        return {}
    theirs = f"kind = %s AND contact_id IN ({', '.join(['%s'] * len(ids))})"
    # Of several the last one stays.
    sql = f"SELECT contact_id, value FROM partners_address WHERE {theirs} ORDER BY is_primary, id DESC"  # noqa: S608 - marks only
    with connection.cursor() as cursor:
        cursor.execute(sql, [AddressKind.EMAIL.value, *ids])
        return dict(cursor.fetchall())


def merged_into(noun: str, source_id: int) -> int | None:
    """Where a partner or contact went that was merged into another one."""
    return Merged.objects.filter(noun=noun, source_id=source_id).values_list("target_id", flat=True).first()


def country_name(code: str) -> str:
    return _countries(_language()).get(code, code)


def language_name(code: str) -> str:
    return _languages(_language()).get(code, code)


def country_choices() -> list[tuple[str, str]]:
    return list(_countries(_language()).items())


def language_choices() -> list[tuple[str, str]]:
    return list(_languages(_language()).items())


def _language() -> str:
    """One the names of countries exist in."""
    language = (get_language() or "en").split("-")[0]
    return language if language in places.NAME_LANGUAGES else "en"


@lru_cache(maxsize=4)
def _countries(language: str) -> dict[str, str]:
    return places.country_names(language)


@lru_cache(maxsize=4)
def _languages(language: str) -> dict[str, str]:
    return places.language_names(language)


class TierChange(NamedTuple):
    at: datetime
    before: str


def tier_changes(partner_ids: Iterable[int]) -> dict[int, list[TierChange]]:
    """By partner, the oldest first; who never had another tier is left out. Of one that others were merged
    into its own. One query, whose work grows with all that the log has of these partners."""
    found: dict[int, list[TierChange]] = {}
    for line in histories("partner", partner_ids, kinds=[PARTNER_CHANGED]):
        before = line.data.get("values", {}).get("tier", (None,))[0]
        if before is not None:
            found.setdefault(line.object_id, []).append(TierChange(line.happened_at, before))
    return found


class ManagerChange(NamedTuple):
    """Ids of users; None: nobody."""

    at: datetime
    before: int | None
    after: int | None


def manager_changes(partner_ids: Iterable[int]) -> dict[int, list[list[ManagerChange]]]:
    """By partner, of it and of each that was merged into it on its own, the oldest first: who looked after
    the one was never the last of the other. Two queries."""
    became = {pk: pk for pk in partner_ids}
    merged = Merged.objects.filter(noun="partner", target_id__in=Among(became))
    became.update(merged.values_list("source_id", "target_id"))
    found: dict[int, list[list[ManagerChange]]] = {}
    lines = histories("partner", became, kinds=[MANAGER_CHANGED])
    for pk, of_one in groupby(lines, key=lambda line: line.object_id):
        changes = [ManagerChange(one.happened_at, one.data["from"], one.data["to"]) for one in of_one]
        found.setdefault(became[pk], []).append(changes)
    return found
