"""What the staff pages show, gathered in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from otklik.events.public import timeline
from otklik.identity.labels import EVENT_LABELS, ROLE_HINTS, ROLE_LABELS
from otklik.identity.models import Team, User
from otklik.identity.queries import names_of, teams_with_members
from otklik.identity.rules.roles import Role
from otklik.identity.web.forms import StaffForm


@dataclass(frozen=True, slots=True)
class StaffLine:
    person: User
    roles: Sequence[Promise]
    teams: Sequence[str]


@dataclass(frozen=True, slots=True)
class StaffPage:
    lines: Sequence[StaffLine]
    query: str
    gone: bool


@dataclass(frozen=True, slots=True)
class RoleChoice:
    value: str
    label: Promise
    hint: Promise
    held: bool


@dataclass(frozen=True, slots=True)
class HistoryLine:
    what: Promise | str
    note: Promise | str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonPage:
    person: User
    form: StaffForm
    roles: Sequence[RoleChoice]
    teams: Sequence[Team]
    history: Sequence[HistoryLine]
    link: str
    never_signed_in: bool


@dataclass(frozen=True, slots=True)
class TeamLine:
    team: Team
    members: Sequence[User]


def staff_page(people: QuerySet[User], *, query: str, gone: bool) -> StaffPage:
    """Active people, or with ``gone`` those deactivated; ``query`` is part of a name or address."""
    rows = people.filter(is_active=not gone)
    for word in query.split():
        rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
    rows = rows.prefetch_related("grants", "teams").order_by("name", "id")
    return StaffPage([_staff_line(person) for person in rows], query, gone)


def person_page(person: User, form: StaffForm, *, link: str) -> PersonPage:
    roles = [RoleChoice(r.value, ROLE_LABELS[r], ROLE_HINTS[r], r in person.roles) for r in ROLE_LABELS]
    return PersonPage(
        person=person,
        form=form,
        roles=roles,
        teams=list(person.teams.all()),
        history=_history(person),
        link=link,
        never_signed_in=person.last_login is None,
    )


def team_lines() -> list[TeamLine]:
    return [TeamLine(team, sorted(team.members.all(), key=str)) for team in teams_with_members()]


def details_of(person: User) -> dict[str, str]:
    return {name: getattr(person, name) for name in ("name", "email", "language", "time_zone")}


def _staff_line(person: User) -> StaffLine:
    held = sorted(Role(grant.role) for grant in person.grants.all())
    return StaffLine(person, [ROLE_LABELS[role] for role in held], [team.name for team in person.teams.all()])


def _history(person: User) -> list[HistoryLine]:
    lines = timeline("user", person.pk, limit=20)
    names = names_of(line.actor_id for line in lines if line.actor_kind == "person")
    return [
        HistoryLine(
            what=EVENT_LABELS.get(line.kind, line.kind),
            note=ROLE_LABELS[Role(line.data["role"])] if "role" in line.data else "",
            who=names.get(line.actor_id or 0, ""),
            at=line.happened_at,
        )
        for line in lines
    ]
