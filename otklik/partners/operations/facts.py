"""Stating what stands behind a contact's role."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from otklik.events.public import Actor, ActorKind
from otklik.partners.models import Contact
from otklik.partners.rules.vocabulary import Authority, ContactRole, Influence


def state_facts(
    contact: Contact,
    *,
    authority: Authority | None = None,
    influence: Influence | None = None,
    role: ContactRole | None = None,
    by: Actor,
    at: datetime,
) -> list[dict[str, Any]]:
    """Set what is given and differs; the data of a ``contact.role_changed`` event for each. What is said
    again holds from ``at`` on and is no event. Saves nothing."""
    user = by.id if by.kind is ActorKind.PERSON else None
    told = []
    if authority is not None and authority == contact.authority != Authority.UNKNOWN:
        contact.state_authority(authority, by_user=user or contact.authority_set_by_id, at=at)
    elif authority is not None and authority != contact.authority:
        before, role_before = contact.authority, contact.role
        contact.state_authority(authority, by_user=user, at=at)
        told.append(_told("authority", before, authority, role_before, contact.role))
    if influence is not None and influence == contact.influence != Influence.UNKNOWN:
        contact.state_influence(influence, by_user=user or contact.influence_set_by_id, at=at)
    elif influence is not None and influence != contact.influence:
        before, role_before = contact.influence, contact.role
        contact.state_influence(influence, by_user=user, at=at)
        told.append(_told("influence", before, influence, role_before, contact.role))
    # A stated role that already holds needs no overruling.
    if role is not None and role != contact.role:
        before, role_before = contact.role_overruled, contact.role
        contact.overrule_role(role, by_user=user, at=at)
        told.append(_told("role", before, role, role_before, contact.role))
    return told


def take_back_role(contact: Contact, *, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """Let the role follow from the facts again. Saves nothing."""
    if not contact.role_overruled:
        return []
    before, role_before = contact.role_overruled, contact.role
    contact.overrule_role(None, by_user=by.id if by.kind is ActorKind.PERSON else None, at=at)
    return [_told("role", before, "", role_before, contact.role)]


def _told(fact: str, before: str, after: str, role_before: str, role: str) -> dict[str, Any]:
    return {
        "fact": fact,
        "from": str(before),
        "to": str(after),
        "role_from": str(role_before),
        "role": str(role),
    }
