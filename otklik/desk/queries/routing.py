"""Whom routing may choose from, and what a ticket asks of them: a number of queries that does not grow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Count, Max, Q

from otklik.desk.models import Absence, AgentProfile, Ticket
from otklik.desk.rules.agent_hours import works_since
from otklik.desk.rules.routing import Candidate, Reason, Request
from otklik.desk.rules.vocabulary import OWNER_CHANGED, Availability, TicketStatus
from otklik.events.public import timeline
from otklik.identity.public import Team

# A page that stays open says so every minute; somebody silent for longer is not there, whatever they set.
_SILENT_SECONDS = 300
# Waiting for the partner is nobody's work at the moment.
_WORK = (TicketStatus.NEW, TicketStatus.OPEN, TicketStatus.ON_HOLD)
_LOOK_BACK = 30
# Of a skill that a profile names: profiles say which topics, not how well.
_SKILLED = 2


def candidates(*, at: datetime) -> list[Candidate]:
    """Everybody whose profile says that they take tickets."""
    profiles = list(
        AgentProfile.objects.filter(takes_tickets=True, user__is_active=True)
        .select_related("user")
        .prefetch_related("topics")
        .order_by("user_id")
    )
    ids = [profile.user_id for profile in profiles]
    loads, absences, teams = _loads(ids), _absences(ids, at), _teams(ids)
    return [
        Candidate(
            id=profile.user_id,
            teams=frozenset(teams.get(profile.user_id, ())),
            # Who has not said which languages they write in writes in that of their own pages.
            languages=profile.languages or {profile.user.language: 3},
            skills={topic.pk: _SKILLED for topic in profile.topics.all()},
            in_hours=working_since(profile, at) is not None,
            presence=presence(profile, at),
            capacity=profile.capacity,
            load=loads.get(profile.user_id, 0),
            absent_until=absences.get(profile.user_id),
            last_assigned_at=profile.last_assigned_at,
        )
        for profile in profiles
    ]


def presence(profile: AgentProfile, at: datetime) -> Availability:
    silent = profile.seen_at is None or (at - profile.seen_at).total_seconds() > _SILENT_SECONDS
    return Availability.OFFLINE if silent else Availability(profile.availability)


def working_since(profile: AgentProfile, at: datetime) -> datetime | None:
    """When the working hours of now began, in UTC; None outside them."""
    try:
        zone = ZoneInfo(profile.user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    since = works_since(profile.hours, at.astimezone(zone))
    if since is None:
        return None
    return since.astimezone(UTC) if since.year > 1 else datetime.min.replace(tzinfo=UTC)


def requests_for(tickets: Sequence[Ticket]) -> dict[int, Request]:
    """By ticket id; the tickets with their partners."""
    previous, ignored = _previous_owners(tickets), ignored_by([ticket.pk for ticket in tickets])
    return {
        ticket.pk: Request(
            team_id=ticket.team_id,
            language=ticket.language,
            topic_id=ticket.topic_id,
            manager_id=ticket.partner.manager_id if ticket.partner is not None else None,
            previous_owner_id=previous.get(ticket.pk),
            ignored_by=frozenset(ignored.get(ticket.pk, ())),
        )
        for ticket in tickets
    }


def ignored_by(ticket_ids: Sequence[int]) -> dict[int, set[int]]:
    """From whom tickets came back because they did not answer."""
    found: dict[int, set[int]] = defaultdict(set)
    for line in timeline("ticket", ticket_ids, limit=_LOOK_BACK * len(ticket_ids)):
        if line.kind == OWNER_CHANGED and line.data.get("reason") == Reason.IGNORED:
            for subject in line.subjects:
                if subject.noun == "ticket" and line.data.get("before") is not None:
                    found[subject.id].add(line.data["before"])
    return found


def _previous_owners(tickets: Sequence[Ticket]) -> dict[int, int]:
    """Who had the ticket this one follows up, else the last one the same person asked in."""
    found: dict[int, int] = {}
    contacts = {ticket.contact_id for ticket in tickets if ticket.contact_id is not None}
    if contacts:
        had = Ticket.objects.filter(contact_id__in=contacts, owner__isnull=False)
        last = had.values("contact_id").annotate(last=Max("pk")).values_list("last", flat=True)
        by_contact = dict(Ticket.objects.filter(pk__in=list(last)).values_list("contact_id", "owner_id"))
        for ticket in tickets:
            owner = by_contact.get(ticket.contact_id) if ticket.contact_id is not None else None
            if owner is not None:
                found[ticket.pk] = owner
    followed = {t.follow_up_of_id: t.pk for t in tickets if t.follow_up_of_id is not None}
    if followed:
        owners = Ticket.objects.filter(pk__in=list(followed), owner__isnull=False)
        for ticket_id, owner in owners.values_list("pk", "owner_id"):
            found[followed[ticket_id]] = owner
    return found


def _loads(ids: Iterable[int]) -> dict[int, int]:
    work = Ticket.objects.filter(owner_id__in=ids, is_open=True, status__in=_WORK)
    return dict(work.values("owner_id").annotate(count=Count("pk")).values_list("owner_id", "count"))


def _absences(ids: Iterable[int], at: datetime) -> dict[int, datetime]:
    going_on = Absence.objects.filter(user_id__in=ids, starts_at__lte=at)
    rows = going_on.filter(Q(ends_at=None) | Q(ends_at__gt=at)).values_list("user_id", "ends_at")
    until: dict[int, datetime] = {}
    for user_id, ends_at in rows:
        until[user_id] = max(ends_at or datetime.max.replace(tzinfo=UTC), until.get(user_id, at))
    return until


def _teams(ids: Iterable[int]) -> dict[int, list[int]]:
    teams: dict[int, list[int]] = defaultdict(list)
    for user_id, team_id in Team.members.through.objects.filter(user_id__in=ids).values_list(
        "user_id", "team_id"
    ):
        teams[user_id].append(team_id)
    return teams
