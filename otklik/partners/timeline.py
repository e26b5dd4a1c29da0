"""What the lines of a timeline say. Each app adds sentences for the events it writes.

A sentence names people and objects by looking them up when it is shown: the log itself holds ids only, so
that erasing a person leaves nothing of them here either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from otklik.events.public import ActorKind, EventLine, timeline
from otklik.identity.public import names_of
from otklik.kit.registry import Registry
from otklik.partners.models import Contact, Merged


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids in these lines stand for, read once for all of them."""

    staff: Mapping[int, str] = field(default_factory=dict)
    contacts: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sentence:
    """``name`` is the event's kind. ``tell(line, names)`` returns plain text, "" to leave the line out;
    ``right``: what the reader needs, or the line is left out."""

    name: str
    tell: Callable[[EventLine, Names], str]
    icon: str = "activity"
    right: str | None = None


@dataclass(frozen=True, slots=True)
class ShownLine:
    id: int
    text: str
    icon: str
    happened_at: datetime
    by: str
    origin: str


sentences: Registry[Sentence] = Registry()

# Ids of staff that events carry in their data.
_STAFF_KEYS = ("from", "to", "manager_id")


def shown_timeline(
    noun: str,
    object_id: int,
    *,
    rights: frozenset[str],
    limit: int = 30,
    before: tuple[datetime, int] | None = None,
) -> tuple[list[ShownLine], tuple[datetime, int] | None]:
    """Lines about a partner or contact and what was merged into it, newest first, and where the next page
    begins (None at the end). Six queries at most."""
    merged = Merged.objects.filter(noun=noun, target_id=object_id).values_list("source_id", flat=True)
    lines = timeline(noun, [object_id, *merged], limit=limit + 1, before=before)
    more = (lines[limit - 1].happened_at, lines[limit - 1].id) if len(lines) > limit else None
    return _shown(lines[:limit], rights), more


def _shown(lines: Sequence[EventLine], rights: frozenset[str]) -> list[ShownLine]:
    names = Names(_staff(lines), _contacts(lines))
    shown = []
    for line in lines:
        sentence = sentences.get(line.kind)
        if sentence is None or (sentence.right is not None and sentence.right not in rights):
            continue
        text = sentence.tell(line, names)
        if not text:
            continue
        shown.append(ShownLine(line.id, text, sentence.icon, line.happened_at, _by(line, names), line.origin))
    return shown


def _by(line: EventLine, names: Names) -> str:
    """Somebody at a partner has a name here as well; the system and imports have none."""
    known = {ActorKind.PERSON: names.staff, ActorKind.CONTACT: names.contacts}.get(ActorKind(line.actor_kind))
    return known.get(line.actor_id or 0, "") if known is not None else ""


def _staff(lines: Iterable[EventLine]) -> dict[int, str]:
    ids = {line.actor_id for line in lines if line.actor_kind == ActorKind.PERSON}
    ids |= {line.data.get(key) for line in lines for key in _STAFF_KEYS}
    return names_of(one for one in ids if isinstance(one, int))


def _contacts(lines: Iterable[EventLine]) -> dict[int, str]:
    ids = {subject.id for line in lines for subject in line.subjects if subject.noun == "contact"}
    ids |= {line.actor_id for line in lines if line.actor_kind == ActorKind.CONTACT and line.actor_id}
    return dict(Contact.objects.filter(pk__in=ids, erased_at=None).values_list("pk", "name")) if ids else {}
