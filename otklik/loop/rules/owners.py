"""Whose alert it is. Never nobody's, as long as anybody may do the work at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from otklik.loop.rules.vocabulary import OwnerReason, OwnerWay


class NobodyToOwn(Exception):
    """Not one active member of staff may follow anybody up: an administrator gives somebody the role."""


class Owner(NamedTuple):
    user_id: int
    reason: OwnerReason


@dataclass(frozen=True, slots=True)
class Staff:
    """Ids of users. ``able``: active, and may follow up at this partner; the others, in their order, are
    looked through for somebody able."""

    able: frozenset[int]
    manager_id: int | None = None
    named_id: int | None = None
    team_leads: Sequence[int] = ()
    fallback_id: int | None = None
    heads: Sequence[int] = ()
    administrators: Sequence[int] = ()


def owner_of(way: OwnerWay, staff: Staff) -> Owner:
    """Raises NobodyToOwn."""
    manager = (OwnerReason.MANAGER, (staff.manager_id,))
    named = (OwnerReason.NAMED, (staff.named_id,))
    team = (OwnerReason.TEAM_LEAD, staff.team_leads)
    first = {
        OwnerWay.MANAGER: (manager,),
        OwnerWay.PERSON: (named, manager),
        OwnerWay.TEAM: (team, manager),
    }[way]
    rest = (
        (OwnerReason.FALLBACK, (staff.fallback_id,)),
        team,
        (OwnerReason.HEAD, staff.heads),
        (OwnerReason.ADMINISTRATOR, staff.administrators),
    )
    for reason, candidates in (*first, *rest):
        for user_id in candidates:
            if user_id is not None and user_id in staff.able:
                return Owner(user_id, reason)
    raise NobodyToOwn


def escalates_to(owner_id: int | None, named_id: int | None, staff: Staff) -> int | None:
    """Somebody else than who let it pass; None where there is nobody else."""
    for user_id in (named_id, *staff.team_leads, *staff.heads, *staff.administrators):
        if user_id is not None and user_id != owner_id and user_id in staff.able:
            return user_id
    return None
