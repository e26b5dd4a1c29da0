"""Who may see and change staff. Everything a page gets comes through here: what is outside is 404."""

from __future__ import annotations

from django.db.models import QuerySet

from otklik.identity.models import User
from otklik.identity.rules.roles import Right


def staff_seen_by(person: User) -> QuerySet[User]:
    """All staff for those who manage staff, nobody for everybody else."""
    return User.objects.all() if person.may(Right.MANAGE_STAFF) else User.objects.none()
