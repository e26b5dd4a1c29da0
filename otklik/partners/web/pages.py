"""What the pages show: everything a template needs, read with a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict

from otklik.identity.public import Right, StaffRequest, User
from otklik.kit.clock import read_moment
from otklik.kit.registry import (
    Provider,
    Registry,
    contact_providers,
    gather,
    partner_panels,
    partner_providers,
    render_panels,
)
from otklik.partners import labels
from otklik.partners.access import may_see_revenue, visible_contacts, visible_partners, visible_programs
from otklik.partners.models import Contact, Partner
from otklik.partners.queries import (
    PartnerFilter,
    addresses_of,
    contact_counts,
    countries_among,
    filtered,
    items_by_kind,
    managers_among,
    people_at,
    tiers_among,
)
from otklik.partners.timeline import ShownLine, shown_timeline

PAGE_SIZE = 50
# Nobody pages through more; the count stops there, so that it costs the same however many there are.
MOST_COUNTED = 50_000


@dataclass(frozen=True, slots=True)
class Column:
    """A fact of an upper app in the list."""

    name: str
    label: Any


@dataclass(frozen=True, slots=True)
class PartnerLine:
    partner: Partner
    people: int
    values: list[Any]


@dataclass(frozen=True, slots=True)
class PersonLine:
    contact: Contact
    values: list[Any]


class PartnerPaginator(Paginator):  # type: ignore[type-arg]
    @cached_property
    def count(self) -> int:
        rows: QuerySet[Partner] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[:MOST_COUNTED].count()


@dataclass(frozen=True, slots=True)
class PartnerList:
    chosen: PartnerFilter
    page: Page[Partner]
    lines: list[PartnerLine]
    columns: list[Column]
    shows_revenue: bool
    choices: dict[str, Sequence[tuple[Any, Any]]]
    sorts: list[tuple[str, Any]]
    is_narrowed: bool
    counted_to_the_cap: bool
    may_export: bool
    may_edit: bool
    may_import: bool


def filter_from(query: QueryDict) -> PartnerFilter:
    """Whatever stands in the address; odd values are taken as not given."""
    sort = query.get("sort", "name")
    return PartnerFilter(
        q=query.get("q", "")[:200],
        program=_number(query.get("program", "")),
        tier=query.get("tier", "")[:40],
        country=query.get("country", "")[:2],
        status=query.get("status", "")[:20],
        manager=_number(query.get("manager", "")),
        sort=sort if sort in labels.SORTS else "name",
    )


def partner_list_page(request: StaffRequest) -> PartnerList:
    user, chosen = request.user, _allowed(filter_from(request.GET), request.user)
    visible = visible_partners(user)
    rows = filtered(visible, chosen).select_related("program", "manager")
    paginator = PartnerPaginator(rows, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page", 1))
    return PartnerList(
        chosen=chosen,
        page=page,
        lines=partner_lines(list(page.object_list), user),
        columns=provider_columns(user),
        shows_revenue=may_see_revenue(user),
        choices=_choices(visible, user),
        sorts=_sorts(user),
        is_narrowed=chosen != PartnerFilter(sort=chosen.sort),
        counted_to_the_cap=paginator.count >= MOST_COUNTED,
        may_export=user.may(Right.EXPORT),
        may_edit=user.may(Right.EDIT_PARTNERS),
        may_import=user.may(Right.IMPORT),
    )


def exported_partners(request: StaffRequest) -> QuerySet[Partner]:
    """Every row of the list as it is filtered and sorted, not one page of it."""
    chosen = _allowed(filter_from(request.GET), request.user)
    return filtered(visible_partners(request.user), chosen).select_related("program", "manager")


def provider_columns(user: User, providers: Registry[Provider] = partner_providers) -> list[Column]:
    """What upper rooms add to the list, as far as this person may see it."""
    return [
        Column(provider.name, provider.label)
        for provider in providers
        if provider.label and (provider.right is None or provider.right in user.rights)
    ]


def partner_lines(partners: Sequence[Partner], user: User) -> list[PartnerLine]:
    """One query for the people and one for each column, whatever the number of partners."""
    ids = [partner.pk for partner in partners]
    columns = provider_columns(user)
    values = gather(partner_providers, ids, [column.name for column in columns])
    people = contact_counts(ids) if ids else {}
    return [
        PartnerLine(
            partner,
            people.get(partner.pk, 0),
            [values[column.name].get(partner.pk) for column in columns],
        )
        for partner in partners
    ]


@dataclass(frozen=True, slots=True)
class PartnerPage:
    partner: Partner
    shows_revenue: bool
    may_edit: bool
    may_erase: bool
    items: list[tuple[str, Any, list[str]]]
    people: list[PersonLine]
    columns: list[Column]
    lines: list[ShownLine]
    more: str
    panels: list[str]
    manager_form: forms.Form | None = None

    @property
    def manager_select(self) -> str:
        field = self.manager_form and self.manager_form["manager"]
        return field.as_widget(attrs={"class": "form-select"}) if field else ""


def partner_page(request: StaffRequest, partner: Partner, manager_form: forms.Form) -> PartnerPage:
    user = request.user
    rights, columns = frozenset(user.rights), provider_columns(user, contact_providers)
    lines, more = shown_timeline("partner", partner.pk, rights=rights)
    kinds = items_by_kind(partner)
    may_edit = user.may(Right.EDIT_PARTNERS) and partner.erased_at is None
    return PartnerPage(
        partner=partner,
        shows_revenue=may_see_revenue(user),
        may_edit=may_edit,
        may_erase=user.may(Right.ERASE) and partner.erased_at is None,
        items=[(kind.value, labels.ITEM_KINDS[kind], names) for kind, names in kinds.items()],
        people=person_lines(partner, columns),
        columns=columns,
        lines=lines,
        more=cursor(more),
        panels=render_panels(partner_panels, request, partner, rights),
        manager_form=manager_form if may_edit else None,
    )


def person_lines(partner: Partner, columns: Sequence[Column]) -> list[PersonLine]:
    """Three queries and one for each column."""
    people = list(people_at(partner).prefetch_related("addresses"))
    ids = [contact.pk for contact in people]
    values = gather(contact_providers, ids, [column.name for column in columns])
    return [PersonLine(one, [values[column.name].get(one.pk) for column in columns]) for one in people]


@dataclass(frozen=True, slots=True)
class ContactPage:
    contact: Contact
    addresses: list[Any]
    may_edit: bool
    may_erase: bool
    lines: list[ShownLine]
    forms: Mapping[str, forms.Form]


def contact_page(user: User, contact: Contact, shown: Mapping[str, forms.Form]) -> ContactPage:
    lines, _more = shown_timeline("contact", contact.pk, rights=frozenset(user.rights))
    return ContactPage(
        contact=contact,
        addresses=addresses_of(contact),
        may_edit=user.may(Right.EDIT_PARTNERS) and contact.erased_at is None,
        may_erase=user.may(Right.ERASE) and contact.erased_at is None,
        lines=lines,
        forms=shown,
    )


def partner_with_names(user: User, partner_id: int) -> Partner | None:
    return visible_partners(user).select_related("program", "manager").filter(pk=partner_id).first()


def contact_with_names(user: User, contact_id: int) -> Contact | None:
    people = ("authority_set_by", "influence_set_by", "role_overruled_by")
    found = visible_contacts(user).select_related("partner", "partner__program", *people)
    return found.filter(pk=contact_id).first()


def cursor(more: tuple[Any, int] | None) -> str:
    """Where the next page of a timeline begins, for an address."""
    return f"{more[0].isoformat()}/{more[1]}" if more else ""


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """What ``cursor`` wrote; None for anything else."""
    moment, _slash, number = text.partition("/")
    event_id = _number(number)
    try:
        return None if event_id is None else (read_moment(moment), event_id)
    except ValueError:
        return None


def _allowed(chosen: PartnerFilter, user: User) -> PartnerFilter:
    """An order by revenue would tell it to those who may not see it."""
    if chosen.sort.endswith("revenue") and not may_see_revenue(user):
        return PartnerFilter(
            chosen.q, chosen.program, chosen.tier, chosen.country, chosen.status, chosen.manager
        )
    return chosen


def _choices(visible: QuerySet[Partner], user: User) -> dict[str, Sequence[tuple[Any, Any]]]:
    return {
        "program": list(visible_programs(user).values_list("pk", "name")),
        "tier": [(tier, tier) for tier in tiers_among(visible)],
        "country": countries_among(visible),
        "status": labels.choices(labels.STATUS),
        "manager": managers_among(visible),
    }


def _sorts(user: User) -> list[tuple[str, Any]]:
    return [
        (sort, label)
        for sort, label in labels.SORTS.items()
        if may_see_revenue(user) or not sort.endswith("revenue")
    ]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
