"""Giving roles and taking them away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.identity.models import RoleGrant, User
from otklik.identity.rules.roles import Role


class LastAdministrator(Exception):
    """The only active administrator: without them nobody could manage staff any more."""


def grant_role(*, user: User, role: Role, by: Actor, at: datetime) -> None:
    """Does nothing where they have the role already."""
    with transaction.atomic():
        _, created = RoleGrant.objects.get_or_create(
            user=user, role=role, defaults={"granted_at": at, "granted_by_id": by.id}
        )
        if created:
            _tell("role.granted", user, role, by, at)
    user.forget_roles()


def revoke_role(*, user: User, role: Role, by: Actor, at: datetime) -> None:
    """Does nothing where they do not have the role. Raises LastAdministrator."""
    with transaction.atomic():
        if role is Role.ADMINISTRATOR:
            keep_an_administrator(without=user)
        gone, _ = RoleGrant.objects.filter(user=user, role=role).delete()
        if gone:
            _tell("role.revoked", user, role, by, at)
    user.forget_roles()


def set_roles(*, user: User, roles: Iterable[Role], by: Actor, at: datetime) -> None:
    """Exactly these roles from now on. Raises LastAdministrator, and then changes nothing."""
    wanted = set(roles)
    with transaction.atomic():
        held = {Role(role) for role in user.grants.values_list("role", flat=True)}
        for role in sorted(wanted - held):
            grant_role(user=user, role=role, by=by, at=at)
        for role in sorted(held - wanted):
            revoke_role(user=user, role=role, by=by, at=at)


def keep_an_administrator(*, without: User) -> None:
    """Raises LastAdministrator where ``without`` is the only active one. Call it inside the transaction.

    Locks the grants of all administrators in one order, so that of two who remove each other at the
    same moment the second sees what the first did.
    """
    held = RoleGrant.objects.select_for_update().filter(role=Role.ADMINISTRATOR).order_by("user_id")
    holders = set(held.values_list("user_id", flat=True))
    if without.pk not in holders:
        return
    if not User.objects.filter(pk__in=holders - {without.pk}, is_active=True).exists():
        raise LastAdministrator


def _tell(kind: str, user: User, role: Role, by: Actor, at: datetime) -> None:
    record(kind, by=by, at=at, subjects=[Subject("user", user.pk)], data={"role": role.value})
