"""What the portal offers to the rooms below."""

from __future__ import annotations

from otklik.kit import registry
from otklik.portal import hooks, rights


def register() -> None:
    registry.erasure_hooks.add(hooks.erasure)
    registry.merge_hooks.add(hooks.merging)
    registry.contact_rights.add(rights.money)
