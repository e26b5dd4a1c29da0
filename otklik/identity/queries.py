"""Reads about staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from otklik.identity.models import RoleGrant, Team, User
from otklik.identity.rules.roles import Right, Role, rights_of


def anybody_exists() -> bool:
    return User.objects.exists()


def active_staff() -> QuerySet[User]:
    return User.objects.filter(is_active=True).order_by("name", "id")


def holders_of(role: Role) -> QuerySet[User]:
    """Active staff with this role, by name."""
    return active_staff().filter(grants__role=role)


def staff_with(rights: Collection[Right]) -> set[int]:
    """Ids of the active staff who have all of these, by whichever of their roles."""
    roles: dict[int, set[Role]] = defaultdict(set)
    grants = RoleGrant.objects.filter(user__is_active=True)
    for user_id, role in grants.values_list("user_id", "role"):
        roles[user_id].add(Role(role))
    return {user_id for user_id, theirs in roles.items() if rights_of(theirs).issuperset(rights)}


def active_managers() -> QuerySet[User]:
    """Whom a partner may be given to: active account managers, by name."""
    return holders_of(Role.ACCOUNT_MANAGER)


def staff_choices(people: QuerySet[User] | None = None) -> list[tuple[int, str]]:
    """(id, name) for a choice field; all active staff unless a narrower query is given."""
    rows = active_staff() if people is None else people
    return list(rows.values_list("id", "name"))


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """Names by user id in one query; unknown ids are left out."""
    wanted = {user_id for user_id in ids if user_id is not None}
    return dict(User.objects.filter(pk__in=wanted).values_list("id", "name")) if wanted else {}


def teams_with_members() -> QuerySet[Team]:
    return Team.objects.prefetch_related("members")
