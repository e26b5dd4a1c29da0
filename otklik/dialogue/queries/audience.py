"""Whom an announcement is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from otklik.dialogue.models import Announcement
from otklik.identity.public import User
from otklik.partners.public import Contact, Partner, PartnerStatus, visible_partners

_LEFT = PartnerStatus.LEFT


@dataclass(frozen=True, slots=True)
class Audience:
    """Empty narrows nothing. ``roles``: of the people at these partners."""

    tiers: Sequence[str] = ()
    countries: Sequence[str] = ()
    partners: Sequence[int] = ()
    roles: Sequence[str] = ()

    @classmethod
    def of(cls, announcement: Announcement) -> Audience:
        told: Mapping[str, Sequence[object]] = announcement.audience
        return cls(
            tiers=[str(one) for one in told.get("tiers", ())],
            countries=[str(one) for one in told.get("countries", ())],
            partners=[one for one in told.get("partners", ()) if isinstance(one, int)],
            roles=[str(one) for one in told.get("roles", ())],
        )

    def stored(self) -> dict[str, list[object]]:
        return {
            "tiers": list(self.tiers),
            "countries": list(self.countries),
            "partners": list(self.partners),
            "roles": list(self.roles),
        }


@dataclass(frozen=True, slots=True)
class Reach:
    partners: int
    people: int


def people_for(program_id: int, audience: Audience, author: User) -> QuerySet[Contact]:
    """Those the author sees, and nobody at a partner who has left."""
    partners = visible_partners(author).filter(program_id=program_id, erased_at=None).exclude(status=_LEFT)
    if audience.tiers:
        partners = partners.filter(tier__in=audience.tiers)
    if audience.countries:
        partners = partners.filter(country__in=audience.countries)
    if audience.partners:
        partners = partners.filter(pk__in=audience.partners)
    people = Contact.objects.filter(partner__in=partners, erased_at=None, is_active=True)
    return people.filter(role__in=audience.roles) if audience.roles else people


def reach(program_id: int, audience: Audience, author: User) -> Reach:
    counted = people_for(program_id, audience, author).aggregate(
        people=Count("pk"), partners=Count("partner", distinct=True)
    )
    return Reach(partners=counted["partners"], people=counted["people"])


def tiers_of(program_id: int) -> list[str]:
    found = Partner.objects.filter(program_id=program_id, erased_at=None).exclude(tier="")
    return list(found.order_by("tier").values_list("tier", flat=True).distinct())


def countries_of(program_id: int) -> list[str]:
    found = Partner.objects.filter(program_id=program_id, erased_at=None).exclude(country="")
    return list(found.order_by("country").values_list("country", flat=True).distinct())
