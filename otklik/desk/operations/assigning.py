"""Owners for many tickets at once, as routing found them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from otklik.desk.models import AgentProfile
from otklik.desk.operations.clocks import refresh_clocks
from otklik.desk.operations.events import event_about
from otklik.desk.operations.locking import locked_tickets
from otklik.desk.operations.rows import update
from otklik.desk.rules.routing import Handover, Reason
from otklik.desk.rules.vocabulary import OWNER_CHANGED
from otklik.events.public import Actor, record_many
from otklik.identity.public import User

# Tickets in one transaction: on SQLite nobody else writes until it ends.
CHUNK = 50
_GIVEN = ("owner", "owner_since", "updated_at", "version")


def give_out(decided: Sequence[Handover], *, by: Actor, at: datetime) -> dict[int, int]:
    """New owners by ticket, in the order of the decisions, which were made without a lock: what somebody took
    meanwhile is theirs, and an agent who left gets nothing."""
    owners = {one.decision.agent_id for one in decided if one.decision.agent_id is not None}
    active = set(User.objects.filter(pk__in=owners, is_active=True).values_list("pk", flat=True))
    chosen = {one.ticket_id: one for one in decided if one.decision.agent_id in active}
    ids = sorted(chosen)
    given: dict[int, int] = {}
    for start in range(0, len(ids), CHUNK):
        given |= _give({pk: chosen[pk] for pk in ids[start : start + CHUNK]}, by=by, at=at)
    return {pk: given[pk] for pk in chosen if pk in given}


@transaction.atomic
def _give(chosen: Mapping[int, Handover], *, by: Actor, at: datetime) -> dict[int, int]:
    free = [
        ticket
        for ticket in locked_tickets(chosen).values()
        if ticket.owner_id is None and ticket.is_open and ticket.merged_into_id is None
    ]
    events = []
    given: dict[int, int] = {}
    for ticket in free:
        decision = chosen[ticket.pk].decision
        assert decision.agent_id is not None
        ticket.give_to(decision.agent_id, at=at)
        ticket.version += 1
        data = {"before": None, "after": ticket.owner_id, "reason": str(Reason.ROUTED)}
        events.append(event_about(OWNER_CHANGED, ticket, at=at, data={**data, **decision.as_event_data()}))
        given[ticket.pk] = decision.agent_id
    AgentProfile.objects.filter(user_id__in=set(given.values())).update(last_assigned_at=at)
    update(free, _GIVEN)
    record_many(events, by=by, at=at)
    if given:
        refresh_clocks(sorted(given), at=at)
    return given
