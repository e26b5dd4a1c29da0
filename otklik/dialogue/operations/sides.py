"""Which side acts."""

from __future__ import annotations

from otklik.dialogue.rules.vocabulary import Side
from otklik.events.public import Actor, ActorKind


def side_of(by: Actor) -> Side:
    return Side.THEIRS if by.kind is ActorKind.CONTACT else Side.OURS


def user_of(by: Actor) -> int | None:
    return by.id if by.kind is ActorKind.PERSON else None
