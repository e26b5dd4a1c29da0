"""The door of the event log."""

from otklik.events.actor import Actor, ActorKind, Origin, Subject
from otklik.events.live import CHANNEL, EVERYTHING, last_event_id, topics_after, topics_since
from otklik.events.operations.record import NewEvent, record, record_many, supposed
from otklik.events.queries import (
    EventLine,
    HistoryLine,
    LoggedEvent,
    PersonsEvent,
    by_people,
    happened,
    histories,
    ids_of_kind,
    latest_outside_event,
    logged,
    logged_by_id,
    recent,
    timeline,
)
from otklik.events.subscriptions import ALL_ORIGINS, LIVE_ONLY, DeliveredEvent, on, on_many

__all__ = [
    "ALL_ORIGINS",
    "CHANNEL",
    "EVERYTHING",
    "LIVE_ONLY",
    "Actor",
    "ActorKind",
    "DeliveredEvent",
    "EventLine",
    "HistoryLine",
    "LoggedEvent",
    "NewEvent",
    "Origin",
    "PersonsEvent",
    "Subject",
    "by_people",
    "happened",
    "histories",
    "ids_of_kind",
    "last_event_id",
    "latest_outside_event",
    "logged",
    "logged_by_id",
    "on",
    "on_many",
    "recent",
    "record",
    "record_many",
    "supposed",
    "timeline",
    "topics_after",
    "topics_since",
]
