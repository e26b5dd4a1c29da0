"""Who acts."""

from __future__ import annotations

from hashlib import sha256

from otklik.events.public import Actor, ActorKind

_LONGEST = 80


def user_of(by: Actor) -> int | None:
    """The member of staff, where it is one."""
    return by.id if by.kind is ActorKind.PERSON else None


def own_key(by: Actor, key: str) -> str | None:
    """Somebody else's key names nothing of mine."""
    if not key:
        return None
    made = f"{by.kind.value}:{by.id or 0}:{key}"
    # Cut off, two keys that begin alike would be one.
    return made if len(made) <= _LONGEST else sha256(made.encode()).hexdigest()
