from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from django.db.models import Max, Q, QuerySet

from otklik.events.actor import ActorKind, Origin, Subject
from otklik.events.models import Event, EventSubject
from otklik.kit.among import Among
from otklik.kit.raw import as_json, as_moment, raw

# SQLite takes a thousand values in some statements.
MOST_IDS = 500


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of a timeline; what it says on screen is the business of the app that shows it."""

    id: int
    kind: str
    happened_at: datetime
    origin: str
    actor_kind: str
    actor_id: int | None
    data: Mapping[str, Any]
    subjects: tuple[Subject, ...] = ()


def timeline(
    noun: str,
    object_id: int | Sequence[int],
    *,
    limit: int = 50,
    before: tuple[datetime, int] | None = None,
    kinds: Iterable[str] = (),
) -> list[EventLine]:
    """Newest first, at most ``limit`` events about one object (or about several that were merged into it);
    of these ``kinds`` where any are named.

    ``before``: only what lies behind the line with this moment and id. The moment alone would not do: an
    import writes many events at the same one. Three queries.
    """
    ids = [object_id] if isinstance(object_id, int) else list(object_id)
    rows = EventSubject.objects.filter(noun=noun, object_id__in=ids)
    if before is not None:
        moment, event_id = before
        rows = rows.filter(Q(happened_at__lt=moment) | Q(happened_at=moment, event_id__lt=event_id))
    if kinds := list(kinds):
        rows = rows.filter(event__kind__in=kinds)
    # A merge is about both of its sides and would come twice.
    newest = rows.order_by("-happened_at", "-event_id").values_list("event_id", flat=True)
    found = list(dict.fromkeys(newest[: limit * min(len(ids), 2)]))[:limit]
    events = Event.objects.filter(pk__in=found).prefetch_related("subjects")
    return [_line(event) for event in sorted(events, key=lambda e: (e.happened_at, e.pk), reverse=True)]


class LoggedEvent(NamedTuple):
    """What a derivation reads: no actor, no other subjects."""

    object_id: int
    id: int
    kind: str
    happened_at: datetime
    recorded_at: datetime
    origin: str
    data: Mapping[str, Any]


def logged(noun: str, ids: Sequence[int], *, kinds: Iterable[str]) -> Iterator[LoggedEvent]:
    """All events of these kinds about these objects, oldest first. An event about several of them comes once
    for each. One query for every MOST_IDS objects; the rows are never all in memory at once."""
    names = sorted(set(kinds))
    for start in range(0, len(ids), MOST_IDS):
        rows = EventSubject.objects.filter(
            noun=noun, object_id__in=ids[start : start + MOST_IDS], event__kind__in=names
        )
        found = rows.order_by("happened_at", "event_id").values_list(
            "object_id",
            "event_id",
            "event__kind",
            raw("happened_at"),
            raw("event__recorded_at"),
            "event__origin",
            raw("event__data"),
        )
        for object_id, pk, kind, happened_at, recorded_at, origin, data in found.iterator(chunk_size=2000):
            moments = cast(datetime, as_moment(happened_at)), cast(datetime, as_moment(recorded_at))
            yield LoggedEvent(object_id, pk, kind, *moments, origin, as_json(data))


class HistoryLine(NamedTuple):
    object_id: int
    kind: str
    happened_at: datetime
    data: Mapping[str, Any]


def histories(noun: str, ids: Iterable[int], *, kinds: Iterable[str]) -> Iterator[HistoryLine]:
    """All events of these kinds about these objects, object by object, of each the oldest first. One query
    however many they are; the rows are never all in memory at once."""
    rows = EventSubject.objects.filter(
        noun=noun, object_id__in=Among(ids), event__kind__in=sorted(set(kinds))
    ).order_by("object_id", "happened_at", "event_id")
    found = rows.values_list("object_id", "event__kind", raw("happened_at"), raw("event__data"))
    for object_id, kind, happened_at, data in found.iterator(chunk_size=2000):
        yield HistoryLine(object_id, kind, cast(datetime, as_moment(happened_at)), as_json(data))


def logged_by_id(noun: str, ids: Sequence[int], *, kind: str) -> Iterator[LoggedEvent]:
    """Those of these events that are of this kind, by id; one that is about several objects of the noun comes
    with the first of them. One query for every MOST_IDS events."""
    for start in range(0, len(ids), MOST_IDS):
        rows = Event.objects.filter(pk__in=ids[start : start + MOST_IDS], kind=kind).order_by("pk")
        for event in rows.prefetch_related("subjects"):
            about = [one.object_id for one in event.subjects.all() if one.noun == noun]
            if about:
                moments = event.happened_at, event.recorded_at
                yield LoggedEvent(about[0], event.pk, kind, *moments, event.origin, event.data)


def ids_of_kind(kind: str, *, without: QuerySet[Any]) -> Iterator[list[int]]:
    """Ids of all events of a kind in chunks, without those that ``without`` gives, read in the same
    statement."""
    last = 0
    rows = Event.objects.filter(kind=kind).exclude(pk__in=without).order_by("pk")
    while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:10_000]):
        yield ids
        last = ids[-1]


def recent(noun: str, ids: Sequence[int], *, kind: str, among: int) -> list[tuple[int, Mapping[str, Any]]]:
    """(id, data) of the events of this kind among so many newest ones about these objects, oldest first. One
    query, whose work does not grow with the log."""
    newest = EventSubject.objects.filter(noun=noun, object_id__in=ids).order_by("-happened_at", "-event_id")
    rows = Event.objects.filter(pk__in=newest.values("event_id")[:among], kind=kind)
    return list(rows.order_by("happened_at", "pk").values_list("pk", "data"))


class PersonsEvent(NamedTuple):
    object_id: int
    happened_at: datetime
    actor_id: int | None
    data: Mapping[str, Any]


def by_people(noun: str, *, kind: str, since: datetime) -> list[PersonsEvent]:
    """Live events of this kind that people wrote since then, newest first, once for each ``noun`` they are
    about. One query, which reads all events of the kind in the order of their index."""
    rows = EventSubject.objects.filter(
        noun=noun,
        event__kind=kind,
        event__origin=Origin.LIVE,
        event__actor_kind=ActorKind.PERSON,
        event__happened_at__gte=since,
    )
    found = rows.order_by("-event_id").values_list(
        "object_id", "event__happened_at", "event__actor_id", "event__data"
    )
    return [PersonsEvent(*row) for row in found]


def happened(kind: str) -> bool:
    """Whether the log holds any event of this kind."""
    return Event.objects.filter(kind=kind).exists()


def latest_outside_event(
    noun: str, ids: Sequence[int], *, kinds: Iterable[str], upto: int | None = None
) -> dict[int, int]:
    """By object: id of its newest live event that a person wrote, or that is of these kinds; objects without
    one are left out. ``upto``: of those with this id or a lower one. One query."""
    rows = EventSubject.objects.filter(noun=noun, object_id__in=ids, event__origin=Origin.LIVE)
    if upto is not None:
        rows = rows.filter(event_id__lte=upto)
    rows = rows.filter(Q(event__actor_kind=ActorKind.PERSON) | Q(event__kind__in=list(kinds)))
    return dict(rows.values("object_id").annotate(last=Max("event_id")).values_list("object_id", "last"))


def _line(event: Event) -> EventLine:
    return EventLine(
        id=event.pk,
        kind=event.kind,
        happened_at=event.happened_at,
        origin=event.origin,
        actor_kind=event.actor_kind,
        actor_id=event.actor_id,
        data=event.data,
        subjects=tuple(Subject(s.noun, s.object_id) for s in event.subjects.all()),
    )
