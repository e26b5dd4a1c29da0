"""Who did it, and from where the change came."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    LIVE = "live"
    IMPORT = "import"
    DEMO = "demo"


class ActorKind(StrEnum):
    PERSON = "person"
    CONTACT = "contact"
    SYSTEM = "system"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Actor:
    """``id`` is the user's id for a person, the contact's for somebody at a partner, the import run's for an
    import, None for the system."""

    kind: ActorKind
    id: int | None = None
    origin: Origin = Origin.LIVE

    @classmethod
    def person(cls, user_id: int) -> Actor:
        return cls(ActorKind.PERSON, user_id)

    @classmethod
    def contact(cls, contact_id: int) -> Actor:
        """Somebody at a partner, who does it on their own page."""
        return cls(ActorKind.CONTACT, contact_id)

    @classmethod
    def system(cls) -> Actor:
        return cls(ActorKind.SYSTEM)

    @classmethod
    def importer(cls, run_id: int) -> Actor:
        return cls(ActorKind.IMPORT, run_id, Origin.IMPORT)

    @classmethod
    def demo(cls) -> Actor:
        return cls(ActorKind.SYSTEM, None, Origin.DEMO)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about: a noun ("partner", "contact", "response") and the row's id."""

    noun: str
    id: int
