"""One change to many tickets, each in a transaction of its own: nobody waits for the whole list, and one that
cannot be changed does not keep the others from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from otklik.desk.models import Topic
from otklik.desk.operations import tickets
from otklik.desk.operations.locking import TicketGone, TicketMergedAway
from otklik.desk.rules.vocabulary import Priority, TicketStatus
from otklik.events.public import Actor


class Skipped(StrEnum):
    GONE = "gone"
    MERGED = "merged"
    NOT_ALLOWED = "not_allowed"
    """Its status does not lead there."""
    NO_SUCH_OWNER = "no_such_owner"
    NO_SUCH_TOPIC = "no_such_topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChange:
    """Exactly one of them."""

    status: TicketStatus | None = None
    owner_id: int | None = None
    team_id: int | None = None
    priority: Priority | None = None
    topic_id: int | None = None
    tag: str = ""
    spam: bool = False


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """``skipped``: why, by ticket."""

    changed: Sequence[int]
    skipped: Mapping[int, Skipped]


def change_many(*, ticket_ids: Sequence[int], change: BulkChange, by: Actor, at: datetime) -> BulkOutcome:
    """Tickets that are so already count as changed."""
    changed: list[int] = []
    skipped: dict[int, Skipped] = {}
    for ticket_id in dict.fromkeys(ticket_ids):
        if (why := _change(ticket_id, change, by, at)) is None:
            changed.append(ticket_id)
        else:
            skipped[ticket_id] = why
    return BulkOutcome(changed, skipped)


def _change(ticket_id: int, change: BulkChange, by: Actor, at: datetime) -> Skipped | None:
    try:
        _apply(ticket_id, change, by, at)
    except TicketGone:
        return Skipped.GONE
    except TicketMergedAway:
        return Skipped.MERGED
    except tickets.NotAllowed:
        return Skipped.NOT_ALLOWED
    except tickets.CannotOwn:
        return Skipped.NO_SUCH_OWNER
    except Topic.DoesNotExist:
        return Skipped.NO_SUCH_TOPIC
    return None


def _apply(ticket_id: int, change: BulkChange, by: Actor, at: datetime) -> None:
    if change.status is not None:
        tickets.change_status(ticket_id=ticket_id, status=change.status, by=by, at=at)
    elif change.owner_id is not None:
        tickets.assign(ticket_id=ticket_id, owner_id=change.owner_id, by=by, at=at)
    elif change.team_id is not None:
        tickets.change_team(ticket_id=ticket_id, team_id=change.team_id, by=by, at=at)
    elif change.priority is not None:
        tickets.set_priority(ticket_id=ticket_id, priority=change.priority, by=by, at=at)
    elif change.topic_id is not None:
        tickets.set_topic(ticket_id=ticket_id, topic_id=change.topic_id, by=by, at=at)
    elif change.tag:
        tickets.add_tag(ticket_id=ticket_id, name=change.tag, by=by, at=at)
    elif change.spam:
        tickets.mark_spam(ticket_id=ticket_id, by=by, at=at)
