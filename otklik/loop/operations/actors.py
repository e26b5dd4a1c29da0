"""Who acts."""

from __future__ import annotations

from otklik.events.public import Actor, ActorKind


def user_of(by: Actor) -> int | None:
    """The member of staff, where it is one."""
    return by.id if by.kind is ActorKind.PERSON else None


def own_key(by: Actor, key: str) -> str | None:
    """Somebody else's key names nothing of mine."""
    return f"{by.kind.value}:{by.id or 0}:{key}"[:80] if key else None
