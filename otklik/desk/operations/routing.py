"""Tickets find their owner, and come back from one who does not answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from otklik.desk.models import AgentProfile, Message, Ticket
from otklik.desk.operations.assigning import give_out
from otklik.desk.operations.locking import TicketMergedAway, locked_ticket
from otklik.desk.operations.tickets import assign
from otklik.desk.queries.routing import candidates, requests_for, working_since
from otklik.desk.rules.routing import Reason, assignment_expired, redistribute
from otklik.desk.rules.vocabulary import STATUS_CHANGED, Availability
from otklik.events.public import Actor, ActorKind, timeline

# Tickets in one run of a job: the next run takes the rest.
MOST_AT_ONCE = 200
_LOOK_BACK = 20
_PRESENCE = timedelta(minutes=1)


def route_ticket(*, ticket_id: int, by: Actor, at: datetime) -> int | None:
    """Gives an open ticket without an owner to somebody, and says why; None where nobody is suitable, it has
    an owner or has ended. Raises TicketGone, TicketMergedAway."""
    return route_tickets([ticket_id], by=by, at=at).get(ticket_id)


def route_tickets(ticket_ids: Sequence[int], *, by: Actor, at: datetime) -> dict[int, int]:
    """New owners by ticket, the most urgent tickets first; those for whom nobody was found are left out."""
    waiting = list(
        Ticket.objects.filter(pk__in=ticket_ids, owner=None, is_open=True, merged_into=None)
        .select_related("partner")
        .order_by("priority_rank", "created_at", "pk")
    )
    people = candidates(at=at) if waiting else []
    if not people:
        return {}
    requests = requests_for(waiting)
    decided = redistribute([(ticket.pk, requests[ticket.pk]) for ticket in waiting], people, at=at)
    return give_out(decided, by=by, at=at)


def route_waiting(*, at: datetime) -> int:
    """The job: somebody came online, or finished something, since these found nobody."""
    if not AgentProfile.objects.filter(takes_tickets=True, user__is_active=True).exists():
        return 0
    waiting = Ticket.objects.filter(owner=None, is_open=True, awaiting_us_since__isnull=False)
    ids = waiting.order_by("priority_rank", "created_at").values_list("pk", flat=True)[:MOST_AT_ONCE]
    return len(route_tickets(list(ids), by=Actor.system(), at=at))


def return_ignored(*, at: datetime) -> int:
    """The job: a ticket whose owner shows no sign of life for the policy's minutes goes to somebody else, or
    to the queue. Time outside the owner's own hours does not count."""
    returned = 0
    for ticket in _maybe_ignored(at)[:MOST_AT_ONCE]:
        if _is_ignored(ticket, at) and _return(ticket, at=at):
            returned += 1
            route_ticket(ticket_id=ticket.pk, by=Actor.system(), at=at)
    return returned


def _maybe_ignored(at: datetime) -> QuerySet[Ticket]:
    answered = Message.objects.filter(
        ticket=OuterRef("pk"), author=OuterRef("owner"), created_at__gte=OuterRef("owner_since")
    )
    return (
        Ticket.objects.filter(
            is_open=True,
            owner__isnull=False,
            awaiting_us_since__isnull=False,
            policy__return_after_minutes__gt=0,
            owner_since__lte=at - timedelta(minutes=1),
        )
        .exclude(Exists(answered))
        .select_related("policy")
        .order_by(F("owner_since").asc())
    )


def _is_ignored(ticket: Ticket, at: datetime) -> bool:
    assert ticket.policy is not None
    assert ticket.owner_id is not None
    since = max(filter(None, (ticket.owner_since, ticket.awaiting_us_since)))
    profile = AgentProfile.objects.filter(user_id=ticket.owner_id).select_related("user").first()
    if profile is not None:
        begun = working_since(profile, at)
        if begun is None:
            return False
        since = max(since, begun)
    minutes = ticket.policy.return_after_minutes
    return assignment_expired(since, None, at, minutes) and not _moved_by_owner(ticket)


def _moved_by_owner(ticket: Ticket) -> bool:
    """A status set by hand is a sign of life too."""
    return any(
        line.kind == STATUS_CHANGED
        and line.actor_kind == ActorKind.PERSON
        and line.actor_id == ticket.owner_id
        and ticket.owner_since is not None
        and line.happened_at >= ticket.owner_since
        for line in timeline("ticket", ticket.pk, limit=_LOOK_BACK)
    )


@transaction.atomic
def _return(seen: Ticket, *, at: datetime) -> bool:
    try:
        ticket = locked_ticket(seen.pk)
    except TicketMergedAway:
        return False
    if (ticket.owner_id, ticket.version) != (seen.owner_id, seen.version):
        # Something happened since: the next run looks again.
        return False
    assign(ticket_id=ticket.pk, owner_id=None, reason=Reason.IGNORED, by=Actor.system(), at=at)
    return True


def set_availability(*, user_id: int, availability: Availability, at: datetime) -> AgentProfile:
    """Makes a profile for who has none, which takes no tickets by routing until somebody says so."""
    profile, _ = AgentProfile.objects.update_or_create(
        user_id=user_id,
        defaults={"availability": availability, "seen_at": at},
        create_defaults={"availability": availability, "seen_at": at, "takes_tickets": False},
    )
    return profile


def note_presence(*, user_id: int, at: datetime) -> None:
    """The inbox is open before them (a ticket's page says so itself); written down once a minute."""
    long_ago = Q(seen_at=None) | Q(seen_at__lt=at - _PRESENCE)
    AgentProfile.objects.filter(long_ago, user_id=user_id).update(seen_at=at)
